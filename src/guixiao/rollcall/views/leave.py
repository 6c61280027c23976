"""Leave of one child: the list, granting, ending early. And the strip of its days."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixiao.access.actor import Actor
from guixiao.access.matrix import grants
from guixiao.access.middleware import GuixiaoRequest
from guixiao.facts import By
from guixiao.facts.clock import day_of
from guixiao.facts.codes import LeaveKind
from guixiao.facts.posts import POSTS
from guixiao.people.models import Student
from guixiao.people.scopes import student_or_404, student_q
from guixiao.places import paths
from guixiao.rollcall import actions
from guixiao.rollcall.forms import read_choice, read_day, read_id
from guixiao.rollcall.models import LEAVES, Leave
from guixiao.rollcall.queries.days import tiles
from guixiao.rollcall.queries.who import highest_notified

from .common import door, errors_of

GRANT, BACKDATE = "leave.grant", "leave.backdate"


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: GuixiaoRequest, pk: int) -> HttpResponse:
    student = student_or_404(request.actor, GRANT, pk)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            _grant(request, student)
        except ValidationError as error:
            errors = errors_of(error)
        else:
            messages.success(request, _("已准假。到期没来，按未请假算。"))
            return redirect("rollcall:leave", student.pk)
    return _page(request, student, errors)


def _page(request: GuixiaoRequest, student: Student, errors: dict[str, str]) -> HttpResponse:
    today = day_of(request.now)
    rows = Leave.objects.filter(student=student).select_related("granted_by").order_by("-first", "-pk")
    shown = list(rows[:50])
    context = {
        "student": student,
        "on_leave": next((row for row in shown if row.covers(today)), None),
        "leaves": [(row, row.last >= today, min(row.last - timedelta(days=1), today)) for row in shown],
        "kinds": [{"value": kind.value, "label": label} for kind, label in LEAVES.items()],
        "student_url": door(request.actor, "people:show", student.pk),
        "errors": errors,
        "sent": request.POST,
        "today": today,
        "yesterday": today - timedelta(days=1),
        "may_backdate": request.actor.may_at(BACKDATE, student.path),
        "may_return": request.actor.may_at("rollcall.correct", student.path),
        "client_id": uuid4(),
    }
    return render(request, "rollcall/leave.html", context, status=422 if errors else 200)


def _grant(request: GuixiaoRequest, student: Student) -> None:
    sent = request.POST.dict()
    kind = read_choice(sent, "kind", LeaveKind)
    first, last = read_day(sent, "first"), read_day(sent, "last")
    reason = sent.get("reason", "").strip()
    if len(reason) > 200:
        raise ValidationError({"reason": _("事由最多 200 字，请写短一点。")})
    by, told = request.actor.by(GRANT, student.path), None
    if first < day_of(request.now):
        told = highest_notified(student.pk, first)
        by = _backdater(request.actor, student)
    actions.grant_leave(
        by=by,
        now=request.now,
        student=student,
        kind=kind,
        first=first,
        last=last,
        reason=reason,
        highest_notified=told,
        client_id=read_id(sent),
    )


def _backdater(actor: Actor, student: Student) -> By:
    """The actor in the highest post that may backdate leave here."""
    held = [h for h in actor.held if grants(h.post, BACKDATE) and paths.contains(h.path, student.path)]
    if not held:
        raise ValidationError({"first": _("今天以前的假，要请教导处以上的人补。")})
    best = max(held, key=lambda h: POSTS[h.post].rank)
    return By(actor.account, best.post, best.org, best.for_person)


@require_POST
def end(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """销假: the leave ends earlier than it was granted."""
    found = Leave.objects.filter(student_q(request.actor, GRANT, "student__"), pk=pk).select_related(
        "student"
    )
    row = found.first()
    if row is None:
        raise Http404
    student = student_or_404(request.actor, GRANT, row.student_id)
    try:
        actions.end_leave(
            by=request.actor.by(GRANT, student.path),
            now=request.now,
            leave=row,
            last=read_day(request.POST.dict(), "last"),
        )
    except ValidationError as error:
        return _page(request, student, errors_of(error))
    messages.success(request, _("已销假。"))
    return redirect("rollcall:leave", student.pk)


@require_safe
def history(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """A partial: the child's last four weeks, day by day, with the reason of each."""
    student = student_or_404(request.actor, "student.view", pk)
    last = day_of(request.now)
    context = {"student": student, "tiles": tiles(student.pk, last - timedelta(days=27), last)}
    return render(request, "rollcall/history.html", context)
