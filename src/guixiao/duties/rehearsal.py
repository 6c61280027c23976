"""Regulations over past facts: the children who were absent, the classes and schools. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Protocol

from guixiao.facts import Calendar
from guixiao.facts.clock import at, end_of
from guixiao.journal.models import Entry
from guixiao.people.models import Student
from guixiao.places import paths
from guixiao.places.models import Kind, Place
from guixiao.policy import AdoptedPack, Happened, Outcome, Pack, Standing, Subject, SubjectKind
from guixiao.policy.law import ParameterValue
from guixiao.policy.rehearse import Rehearsed, over

from .gather import gather

BATCH = 200


class Told(Protocol):
    """Facts and what they are judged by, over a period."""

    @property
    def subject(self) -> Subject: ...
    @property
    def facts(self) -> tuple[Happened, ...]: ...
    @property
    def standing(self) -> Standing: ...
    @property
    def calendar(self) -> Calendar: ...
    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date: ...


def alone(told: Told, adopted: Sequence[AdoptedPack]) -> Rehearsed:
    """What some adoptions alone would have demanded of one subject over its period."""
    return over(told.subject, told.facts, told.standing, told.calendar, adopted, told.first, told.last)


def rehearse(pack: Pack, place: Place, first: date, last: date) -> list[Outcome]:
    """Every duty the pack would have opened at ``place`` and beneath between two days, as it ended."""
    return list(rehearse_each([pack], place, first, last)[pack.code].outcomes)


def rehearse_each(packs: Sequence[Pack], place: Place, first: date, last: date) -> Mapping[str, Rehearsed]:
    """The same for several packs, each alone, the facts read once."""
    adopted = [AdoptedPack(pack, place.pk, first, place_name=place.name) for pack in packs]
    return _each(adopted, sorted(_subjects(place, first, last)), first, last)


@dataclass(frozen=True, slots=True)
class Sample:
    """What a pack would have demanded of some of the subjects: how many there are, how many were looked at."""

    outcomes: tuple[Outcome, ...]
    subjects: int
    looked: int


def sample(
    pack: Pack,
    place: Place,
    first: date,
    last: date,
    overrides: Mapping[str, ParameterValue],
    most: int,
) -> Sample:
    """Like :func:`rehearse`, with numbers of one's choice and for at most ``most`` subjects, children first."""
    order = {SubjectKind.STUDENT: 0, SubjectKind.CLASS: 1}
    every = sorted(_subjects(place, first, last), key=lambda s: (order.get(s.kind, 2), s.id))
    adopted = AdoptedPack(pack, place.pk, first, overrides, place_name=place.name)
    found = _each([adopted], every[:most], first, last)[pack.code]
    return Sample(found.outcomes, len(every), min(most, len(every)))


def _each(
    adopted: Sequence[AdoptedPack], subjects: Iterable[Subject], first: date, last: date
) -> dict[str, Rehearsed]:
    """Each adoption alone over the same subjects, read in batches."""
    found: dict[str, list[Outcome]] = {one.pack.code: [] for one in adopted}
    waiting = iter(subjects)
    while batch := list(islice(waiting, BATCH)):
        for subject, inputs in gather(batch, last, first).items():
            for one in adopted:
                each = over(subject, inputs.facts, inputs.standing, inputs.calendar, (one,), first, last)
                found[one.pack.code] += each.outcomes
    return {code: Rehearsed(tuple(outcomes)) for code, outcomes in found.items()}


def _subjects(place: Place, first: date, last: date) -> set[Subject]:
    here = Student.objects.filter(paths.beneath("path", place.path)).values_list("pk", flat=True)
    facts = Entry.objects.filter(kind__in=("absence_marked", "case_opened"))
    facts = facts.filter(happened_at__gte=at(first), happened_at__lte=end_of(last), student__in=here)
    found = {Subject(SubjectKind.STUDENT, pk) for pk in facts.values_list("student", flat=True) if pk}
    for kind in (Kind.CLASS, Kind.SCHOOL):
        places = Place.objects.filter(paths.beneath("path", place.path), kind=kind)
        found |= {Subject(SubjectKind(kind.value), pk) for pk in places.values_list("pk", flat=True)}
    return found
