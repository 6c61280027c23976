"""The tree as those who appoint see it, and finding the person who is meant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from guixiao.facts import By
from guixiao.facts.posts import POSTS, SHARED, Post
from guixiao.places import actions
from guixiao.places.models import Holding, Person, Place
from guixiao.places.queries import line, on

from .actor import Actor
from .administration import staff
from .scopes import visible_places


def uppermost(actor: Actor) -> Place | None:
    return visible_places(actor, "place.view").order_by("path").first()


def visible_line(actor: Actor, place: Place) -> list[Place]:
    """The places above that this actor may open, outermost first, the place itself last."""
    above = list(reversed(line(place)))
    visible = visible_places(actor, "place.view").filter(pk__in=[found.pk for found in above])
    allowed = set(visible.values_list("pk", flat=True))
    return [found for found in above if found.pk in allowed]


@dataclass(frozen=True, slots=True)
class Seat:
    """One post of a place: who holds it today, who will, and whether somebody should."""

    post: Post
    now: list[Holding]
    later: list[Holding]

    @property
    def vacant(self) -> bool:
        return not self.now

    @property
    def shared(self) -> bool:
        return self.post.code in SHARED


def seats(place: Place, day: date) -> list[Seat]:
    """Every post of this level, held or not, highest first."""
    rows = list(
        Holding.objects.filter(Q(last=None) | Q(last__gte=day), place=place)
        .select_related("person")
        .prefetch_related("deputies__person")
        .order_by("first", "pk")
    )
    found = [post for post in POSTS.values() if post.level.value == place.kind]
    return [
        Seat(
            post,
            [row for row in rows if row.post == post.code and row.first <= day],
            [row for row in rows if row.post == post.code and row.first > day],
        )
        for post in sorted(found, key=lambda post: -post.rank)
    ]


def children(place: Place, day: date) -> QuerySet[Place]:
    """The places directly beneath, each with how many posts are held there today."""
    held = Count("holdings", filter=on(day, "holdings__"))
    return place.children.filter(closed_on=None).annotate(held=held).order_by("kind", "grade", "name")


@dataclass(frozen=True, slots=True)
class Meant:
    """The person meant by a name and a staff number: somebody known, or somebody to be recorded."""

    name: str
    staff_number: str
    found: Person | None

    @property
    def known(self) -> Person:
        assert self.found is not None
        return self.found


def person_for(actor: Actor, name: str, number: str, known_only: bool = False) -> Meant:
    """Raises ``ValidationError`` at the field that must be mended."""
    people = staff(actor, "place.edit")
    if number:
        found = list(Person.objects.filter(staff_number=number)[:2])
        if found and (len(found) > 1 or found[0].name != name):
            raise ValidationError({"staff_number": _("工号 %(n)s 是另一个人的。请核对。") % {"n": number}})
        if found:
            return Meant(name, number, found[0])
        if known_only:
            raise ValidationError({"staff_number": _("没有工号是 %(n)s 的人。请核对。") % {"n": number}})
        return Meant(name, number, None)
    named = list(people.filter(name=name).distinct()[:9])
    if len(named) == 1:
        return Meant(name, "", named[0])
    if not named:
        said = (
            _("没有叫“%(name)s”的人。请核对姓名。")
            if known_only
            else _("没有叫“%(name)s”的人。新来的请填工号。")
        )
        raise ValidationError({"name": said % {"name": name}})
    numbers = "、".join(person.staff_number or "—" for person in named)
    raise ValidationError(
        {
            "staff_number": _("叫“%(name)s”的有几个人（工号：%(all)s）。请填工号。")
            % {"name": name, "all": numbers}
        }
    )


def appoint(*, by: By, now: datetime, place: Place, person: Meant, data: dict[str, Any]) -> Holding:
    """Record the person if need be, and give the post: both or neither."""
    with transaction.atomic():
        holder = person.found or actions.add_person(
            by=by, now=now, name=person.name, staff_number=person.staff_number
        )
        return actions.hold_post(
            by=by,
            now=now,
            person=holder,
            place=place,
            post=data["post"],
            first=data["first"],
            last=data["last"],
        )


def at_their_fields(form: forms.Form, error: ValidationError) -> None:
    """Put a refusal where it belongs; what names no field of this form goes on top."""
    named = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, said in named.items():
        for text in said:
            form.add_error({"person": "name"}.get(name, name) if _has(form, name) else None, text)


def _has(form: forms.Form, name: str) -> bool:
    return {"person": "name"}.get(name, name) in form.fields
