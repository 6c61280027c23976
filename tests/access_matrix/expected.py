"""What ought to be open: worked out from grants.yaml, the routes' rows and the tree, without the product's code.

Places are compared by walking parents, never by paths; a child is where this file says it is.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import yaml

from guixiao.testing.cast import CHILDREN, Cast

from .doors import MATRIX, owners, rows

OF_A_CHILD = {"student", "case", "visit", "file", "duty"}
OF_A_PLACE = {"class", "school", "place", "report"}
OF_NOTHING = {"list", "own", "public"}
THROUGH_GLASS = {"student.view", "case.view", "visit.view"}
SHOWS_NAMES = {"student.list", "student.view", "student.export", "case.view", "visit.view", "rollcall.take"}
OPENS_A_DUTY = {"duty.beneath", "student.view"}
OUTSIDER = "outsider"


class Situation(StrEnum):
    """In which way the child, or the place, can be reached at all."""

    ENROLMENT = "inside, by enrolment"
    RESIDENCE = "inside, by residence"
    OUTSIDE = "outside"
    ASSIGNMENT = "outside, assigned"
    GLASS = "outside, emergency look"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one child is in a situation, and who was given it."""

    klass: str
    home: str
    assigned: bool = False
    glass: bool = False


IN_CLASS, FAR_CLASS, NEAR_HOME, FAR_HOME = "八（3）班", "一（1）班", "岩脚村", "远山村"
ELSEWHERE_CLASS, ELSEWHERE_HOME = (
    "七（1）班",
    "外县村",
)  # in another county, where nobody of the cast holds a post
FAR_CHILD = "石远"


def ways_of(of: str) -> tuple[Situation, ...]:
    """The situations that can make a difference to a route of this kind."""
    if of in OF_NOTHING:
        return (Situation.ENROLMENT,)
    if of in OF_A_PLACE:
        return (Situation.ENROLMENT, Situation.OUTSIDE)
    assert of in OF_A_CHILD, f"a row says `of: {of}`, which nobody knows how to test"
    return tuple(Situation)


def inside(situation: Situation) -> bool:
    return situation in (Situation.ENROLMENT, Situation.RESIDENCE)


def standing(child: str, situation: Situation) -> Standing:
    """The eight children of the cast together, and the one at the other end of the county."""
    if child == FAR_CHILD:
        given = situation
        return Standing(FAR_CLASS, FAR_HOME, given is Situation.ASSIGNMENT, given is Situation.GLASS)
    if situation is Situation.RESIDENCE:
        return Standing(ELSEWHERE_CLASS, NEAR_HOME)
    if situation is Situation.ENROLMENT:
        return Standing(IN_CLASS, ELSEWHERE_HOME)
    return Standing(IN_CLASS, NEAR_HOME)


@cache
def granted() -> dict[str, dict[str, set[str]]]:
    """``{post: {action: ways}}``."""
    data = yaml.safe_load((MATRIX / "grants.yaml").read_text(encoding="utf-8"))
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for block in data["grants"]:
        for post in block["posts"]:
            for way, actions in block["may"].items():
                for action in actions:
                    found[post][action].add(way)
    return found


def ways(actor: str, action: str) -> set[str]:
    post = "class_teacher" if actor == OUTSIDER else actor
    return granted()[post][action]


class Judge:
    """Answers for one cast: is this door open to this actor?"""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.parents = {place.pk: place.parent_id for place in cast.places.values()}
        self.seats = {actor: holding.place_id for actor, holding in cast.holdings.items()}
        self.school = {
            True: cast.school.pk,
            False: cast.places["双河小学"].pk,
        }
        self.klass = {True: cast.klass.pk, False: cast.places[FAR_CLASS].pk}

    def above(self, actor: str, place: int) -> bool:
        """Whether the actor's seat is ``place`` or stands above it."""
        at: int | None = place
        while at is not None:
            if at == self.seats[actor]:
                return True
            at = self.parents[at]
        return False

    def beneath(self, actor: str, place: int) -> bool:
        """Whether the actor's seat is a class or grade inside the school: it sees its part of a report."""
        at: int | None = self.seats[actor]
        while at is not None and at != place:
            at = self.parents[at]
        return at == place

    def reaches(self, actor: str, action: str, child: str, situation: Situation) -> bool:
        """Whether the action is granted over the child in any of the three ways, or through the glass."""
        by, where = ways(actor, action), standing(child, situation)
        places = self.cast.places
        return (
            ("enrolment" in by and self.above(actor, places[where.klass].pk))
            or ("residence" in by and self.above(actor, places[where.home].pk))
            or ("assignment" in by and where.assigned)
            or (bool(by) and action in THROUGH_GLASS and where.glass)
        )

    def open(self, actor: str, route: str, situation: Situation, kwargs: dict[str, object]) -> bool:
        row = rows()[route]
        action, of = row["needs"], row["of"]
        child = CHILDREN[0] if inside(situation) else FAR_CHILD
        if action == "signed_in" and of == "duty":  # a duty's own rule: whose it is, or over whom it is
            reached = (self.reaches(actor, action, child, situation) for action in OPENS_A_DUTY)
            return any(reached) or self.owns(actor, route, situation)
        if of == "own" and kwargs:
            gate = action == "signed_in" or bool(ways(actor, action))
            return gate and self.owns(actor, route, situation)
        if action in ("public", "signed_in"):
            return True
        if of in OF_NOTHING:
            return bool(ways(actor, action))
        if of in OF_A_PLACE:
            place = self._place(of, situation, kwargs)
            there = self.above(actor, place) or (of == "report" and self.beneath(actor, place))
            return bool(ways(actor, action) - {"assignment"}) and there
        needed = [action, row["also"]] if "also" in row else [action]
        return all(self.reaches(actor, one, child, situation) for one in needed)

    def owns(self, actor: str, route: str, situation: Situation) -> bool:
        """Whether the object is a thing of this actor's: made for the class teacher of whichever side."""
        if not inside(situation):
            return actor == OUTSIDER
        return actor in owners(route)

    def _place(self, of: str, situation: Situation, kwargs: dict[str, object]) -> int:
        if of == "class":
            return self.klass[inside(situation)]
        if of == "place":
            pk = kwargs["pk"]
            assert isinstance(pk, int)
            return pk
        return self.school[inside(situation)]

    def hidden(self, actor: str, route: str, situation: Situation) -> set[str]:
        """The names this actor must not meet on this page. Whoever a duty falls to may read whom it is about."""
        row = rows()[route]
        mine = row["of"] in ("duty", "own") and self.owns(actor, route, situation)
        spared = {CHILDREN[0] if inside(situation) else FAR_CHILD} if mine else set()
        return {
            child
            for child in (*CHILDREN, FAR_CHILD)
            if not any(self.reaches(actor, action, child, situation) for action in SHOWS_NAMES)
        } - spared
