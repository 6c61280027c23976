"""点名进度: the day's board, live; reminders; the workbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guixiao.access.matrix import Way
from guixiao.access.middleware import GuixiaoRequest
from guixiao.access.scopes import by_path, place_or_404
from guixiao.facts.clock import day_of
from guixiao.facts.codes import Session
from guixiao.places import paths
from guixiao.places.models import Kind, Place
from guixiao.rollcall import actions
from guixiao.rollcall.models import MARKS, SESSIONS
from guixiao.rollcall.queries.board import (
    Figures,
    SchoolRow,
    classes_of,
    in_several_schools,
    schools_board,
    unreported,
)
from guixiao.rollcall.queries.board import (
    board as class_board,
)

from .common import next_or, when_asked

BOARD, REMIND = "rollcall.board", "rollcall.remind"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a board request is about: the branches (of one place, or of everything in scope), day, session."""

    place: Place | None
    branches: list[str]
    day: date
    session: Session

    @property
    def query(self) -> str:
        return urlencode({"day": self.day.isoformat(), "session": self.session.value})


def asked_for(request: GuixiaoRequest, pk: int | None) -> Asked:
    day, session = when_asked(request, Session.MORNING)
    day = min(day, day_of(request.now))
    branches = request.actor.paths(BOARD, Way.ENROLMENT)
    if pk is None:
        return Asked(None, branches, day, session)
    place = Place.objects.filter(by_path("path", request.actor, BOARD, Way.ENROLMENT), pk=pk).first()
    if place is None:
        raise Http404
    return Asked(place, [place.path], day, session)


@require_safe
def board(request: GuixiaoRequest, pk: int | None = None) -> HttpResponse:
    """One school's classes; from the township up, the schools. htmx asks for the live part alone."""
    asked = asked_for(request, pk)
    classes = classes_of(asked.branches, asked.day)
    context = {
        "asked": asked,
        "day": asked.day,
        "today": day_of(request.now),
        "session": asked.session,
        "sessions": [(code.value, name) for code, name in SESSIONS.items()],
        "here": reverse("rollcall:board_of", args=[pk]) if pk else reverse("rollcall:board"),
        "query": asked.query,
        "may_remind": request.actor.may(REMIND) and asked.day == day_of(request.now),
    }
    if in_several_schools(classes):
        rows = schools_board(classes, asked.day, asked.session)
        context |= _schools_page(request, rows)
        name = "schools"
    else:
        context |= _classes_page(request, asked, list(classes.select_related("parent").order_by("path")))
        name = "classes"
    live = request.headers.get("HX-Trigger") == "board-live"
    response = render(request, f"rollcall/board_{name}{'_part' if live else ''}.html", context)
    patch_vary_headers(response, ["HX-Trigger"])
    return response


def names_of(request: GuixiaoRequest) -> Q | None:
    """The marks whose children this actor may see by name."""
    if not request.actor.paths("student.list", Way.ENROLMENT):
        return None
    return by_path("roll_call__klass__path", request.actor, "student.list", Way.ENROLMENT)


def _classes_page(request: GuixiaoRequest, asked: Asked, classes: list[Place]) -> dict[str, object]:
    found = class_board(classes, asked.day, asked.session, names_of(request))
    take = request.actor.paths("rollcall.take", Way.ENROLMENT)
    takeable = {klass.pk for klass in classes if any(paths.contains(path, klass.path) for path in take)}
    return {
        "board": found,
        "total": found.total,
        "grades": found.grades().items(),
        "takeable": takeable,
        "named": names_of(request) is not None,
        "marks": MARKS,
    }


SORTS = {"missing": "missing", "none": "none", "late": "late", "away": "away"}


def _schools_page(request: GuixiaoRequest, rows: list[SchoolRow]) -> dict[str, object]:
    total = Figures()
    for row in rows:
        total.add(row.figures)
    return {
        "total": total,
        "schools": len(rows),
        "whole": sum(row.figures.classes > 0 and not row.figures.missing for row in rows),
        "page": Paginator(_sorted(request, rows), 25).get_page(request.GET.get("page")),
        "q": request.GET.get("q", "").strip(),
    }


def _sorted(request: GuixiaoRequest, rows: list[SchoolRow]) -> list[SchoolRow]:
    """Those with most classes missing first, unless another order was asked for."""
    text = request.GET.get("q", "").strip()
    wanted = request.GET.get("sort", "-missing")
    shown = [row for row in rows if text in row.school.name] if text else list(rows)
    name = SORTS.get(wanted.lstrip("-"))
    if name is None:
        return sorted(shown, key=lambda row: row.school.name, reverse=wanted.startswith("-"))
    return sorted(shown, key=lambda row: getattr(row.figures, name), reverse=wanted.startswith("-"))


@require_POST
def remind(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """Remind one class."""
    klass = place_or_404(request.actor, REMIND, pk, Kind.CLASS)
    return _remind(request, [klass])


@require_POST
def remind_all(request: GuixiaoRequest) -> HttpResponse:
    """Remind every class in scope that has not reported, or those of the place named in the form."""
    branches = request.actor.paths(REMIND, Way.ENROLMENT)
    within = request.POST.get("place", "")
    if within.isascii() and within.isdigit():
        place = Place.objects.filter(pk=int(within[:18])).first()
        inside = place is not None and any(paths.contains(branch, place.path) for branch in branches)
        branches = [place.path] if place is not None and inside else []
    return _remind(request, unreported(day_of(request.now), branches, _session(request)))


def _session(request: GuixiaoRequest) -> Session:
    try:
        return Session(request.POST.get("session", ""))
    except ValueError:
        return Session.MORNING


def _remind(request: GuixiaoRequest, classes: list[Place]) -> HttpResponse:
    path = classes[0].path if len(classes) == 1 else ""
    today, session = day_of(request.now), _session(request)
    expected = {klass.pk for klass in unreported(today, [klass.path for klass in classes], session)}
    rows = actions.remind(
        by=request.actor.by(REMIND, path),
        now=request.now,
        klasses=[klass for klass in classes if klass.pk in expected],
        day=today,
        session=session,
    )
    if rows:
        messages.success(request, _("已提醒 %(n)s 个班的班主任。") % {"n": len(rows)})
    else:
        messages.info(request, _("没有要提醒的：都报了，或者十分钟内刚提醒过。"))
    return redirect(next_or(request, reverse("rollcall:board")))
