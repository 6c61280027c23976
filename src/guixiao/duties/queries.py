"""Which duties an actor may see, and how they are counted."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import Http404

from guixiao.access.actor import Actor
from guixiao.access.matrix import Way
from guixiao.people.scopes import student_q
from guixiao.places import paths

from .models import Coming, Duty, Part, State

SHOWN = ("student__klass", "place", "holder", "against", "post_place")


def mine_q(actor: Actor) -> Q:
    """Accountable, going along, or acting for the holder of the post. One query for the ids."""
    ids = list(Part.objects.filter(person=actor.person).values_list("duty", flat=True))
    found = Q(pk__in=ids) | Q(holder=actor.person)
    for held in actor.held:
        if held.for_person is not None:
            found |= Q(holder=held.for_person, post=held.post, post_place=held.place_id)
    return found


def mine(actor: Actor) -> QuerySet[Duty]:
    """What is still demanded of this person, soonest first."""
    return Duty.objects.filter(mine_q(actor), demanded=True).select_related(*SHOWN).order_by("due", "pk")


def beneath_q(actor: Actor, action: str = "duty.beneath") -> Q:
    """Duties in the branches over which ``action`` is granted."""
    enrolled = paths.beneath_any("path", actor.paths(action, Way.ENROLMENT))
    return enrolled | paths.beneath_any("home_path", actor.paths(action, Way.RESIDENCE))


def live_beneath_q(actor: Actor, action: str = "duty.beneath") -> Q:
    """What of :func:`beneath_q` is still demanded, said in each branch: only so each goes by its partial index."""
    found = Q(pk__in=[])
    for field, way in (("path", Way.ENROLMENT), ("home_path", Way.RESIDENCE)):
        for path in paths.outermost(actor.paths(action, way)):
            found |= Q(demanded=True) & paths.beneath(field, path)
    return found


def beneath(actor: Actor) -> QuerySet[Duty]:
    """Everything still demanded of others in this actor's branches."""
    found = Duty.objects.filter(live_beneath_q(actor)).exclude(holder=actor.person)
    return found.select_related(*SHOWN)


def overdue_beneath(actor: Actor) -> QuerySet[Duty]:
    return _late(beneath(actor)).order_by("due", "pk")


def overdue_counts(actor: Actor) -> dict[str, int]:
    """How many tasks are overdue beneath, and in how many hands."""
    rows = _late(Duty.objects.filter(live_beneath_q(actor)))
    return rows.exclude(holder=actor.person).aggregate(
        all=Count("merge_key", distinct=True), people=Count("holder", distinct=True)
    )


def _late(duties: QuerySet[Duty]) -> QuerySet[Duty]:
    """Those missed. The state is wrapped so that no engine goes by it: of the duties that were ever missed
    anywhere few are still demanded here, and the branch's index finds just those."""
    return duties.alias(now=Coalesce("state", Value(""))).filter(now=State.MISSED)


def visible(actor: Actor) -> QuerySet[Duty]:
    """Mine, beneath me, or of a child I may see; of a class or school I stand over."""
    found = mine_q(actor) | beneath_q(actor) | Q(against=actor.person)
    found |= student_q(actor, "student.view", "student__")
    return Duty.objects.filter(found).select_related(*SHOWN)


def duty_or_404(actor: Actor, pk: int) -> Duty:
    """One visible duty. Missing and forbidden look the same."""
    duty = visible(actor).filter(pk=pk).first()
    if duty is None:
        raise Http404
    return duty


def named(actor: Actor, duty: Duty) -> bool:
    """Whether this actor may read the child's name on a duty shown to him or her."""
    if duty.student_id is None or duty.holder_id == actor.person or _together(actor, duty):
        return True
    if actor.may_at("student.view", duty.path) or (
        duty.home_path and actor.may_at("student.view", duty.home_path)
    ):
        return True
    return any(held.for_person == duty.holder_id for held in actor.held if held.for_person)


def _together(actor: Actor, duty: Duty) -> bool:
    return any(who["person"] == actor.person for who in duty.together)


def siblings(duty: Duty) -> list[Duty]:
    """The obligations shown as one task with this one, still demanded."""
    rows = Duty.objects.filter(merge_key=duty.merge_key, demanded=True)
    return list(rows.select_related(*SHOWN).order_by("due", "pk"))


def coming(actor: Actor, now: datetime, limit: int = 8) -> list[Coming]:
    """What this person can see coming, soonest first."""
    people = [actor.person, *(held.for_person for held in actor.held if held.for_person)]
    rows = Coming.objects.filter(holder__in=people, due__gt=now).select_related("place")
    return list(rows.order_by("opens", "due")[:limit])
