"""Whose hand a step needs: in this school, for this class, on this day.

A step belongs to one post (A11-15…17). Where nobody holds it, it goes to the next on its list: who stands in
at the same school, then who stands above (policy.md, semantics 6). A deputy signs for the holder.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import F, FilteredRelation

from guixiao.facts import By
from guixiao.facts.codes import SignStep
from guixiao.places import paths
from guixiao.places.models import Holding
from guixiao.places.queries import on
from guixiao.places.wording import title_of

CHAINS: dict[SignStep, tuple[str, ...]] = {
    SignStep.PREPARED: ("student_affairs", "dean", "moral_education", "vice_principal", "principal"),
    SignStep.CHECKED: (
        "class_teacher",
        "deputy_class_teacher",
        "grade_head",
        "student_affairs",
        "dean",
        "vice_principal",
        "principal",
    ),
    SignStep.REVIEWED: ("vice_principal", "principal"),
    SignStep.SIGNED: ("principal", "central_school_head"),
}
_POSTS = sorted({post for chain in CHAINS.values() for post in chain})


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who may take a step, and by which post. ``acting_for`` is the holder a deputy stands in for."""

    post: str
    place: int
    org: int
    person: int
    name: str
    acting_for: int | None = None

    @property
    def title(self) -> str:
        return title_of(self.post)


@dataclass(frozen=True, slots=True)
class Staff:
    """Who holds the posts that sign, along the branches of one school."""

    seats: tuple[Seat, ...]

    def of(self, step: SignStep, path: str) -> list[Seat]:
        """Those who may take ``step`` for the school or class at ``path``: the first post that is held."""
        places = set(paths.ids(path))
        for post in CHAINS[step]:
            found = [seat for seat in self.seats if seat.post == post and seat.place in places]
            if found:
                return found
        return []

    def seat(self, step: SignStep, path: str, person: int) -> Seat | None:
        """By which seat ``person`` takes the step; its own before one it deputises in."""
        mine = [seat for seat in self.of(step, path) if seat.person == person]
        return min(mine, key=lambda seat: seat.acting_for is not None, default=None)


def staff(branches: Iterable[str], day: date) -> Staff:
    """Everybody in a signing post along these paths (a school's, its classes') on ``day``. One query."""
    places = {number for path in branches for number in paths.ids(path)}
    deputy = FilteredRelation("deputies", condition=on(day, "deputies__"))
    rows = (
        Holding.objects.filter(on(day), place_id__in=places, post__in=_POSTS)
        .annotate(deputy=deputy, stand_in=F("deputy__person_id"), stand_in_name=F("deputy__person__name"))
        .order_by("pk")
        .values_list(
            "post", "place_id", "place__org_id", "person_id", "person__name", "stand_in", "stand_in_name"
        )
    )
    found: dict[Seat, None] = {}
    for post, place, org, person, name, deputy_id, deputy_name in rows:
        found[Seat(post, place, org, person, name)] = None
        if deputy_id:
            found[Seat(post, place, org, deputy_id, deputy_name, person)] = None
    return Staff(tuple(found))


def acting(by: By, seat: Seat) -> By:
    """The author of a step, in the post the step demands."""
    return replace(by, post=seat.post, org=seat.org, for_account=seat.acting_for)


def names(seats: Iterable[Seat]) -> str:
    """``王某（分管副校长）、李某（分管副校长）`` for messages that say whose turn it is."""
    return "、".join(f"{seat.name}（{seat.title}）" for seat in seats)
