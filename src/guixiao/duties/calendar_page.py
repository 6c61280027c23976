"""What the calendar page shows: a month of days with icon and word, whose decision each is, and how it came to be."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixiao.access.models import Account
from guixiao.facts import Calendar, Term
from guixiao.facts.calendar import DayKind
from guixiao.facts.clock import days
from guixiao.journal.models import Entry
from guixiao.places import paths, terms
from guixiao.places.calendars import calendar_of
from guixiao.places.models import Overlay, Place, SchoolTerm
from guixiao.places.wording import called, day_year, word
from guixiao.places.wording import day as in_words

from .effect import Day

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

AHEAD = timedelta(days=400)
HISTORY = 30
# kind of day → (state, icon, word)
LOOKS: dict[DayKind, tuple[str, str, _StrPromise]] = {
    DayKind.SCHOOL: ("present", "school", gettext_lazy("上课")),
    DayKind.MADE_SCHOOL: ("late", "calendar-plus", gettext_lazy("补课")),
    DayKind.WEEKEND: ("holiday", "moon", gettext_lazy("周末")),
    DayKind.HOLIDAY: ("leave", "flag", gettext_lazy("放假")),
    DayKind.CLOSED: ("absent", "circle-x", gettext_lazy("停课")),
    DayKind.VACATION: ("holiday", "sun", gettext_lazy("假期")),
    DayKind.UNKNOWN: ("unknown", "help-circle", gettext_lazy("不知道")),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the month. ``whose``: the place that decided it, or nothing; ``workday``: a working weekend day."""

    day: date
    inside: bool
    today: bool
    over: bool
    kind: DayKind
    state: str
    icon: str
    word: str
    note: str
    whose: str
    workday: bool
    decidable: bool


def month_of(place: Place, first: date, today: date) -> list[list[Cell]]:
    """The weeks of the month, Monday first."""
    calendar, deciders = calendar_of(place), whose(place)
    weeks = Weeks(firstweekday=0).monthdatescalendar(first.year, first.month)
    return [[_cell(day, first, today, calendar, deciders) for day in week] for week in weeks]


def cell_of(place: Place, day: date) -> Cell:
    """One day as it stands today."""
    return _cell(day, day, day, calendar_of(place), whose(place))


def shown_days(changed: Sequence[Day]) -> list[dict[str, object]]:
    """What each changed day was and would be, in the same words as the month."""
    return [{"day": one.day, "was": _look(one.was), "will": _look(one.will)} for one in changed]


def _look(kind: DayKind) -> dict[str, str]:
    state, icon, text = LOOKS[kind]
    return {"state": state, "icon": icon, "word": str(text)}


def _cell(day: date, month: date, today: date, calendar: Calendar, deciders: dict[date, Overlay]) -> Cell:
    kind = calendar.kind(day)
    state, icon, text = LOOKS[kind]
    decided = deciders.get(day)
    note = decided.reason if decided else word(calendar.note(day))
    return Cell(
        day=day,
        inside=day.month == month.month,
        today=day == today,
        over=day < today,
        kind=kind,
        state=state,
        icon=icon,
        word=str(text),
        note=note,
        whose=decided.place.name if decided else "",
        workday=day in calendar.workdays,
        decidable=day >= today,
    )


def whose(place: Place) -> dict[date, Overlay]:
    """The decision that counts on each decided day: the nearest place's, then the latest."""
    found: dict[date, Overlay] = {}
    for overlay in overlays_of(place):
        found.update(dict.fromkeys(days(overlay.first, overlay.last), overlay))
    return found


def overlays_of(place: Place) -> list[Overlay]:
    """Every decision that stands here, the outermost place's first."""
    rows = Overlay.objects.filter(place__in=paths.ids(place.path), withdrawn=False).select_related("place")
    return sorted(rows, key=lambda row: (len(row.place.path), row.pk))


