"""A term of roll calls: illness, late and missing submissions, now and then a child nobody knows about."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from guixiao.facts import By
from guixiao.facts.calendar import Calendar
from guixiao.facts.clock import at
from guixiao.facts.codes import Mark, Session
from guixiao.places.calendars import calendars_of
from guixiao.places.models import Place
from guixiao.rollcall import actions
from guixiao.rollcall.models import RollCall

from .county import School
from .illness import Sickbed

LATE_CLASSES, MISSING_CLASSES, FORGOTTEN = 0.02, 0.006, 0.08
TRUANTS = 1 / 14_000  # a child and day; most are back the next morning


@dataclass
class Room:
    """A class with its children and the teacher who takes its roll."""

    klass: Place
    school: School
    students: list[int]
    by: By
    calendar: Calendar


@dataclass
class Life:
    """Lives the county's term day by day. ``scripted`` marks override chance for the children of the stories."""

    rooms: list[Room]
    dice: random.Random
    sick: Sickbed
    scripted: dict[tuple[int, date], Mark] = field(default_factory=dict)
    untaken: set[tuple[int, date]] = field(default_factory=set)
    owed: list[tuple[Room, date]] = field(default_factory=list)
    truants: dict[date, list[tuple[int, Room]]] = field(default_factory=dict)

    @staticmethod
    def of(rooms: list[tuple[Place, School, list[int], By]], seed: int) -> Life:
        dice = random.Random(seed)  # noqa: S311 - a made-up county, not secrets
        calendars = calendars_of([klass for klass, _school, _students, _by in rooms])
        made = [
            Room(klass, school, students, by, calendars[klass.pk]) for klass, school, students, by in rooms
        ]
        return Life(made, dice, Sickbed(dice))

    def mornings(self, day: date, until: datetime | None = None) -> Iterator[RollCall]:
        """Every class's roll call of ``day``, in the order in which they come in."""
        yield from self._made_good(day, until)
        held = [room for room in self.rooms if room.calendar.is_school_day(day)]
        come = sorted(((self._moment(day), room) for room in held), key=lambda pair: pair[0])
        for moment, room in come:
            if until is not None and moment > until:
                continue
            if (room.klass.pk, day) in self.untaken:
                continue
            if self.dice.random() < MISSING_CLASSES:
                self.owed.append((room, day))
                continue
            yield self._take(room, day, moment)

    def _made_good(self, day: date, until: datetime | None) -> Iterator[RollCall]:
        """Most of the rolls that were not handed in come the next morning; a few never do."""
        owed, self.owed = self.owed, []
        for room, missed in owed:
            moment = at(day, 8, self.dice.randint(0, 59))
            if self.dice.random() < FORGOTTEN or (until is not None and moment > until):
                continue
            yield self._take(room, missed, moment)

    def _moment(self, day: date) -> datetime:
        if self.dice.random() < LATE_CLASSES:
            return at(day, 9, self.dice.randint(2, 58), self.dice.randint(0, 59))
        return at(day, 7, 50) + timedelta(seconds=self.dice.randint(0, 55 * 60))

    def _take(self, room: Room, day: date, moment: datetime) -> RollCall:
        marks: dict[int, Mark] = {}
        leaves: dict[int, tuple[date, date]] = {}
        for student, (kind, first, last) in self.sick.morning(day, room.students).items():
            marks[student], leaves[student] = Mark(kind), (max(first, day), last)
        for student in room.students:
            scripted = self.scripted.get((student, day))
            if scripted is not None:
                marks[student] = scripted
                leaves.pop(student, None)
                if scripted in (Mark.SICK, Mark.PERSONAL):
                    leaves[student] = (day, day)
            elif student not in marks and self.dice.random() < TRUANTS:
                marks[student] = Mark.NONE
                self.truants.setdefault(day, []).append((student, room))
        return actions.take(
            by=room.by,
            now=moment,
            klass=room.klass,
            day=day,
            session=Session.MORNING,
            roster_version=room.klass.roster_version,
            marks={student: mark for student, mark in marks.items() if mark is not Mark.PRESENT},
            client_id=uuid.UUID(int=self.dice.getrandbits(128), version=4),
            device_time=moment - timedelta(seconds=self.dice.randint(1, 40)),
            leaves=leaves,
        )
