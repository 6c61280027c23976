"""Building 青禾县 and living its term up to the morning of Wednesday 18 November 2026."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from guixiao.cases.settle import settle
from guixiao.conf import edge
from guixiao.duties.actions.adopt import adopt
from guixiao.duties.tick import tick
from guixiao.facts import SYSTEM, By
from guixiao.facts.clock import at, days, end_of
from guixiao.facts.codes import Mark, Outcome
from guixiao.journal.append import Touched, collecting
from guixiao.people.actions import register_class
from guixiao.people.models import Student
from guixiao.places.calendars import keeping
from guixiao.places.models import Place
from guixiao.visits.content import Content

from . import county as counties
from . import staff as staffs
from .accounts import Login, open_accounts
from .county import BUILT, County
from .deeds import Deeds
from .life import Life, Room
from .names import Names
from .pupils import Pupils
from .returning import monthly_returns
from .script import Script
from .staff import Staff
from .stories import STORIES

SEED = 20260901
FIRST, TODAY = date(2026, 9, 1), date(2026, 11, 18)
STANDS = at(TODAY, 8, 20)
MINE = "八（3）班"
LADDER = ("石板河初级中学", "双河初级中学", "青禾县第一初级中学")
Say = Callable[[str], None]


def prepared() -> Path:
    """The file that says the county is built; it holds the logins to print."""
    return Path(settings.HOME) / "demo.json"


def prepare(say: Say) -> list[Login]:
    """Build the county unless it stands. Returns the logins (name to type, person, post)."""
    if prepared().exists():
        edge.stand_again()
        return [tuple(row) for row in json.loads(prepared().read_text())]
    started = time.monotonic()
    call_command("migrate", verbosity=0)
    _hurry()
    say("青禾县：单位、人员")
    with transaction.atomic():
        county = counties.build()
        names = Names(SEED)
        staff = staffs.appoint(county, names)
        accounts, logins = open_accounts(staff, county)
        _adopt(county)
    rooms = _enrol(county, staff, names, accounts, say)
    with keeping():  # nobody moves a school day while the term is lived
        _live(county, staff, accounts, rooms, say)
    edge.stand_at(STANDS)
    prepared().write_text(json.dumps(logins, ensure_ascii=False))
    say(f"建好了，用了 {time.monotonic() - started:.0f} 秒")
    return logins


def _hurry() -> None:
    """A county nobody has yet worked in may be lost with the power; from the first start on, none may. Millions
    of short-lived rows make the garbage collector look too often."""
    gc.set_threshold(200_000, 50, 100)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")


def _adopt(county: County) -> None:
    """The county adopts the national baseline; three junior schools A11, everybody else A18, one both."""

    def take(place: Place, pack: str) -> None:
        adopt(by=SYSTEM, now=BUILT, place=place, pack=pack, first=FIRST)

    take(county.place, "national")
    for school in county.schools:
        name = school.place.name
        if name in LADDER:
            take(school.place, "student_affairs_ladder")
        if name not in LADDER or name == "双河初级中学":
            take(school.place, "two_three_seven_ladder")


def _enrol(
    county: County, staff: Staff, names: Names, accounts: dict[int, int], say: Say
) -> list[tuple[Place, counties.School, list[int], By]]:
    pupils = Pupils(names)
    rooms = []
    for number, school in enumerate(county.schools, start=1):
        with transaction.atomic():
            for klass in school.classes:
                given = tuple(STORIES) if school.place.name == LADDER[0] and klass.name == MINE else ()
                made = register_class(
                    by=SYSTEM,
                    now=BUILT,
                    klass=klass,
                    school=school.place,
                    first=FIRST,
                    rows=pupils.of_class(school, klass, given),
                )
                klass.refresh_from_db()
                teacher = staff.person("class_teacher", klass)
                by = By(accounts[teacher.pk], "class_teacher", school.place.pk)
                rooms.append((klass, school, [student.pk for student in made], by))
        say(f"学籍 {number}/{len(county.schools)}：{school.place.name}")
    return rooms


def _live(
    county: County,
    staff: Staff,
    accounts: dict[int, int],
    rooms: list[tuple[Place, counties.School, list[int], By]],
    say: Say,
) -> None:
    life = Life.of(rooms, SEED)
    deeds = Deeds(staff, accounts, life.dice, {place.pk: place for place in Place.objects.all()})
    script = _script(life, deeds)
    month = 0
    for day in days(FIRST, TODAY):
        if day.month != month:
            month = day.month
            say(f"{month} 月")
        last = STANDS if day == TODAY else end_of(day)
        with transaction.atomic():
            for _roll_call in life.mornings(day, last):
                pass
        _afternoon(life, deeds, script, day, last)
        monthly_returns(county, staff, accounts, day)
        tick(last)


def _script(life: Life, deeds: Deeds) -> Script:
    room = next(r for r in life.rooms if r.klass.name == MINE and r.school.place.name == LADDER[0])
    children = {child.name: child for child in Student.objects.filter(klass=room.klass, name__in=STORIES)}
    script = Script()
    held = [day for day in days(FIRST, TODAY) if room.calendar.is_school_day(day)]
    for name, story in STORIES.items():
        story(script, deeds, children[name])
        script.leave_alone(children[name].pk, held)
    life.scripted = script.marks
    life.untaken.add((room.klass.pk, TODAY))
    return script


def _afternoon(life: Life, deeds: Deeds, script: Script, day: date, last: datetime) -> None:
    """The deeds of the stories, and visits to those who were away without a word (most, not all)."""
    moments = script.on(day)
    away = {
        student for (student, marked), mark in script.marks.items() if marked == day and mark is Mark.NONE
    }
    for student, room in life.truants.get(day, []):
        away.add(student)
        if life.dice.random() < 0.8:
            moments.append((at(day, 17, life.dice.randint(0, 59)), _visit(deeds, student, room)))
    settle({Touched("student", student) for student in away | _named(script)}, min(at(day, 9, 30), last))
    for moment, deed in sorted(moments, key=lambda pair: pair[0]):
        if moment <= last:
            with collecting() as touched:
                deed(moment)
            settle({item for item in touched if item.kind == "student"}, moment)


def _named(script: Script) -> set[int]:
    return {student for student, _day in script.marks}


def _visit(deeds: Deeds, student: int, room: Room) -> Callable[[datetime], object]:
    said = Content(
        child_words="睡过头了，怕挨批评就没来。",
        guardian_words="家里：早上出工早，没叫醒他。",
        met=["child", "elder"],
        causes=["other"],
        next_step="明早请同学来叫。",
    )

    def deed(now: datetime) -> None:
        child = Student.objects.get(pk=student)
        posts = ("class_teacher",)
        deeds.visit(now, child, posts, Outcome.WILL_RETURN, said)
        deeds.answer(now + timedelta(minutes=5), child)

    return deed
