"""Who holds what where, and where a place stands in the tree."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from . import paths
from .models import Deputy, Holding, Place


def on(day: date, prefix: str = "") -> Q:
    """Rows whose period contains ``day``."""
    first, last = f"{prefix}first__lte", f"{prefix}last"
    return Q(**{first: day}) & (Q(**{last: None}) | Q(**{f"{last}__gte": day}))


def holdings_of(person_id: int, day: date) -> QuerySet[Holding]:
    """The posts a person holds on ``day``."""
    return Holding.objects.filter(on(day), person_id=person_id).select_related("place")


def deputyships_of(person_id: int, day: date) -> QuerySet[Deputy]:
    """The posts a person acts in for somebody else on ``day``."""
    return Deputy.objects.filter(on(day), on(day, "holding__"), person_id=person_id).select_related(
        "holding__place"
    )


def holders(place_ids: Iterable[int], posts: Iterable[str], day: date) -> QuerySet[Holding]:
    """Who holds these posts at these places on ``day``."""
    return Holding.objects.filter(on(day), place_id__in=place_ids, post__in=posts).select_related(
        "person", "place"
    )


def line(place: Place) -> list[Place]:
    """The place and everything above it, nearest first."""
    found = {found.pk: found for found in Place.objects.filter(pk__in=paths.ids(place.path))}
    return [found[number] for number in reversed(paths.ids(place.path))]


def under(place: Place) -> QuerySet[Place]:
    """The place and everything beneath it."""
    return Place.objects.filter(paths.beneath("path", place.path))
