"""A regulation over past facts: the children who were absent, the classes and schools. Writes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import islice

from guixiao.facts.clock import at, end_of
from guixiao.journal.models import Entry
from guixiao.people.models import Student
from guixiao.places import paths
from guixiao.places.models import Kind, Place
from guixiao.policy import AdoptedPack, Outcome, Pack, Subject, SubjectKind
from guixiao.policy.rehearse import over

from .gather import gather

BATCH = 200


def rehearse(pack: Pack, place: Place, first: date, last: date) -> list[Outcome]:
    """Every duty the pack would have opened at ``place`` and beneath between two days, as it ended."""
    adopted = (AdoptedPack(pack, place.pk, first, place_name=place.name),)
    found: list[Outcome] = []
    subjects = iter(sorted(_subjects(place, first, last)))
    while batch := list(islice(subjects, BATCH)):
        for subject, inputs in gather(batch, last, first).items():
            each = replace(inputs, packs=adopted)
            rehearsed = over(subject, each.facts, each.standing, each.calendar, each.packs, first, last)
            found += rehearsed.outcomes
    return found


def _subjects(place: Place, first: date, last: date) -> set[Subject]:
    here = Student.objects.filter(paths.beneath("path", place.path)).values_list("pk", flat=True)
    facts = Entry.objects.filter(kind__in=("absence_marked", "case_opened"))
    facts = facts.filter(happened_at__gte=at(first), happened_at__lte=end_of(last), student__in=here)
    found = {Subject(SubjectKind.STUDENT, pk) for pk in facts.values_list("student", flat=True) if pk}
    for kind in (Kind.CLASS, Kind.SCHOOL):
        places = Place.objects.filter(paths.beneath("path", place.path), kind=kind)
        found |= {Subject(SubjectKind(kind.value), pk) for pk in places.values_list("pk", flat=True)}
    return found
