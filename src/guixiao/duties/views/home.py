"""首页: what I owe, soonest first; what is overdue beneath me and in whose hands; what is coming."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from guixiao.access.actor import Actor
from guixiao.access.matrix import may_open
from guixiao.access.middleware import GuixiaoRequest
from guixiao.duties import queries
from guixiao.duties.doors import Doors
from guixiao.duties.models import Coming, Duty
from guixiao.duties.panels import PANELS
from guixiao.duties.tasks import person_ids, sections, subject_words, tasks
from guixiao.duties.words import act_of
from guixiao.facts import Calendar
from guixiao.facts.clock import day_of
from guixiao.places.calendars import calendars_of
from guixiao.places.models import Person, Place
from guixiao.places.wording import word

OVERDUE_SHOWN = 8
QUOTA_AHEAD = timedelta(days=7)
SHORT_BREAK, LOOK_AHEAD = 3, 30


@require_GET
def home(request: GuixiaoRequest) -> HttpResponse:
    """The page everybody starts from. Its number of queries does not depend on how much there is to do."""
    actor, now = request.actor, request.now
    owed = list(queries.mine(actor))
    quotas = [duty for duty in owed if duty.needed is not None and duty.due > now + QUOTA_AHEAD]
    owed = [duty for duty in owed if duty not in quotas]
    overdue = _once(queries.overdue_beneath(actor)[: 3 * OVERDUE_SHOWN]) if actor.may("duty.beneath") else []
    people = names_of(person_ids([*owed, *overdue]))
    mine = tasks(owed, actor, now, people, Doors(actor, owed))
    split = sections(mine, now)
    calendar = _calendar(actor)
    counted = queries.overdue_counts(actor) if overdue else {"all": 0, "people": 0}
    context = {
        "split": split,
        "count": len(mine),
        "urgent": next((task for task in mine if task.due >= now), None),
        "solid": next((task.pk for task in mine if task.due >= now and task.url), None),
        "quotas": quotas,
        "coming": [_soon(row) for row in queries.coming(actor, now)],
        "break": _next_break(calendar, day_of(now)),
        "overdue": rows_of(overdue, actor),
        "overdue_counts": counted,
        "may_beneath": actor.may("duty.beneath"),
        "may_remind": actor.may("duty.remind"),
        "board_url": _board(actor),
        "school_day": _school_day(calendar, day_of(now)),
        "holiday": word(calendar.note(day_of(now))),
        "has_calendar": bool(calendar.terms),
        "panels": [shown for panel in PANELS if (shown := panel(request))],
    }
    request.counts = {"duties": len(mine)}
    return render(request, "duties/home.html", context)


def _once(duties: Iterable[Duty]) -> list[Duty]:
    """One obligation for each task, the longest overdue first."""
    first: dict[str, Duty] = {}
    for duty in duties:
        first.setdefault(duty.merge_key, duty)
    return list(first.values())[:OVERDUE_SHOWN]


def names_of(ids: set[int]) -> dict[int, str]:
    """The names of people by id; one query, none for nobody."""
    return dict(Person.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def rows_of(duties: list[Duty], actor: Actor) -> list[dict[str, object]]:
    """Duties of others as rows: who, what, since when."""
    rows: list[dict[str, object]] = []
    for duty in duties:
        who, note = subject_words(duty, actor)
        rows.append({"duty": duty, "who": who, "note": note, "what": act_of(duty.act, duty.title)})
    return rows


def _soon(row: Coming) -> dict[str, object]:
    return {"row": row, "what": act_of(row.act, row.title), "who": row.place.name if row.place else ""}


def _calendar(actor: Actor) -> Calendar:
    """The calendar of the actor's main post; two queries, and none of the place itself."""
    held = actor.main
    if held is None:
        return Calendar(terms=(), announced=frozenset())
    return calendars_of([Place(pk=held.place_id, path=held.path)])[held.place_id]


def _school_day(calendar: Calendar, today: date) -> int | None:
    """The how-manieth school day of the term today is."""
    term = calendar.term_of(today)
    if term is None or not calendar.is_school_day(today):
        return None
    return sum(1 for _day in calendar.school_days(term.first, today))


def _next_break(calendar: Calendar, today: date) -> dict[str, object] | None:
    """The next days off in a row that are more than a weekend, and the first school day after them."""
    off: list[date] = []
    for offset in range(LOOK_AHEAD):
        day = today + timedelta(days=offset)
        if calendar.term_of(day) is None:
            return None
        if not calendar.is_school_day(day):
            off.append(day)
        elif len(off) >= SHORT_BREAK:
            name = next((calendar.note(d) for d in off if calendar.note(d)), "")
            return {"first": off[0], "back": day, "days": len(off), "name": word(name)}
        else:
            off = []
    return None


def _board(actor: Actor) -> str:
    """Where today's roll calls are shown live, for those above a class."""
    if not may_open(actor, "rollcall:board"):
        return ""
    try:
        return reverse("rollcall:board")
    except NoReverseMatch:
        return ""
