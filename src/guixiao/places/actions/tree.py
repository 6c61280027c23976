"""Writes to the tree."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from guixiao.facts import By, happenings
from guixiao.journal.append import Stated, append
from guixiao.places import paths
from guixiao.places.models import ORGANISATIONS, Kind, Person, Place


def add_place(
    *,
    by: By,
    now: datetime,
    parent: Place | None,
    kind: Kind,
    name: str,
    code: str = "",
    school_kind: str = "",
    grade: int | None = None,
    school_year: int | None = None,
) -> Place:
    """Add a node beneath ``parent``. Its path is fixed by its id."""
    with transaction.atomic():
        place = Place.objects.create(
            parent=parent,
            kind=kind,
            name=name,
            code=code,
            school_kind=school_kind,
            grade=grade,
            school_year=school_year,
            path=f"new-{parent.pk if parent else 0}-{kind}-{name}-{school_year or ''}",
        )
        place.path = paths.child_path(parent.path if parent else "", place.pk)
        place.org_id = place.pk if kind in ORGANISATIONS else (parent.org_id if parent else place.pk)
        place.save(update_fields=["path", "org_id"])
        append(
            [Stated(happenings.PlaceChanged(place=place.pk, change="added"), records=[place])], by=by, now=now
        )
    return place


def take_back_place(*, by: By, now: datetime, place: Place) -> None:
    """Remove a node that was added by mistake and that nothing refers to.

    Raises ``ProtectedError`` when something does: close such a place instead.
    """
    with transaction.atomic():
        pk = place.pk
        Place.objects.filter(pk=pk).delete()
        fact = happenings.PlaceChanged(place=pk, change="taken_back")
        append([Stated(fact, gone=[(Place._meta.label, pk)])], by=by, now=now)


def add_person(*, by: By, now: datetime, name: str, staff_number: str = "") -> Person:
    """Record somebody who may hold posts."""
    with transaction.atomic():
        person = Person.objects.create(name=name, staff_number=staff_number)
        fact = happenings.PlaceChanged(place=by.org, change="person_added")
        append([Stated(fact, records=[person])], by=by, now=now)
    return person
