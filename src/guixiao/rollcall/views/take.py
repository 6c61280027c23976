"""今日点名: my classes, the sheet, the receipt."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from guixiao.access.middleware import GuixiaoRequest
from guixiao.access.scopes import place_or_404, visible_places
from guixiao.facts.clock import day_of
from guixiao.facts.codes import Mark, Session
from guixiao.places.calendars import calendar_of, calendars_of
from guixiao.places.models import Kind, Place
from guixiao.rollcall import actions
from guixiao.rollcall.forms import Submission, read_submission
from guixiao.rollcall.models import MARKS, SESSIONS, RollCall
from guixiao.rollcall.queries.rolls import (
    all_marks,
    apart_of,
    figures,
    gap_words,
    marked,
    taken_on,
    unlisted,
)
from guixiao.rollcall.queries.sheet import rolls_of, sheet, with_rolls
from guixiao.rollcall.rules import AlreadyTaken, say_day

from .common import door, errors_of, roll_call_or_404, session_at, wants_json, when_asked

TAKE = "rollcall.take"


@require_safe
def today(request: GuixiaoRequest) -> HttpResponse:
    """One class: straight to its sheet. Several: each with its state today."""
    classes = list(visible_places(request.actor, TAKE, Kind.CLASS).filter(closed_on=None).order_by("path"))
    if len(classes) == 1:
        return redirect("rollcall:take", classes[0].pk)
    day, session = day_of(request.now), session_at(request.now)
    taken = taken_on(classes, day)
    calendars = calendars_of(classes)
    rows: list[dict[str, Any]] = [
        {
            "klass": klass,
            "closed": calendars[klass.pk].is_school_day(day) is False,
            "why": say_day(calendars[klass.pk], day),
            "taken": taken.get((klass.pk, session)),
        }
        for klass in classes
    ]
    rows.sort(key=lambda row: (bool(row["taken"]) or bool(row["closed"]), row["klass"].grade or 0))
    missing = sum(not row["taken"] and not row["closed"] for row in rows)
    context = {"rows": rows, "day": day, "session": SESSIONS[session], "missing": missing}
    return render(request, "rollcall/today.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def take(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """The sheet of one class, and its handing in."""
    if request.method == "POST":
        return _hand_in(request, place_or_404(request.actor, TAKE, pk, Kind.CLASS))
    return _sheet(request, pk)


def _sheet(request: GuixiaoRequest, pk: int, errors: dict[str, str] | None = None) -> HttpResponse:
    day, session = when_asked(request)
    classes = visible_places(request.actor, TAKE, Kind.CLASS)
    klass = get_object_or_404(with_rolls(classes, day), pk=pk)
    taken = rolls_of(klass)
    if session in taken and errors is None:
        return redirect("rollcall:receipt", taken[session])
    calendar = calendar_of(klass)
    context: dict[str, Any] = {
        "klass": klass,
        "day": day,
        "session": session,
        "session_name": str(SESSIONS[session]),
        "sessions": [(code, name, code in taken) for code, name in SESSIONS.items()],
        "roster_version": klass.roster_version,
        "action": reverse("rollcall:take", args=[klass.pk]),
        "key": f"roll-{klass.pk}-{day}-{session}",
        "say": say_day(calendar, day),
        "closed": calendar.is_school_day(day) is False or day > day_of(request.now),
        "today": day_of(request.now),
        "errors": errors or {},
        "due_url": door(request.actor, "duties:of_place", klass.pk),
    }
    if not context["closed"]:
        context["students"] = sheet(klass, day)
    return render(request, "rollcall/take.html", context, status=422 if errors else 200)


def _hand_in(request: GuixiaoRequest, klass: Place) -> HttpResponse:
    try:
        sent = read_submission(request.POST.dict(), request.headers)
        taken = _take(request, klass, sent)
    except ValidationError as error:
        errors = errors_of(error)
        if wants_json(request):
            return JsonResponse({"errors": errors}, status=422)
        return _sheet(request, klass.pk, errors)
    except AlreadyTaken as error:
        return _already(request, error)
    receipt = reverse("rollcall:receipt", args=[taken.pk])
    if not wants_json(request):
        return redirect(receipt)
    return JsonResponse(
        {"receipt": taken.receipt, "received_at": taken.received_at.isoformat(), "redirect": receipt}
    )


def _take(request: GuixiaoRequest, klass: Place, sent: Submission) -> RollCall:
    return actions.take(
        by=request.actor.by(TAKE, klass.path),
        now=request.now,
        klass=klass,
        day=sent.day,
        session=sent.session,
        roster_version=sent.roster_version,
        marks=sent.marks,
        client_id=sent.client_id or uuid4(),
        device_time=sent.device_time + request.offset if sent.device_time else request.now,
        leaves=sent.leaves,
        sent_at=sent.sent_at + request.offset if sent.sent_at else None,
    )


def _already(request: GuixiaoRequest, error: AlreadyTaken) -> HttpResponse:
    link = reverse("rollcall:receipt", args=[error.roll_call.pk])
    if wants_json(request):
        return JsonResponse({"error": error.message, "link": link, "reload": True}, status=409)
    return render(request, "rollcall/already.html", {"said": error.message, "link": link}, status=409)


@require_safe
def receipt(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """What the server received, and what follows from it."""
    taken = roll_call_or_404(request.actor, "student.list", pk)
    rows = list(marked(taken))
    actor = request.actor
    context = {
        "taken": taken,
        "session_name": SESSIONS[Session(taken.session)],
        "figures": figures(taken, rows),
        "rows": [row for row in rows if row.mark != Mark.PRESENT],
        "follow": [
            (row.student, door(actor, "duties:of_student", row.student_id)) for row in rows if row.away
        ],
        "mine": taken.taken_by_id == actor.person,
        "missing": unlisted(taken),
        "apart": apart_of(taken) if taken.apart else [],
        "say": say_day(calendar_of(taken.klass), taken.day),
        "board_url": door(actor, "rollcall:board"),
        "may_take": actor.may_at(TAKE, taken.klass),
        "may_correct": actor.may_at("rollcall.correct", taken.klass),
        "backlog": day_of(taken.received_at) != taken.day,
        "gap": gap_words(taken.clock_offset),
    }
    return render(request, "rollcall/receipt.html", context)


@require_safe
def choose(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """改一处: the whole class as it was marked, each name a way to its correction."""
    taken = roll_call_or_404(request.actor, "rollcall.correct", pk)
    context = {"taken": taken, "session_name": str(SESSIONS[Session(taken.session)])}
    rows = [(child, mark.value, MARKS[mark], row) for child, mark, row in all_marks(taken)]
    return render(request, "rollcall/choose.html", context | {"rows": rows})
