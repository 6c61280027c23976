"""Sets the stage for a scenario: a made-up class, its places, its posts, and facts from short sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from guixiao.facts import Calendar, Fact, Term
from guixiao.facts.clock import at, day_of
from guixiao.facts.codes import Session
from guixiao.facts.posts import POSTS, Level
from guixiao.places.national import national
from guixiao.policy import Deputy, Happened, Holding, Line, Membership, Pupil, Standing

from .verbs import PLACES, VERBS, is_roll, moment, roll

_ENROLMENT = (Level.CLASS, Level.GRADE, Level.SCHOOL, Level.CENTRAL_SCHOOL, Level.TOWNSHIP, Level.COUNTY)
_RESIDENCE = (Level.HAMLET, Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY)
PEOPLE = {post: 1000 + n for n, post in enumerate(POSTS)}
_NEW = 1000
_LONG_AGO = date(2020, 1, 1)


def person_of(name: str) -> int:
    """``class_teacher``, or ``class_teacher_new`` after a handover."""
    return PEOPLE[name.removesuffix("_new")] + (_NEW if name.endswith("_new") else 0)


def calendar(raw: Mapping[str, Any]) -> Calendar:
    """The real national arrangement, one autumn term, and this school's own decisions."""
    known = national()
    first = raw["term_start"]
    last = raw.get("term_end", date(first.year + 1, 1, 22))
    overlays = {day: (True, why) for day, why in raw.get("school", {}).items()}
    overlays |= {day: (False, why) for day, why in raw.get("closed", {}).items()}
    return Calendar(
        terms=(Term(f"{first.year}-1", first, last),),
        announced=frozenset(raw.get("announced", known.announced)),
        holidays=MappingProxyType(known.holidays),
        workdays=MappingProxyType(known.workdays),
        overlays=MappingProxyType(overlays),
    )


def standing(raw: Mapping[str, Any], student: bool) -> Standing:
    """Every post held, except the ``vacant`` ones; ``deputies``; ``handover: {post: first day of the new}``."""
    vacant = set(raw.get("vacant", []))
    handover: Mapping[str, date] = raw.get("handover", {})
    holdings: list[Holding] = []
    for code, post in POSTS.items():
        if code in vacant or PLACES[post.level] is None:
            continue
        new = handover.get(code)
        last = new - timedelta(days=1) if new else None
        holdings.append(Holding(code, PLACES[post.level], PEOPLE[code], _LONG_AGO, last))
        if new:
            holdings.append(Holding(code, PLACES[post.level], PEOPLE[code] + _NEW, new))
    deputies = tuple(
        Deputy(code, PLACES[POSTS[code].level], PEOPLE[code] + _NEW, _LONG_AGO)
        for code in raw.get("deputies", [])
    )
    without = {Level(level) for level in raw.get("without", [])}
    lines = [Line(_LONG_AGO, {lv: PLACES[lv] for lv in _ENROLMENT if lv not in without})]
    enrolment = () if raw.get("no_school") else tuple(lines)
    residence = (Line(_LONG_AGO, {lv: PLACES[lv] for lv in _RESIDENCE if lv not in without}),)
    versions: Mapping[str, int] = raw.get("roster", {})
    membership = Membership(
        PLACES[Level.CLASS], _LONG_AGO, None, versions.get("first_version", 0), versions.get("last_version")
    )
    pupils = tuple(Pupil(n, _LONG_AGO) for n in range(1, raw.get("pupils", 0) + 1))
    return Standing(
        enrolment=enrolment,
        residence=residence if student else (),
        holdings=tuple(holdings),
        deputies=deputies,
        memberships=(membership,) if student else (),
        pupils=pupils,
    )


# --- facts -----------------------------------------------------------------------------------------


@dataclass
class Script:
    """Turns a scenario's short sentences into facts with entries."""

    raw: Mapping[str, Any]
    calendar: Calendar
    as_of: datetime
    names: dict[str, int] = field(default_factory=dict)
    facts: list[Happened] = field(default_factory=list)

    def read(self) -> list[Happened]:
        """Every fact, in the order it was recorded, entries numbered from 1."""
        lines = self.raw.get("facts", [])
        for line in lines:
            self._line(line)
        if self.raw.get("about", "student") == "student":
            self._quiet_days({self._day(line) for line in lines if is_roll(line)})
        self.facts.sort(key=lambda one: (one.recorded, one.entry))
        return [Happened(f.fact, f.at, f.recorded, n, f.post) for n, f in enumerate(self.facts, start=1)]

    def student(self, name: str) -> int:
        return self.names.setdefault(name, len(self.names) + 1)

    def _line(self, line: Mapping[str, Any]) -> None:
        verb = next((word for word in VERBS if word in line), None)
        if verb is None:
            raise ValueError(f"no known verb in {dict(line)}; one of: {', '.join(VERBS)}")
        when = moment(line["at"])
        received = moment(line["received"]) if "received" in line else when
        happened_at = received if line.get("clock_off") else when
        for fact in VERBS[verb](self, line, self._day(line)):
            self._state(fact, happened_at, received, str(line.get("by", "")))

    def _state(self, fact: Fact, at_: datetime, recorded: datetime, by: str = "") -> None:
        self.facts.append(Happened(fact, at_, recorded, len(self.facts) + 1, by))

    def _day(self, line: Mapping[str, Any]) -> date:
        day = line.get("day")
        return day if isinstance(day, date) else day_of(moment(line["at"]))

    def _quiet_days(self, mentioned: set[date]) -> None:
        """A school day not mentioned counts as recorded and present, unless listed as unrecorded."""
        unrecorded = set(self.raw.get("unrecorded", []))
        first = self.raw["calendar"]["term_start"]
        for day in self.calendar.school_days(first, day_of(self.as_of)):
            taken = at(day, 8)
            if day not in mentioned | unrecorded and taken <= self.as_of:
                self._state(roll(day, Session.MORNING, taken), taken, taken)
