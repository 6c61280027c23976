"""What the routes of this app are about, for the generated access tests: route → kwargs, inside or outside."""

from __future__ import annotations

from collections.abc import Callable

from guixiao.facts import SYSTEM
from guixiao.places.models import Place
from guixiao.schoolyear import actions
from guixiao.testing.cast import Cast

Target = Callable[[Cast, bool], dict[str, object]]


def school(cast: Cast, inside: bool) -> Place:
    return cast.school if inside else cast.places["双河小学"]


def of_school(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": school(cast, inside).pk}


def of_class(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": (cast.klass if inside else cast.places["一（1）班"]).pk}


def of_opening(cast: Cast, inside: bool) -> dict[str, object]:
    """A preview of the coming year."""
    opening = actions.begin(by=SYSTEM, now=cast.now, school=school(cast, inside), year=2027)
    return {"pk": opening.pk}


def of_room(cast: Cast, inside: bool) -> dict[str, object]:
    return {**of_opening(cast, inside), "key": "n1"}


TARGETS: dict[str, Target] = {
    "schoolyear:school": of_school,
    "schoolyear:begin": of_school,
    "schoolyear:past": of_school,
    "schoolyear:roster": of_class,
    "schoolyear:klass": of_room,
    **{f"schoolyear:{name}": of_opening for name in ("change", "excel", "open", "undo")},
}
