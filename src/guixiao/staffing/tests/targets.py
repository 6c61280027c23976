"""What the routes of this app are about, for the generated access tests: route → kwargs, inside or outside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from guixiao.facts import SYSTEM
from guixiao.facts.clock import day_of
from guixiao.people.models import Student
from guixiao.places.actions import add_place
from guixiao.places.models import Kind
from guixiao.staffing import actions
from guixiao.testing.cast import Cast

Target = Callable[[Cast, bool], dict[str, object]]


def child(cast: Cast, inside: bool) -> Student:
    return cast.child if inside else cast.children["石远"]


def of_child(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": child(cast, inside).pk}


def of_class(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": (cast.klass if inside else cast.places["一（1）班"]).pk}


def of_transfer(cast: Cast, inside: bool) -> dict[str, object]:
    """A change of class waiting for next week."""
    student = Student.objects.get(pk=child(cast, inside).pk)
    if inside:
        other = cast.places["八（4）班"]
    else:
        other = add_place(
            by=SYSTEM,
            now=cast.now,
            parent=cast.places["一年级"],
            kind=Kind.CLASS,
            name="一（2）班",
            grade=1,
            school_year=2026,
        )
    day = day_of(cast.now) + timedelta(days=7)
    made = actions.transfer(by=SYSTEM, now=cast.now, student=student, klass=other, day=day, reason="均衡班额")
    return {"pk": made.pk}


TARGETS: dict[str, Target] = {
    "staffing:transfer": of_child,
    "staffing:transfer_cancel": of_transfer,
    "staffing:transfer_undo": of_transfer,
    "staffing:even_out": of_class,
}
