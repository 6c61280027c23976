"""Building a made-up county in an empty database, and living its past mornings."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.core.management import call_command
from django.db import connection, transaction

from guixiao.demo.names import Names
from guixiao.duties.actions.adopt import adopt
from guixiao.duties.shares import READER
from guixiao.duties.tick import tick
from guixiao.facts import SYSTEM, By
from guixiao.facts.clock import at, end_of
from guixiao.journal.append import collecting
from guixiao.journal.models import Chain
from guixiao.journal.queries import mark_read
from guixiao.people.models import Student
from guixiao.places.calendars import keeping
from guixiao.places.models import Holding, Kind, Place

from . import actions
from .actions.rolls import Morning
from .spec import BUILT, Spec

SEED = 20261118
PACKS = ("national", "student_affairs_ladder")
Say = Callable[[str], None]


def build(spec: Spec, say: Say) -> None:
    """Migrate, make the county, live its past days, and leave the engine's statistics fresh."""
    call_command("migrate", verbosity=0)
    gc.set_threshold(200_000, 50, 100)  # millions of short-lived rows make the collector look too often
    _hurry()
    say(f"{spec.name}: places, people")
    county = actions.build_places(by=SYSTEM, now=BUILT, spec=spec)
    names = Names(SEED)
    actions.appoint(by=SYSTEM, now=BUILT, county=county, names=names)
    made = classes = 0
    for number, school in enumerate(county.schools, start=1):
        by = replace(SYSTEM, org=school.place.pk)
        made += actions.enrol_school(
            by=by, now=BUILT, spec=spec, school=school, before=classes, serial=made, names=names
        )
        classes += len(school.classes)
        if number % 25 == 0 or number == len(county.schools):
            say(f"{spec.name}: school {number} of {len(county.schools)}, {made} pupils")
    with transaction.atomic():
        for pack in PACKS:
            adopt(by=SYSTEM, now=BUILT, place=county.place, pack=pack, first=spec.past()[0])
    for chain in Chain.objects.exclude(name__startswith="looks:"):
        mark_read(READER, chain, chain.seq)  # nobody's enrolment asks anything of anybody
    _live(spec, say)
    _settle_down()


def _hurry() -> None:
    """A county that is built anew may be lost with the power."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")


def _settle_down() -> None:
    """What PostgreSQL does by itself within the hour; and one file without a log beside it on SQLite."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM ANALYZE")


def _live(spec: Spec, say: Say) -> None:
    rooms = rooms_of(spec)
    for number, day in enumerate(spec.past()):
        with keeping():
            tick(at(day, 0, 1))
            live_morning(spec, rooms, day, number)
            summary = tick(end_of(day))
        say(f"{spec.name}: {day}: {summary}")


@dataclass(frozen=True, slots=True)
class Room:
    """A class as its roll is taken: its number in the county, its teacher, its pupils by id."""

    number: int
    klass: int
    school: int
    teacher: int
    roster_version: int
    pupils: Sequence[int]


def rooms_of(spec: Spec) -> list[Room]:
    """Every class of the county, in the order of the tree."""
    teachers = dict(Holding.objects.filter(post="class_teacher").values_list("place", "person"))
    pupils: dict[int, list[int]] = {}
    rows = Student.objects.filter(status="enrolled").order_by("pk").values_list("klass", "pk")
    for klass, pk in rows.iterator():
        pupils.setdefault(klass or 0, []).append(pk)
    classes = Place.objects.filter(kind=Kind.CLASS).order_by("path")
    return [
        Room(number, one.pk, one.org_id, teachers[one.pk], one.roster_version, pupils[one.pk])
        for number, one in enumerate(classes)
    ]


def live_morning(spec: Spec, rooms: Sequence[Room], day: date, number: int) -> int:
    """Take every class's roll at eight, as the ``number``-th day of the county. Returns the entries made.

    Nobody settles them: that is left to the tick.
    """
    schools: dict[int, list[Room]] = {}
    for room in rooms:
        schools.setdefault(room.school, []).append(room)
    made = 0
    with collecting():
        for school, classes in schools.items():
            by = By(0, "class_teacher", school)
            mornings = [_morning(spec, room, number) for room in classes]
            made += actions.take_rolls(by=by, now=at(day, 8), day=day, mornings=mornings)
    return made


def _morning(spec: Spec, room: Room, day: int) -> Morning:
    """Half of the missing are the same children every day: those climb the ladder."""
    again, fresh = spec.missing // 2, spec.missing - spec.missing // 2
    missing = list(room.pupils[:1])[: share(spec, room.number, again)]
    missing += room.pupils[1 : 1 + share(spec, room.number + 13 * day, fresh)]
    ill = room.pupils[2 : 2 + share(spec, room.number + 5 * day, spec.ill)]
    return Morning(room.klass, room.teacher, room.roster_version, len(room.pupils), missing[:2], ill)


def share(spec: Spec, number: int, total: int) -> int:
    """How many of ``total`` fall to the class of this number."""
    number %= spec.classes
    return (number + 1) * total // spec.classes - number * total // spec.classes
