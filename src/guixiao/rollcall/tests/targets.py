"""Which object each roll-call URL is asked for in the generated matrix tests."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from guixiao.facts.codes import LeaveKind, Session
from guixiao.people.models import Student
from guixiao.places.models import Place
from guixiao.rollcall import actions
from guixiao.rollcall.models import Leave, RollCall
from guixiao.testing.cast import NOW, Cast

from .tools import MONDAY, version


def _klass(cast: Cast, inside: bool) -> Place:
    return cast.klass if inside else cast.places["一（1）班"]


def _child(cast: Cast, inside: bool) -> Student:
    return cast.child if inside else cast.children["石远"]


def _roll(cast: Cast, inside: bool) -> RollCall:
    klass, teacher = _klass(cast, inside), cast.actor("class_teacher" if inside else "outsider")
    return actions.take(
        by=teacher.by("rollcall.take", klass.path),
        now=NOW,
        klass=klass,
        day=MONDAY,
        session=Session.MORNING,
        roster_version=version(klass),
        marks={},
        client_id=uuid4(),
        device_time=NOW,
    )


def _leave(cast: Cast, inside: bool) -> Leave:
    child, teacher = _child(cast, inside), cast.actor("class_teacher" if inside else "outsider")
    return actions.grant_leave(
        by=teacher.by("leave.grant", child.path),
        now=NOW,
        student=child,
        kind=LeaveKind.SICK,
        first=MONDAY,
        last=MONDAY,
    )


def klass(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": _klass(cast, inside).pk}


def child(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": _child(cast, inside).pk}


def roll(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": _roll(cast, inside).pk}


def marked_child(cast: Cast, inside: bool) -> dict[str, object]:
    _roll(cast, inside)
    return {"pk": _child(cast, inside).pk, "day": MONDAY, "session": Session.MORNING}


def leave(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": _leave(cast, inside).pk}


TARGETS: dict[str, Callable[[Cast, bool], dict[str, object]]] = {
    "rollcall:take": klass,
    "rollcall:receipt": roll,
    "rollcall:missing": roll,
    "rollcall:choose": roll,
    "rollcall:correct": marked_child,
    "rollcall:arrived": child,
    "rollcall:returned": child,
    "rollcall:leave": child,
    "rollcall:leave_end": leave,
    "rollcall:history": child,
    "rollcall:board_of": klass,
    "rollcall:board_of_excel": klass,
    "rollcall:remind": klass,
}
