"""Pages of visits: thin. What a visit must hold is said in ``content``, what is written in ``actions``."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from guixiao.access.looks import looked
from guixiao.access.middleware import GuixiaoRequest
from guixiao.facts import By
from guixiao.facts.clock import day_of
from guixiao.facts.codes import Outcome
from guixiao.facts.posts import outranks
from guixiao.files import queries as files
from guixiao.files.intake import received
from guixiao.files.models import Purpose
from guixiao.people.models import Student
from guixiao.people.scopes import student_or_404, visible

from . import actions, before, companions, queries
from .forms import CorrectForm, HarmForm, VisitForm
from .models import Visit
from .words import OUTCOMES, TOLD, Harm

PER_PAGE = 25


def by_of(request: GuixiaoRequest, action: str, student: Student) -> By:
    """The author, in the post that reaches this child by enrolment, else by residence."""
    over = student.path if request.actor.may_at(action, student.path) else student.home_path
    return request.actor.by(action, over)


@require_safe
def mine(request: GuixiaoRequest) -> HttpResponse:
    search = request.GET.get("q", "").strip()[:60]
    page = Paginator(queries.mine(request.actor, search), PER_PAGE).get_page(request.GET.get("page"))
    looked(request.actor, "visit.view", count=len(page.object_list))
    rows = [{"visit": visit, "outcome": OUTCOMES[Outcome(visit.outcome)][0]} for visit in page]
    return render(request, "visits/mine.html", {"page": page, "rows": rows, "search": search})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: GuixiaoRequest, pk: int) -> HttpResponse:
    student = student_or_404(request.actor, "visit.record", pk)
    people = companions.choices(student, day_of(request.now))
    form = VisitForm(request.POST or None, people=people, day=day_of(request.now), me=request.actor.person)
    if request.method != "POST":
        looked(request.actor, "visit.record", student=student.pk)
        return _page(request, student, form)
    form.is_bound = True
    if form.is_valid():
        try:
            with received(request.FILES.getlist("photos"), photos_only=True) as photos:
                visit = actions.record(
                    by=by_of(request, "visit.record", student),
                    now=request.now,
                    student=student,
                    client_id=form.cleaned_data["client_id"],
                    photos=photos,
                    **form.values(),
                )
            return _received(request, visit)
        except ValidationError as error:
            form.add_errors(error)
    if _wants_json(request):
        return JsonResponse({"errors": form.by_field()}, status=422)
    return _page(request, student, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: GuixiaoRequest, pk: int) -> HttpResponse:
    visit = queries.visit_or_404(request.actor, pk)
    student = student_or_404(request.actor, "visit.record", visit.student_id)
    people = companions.choices(student, visit.day)
    form = CorrectForm(
        request.POST or None, people=people, day=visit.day, visit=visit, initial={"version": visit.version}
    )
    form.is_bound = request.method == "POST"
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct(
                by=by_of(request, "visit.record", student),
                now=request.now,
                visit=visit,
                why=form.cleaned_data["why"],
                version=form.cleaned_data["version"],
                **form.values(),
            )
            return redirect("visits:show", visit.pk)
        except ValidationError as error:
            form.add_errors(error)
    return _page(request, student, form, status=422 if form.is_bound else 200, visit=visit)


@require_safe
def show(request: GuixiaoRequest, pk: int) -> HttpResponse:
    return render(request, "visits/show.html", _shown(request, pk))


@require_safe
def paper(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """家访登记 for signing, on paper."""
    return render(request, "visits/paper.html", _shown(request, pk))


@require_safe
def of_student(request: GuixiaoRequest, pk: int) -> HttpResponse:
    student = student_or_404(request.actor, "visit.view", pk)
    rows = [queries.in_words(visit) for visit in queries.of_student(student)[:PER_PAGE]]
    looked(request.actor, "visit.view", student=student.pk)
    context = {
        "student": student,
        "rows": rows,
        "may_record": visible(request.actor, "visit.record").filter(pk=student.pk).exists(),
        "harm": queries.harm_of_student(request.actor, student),
    }
    return render(request, "visits/of_student.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def harm(request: GuixiaoRequest, pk: int) -> HttpResponse:
    student = student_or_404(request.actor, "visit.record", pk)
    form = HarmForm(request.POST or None, initial={"client_id": uuid4()})
    form.is_bound = request.method == "POST"
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            report = actions.report_harm(
                by=by_of(request, "visit.record", student),
                now=request.now,
                student=student,
                kind=Harm(data["kind"]),
                account=data["account"],
                told=data["told"],
                told_how=data["told_how"],
                client_id=data["client_id"],
            )
            return redirect(reverse("visits:harm", args=[student.pk]) + f"#report-{report.pk}")
        except ValidationError as error:
            form.add_error(None, error)
    status = 422 if form.is_bound else 200
    context = {"student": student, "form": form, "reports": _reports(request, student)}
    return render(request, "visits/harm.html", context, status=status)


def _reports(request: GuixiaoRequest, student: Student) -> list[dict[str, Any]]:
    """The reports about this child that this actor may read, each with its author and who was told."""
    found = queries.harm_of_student(request.actor, student)
    if found:
        looked(request.actor, "visit.record", student=student.pk)
    return [{"report": one, "author": queries.name_of(one.author), "told": _told(one.told)} for one in found]


def _told(codes: list[str]) -> list[Any]:
    return [(text, code in codes) for code, text in TOLD.items()]


def _shown(request: GuixiaoRequest, pk: int) -> dict[str, Any]:
    visit = queries.visit_or_404(request.actor, pk)
    looked(request.actor, "visit.view", student=visit.student_id)
    versions = [(one, json.loads(one.text)) for one in visit.versions.order_by("-version")]
    may_correct = visible(request.actor, "visit.record").filter(pk=visit.student_id).exists() and (
        visit.author == request.actor.account
        or outranks(by_of(request, "visit.record", visit.student).post, visit.author_post)
    )
    return {
        "visit": visit,
        "student": visit.student,
        "shown": queries.in_words(visit),
        "tiles": before.kept(visit.before),
        "photos": files.of_owner(Purpose.VISIT_PHOTO, visit.pk),
        "author": queries.name_of(visit.author),
        "versions": versions,
        "may_correct": may_correct,
        "may_record": visible(request.actor, "visit.record").filter(pk=visit.student_id).exists(),
        "new": "new" in request.GET,
        "duty": _duty(request),
    }


def _page(
    request: GuixiaoRequest, student: Student, form: VisitForm, status: int = 200, visit: Visit | None = None
) -> HttpResponse:
    context = {
        "student": student,
        "form": form,
        "visit": visit,
        "tiles": before.strip(student, request.now),
        "last": [queries.in_words(one) for one in queries.of_student(student)[:2]],
        "guardians": student.guardians.order_by("order"),
        "age": _age(student, request),
        "outcomes": [
            {"value": code.value, "label": text, "note": note} for code, (text, note) in OUTCOMES.items()
        ],
        "chosen": form["outcome"].value() or "",
        "duty": _duty(request),
    }
    return render(request, "visits/new.html", context, status=status)


def _received(request: GuixiaoRequest, visit: Visit) -> HttpResponse:
    duty = _duty(request)
    url = reverse("visits:show", args=[visit.pk]) + "?new" + (f"&duty={duty}" if duty else "")
    if _wants_json(request):
        return JsonResponse({"receipt": f"visit-{visit.pk}", "redirect": url})
    return redirect(url)


def _duty(request: GuixiaoRequest) -> int | None:
    """Which duty the visitor came from, carried along for the way back only."""
    text = request.POST.get("duty") or request.GET.get("duty") or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _wants_json(request: GuixiaoRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _age(student: Student, request: GuixiaoRequest) -> int:
    today, birth = day_of(request.now), student.birth
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
