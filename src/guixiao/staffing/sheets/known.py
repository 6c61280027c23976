"""What the rows of one sheet can refer to, read once: places of the branch, people, who holds what. Reads only."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from guixiao.people.imports.classes import Classes, NewClass
from guixiao.people.imports.columns import plain
from guixiao.places import paths
from guixiao.places.models import ORGANISATIONS, Holding, Kind, Person, Place

UNITS = (*ORGANISATIONS, Kind.HAMLET)
NEAR, CHUNK = 3, 400


@dataclass
class Known:
    """The branch beneath ``place``."""

    place: Place
    units: dict[str, list[Place]] = field(default_factory=dict)  # plain name or code → places
    grades: dict[tuple[int, int], Place] = field(default_factory=dict)  # school, grade → place
    names: list[str] = field(default_factory=list)
    numbers: dict[str, Person] = field(default_factory=dict)
    people: dict[str, list[Person]] = field(default_factory=dict)
    held: dict[tuple[int, str], list[Holding]] = field(default_factory=dict)
    _classes: dict[int, Classes] = field(default_factory=dict)

    @classmethod
    def beneath(cls, place: Place, names: Iterable[str], numbers: Iterable[str], earliest: date) -> Known:
        made = cls(place)
        made._read_places()
        made._read_people(set(names) - {""}, set(numbers) - {""})
        rows = Holding.objects.filter(paths.beneath("place__path", place.path))
        rows = rows.filter(Q(last=None) | Q(last__gte=earliest)).select_related("person").order_by("first")
        for holding in rows:
            made.held.setdefault((holding.place_id, holding.post), []).append(holding)
        return made

    def _read_places(self) -> None:
        branch = Place.objects.filter(paths.beneath("path", self.place.path), closed_on=None)
        for place in branch.filter(kind__in=UNITS).order_by("path"):
            self.names.append(place.name)
            for word in {plain(place.name), place.code} - {""}:
                self.units.setdefault(word, []).append(place)
        for grade in branch.filter(kind=Kind.GRADE).order_by("-pk"):
            self.grades[grade.parent_id or 0, grade.grade or 0] = grade

    def _read_people(self, names: set[str], numbers: set[str]) -> None:
        """By staff number anywhere; by name only those of the branch, and those who work nowhere yet."""
        for some in _chunks(numbers):
            for person in Person.objects.filter(staff_number__in=some):
                self.numbers.setdefault(person.staff_number, person)
        here = paths.beneath("holdings__place__path", self.place.path)
        for some in _chunks(names):
            found = Person.objects.filter(here | Q(holdings=None, deputyships=None), name__in=some).distinct()
            for person in found:
                self.people.setdefault(person.name, []).append(person)

    def unit(self, text: str) -> list[Place]:
        return self.units.get(text.strip()) or self.units.get(plain(text)) or []

    def near(self, text: str) -> list[str]:
        """The nearest names of units, for somebody who mistyped."""
        inside = [name for name in self.names if text in name or name in text]
        return list(dict.fromkeys([*inside, *difflib.get_close_matches(text, self.names, NEAR, 0.5)]))[:NEAR]

    def klass(self, school: Place, grade: int, text: str) -> Place | NewClass | None:
        if school.pk not in self._classes:
            self._classes[school.pk] = Classes.of(school)
        return self._classes[school.pk].find(grade, text)


def _chunks(texts: set[str]) -> Iterator[list[str]]:
    ordered = sorted(texts)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
