"""A child into another class of its grade; two classes evened out; what was ordered, and taking it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixiao.access.looks import looked
from guixiao.access.middleware import GuixiaoRequest
from guixiao.access.scopes import place_or_404
from guixiao.facts.clock import day_of
from guixiao.people.models import ON_THE_ROLL, Student
from guixiao.people.rosters import roster
from guixiao.people.scopes import student_or_404, visible
from guixiao.places import paths
from guixiao.places.models import Kind, Place
from guixiao.places.wording import day_year
from guixiao.rollcall.queries.who import class_teachers
from guixiao.staffing import actions
from guixiao.staffing.forms import TogetherForm, TransferForm
from guixiao.staffing.models import Transfer, TransferState
from guixiao.staffing.rolls import first_free
from guixiao.staffing.scopes import MOVE, transfer_or_404, transfers

EITHER = ["GET", "POST"]
PAGE = 25


@require_http_methods(EITHER)
def move(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """One child into another class."""
    student = student_or_404(request.actor, MOVE, pk)
    classes = _classes(student.school)
    same = _siblings(student.klass) if student.klass else []
    posted = request.POST if request.method == "POST" else None
    today = day_of(request.now)
    day = first_free([student.klass.pk], today, student.klass) if student.klass else today
    form = TransferForm(
        posted, classes=classes, offered=_offered(same, request), initial={"day": day, "reason": ""}
    )
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        by = request.actor.by(MOVE, student.path)
        try:
            made = actions.transfer(by=by, now=request.now, student=student, **data)
        except ValidationError as refused:
            _refuse(form, refused)
        else:
            messages.success(request, _said(made))
            return redirect("people:show", pk)
    mine = transfers(request.actor).filter(student=student).order_by("-pk")[:5]
    context = {"student": student, "form": form, "same": same, "mine": mine, "today": today}
    return render(request, "staffing/transfer.html", context, status=422 if form.errors else 200)


def _refuse(form: TransferForm, refused: ValidationError) -> None:
    """Each refusal at its field; what names none goes on top."""
    if hasattr(refused, "error_dict"):
        for name, said in refused.message_dict.items():
            for text in said:
                form.add_error(name if name in form.fields else None, text)
    else:
        form.add_error(None, refused)


def _classes(school: Place | None) -> QuerySet[Place]:
    if school is None:
        return Place.objects.none()
    return Place.objects.filter(paths.beneath("path", school.path), kind=Kind.CLASS, closed_on=None)


def _siblings(klass: Place) -> list[Place]:
    """The other open classes of the grade in the same school year, with how many children each has."""
    count = Count("students", filter=Q(students__status__in=ON_THE_ROLL))
    school = Place.objects.filter(pk__in=paths.ids(klass.path), kind=Kind.SCHOOL).first()
    rows = _classes(school).filter(grade=klass.grade, school_year=klass.school_year).exclude(pk=klass.pk)
    return list(rows.annotate(size=count).order_by("path"))


def _offered(same: list[Place], request: GuixiaoRequest) -> list[tuple[int, str]]:
    teachers = class_teachers([klass.pk for klass in same], day_of(request.now))
    found = []
    for klass in same:
        names = "、".join(row.person.name for row in teachers.get(klass.pk, []))
        words = {"klass": klass.name, "n": getattr(klass, "size", 0), "who": names or _("班主任空缺")}
        found.append((klass.pk, _("%(klass)s · 在册 %(n)s 人 · %(who)s") % words))
    return found


def _said(made: Transfer) -> str:
    words = {"name": made.student.name, "klass": made.klass.name, "day": day_year(made.day)}
    if made.state == TransferState.PLANNED:
        return _("已安排：%(name)s %(day)s 起到%(klass)s。那天以前都可以取消。") % words
    return _("%(name)s %(day)s 起在%(klass)s，两个班的名册都更新了。") % words


@require_safe
def listed(request: GuixiaoRequest) -> HttpResponse:
    """What was ordered: waiting ones first. Searched by name, filtered by state."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:40]
    state = request.GET.get("state", "")
    rows = transfers(request.actor)
    if text:
        rows = rows.filter(Q(student__name__icontains=text) | Q(student__pinyin__istartswith=text.lower()))
    if state in TransferState.values:
        rows = rows.filter(state=state)
    page = Paginator(rows.order_by("-ordered_at", "-pk"), PAGE).get_page(request.GET.get("page"))
    if page.object_list:
        looked(request.actor, MOVE, count=len(page.object_list))
    context = {
        "page": page,
        "q": text,
        "state": state,
        "states": TransferState.choices,
        "today": day_of(request.now),
    }
    return render(request, "staffing/transfers.html", context)


@require_POST
def cancel(request: GuixiaoRequest, pk: int) -> HttpResponse:
    found = transfer_or_404(request.actor, pk)
    by = request.actor.by(MOVE, found.student.path)
    try:
        actions.cancel_transfer(by=by, now=request.now, transfer=found)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("已取消，学生还在原来的班。"))
    return redirect("staffing:transfers")


@require_POST
def undo(request: GuixiaoRequest, pk: int) -> HttpResponse:
    found = transfer_or_404(request.actor, pk)
    by = request.actor.by(MOVE, found.student.path)
    try:
        actions.undo_transfer(by=by, now=request.now, transfer=found)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("已撤销，%(name)s回到%(klass)s。") % {
            "name": found.student.name, "klass": found.was.name
        })  # fmt: skip
    return redirect("staffing:transfers")


@require_http_methods(EITHER)
def even_out(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """Two classes of a grade side by side: whoever is ticked goes to the other one."""
    klass = place_or_404(request.actor, MOVE, pk, Kind.CLASS)
    same = [one for one in _siblings(klass) if request.actor.may_at(MOVE, one)]
    other = next((one for one in same if str(one.pk) == request.GET.get("with", "")), None)
    if other is None:
        other = same[0] if same else None
    posted = request.POST if request.method == "POST" else None
    pair = [one for one in (klass, other) if one]
    day = first_free([one.pk for one in pair], day_of(request.now), klass)
    form = TogetherForm(posted, initial={"day": day})
    ticked = _numbers(posted.getlist("student")) if posted is not None else set()
    columns = [(one, _roster(request, one)) for one in pair]
    if form.is_bound and form.is_valid() and other is not None:
        moves = [
            (child, there)
            for (_here, children), there in zip(columns, reversed(pair), strict=True)
            for child in children
            if child.pk in ticked
        ]
        by = request.actor.by(MOVE, klass.path)
        try:
            made = actions.transfer_together(by=by, now=request.now, moves=moves, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, " ".join(refused.messages))
        else:
            n = len(made)
            said = ngettext("%(n)d 名学生的调班已办好。", "%(n)d 名学生的调班已办好。", n)
            messages.success(request, said % {"n": n})
            return redirect("staffing:transfers")
    context: dict[str, Any] = {
        "klass": klass,
        "other": other,
        "same": same,
        "columns": columns,
        "ticked": ticked,
        "form": form,
    }
    return render(request, "staffing/even_out.html", context, status=422 if form.errors else 200)


def _numbers(texts: list[str]) -> set[int]:
    return {int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 18}


def _roster(request: GuixiaoRequest, klass: Place) -> list[Student]:
    """The children on the roll that this actor may move."""
    return list(roster(klass).filter(pk__in=visible(request.actor, MOVE).values("pk")))
