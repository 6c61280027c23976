"""Who may look into a school's year, edit its preview, open it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from guixiao.access.actor import Actor
from guixiao.access.matrix import grants
from guixiao.access.scopes import visible_places
from guixiao.facts.clock import day_of
from guixiao.places import paths
from guixiao.places.models import Holding, Kind, Place
from guixiao.places.queries import on

from .models import YearOpening

VIEW, DRAFT, OPEN = "year.view", "year.draft", "year.open"
HEADS = ("principal", "vice_principal")


def schools(actor: Actor, action: str = VIEW) -> QuerySet[Place]:
    return visible_places(actor, action, Kind.SCHOOL).filter(closed_on=None)


def school_or_404(actor: Actor, action: str, pk: int) -> Place:
    """One school. Missing and forbidden look the same."""
    school = visible_places(actor, action, Kind.SCHOOL).filter(pk=pk).first()
    if school is None:
        raise Http404
    return school


def opening_or_404(actor: Actor, action: str, pk: int) -> YearOpening:
    """One opening of a visible school. Missing and forbidden look the same."""
    found = YearOpening.objects.filter(school__in=visible_places(actor, action, Kind.SCHOOL))
    opening = found.select_related("school").filter(pk=pk).first()
    if opening is None:
        raise Http404
    return opening


def refusal(actor: Actor, school: Place) -> str:
    """Why this actor does not open this school's year, as a sentence; empty for who may.

    The principal or the vice principal opens it; the county's section only where a school has neither.
    """
    posts = {
        held.post for held in actor.held if grants(held.post, OPEN) and paths.contains(held.path, school.path)
    }
    if not posts:
        return _("学年由校长或分管副校长来开。")
    if posts & set(HEADS):
        return ""
    held = Holding.objects.filter(on(day_of(actor.now)), place=school, post__in=HEADS)
    return _("这所学校有校长或分管副校长，请他们来开。") if held.exists() else ""
