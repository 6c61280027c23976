"""Which object each route of this app is asked for in the generated matrix tests."""

from __future__ import annotations

from collections.abc import Callable

from guixiao.facts import SYSTEM
from guixiao.facts.clock import day_of
from guixiao.places import actions
from guixiao.places.models import Holding
from guixiao.testing.cast import Cast


def child(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": (cast.child if inside else cast.children["石远"]).pk}


def _holding(cast: Cast, inside: bool) -> Holding:
    return cast.holdings["class_teacher" if inside else "outsider"]


def person(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": _holding(cast, inside).person_id}


def place(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": cast.places["石板河初级中学" if inside else "双河小学"].pk}


def holding(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": _holding(cast, inside).pk}


def deputy(cast: Cast, inside: bool) -> dict[str, object]:
    someone = actions.add_person(by=SYSTEM, now=cast.now, name="代理人")
    row = actions.name_deputy(
        by=SYSTEM, now=cast.now, holding=_holding(cast, inside), person=someone, first=day_of(cast.now)
    )
    return {"pk": row.pk}


TARGETS: dict[str, Callable[[Cast, bool], dict[str, object]]] = {
    "access:looks": child,
    "access:account": person,
    "access:account_open": person,
    "access:account_reset": person,
    "access:account_active": person,
    "access:unlock": person,
    "access:posts": place,
    "access:appoint": place,
    "access:end_post": holding,
    "access:deputise": holding,
    "access:end_deputy": deputy,
}
