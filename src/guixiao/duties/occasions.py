"""Whom a new day concerns: whatever is still demanded, whoever was away lately, and the calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db.models import Q

from guixiao.facts.clock import day_of
from guixiao.journal.models import Entry
from guixiao.places import paths
from guixiao.places.models import Holding, Place
from guixiao.places.models import Kind as PlaceKind
from guixiao.policy import Subject, SubjectKind

from .adopted import packs
from .models import Adoption
from .settle import live_subjects

RECENT = timedelta(days=35)


def of_a_new_day(now: datetime) -> set[Subject]:
    """Once a day: whatever is demanded, whoever was away without leave lately, and the calendar."""
    absent = Entry.objects.filter(kind="absence_marked", happened_at__gte=now - RECENT, payload__mark="none")
    children = {Subject(SubjectKind.STUDENT, pk) for pk in absent.values_list("student", flat=True) if pk}
    return children | live_subjects(Q()) | calendar_subjects(day_of(now))


def calendar_subjects(today: date, within: Iterable[str] | None = None) -> set[Subject]:
    """Every class, school and teacher for whom some adopted pack has calendar rules, or those in some branches."""
    found: set[Subject] = set()
    asked = Q() if within is None else paths.beneath_any("path", within)
    for kind, branches, posts in _calendar_rules(today):
        where = paths.beneath_any("path", branches) & asked
        if kind is SubjectKind.PERSON:
            seats = Place.objects.filter(where, kind=PlaceKind.CLASS)
            rows = Holding.objects.filter(place__in=seats, post__in=posts).filter(
                Q(last=None) | Q(last__gte=today)
            )
            found |= {Subject(kind, pk) for pk in rows.values_list("person", flat=True)}
        else:
            places = Place.objects.filter(where, kind=kind.value, closed_on=None)
            found |= {Subject(kind, pk) for pk in places.values_list("pk", flat=True)}
    return found


def _calendar_rules(today: date) -> Iterator[tuple[SubjectKind, list[str], set[str]]]:
    adoptions = Adoption.objects.filter(Q(last=None) | Q(last__gte=today), first__lte=today)
    rows = [
        (row.place.path, packs()[row.pack])
        for row in adoptions.select_related("place")
        if row.pack in packs()
    ]
    for kind in (SubjectKind.CLASS, SubjectKind.SCHOOL, SubjectKind.PERSON):
        rules = [(path, rule) for path, pack in rows for rule in pack.rules if rule.subject is kind]
        if rules:
            yield kind, paths.outermost(path for path, _rule in rules), {rule.who for _path, rule in rules}
