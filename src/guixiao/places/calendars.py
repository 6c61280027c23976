"""The calendar that applies to a place: national days, the nearest terms, every overlay above it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import QuerySet

from guixiao.facts import Calendar, Term
from guixiao.facts.clock import days

from . import paths
from .models import Overlay, Place, SchoolTerm
from .national import national

MANY = 500
R = TypeVar("R", SchoolTerm, Overlay)
_kept: ContextVar[dict[str, Calendar] | None] = ContextVar("guixiao_calendars", default=None)


@dataclass(frozen=True, slots=True)
class Supposed:
    """A change of the calendar at one place that is not yet made: rows to come, rows to go."""

    place: int
    days: tuple[Overlay, ...] = ()  # decisions beside those stored, the later ones on top
    gone: frozenset[int] = frozenset()  # decisions taken back, by id
    term: SchoolTerm | None = None  # in place of the term of its code here
    no_term: str = ""  # the code of a term taken away here


@contextmanager
def keeping() -> Iterator[None]:
    """Inside, a place's calendar is read once: for work that meets the same places again and again and changes
    no calendar itself (a tick, a day of the demo)."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def calendar_of(place: Place) -> Calendar:
    """The calendar of one place. Two queries; use :func:`calendars_of` for many."""
    kept = _kept.get()
    if kept is None:
        return calendars_of([place])[place.pk]
    if place.path not in kept:
        kept[place.path] = calendars_of([place])[place.pk]
    return kept[place.path]


def calendars_of(places: list[Place], supposed: Supposed | None = None) -> dict[int, Calendar]:
    """The calendars of many places by place id, in two queries, as they are or as they would be after a change.

    Equal calendars are one shared value.
    """
    return calendars_along({place.pk: place.path for place in places}, supposed)


def calendars_along(branches: Mapping[int, str], supposed: Supposed | None = None) -> dict[int, Calendar]:
    """The calendars of places given by id and path: what :func:`calendars_of` asks, without a place for each."""
    above: dict[str, tuple[int, ...]] = {}  # the classes of a grade share the way down to it
    for path in branches.values():
        above.setdefault(path[: -paths.WIDTH], tuple(paths.ids(path[: -paths.WIDTH])))
    numbers = {number for line in above.values() for number in line} | branches.keys()
    terms: dict[int, list[SchoolTerm]] = {}
    for term in _at(SchoolTerm.objects.order_by("first"), numbers):
        terms.setdefault(term.place_id, []).append(term)
    overlays: dict[int, list[Overlay]] = {}
    for overlay in _at(Overlay.objects.filter(withdrawn=False).order_by("pk"), numbers):
        overlays.setdefault(overlay.place_id, []).append(overlay)
    if supposed is not None:
        _suppose(supposed, terms, overlays)
    decided = terms.keys() | overlays.keys()
    keys = {path: tuple(number for number in line if number in decided) for path, line in above.items()}
    made: dict[tuple[int, ...], Calendar] = {}
    result: dict[int, Calendar] = {}
    for pk, path in branches.items():
        key = keys[path[: -paths.WIDTH]] + ((pk,) if pk in decided else ())
        if key not in made:
            made[key] = _build([terms.get(n, []) for n in key], [overlays.get(n, []) for n in key])
        result[pk] = made[key]
    return result


def _suppose(
    supposed: Supposed, terms: dict[int, list[SchoolTerm]], overlays: dict[int, list[Overlay]]
) -> None:
    here = supposed.place
    without = {supposed.no_term, supposed.term.code if supposed.term else ""}
    kept = [term for term in terms.get(here, []) if term.code not in without]
    terms[here] = kept + ([supposed.term] if supposed.term else [])
    stays = [overlay for overlay in overlays.get(here, []) if overlay.pk not in supposed.gone]
    overlays[here] = stays + list(supposed.days)


def _at(rows: QuerySet[R], places: set[int]) -> QuerySet[R]:
    """Those of these places; of a whole county all there are: they are few, and a list of thousands is not."""
    return rows.filter(place__in=places) if len(places) <= MANY else rows


def _build(terms: list[list[SchoolTerm]], overlays: list[list[Overlay]]) -> Calendar:
    nearest: dict[str, Term] = {}
    for level in terms:
        nearest.update({term.code: Term(term.code, term.first, term.last) for term in level})
    decided: dict[date, tuple[bool, str]] = {}
    for rows in overlays:
        for overlay in rows:
            for day in days(overlay.first, overlay.last):
                decided[day] = (overlay.is_school, overlay.reason)
    nation = national()
    return Calendar(
        terms=tuple(sorted(nearest.values(), key=lambda term: term.first)),
        announced=nation.announced,
        holidays=nation.holidays,
        workdays=nation.workdays,
        overlays=decided,
    )
