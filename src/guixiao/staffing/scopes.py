"""Which rows of this room an actor may see."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from guixiao.access.actor import Actor
from guixiao.people.scopes import student_q

from .models import Transfer

MOVE = "student.transfer"


def transfers(actor: Actor) -> QuerySet[Transfer]:
    """Changes of class of the children the actor may move."""
    found = Transfer.objects.filter(student_q(actor, MOVE, "student__"))
    return found.select_related("student", "was", "klass", "school")


def transfer_or_404(actor: Actor, pk: int) -> Transfer:
    found = transfers(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
