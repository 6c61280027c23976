"""Standing: which places stand above a subject, and who held which post there when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import QuerySet

from guixiao.facts.posts import Level
from guixiao.people.models import Enrolment, Student
from guixiao.places import models, paths
from guixiao.policy import Deputy, Holding, Line, Membership, Pupil, Standing

ALWAYS = date(2000, 1, 1)


@dataclass
class Posts:
    """The places along some paths, with the posts held and deputised for at each. Three queries."""

    places: dict[int, models.Place]
    holdings: dict[int, list[Holding]] = field(default_factory=dict)
    deputies: dict[int, list[Deputy]] = field(default_factory=dict)
    _lines: dict[str, dict[Level, int]] = field(default_factory=dict)
    _held: dict[tuple[int, ...], tuple[tuple[Holding, ...], tuple[Deputy, ...]]] = field(default_factory=dict)

    @classmethod
    def along(cls, branches: Iterable[str]) -> Posts:
        numbers = {number for path in branches for number in paths.ids(path)}
        posts = cls({place.pk: place for place in models.Place.objects.filter(pk__in=numbers)})
        for row in models.Holding.objects.filter(place__in=numbers):
            held = Holding(row.post, row.place_id, row.person_id, row.first, row.last)
            posts.holdings.setdefault(row.place_id, []).append(held)
        deputies = models.Deputy.objects.filter(holding__place__in=numbers).select_related("holding")
        for deputy in deputies:
            seat = deputy.holding
            acting = Deputy(seat.post, seat.place_id, deputy.person_id, deputy.first, deputy.last)
            posts.deputies.setdefault(seat.place_id, []).append(acting)
        return posts

    def org(self, path: str) -> int:
        """The organisation of the place a path leads to."""
        place = self.places.get(paths.ids(path)[-1]) if path else None
        return place.org_id if place else 0

    def line(self, path: str) -> dict[Level, int]:
        """The places along a path by level."""
        if path not in self._lines:
            found = [self.places[n] for n in paths.ids(path) if n in self.places]
            self._lines[path] = {Level(place.kind): place.pk for place in found}
        return self._lines[path]

    def school(self, path: str) -> int | None:
        return self.line(path).get(Level.SCHOOL)

    def held(self, lines: Iterable[Line]) -> tuple[tuple[Holding, ...], tuple[Deputy, ...]]:
        """Every holding and deputy at the places of these lines; shared between subjects of one class."""
        key = tuple(sorted({number for line in lines for number in line.places.values()}))
        if key not in self._held:
            self._held[key] = (
                tuple(row for number in key for row in self.holdings.get(number, ())),
                tuple(row for number in key for row in self.deputies.get(number, ())),
            )
        return self._held[key]


@dataclass
class Rolls:
    """The enrolments of some children. One query."""

    rows: dict[int, list[Enrolment]]

    @classmethod
    def of_students(cls, ids: Iterable[int]) -> Rolls:
        return cls._read(Enrolment.objects.filter(student__in=list(ids)))

    @classmethod
    def of_classes(cls, ids: Iterable[int]) -> Rolls:
        return cls._read(Enrolment.objects.filter(klass__in=list(ids)))

    @classmethod
    def _read(cls, found: QuerySet[Enrolment]) -> Rolls:
        rows: dict[int, list[Enrolment]] = {}
        for row in found.select_related("klass").order_by("first", "pk"):
            rows.setdefault(row.student_id, []).append(row)
        return cls(rows)

    @property
    def paths(self) -> set[str]:
        return {row.klass.path for rows in self.rows.values() for row in rows}

    @property
    def classes(self) -> set[int]:
        return {row.klass_id for rows in self.rows.values() for row in rows}

    def memberships(self, student: int) -> tuple[Membership, ...]:
        return tuple(
            Membership(
                row.klass_id,
                row.first,
                row.last,
                row.entry_version,
                None if row.exit_version is None else row.exit_version - 1,
            )
            for row in self.rows.get(student, ())
        )

    def pupils(self, klass: int) -> tuple[Pupil, ...]:
        found = (row for rows in self.rows.values() for row in rows if row.klass_id == klass)
        return tuple(Pupil(row.student_id, row.first, row.last) for row in found)


def standing_of_student(student: Student, rolls: Rolls, posts: Posts) -> Standing:
    rows = rolls.rows.get(student.pk, ())
    enrolment = tuple(Line(row.first, posts.line(row.klass.path), row.last) for row in rows)
    home = student.home_path or student.registered_path
    residence = (Line(ALWAYS, posts.line(home)),) if home else ()
    holdings, deputies = posts.held((*enrolment, *residence))
    return Standing(
        enrolment=enrolment,
        residence=residence,
        holdings=holdings,
        deputies=deputies,
        memberships=rolls.memberships(student.pk),
        first=rows[0].first if rows else None,
    )


def standing_of_place(place: models.Place, posts: Posts) -> Standing:
    """A class or a school; a class lives for its school year."""
    line = Line(ALWAYS, posts.line(place.path))
    holdings, deputies = posts.held((line,))
    first = date(place.school_year, 8, 1) if place.school_year else None
    last = date(place.school_year + 1, 7, 31) if place.school_year else None
    if place.closed_on:
        last = place.closed_on - timedelta(days=1)
    return Standing(enrolment=(line,), holdings=holdings, deputies=deputies, first=first, last=last)


def standing_of_person(person: int, seats: list[models.Holding], posts: Posts, rolls: Rolls) -> Standing:
    """A person with a list of children: those of the classes where he or she holds a post."""
    lines = tuple(Line(seat.first, posts.line(seat.place.path), seat.last) for seat in seats)
    holdings, deputies = posts.held(lines)
    pupils = tuple(pupil for seat in seats for pupil in rolls.pupils(seat.place_id))
    return Standing(
        enrolment=lines,
        holdings=tuple(held for held in holdings if held.person == person),
        deputies=deputies,
        pupils=tuple(dict.fromkeys(pupils)),
        first=min((seat.first for seat in seats), default=None),
        last=None if any(seat.last is None for seat in seats) else max(s.last for s in seats if s.last),
    )
