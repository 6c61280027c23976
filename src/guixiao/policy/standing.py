"""What the law must know and no event says: rosters, lines of responsibility, who holds which post, dated.

``duties/gather.py`` builds one :class:`Standing` for one subject. Every period includes both its days.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Protocol, TypeVar

from guixiao.facts.codes import Session
from guixiao.facts.posts import Level


class _Dated(Protocol):
    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date | None: ...


def holds(period: _Dated, day: date) -> bool:
    """Whether ``day`` lies in a dated record."""
    return period.first <= day and (period.last is None or day <= period.last)


@dataclass(frozen=True, slots=True)
class Membership:
    """A child on the roster of a class: the roster versions that contain the child, both included.

    A roll call over a version outside the range says nothing about this child.
    """

    class_id: int
    first: date
    last: date | None = None
    first_version: int = 0
    last_version: int | None = None

    def covers(self, class_id: int, version: int) -> bool:
        if class_id != self.class_id or version < self.first_version:
            return False
        return self.last_version is None or version <= self.last_version


@dataclass(frozen=True, slots=True)
class Line:
    """The places above a subject during a period. Enrolment: class → grade → school → central school →
    township → county. Residence: hamlet → village → township → county. Levels that do not exist are left out."""

    first: date
    places: Mapping[Level, int]
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """A person holds a post at a place."""

    post: str
    place: int
    person: int
    first: date
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Deputy:
    """A person acts for a post at a place; counts where nobody holds it."""

    post: str
    place: int
    person: int
    first: date
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Pupil:
    """One child of a class or of a person's list: what quotas count against."""

    student: int
    first: date
    last: date | None = None


_Seat = TypeVar("_Seat", Holding, Deputy)
_SESSIONS = MappingProxyType(
    {Session.MORNING: time(8, 0), Session.AFTERNOON: time(14, 0), Session.EVENING: time(19, 0)}
)


@dataclass(frozen=True)
class Standing:
    """Everything dated that an evaluation of one subject needs beside its facts.

    ``exists`` is the subject's own period (a class its school year, a person its post); calendar duties
    fall only inside it.
    """

    enrolment: tuple[Line, ...] = ()
    residence: tuple[Line, ...] = ()
    holdings: tuple[Holding, ...] = ()
    deputies: tuple[Deputy, ...] = ()
    memberships: tuple[Membership, ...] = ()
    pupils: tuple[Pupil, ...] = ()
    first: date | None = None
    last: date | None = None
    sessions: Mapping[Session, time] = field(default_factory=lambda: _SESSIONS)

    def place(self, level: Level, day: date) -> int | None:
        """The place of a level above the subject: by enrolment, else by residence."""
        return _place(self.enrolment, level, day) or _place(self.residence, level, day)

    def enrolled(self, day: date) -> bool:
        """Whether the subject stands under a school on ``day``."""
        return _place(self.enrolment, Level.SCHOOL, day) is not None

    def holder(self, post: str, place: int, day: date) -> int | None:
        """Who holds a post; of several, the one who has held it longest."""
        return _longest(self._held.get((post, place), ()), day)

    def deputy(self, post: str, place: int, day: date) -> int | None:
        return _longest(self._deputed.get((post, place), ()), day)

    @cached_property
    def _held(self) -> dict[tuple[str, int], list[Holding]]:
        return _by_seat(self.holdings)

    @cached_property
    def _deputed(self) -> dict[tuple[str, int], list[Deputy]]:
        return _by_seat(self.deputies)

    @cached_property
    def _changes(self) -> list[date]:
        """The days from which somebody else may answer: a record begins, or one ended the day before."""
        dated: tuple[_Dated, ...] = (*self.enrolment, *self.residence, *self.holdings, *self.deputies)
        ends = {record.last + timedelta(days=1) for record in dated if record.last is not None}
        return sorted({record.first for record in dated} | ends)

    def stretch(self, day: date) -> int:
        """Which stretch between two changes ``day`` lies in: within one the same people answer."""
        return bisect_right(self._changes, day)

    def on_roster(self, class_id: int, version: int) -> bool:
        """Whether a roll call over this roster version speaks of the child."""
        return any(membership.covers(class_id, version) for membership in self.memberships)

    def session_start(self, session: Session) -> time:
        return self.sessions.get(session, _SESSIONS[session])


def _place(lines: tuple[Line, ...], level: Level, day: date) -> int | None:
    return next((line.places[level] for line in lines if holds(line, day) and level in line.places), None)


def _by_seat(records: Iterable[_Seat]) -> dict[tuple[str, int], list[_Seat]]:
    found: dict[tuple[str, int], list[_Seat]] = {}
    for record in records:
        found.setdefault((record.post, record.place), []).append(record)
    return found


def _longest(records: Iterable[Holding | Deputy], day: date) -> int | None:
    there = [r for r in records if holds(r, day)]
    return min(there, key=lambda r: (r.first, r.person)).person if there else None
