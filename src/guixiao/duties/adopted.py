"""The packs in force along the tree, and the calendars there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from guixiao.facts import Calendar
from guixiao.packs import load_all, read_override
from guixiao.places import paths
from guixiao.places.calendars import calendars_of
from guixiao.places.models import Place
from guixiao.places.national import national
from guixiao.policy import AdoptedPack, Pack

from .models import Adoption


def packs() -> Mapping[str, Pack]:
    """Every pack on disk by code."""
    return load_all()


@dataclass
class Adopted:
    """The adoptions at some places; one query. A pack that is no longer on disk binds nobody and is skipped."""

    at: dict[int, list[AdoptedPack]]
    _cache: dict[tuple[int, ...], tuple[AdoptedPack, ...]] = field(default_factory=dict)

    @classmethod
    def along(cls, places: Iterable[int]) -> Adopted:
        at: dict[int, list[AdoptedPack]] = {}
        rows = Adoption.objects.filter(place__in=list(places)).select_related("place").order_by("first", "pk")
        for row in rows:
            if row.pack in packs():
                at.setdefault(row.place_id, []).append(as_value(row))
        return cls(at)

    def over(self, *branches: str) -> tuple[AdoptedPack, ...]:
        """What binds along these branches, from the top downward, each place once."""
        numbers = (number for path in branches for number in paths.ids(path))
        key = tuple(number for number in dict.fromkeys(numbers) if number in self.at)
        if key not in self._cache:
            self._cache[key] = tuple(pack for number in key for pack in self.at[number])
        return self._cache[key]


def as_value(row: Adoption) -> AdoptedPack:
    """An adoption as the engine knows it."""
    pack = packs()[row.pack]
    overrides = {code: read_override(pack, code, raw) for code, raw in row.overrides.items()}
    return AdoptedPack(pack, row.place_id, row.first, overrides, row.last, row.place.name)


class Calendars:
    """Calendars by path; two queries for all."""

    def __init__(self, places: dict[int, Place]) -> None:
        self._by_place = calendars_of(list(places.values())) if places else {}

    def at(self, path: str) -> Calendar:
        """The calendar of the place a path leads to; a path to nowhere knows the national days only."""
        number = paths.ids(path)[-1] if path else 0
        return self._by_place.get(number) or _national()


@cache
def _national() -> Calendar:
    days = national()
    return Calendar(terms=(), announced=days.announced, holidays=days.holidays, workdays=days.workdays)
