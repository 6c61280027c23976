"""Which rows of this room an actor may see."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from guixiao.access.actor import Actor
from guixiao.access.matrix import Way
from guixiao.access.scopes import visible_places
from guixiao.people.scopes import student_q
from guixiao.places import paths
from guixiao.places.models import Holding, Kind, Place

from .models import Handover, StaffBatch, Transfer

MOVE = "student.transfer"
EDIT = "place.edit"
SHEET_FOR = (Kind.COUNTY, Kind.TOWNSHIP, Kind.CENTRAL_SCHOOL, Kind.SCHOOL)


def transfers(actor: Actor) -> QuerySet[Transfer]:
    """Changes of class of the children the actor may move."""
    found = Transfer.objects.filter(student_q(actor, MOVE, "student__"))
    return found.select_related("student", "was", "klass", "school")


def transfer_or_404(actor: Actor, pk: int) -> Transfer:
    found = transfers(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def holding_or_404(actor: Actor, pk: int) -> Holding:
    """A holding at a place whose posts the actor gives."""
    found = Holding.objects.filter(_here(actor, "place__path")).select_related("person", "place")
    row = found.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def handovers(actor: Actor) -> QuerySet[Handover]:
    """Handovers of posts at places whose posts the actor gives."""
    found = Handover.objects.filter(_here(actor, "place__path"))
    return found.select_related(
        "person", "to_person", "place", "holding__person", "holding__place", "successor"
    )


def handover_or_404(actor: Actor, pk: int) -> Handover:
    row = handovers(actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def taken_over(actor: Actor) -> QuerySet[Handover]:
    """What this person took over, or is to take over."""
    found = Handover.objects.filter(to_person=actor.person).exclude(state="undone")
    return found.select_related(
        "person", "to_person", "place", "holding__person", "holding__place", "successor"
    )


def units(actor: Actor) -> QuerySet[Place]:
    """Organisations for whose staff the actor may answer: what a sheet can be for."""
    rows = visible_places(actor, EDIT).filter(kind__in=SHEET_FOR, closed_on=None)
    return rows.order_by("path")


def batches(actor: Actor) -> QuerySet[StaffBatch]:
    return StaffBatch.objects.filter(_here(actor, "place__path")).select_related("place")


def batch_or_404(actor: Actor, pk: int) -> StaffBatch:
    found = batches(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _here(actor: Actor, field: str) -> Q:
    return paths.beneath_any(field, actor.paths(EDIT, Way.ENROLMENT))
