"""From an actor and an action to the rows it may see. The only place where rights become queries."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from guixiao.places import paths
from guixiao.places.models import Kind, Place

from .actor import Actor
from .matrix import Way


def by_path(field: str, actor: Actor, action: str, way: Way) -> Q:
    """Rows whose path column lies in a branch where ``action`` is granted by ``way``."""
    return paths.beneath_any(field, actor.paths(action, way))


def visible_places(actor: Actor, action: str, kind: Kind | None = None) -> QuerySet[Place]:
    """The places over which ``action`` is granted, by enrolment or by residence."""
    branches = actor.paths(action, Way.ENROLMENT) + actor.paths(action, Way.RESIDENCE)
    places = Place.objects.filter(paths.beneath_any("path", branches))
    return places.filter(kind=kind) if kind else places


def place_or_404(actor: Actor, action: str, pk: int, kind: Kind | None = None) -> Place:
    """One visible place. Missing and forbidden look the same."""
    place = visible_places(actor, action, kind).filter(pk=pk).first()
    if place is None:
        raise Http404
    return place
