"""点名进度: who has reported, who has not, who is missing; by class within a school, by school above it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from guixiao.facts import Calendar
from guixiao.facts.codes import Mark, Session
from guixiao.people.models import Enrolment
from guixiao.places import paths
from guixiao.places.calendars import calendars_along, calendars_of
from guixiao.places.models import Kind, Place
from guixiao.rollcall.models import AWAY, RollCall, RollMark, RollReminder
from guixiao.rollcall.rules import say_day

from .days import away_days
from .who import class_teachers

EVERYBODY = Q()
NEW_YEAR = 8  # a school year's classes exist from August on at the earliest


@dataclass(slots=True)
class Figures:
    """The day in numbers. ``listed`` counts the children of the roll calls that are in."""

    classes: int = 0
    reported: int = 0
    closed: int = 0
    listed: int = 0
    none: int = 0
    sick: int = 0
    personal: int = 0
    late: int = 0

    @property
    def missing(self) -> int:
        return self.classes - self.reported

    @property
    def away(self) -> int:
        return self.none + self.sick + self.personal

    @property
    def present(self) -> int:
        return self.listed - self.away

    def add(self, other: Figures) -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def count(self, mark: str, number: int, came: int) -> None:
        """``number`` children with a mark, ``came`` of them arrived after the roll: those were late."""
        if mark == Mark.LATE:
            self.late += number
        elif mark in AWAY:
            self.late += came
            setattr(self, mark, getattr(self, mark) + number - came)


@dataclass(slots=True)
class Tile:
    """One class on one day. ``state`` is reported, missing, closed, or open where the year is not announced."""

    klass: Place
    state: str
    why: str = ""
    roll_call: RollCall | None = None
    figures: Figures = field(default_factory=Figures)
    teacher: str = ""
    reminded_at: datetime | None = None

    @property
    def short(self) -> str:
        """3班 beneath its grade, the whole name elsewhere."""
        inner = self.klass.name.partition("（")[2].partition("）")[0]
        return f"{inner}班" if self.grade and inner else self.klass.name

    @property
    def grade(self) -> str:
        parent = self.klass.parent
        return parent.name if parent is not None and parent.kind == Kind.GRADE else ""


@dataclass(frozen=True, slots=True)
class Absent:
    """A child that is not there, and for how many school days in a row."""

    mark: RollMark
    klass: Place
    days: int


@dataclass(slots=True)
class SchoolBoard:
    tiles: list[Tile]
    total: Figures
    absent: list[Absent]

    @property
    def missing(self) -> list[Tile]:
        return [tile for tile in self.tiles if tile.state == "missing"]

    @property
    def closed(self) -> str:
        """Why nobody is expected, when nobody is."""
        whole = self.tiles and all(tile.state == "closed" for tile in self.tiles)
        return self.tiles[0].why if whole else ""

    def grades(self) -> dict[str, list[Tile]]:
        found: dict[str, list[Tile]] = {}
        for tile in self.tiles:
            found.setdefault(tile.grade, []).append(tile)
        return found


@dataclass(slots=True)
class SchoolRow:
    """One school on one day."""

    school: Place
    figures: Figures
    why: str = ""


def classes_of(branches: Iterable[str], day: date) -> QuerySet[Place]:
    """The classes beneath these branches that exist on ``day``. One of a coming school year, opened beforehand,
    exists from the day on which its first child is in it."""
    there = Q(closed_on=None) | Q(closed_on__gt=day)
    school_year = day.year if day.month >= NEW_YEAR else day.year - 1
    of_then = Q(school_year=None) | Q(school_year__lte=school_year)
    ever = Enrolment.objects.filter(klass=OuterRef("pk"))
    begun = Exists(ever.filter(first__lte=day)) | ~Exists(ever)
    return Place.objects.filter(there, of_then, begun, paths.beneath_any("path", branches), kind=Kind.CLASS)


def unreported(day: date, branches: Iterable[str], session: Session = Session.MORNING) -> list[Place]:
    """The classes that have school on ``day`` and have not handed in this session's roll. A day that nobody
    can call a school day (an unannounced year) demands nothing here."""
    classes = list(classes_of(branches, day).order_by("path"))
    calendars = calendars_of(classes)
    expected = [klass for klass in classes if calendars[klass.pk].is_school_day(day)]
    taken = RollCall.objects.filter(day=day, session=session, klass__in=[klass.pk for klass in expected])
    there = set(taken.values_list("klass_id", flat=True))
    return [klass for klass in expected if klass.pk not in there]


def in_several_schools(classes: QuerySet[Place]) -> bool:
    """Whether these classes are shown school by school."""
    return len(classes.order_by().values_list("org_id", flat=True).distinct()[:2]) > 1


def board(classes: list[Place], day: date, session: Session, named: Q | None = None) -> SchoolBoard:
    """The classes of one school (or grade), tile by tile. ``named`` is the scope of those whose names may be
    shown, as a condition on :class:`RollMark`; ``None`` shows figures only."""
    tiles = {tile.klass.pk: tile for tile in _tiles(classes, day, session)}
    rolls = {tile.roll_call.pk: tile for tile in tiles.values() if tile.roll_call}
    marks = RollMark.objects.filter(roll_call__in=rolls)
    for roll, mark, number, came in _counted(marks, "roll_call"):
        rolls[roll].figures.count(mark, number, came)
    missing = [pk for pk, tile in tiles.items() if tile.state == "missing"]
    for pk, holders in class_teachers(missing, day).items():
        tiles[pk].teacher = "、".join(holding.person.name for holding in holders)
    reminders = RollReminder.objects.filter(day=day, session=session, klass__in=missing).order_by("at")
    for pk, at in reminders.values_list("klass_id", "at"):
        tiles[pk].reminded_at = at
    total = Figures()
    for tile in tiles.values():
        total.add(tile.figures)
    absent = _absent(marks.filter(named), rolls, day) if named is not None else []
    return SchoolBoard(list(tiles.values()), total, absent)


def _tiles(classes: list[Place], day: date, session: Session) -> Iterable[Tile]:
    calendars = calendars_of(classes)
    taken = {
        roll.klass_id: roll for roll in RollCall.objects.filter(klass__in=classes, day=day, session=session)
    }
    for klass in sorted(classes, key=lambda klass: (klass.grade or 0, klass.path)):
        tile = Tile(klass, _state(calendars[klass.pk], day, klass.pk in taken), roll_call=taken.get(klass.pk))
        tile.why = say_day(calendars[klass.pk], day) if tile.state == "closed" else ""
        tile.figures = _figures(tile.state, tile.roll_call.listed if tile.roll_call else 0)
        yield tile


def _state(calendar: Calendar, day: date, taken: bool) -> str:
    if taken:
        return "reported"
    school = calendar.is_school_day(day)
    return "open" if school is None else "missing" if school else "closed"


def _figures(state: str, listed: int) -> Figures:
    expected = int(state in ("reported", "missing"))
    return Figures(
        classes=expected, reported=int(state == "reported"), closed=int(state == "closed"), listed=listed
    )


def _counted(marks: QuerySet[RollMark], key: str) -> Iterable[tuple[int, str, int, int]]:
    rows = marks.order_by().values_list(key, "mark")
    return rows.annotate(number=Count("pk"), came=Count("arrived_at"))


def _absent(marks: QuerySet[RollMark], rolls: dict[int, Tile], day: date) -> list[Absent]:
    """Those still away, unexcused first, the longest away first."""
    away = list(marks.filter(mark__in=AWAY, arrived_at=None).select_related("student"))
    counts = away_days([row.student_id for row in away], day)
    found = [Absent(row, rolls[row.roll_call_id].klass, counts[row.student_id]) for row in away]
    order = [mark.value for mark in AWAY]
    return sorted(
        found, key=lambda a: (order.index(a.mark.mark), -a.days, a.klass.path, a.mark.student.pinyin)
    )


def schools_board(classes: QuerySet[Place], day: date, session: Session) -> list[SchoolRow]:
    """The schools of these classes (:func:`classes_of`), added up in SQL: as many queries for five classes as for
    five thousand, and no object for a class."""
    lines = list(classes.order_by("path").values_list("pk", "org_id", "path"))
    calendars = calendars_along({pk: path for pk, _school, path in lines})
    rolls = RollCall.objects.filter(day=day, session=session, klass__in=classes.values("pk"))
    listed = dict(rolls.values_list("klass_id", "listed"))
    school_of = {pk: school for pk, school, _path in lines}
    unasked = _Unasked(day)
    per: dict[int, Figures] = {}
    why: dict[int, str] = {}
    for pk, school, _path in lines:
        state = "reported" if pk in listed else unasked.state(calendars[pk])
        figures = per.setdefault(school, Figures())
        figures.classes += state in ("reported", "missing")
        figures.reported += state == "reported"
        figures.closed += state == "closed"
        figures.listed += listed.get(pk, 0)
        if state == "closed" and school not in why:
            why[school] = say_day(calendars[pk], day)
    marks = RollMark.objects.filter(roll_call__in=rolls.values("pk"))
    for klass, mark, number, came in _counted(marks, "roll_call__klass"):
        per[school_of[klass]].count(mark, number, came)
    schools = Place.objects.filter(pk__in=per).select_related("parent").order_by("path")
    return [
        SchoolRow(school, per[school.pk], "" if per[school.pk].classes else why.get(school.pk, ""))
        for school in schools
    ]


class _Unasked:
    """What a day is for classes that have not reported, asked once of each calendar: most are one value."""

    def __init__(self, day: date) -> None:
        self.day = day
        self.known: dict[int, str] = {}

    def state(self, calendar: Calendar) -> str:
        found = self.known.get(id(calendar))
        if found is None:
            found = self.known[id(calendar)] = _state(calendar, self.day, taken=False)
        return found