@dataclass(frozen=True, slots=True)
class ShownTerm:
    """A term in force here: its own row if the place set it, else who did."""

    term: Term
    title: str
    own: SchoolTerm | None
    whose: str
    over: bool
    begun: bool


def terms_of(place: Place, today: date) -> list[ShownTerm]:
    """The terms that count here, soonest first."""
    rows = SchoolTerm.objects.filter(place__in=paths.ids(place.path)).select_related("place")
    nearest: dict[str, SchoolTerm] = {}
    for row in sorted(rows, key=lambda row: len(row.place.path)):
        nearest[row.code] = row
    return [
        ShownTerm(
            Term(row.code, row.first, row.last),
            terms.title(row.code),
            row if row.place_id == place.pk else None,
            row.place.name,
            row.last < today,
            row.first <= today,
        )
        for row in sorted(nearest.values(), key=lambda row: row.first)
    ]


def undecided_workdays(place: Place, today: date) -> list[date]:
    """Working weekend days in a term, from today on, about which nobody here or above has decided."""
    calendar = calendar_of(place)
    return [
        day
        for day in sorted(calendar.workdays)
        if day >= today and day not in calendar.overlays and calendar.term_of(day) is not None
    ]


def unannounced(place: Place, today: date) -> list[int]:
    """The years of the terms ahead, and this one, that the State Council has not announced."""
    calendar = calendar_of(place)
    ahead = [term.last for term in calendar.terms if term.last >= today]
    return sorted(calendar.unannounced(today, max([*ahead, today])))


@dataclass(frozen=True, slots=True)
class Told:
    """One change of the calendar: what, where, by whom, when."""

    at: datetime
    who: str
    place: str
    what: str


def history(place: Place) -> list[Told]:
    """The latest changes that concern a place, newest first: its own and those above it."""
    entries = list(
        Entry.objects.filter(
            place__in=paths.ids(place.path), kind__in=("calendar_changed", "term_set")
        ).order_by("-recorded_at", "-pk")[:HISTORY]
    )
    names = dict(Place.objects.filter(pk__in={e.place for e in entries}).values_list("pk", "name"))
    accounts = dict(
        Account.objects.filter(pk__in={e.account for e in entries}).values_list("pk", "person__name")
    )
    overlays = Overlay.objects.in_bulk([_overlay_of(entry) for entry in entries])
    return [
        Told(
            entry.recorded_at,
            called(entry.post, accounts[entry.account]) if entry.account in accounts else _("系统"),
            names.get(entry.place or 0, ""),
            _what(entry, overlays),
        )
        for entry in entries
    ]


def _overlay_of(entry: Entry) -> int:
    """The decision an entry speaks of; entries of older versions name it among their records only."""
    named = [pk for name, pk, _digest in entry.records if name == Overlay._meta.label]
    return int(entry.payload.get("overlay") or next(iter(named), 0))


def _what(entry: Entry, overlays: dict[int, Overlay]) -> str:
    first, last = (date.fromisoformat(entry.payload[name]) for name in ("first", "last"))
    words: dict[str, object] = {"days": span(first, last)}
    gone = entry.payload.get("change") == "withdrawn"
    if entry.kind == "term_set":
        words["term"] = terms.title(entry.payload["code"])
        return (_("去掉%(term)s：%(days)s") if gone else _("定%(term)s：%(days)s")) % words
    overlay = overlays.get(_overlay_of(entry))
    words["why"] = overlay.reason if overlay else ""
    if gone:
        return _("撤回 %(days)s：%(why)s") % words
    if overlay is None:
        return _("改了 %(days)s") % words
    return (_("定为上课 %(days)s：%(why)s") if overlay.is_school else _("定为停课 %(days)s：%(why)s")) % words


def span(first: date, last: date) -> str:
    """2026年9月20日, or 2026年9月20日—9月22日."""
    if first == last:
        return day_year(first)
    return f"{day_year(first)}—{in_words(last) if first.year == last.year else day_year(last)}"
