"""What a change of the calendar would do to running duties: both calendars asked of everyone beneath. Writes nothing.

Work is bounded: beneath a large place the first ``MOST`` subjects are looked at, children first, and said to be so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from guixiao.facts import Calendar
from guixiao.facts.calendar import DayKind
from guixiao.facts.clock import day_of, days
from guixiao.journal.models import Entry
from guixiao.people.models import ON_THE_ROLL, Student
from guixiao.places import paths
from guixiao.places.calendars import Supposed, calendars_of
from guixiao.places.models import Kind, Place
from guixiao.policy import Outcome, Subject, SubjectKind
from guixiao.policy import State as Said
from guixiao.policy.episodes import match

from .gather import Inputs, gather
from .occasions import RECENT, calendar_subjects
from .settle import demanded_of, live_subjects

MOST = 500
BATCH = 100
SPAN = timedelta(days=400)
ORDER = {SubjectKind.STUDENT: 0, SubjectKind.CLASS: 1, SubjectKind.SCHOOL: 2, SubjectKind.PERSON: 3}


@dataclass(frozen=True, slots=True)
class Day:
    """A day that would be something else."""

    day: date
    was: DayKind
    will: DayKind


@dataclass(frozen=True, slots=True)
class Line:
    """What would become of one duty: ``opened``, ``withdrawn``, ``moved``; ``later``: not yet asked for."""

    what: str
    later: bool
    outcome: Outcome
    was: datetime | None
    will: datetime | None
    place: int | None


@dataclass
class Effect:
    """Everything a change would do, counted and listed."""

    days: list[Day]
    classes: int = 0
    pupils: int = 0
    subjects: int = 0
    looked: int = 0
    lines: list[Line] = field(default_factory=list)

    def count(self, what: str, later: bool = False) -> int:
        return sum(line.what == what and line.later == later for line in self.lines)

    @property
    def running(self) -> list[Line]:
        return [line for line in self.lines if not line.later]

    @property
    def ahead(self) -> int:
        return sum(line.later for line in self.lines)

    @property
    def stamp(self) -> str:
        """The same for the same effect: what was shown is what is saved."""
        told = [f"{d.day}:{d.was}:{d.will}" for d in self.days]
        told += sorted(
            f"{line.what}:{line.outcome.identity}:{line.was}:{line.will}"
            for line in self.lines
            if not line.later
        )
        return hashlib.sha256("|".join(told).encode()).hexdigest()[:24]


def effect_of(place: Place, supposed: Supposed, now: datetime) -> Effect:
    """What ``supposed`` would change at ``place`` and beneath."""
    today = day_of(now)
    found = Effect(changed_days(place, supposed, today))
    if not found.days:
        return found
    beneath = paths.beneath("path", place.path)
    found.classes = Place.objects.filter(beneath, kind=Kind.CLASS, closed_on=None).count()
    found.pupils = Student.objects.filter(beneath, status__in=ON_THE_ROLL).count()
    subjects = sorted(_subjects(place, found.days, now), key=lambda s: (ORDER[s.kind], s.id))
    found.subjects = len(subjects)
    found.looked = min(MOST, len(subjects))
    for start in range(0, found.looked, BATCH):
        batch = subjects[start : min(start + BATCH, found.looked)]
        found.lines += _lines(batch, supposed, now)
    found.lines.sort(key=lambda line: (line.later, line.what, line.will or line.was or now))
    return found


def changed_days(place: Place, supposed: Supposed, today: date) -> list[Day]:
    """The days that would be something else at the place itself, from four months back to a year ahead."""
    was = calendars_of([place])[place.pk]
    will = calendars_of([place], supposed)[place.pk]
    around = days(today - timedelta(days=120), today + SPAN)
    return [Day(d, was.kind(d), will.kind(d)) for d in around if was.kind(d) is not will.kind(d)]


def _subjects(place: Place, changed: Sequence[Day], now: datetime) -> set[Subject]:
    """Whoever something is demanded of, or was absent lately, or has calendar duties beneath the place."""
    beneath = paths.beneath("path", place.path)
    found = live_subjects(beneath | paths.beneath("home_path", place.path))
    found |= calendar_subjects(day_of(now), [place.path])
    if any(day.day <= day_of(now) for day in changed):
        absent = Entry.objects.filter(
            kind="absence_marked", happened_at__gte=now - RECENT, payload__mark="none"
        )
        here = Student.objects.filter(beneath).values("pk")
        found |= {
            Subject(SubjectKind.STUDENT, pk)
            for pk in absent.filter(student__in=here).values_list("student", flat=True)
            if pk
        }
    return found


def _lines(batch: Sequence[Subject], supposed: Supposed, now: datetime) -> Iterator[Line]:
    today = day_of(now)
    gathered = gather(batch, today, today)
    calendars = _calendars(gathered.values(), supposed)
    for inputs in gathered.values():
        other = calendars.get(inputs.path or inputs.home_path)
        if other is None or other == inputs.calendar:
            continue
        before = demanded_of(inputs, now, today)
        after = demanded_of(replace(inputs, calendar=other), now, today)
        yield from _compare(before, after, inputs.place)


def _calendars(gathered: Iterable[Inputs], supposed: Supposed) -> dict[str, Calendar]:
    """The calendars as they would be, by the path a subject's calendar is read at."""
    branches = {inputs.path or inputs.home_path for inputs in gathered} - {""}
    places = [Place(pk=paths.ids(path)[-1], path=path) for path in branches]
    made = calendars_of(places, supposed)
    return {place.path: made[place.pk] for place in places}


def _compare(before: Sequence[Outcome], after: Sequence[Outcome], place: int | None) -> Iterator[Line]:
    matched = match([o for o in before if _counts(o)], [o for o in after if _counts(o)])
    for old, new in matched.pairs:
        yield from _pair(old, new, place)
    for new in matched.new:
        yield Line("opened", not new.demanded, new, None, new.due, place)
    for old in matched.gone:
        yield Line("withdrawn", not old.demanded, old, old.due, None, place)


def _pair(old: Outcome, new: Outcome, place: int | None) -> Iterator[Line]:
    if old.demanded != new.demanded:
        if new.demanded:
            yield Line("opened", False, new, None, new.due, place)
        elif old.demanded:
            yield Line("withdrawn", False, old, old.due, None, place)
    elif old.due != new.due:
        yield Line("moved", not new.demanded, new, old.due, new.due, place)


def _counts(outcome: Outcome) -> bool:
    return outcome.demanded or outcome.state is Said.UPCOMING
