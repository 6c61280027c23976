"""Who is on the roll of a class, and under which roster version."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F, Q, QuerySet

from guixiao.places.models import Place

from .models import ON_THE_ROLL, Enrolment, Student


def roster(klass: Place) -> QuerySet[Student]:
    """The children on the roll of a class now, in seat and pinyin order; a dropout stays, greyed."""
    return Student.objects.filter(klass=klass, status__in=ON_THE_ROLL).order_by("seat", "pinyin", "pk")


def covered(klass_id: int, version: int) -> QuerySet[Enrolment]:
    """The enrolments that roster ``version`` of a class lists."""
    return Enrolment.objects.filter(klass_id=klass_id, entry_version__lte=version).filter(
        Q(exit_version=None) | Q(exit_version__gt=version)
    )


def next_version(klass_id: int) -> int:
    """Advance the roster of a class by one and return the new version. Call inside the action's transaction."""
    return next_versions([klass_id])[klass_id]


def next_versions(classes: Collection[int]) -> dict[int, int]:
    """Advance the rosters of some classes by one; their new versions. Call inside the action's transaction."""
    rows = Place.objects.filter(pk__in=classes)
    rows.update(roster_version=F("roster_version") + 1)
    return dict(rows.values_list("pk", "roster_version"))
