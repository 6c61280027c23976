"""Which cases an actor may see: those of the children the action is granted for."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from guixiao.access.actor import Actor
from guixiao.people.scopes import student_q

from .models import Case


def visible(actor: Actor, action: str) -> QuerySet[Case]:
    return Case.objects.filter(student_q(actor, action, "student__"))


def case_or_404(actor: Actor, action: str, pk: int) -> Case:
    """One visible case. Missing and forbidden look the same."""
    found = (
        visible(actor, action)
        .select_related("student__klass", "student__school", "student__village", "previous", "county")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found
