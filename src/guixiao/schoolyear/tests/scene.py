"""A junior school of three grades with eight named children, ready to turn from 2026 to 2027."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from guixiao.facts import SYSTEM, By
from guixiao.facts.clock import at, day_of
from guixiao.facts.codes import EnrolmentChange, Mark, Session
from guixiao.people import actions as people
from guixiao.people.models import Status, Student
from guixiao.places import actions as places
from guixiao.places.models import Kind, Person, Place
from guixiao.rollcall.actions import take
from guixiao.rollcall.models import RollCall
from guixiao.schoolyear import actions
from guixiao.schoolyear.models import YearOpening
from guixiao.testing.cast import FIRST, START, Cast

SUMMER = at(date(2027, 7, 20), 9)
TERM = date(2027, 9, 1)
YEAR = 2027


@dataclass
class Scene:
    """The cast's school with one class in grade seven and one in grade nine beside its two in grade eight."""

    cast: Cast
    now: datetime = SUMMER

    @property
    def school(self) -> Place:
        return self.cast.school

    def klass(self, name: str, year: int = YEAR) -> Place:
        return Place.objects.get(
            kind=Kind.CLASS, name=name, school_year=year, path__startswith=self.school.path
        )

    def child(self, name: str) -> Student:
        return Student.objects.get(pk=self.cast.children[name].pk)

    def draft(self, now: datetime | None = None) -> YearOpening:
        by = self.cast.actor("student_affairs", now or self.now).by("year.draft", self.school.path)
        return actions.begin(by=by, now=now or self.now, school=self.school, year=YEAR)

    def open(self, opening: YearOpening, now: datetime | None = None) -> YearOpening:
        by = self.cast.actor("principal", now or self.now).by("year.open", self.school.path)
        return actions.open_year(by=by, now=now or self.now, opening=opening, version=opening.version)

    def roll(self, klass: Place, now: datetime, marks: Mapping[str, Mark] | None = None) -> RollCall:
        """The morning's roll of a class, taken by its teacher of that day."""
        by = self.cast.actor("class_teacher", now).by_virtue_of()
        return take(
            by=By(by.account, "class_teacher", self.school.pk),
            now=now,
            klass=klass,
            day=day_of(now),
            session=Session.MORNING,
            roster_version=Place.objects.values_list("roster_version", flat=True).get(pk=klass.pk),
            marks={self.cast.children[name].pk: mark for name, mark in (marks or {}).items()},
            client_id=uuid4(),
            device_time=now,
        )

    def undo(self, opening: YearOpening, now: datetime | None = None) -> YearOpening:
        by = self.cast.actor("principal", now or self.now).by("year.open", self.school.path)
        return actions.undo_year(by=by, now=now or self.now, opening=opening)


def set_scene(cast: Cast) -> Scene:
    """七（1）班 with two children, 九（1）班 with three (one suspended, one out of school), each with a teacher."""
    county = cast.places["青禾县"]
    for code, first, last in (
        ("2026-2", date(2027, 2, 22), date(2027, 7, 9)),
        ("2027-1", TERM, date(2028, 1, 21)),
    ):
        places.set_term(by=SYSTEM, now=START, place=county, code=code, first=first, last=last)
    for grade, name, room in ((7, "七年级", "七（1）班"), (9, "九年级", "九（1）班")):
        node = places.add_place(
            by=SYSTEM, now=START, parent=cast.school, kind=Kind.GRADE, name=name, grade=grade
        )
        klass = places.add_place(
            by=SYSTEM, now=START, parent=node, kind=Kind.CLASS, name=room, grade=grade, school_year=2026
        )
        cast.places[room] = klass
        teacher(klass, f"{room}老师")
    for name, room in (
        ("莫小雨", "七（1）班"),
        ("蒙天成", "七（1）班"),
        ("梁毕业", "九（1）班"),
        ("农休学", "九（1）班"),
        ("潘辍学", "九（1）班"),
    ):
        cast.children[name] = child(cast, name, cast.places[room])
    for name, status, change in (
        ("农休学", Status.SUSPENDED, EnrolmentChange.SUSPENDED),
        ("潘辍学", Status.DROPPED_OUT, EnrolmentChange.DROPPED_OUT),
    ):
        people.set_status(
            by=SYSTEM, now=START, student=cast.children[name], status=status, change=change, day=FIRST
        )
    return Scene(cast)


def teacher(klass: Place, name: str, post: str = "class_teacher") -> Person:
    person = places.add_person(by=SYSTEM, now=START, name=name)
    places.hold_post(by=SYSTEM, now=START, person=person, place=klass, post=post, first=date(2026, 8, 20))
    return person


def child(cast: Cast, name: str, klass: Place, first: date = FIRST, now: datetime = START) -> Student:
    new = people.NewStudent(name=name, sex="1", birth=date(2013, 5, 6), values={"seat": "01"})
    return people.register(by=SYSTEM, now=now, new=new, klass=klass, first=first, school=cast.school)
