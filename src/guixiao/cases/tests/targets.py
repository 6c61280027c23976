"""Which object each cases URL is asked for in the generated matrix tests."""

from __future__ import annotations

from collections.abc import Callable

from guixiao.cases import actions
from guixiao.facts import SYSTEM
from guixiao.testing.cast import Cast

from .making import case_of, outside_case, plan_of


def child(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": (cast.child if inside else cast.children["石远"]).pk}


def case(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": (case_of(cast) if inside else outside_case(cast)).pk}


def task(cast: Cast, inside: bool) -> dict[str, object]:
    found = case_of(cast) if inside else outside_case(cast)
    row = plan_of(cast, found).rows.get()
    return {"pk": found.pk, "row": row.pk}


def sheet(cast: Cast, inside: bool) -> dict[str, object]:
    place = cast.places["石板河初级中学" if inside else "双河小学"]
    batch = actions.stage_known(by=SYSTEM, now=cast.now, place=place, file_name="既有辍学.xlsx", rows=[])
    return {"pk": place.pk, "batch": batch.pk}


TARGETS: dict[str, Callable[[Cast, bool], dict[str, object]]] = {
    "cases:of_student": child,
    "cases:open": child,
    "cases:done": task,
    "cases:known_one": child,
    **dict.fromkeys(
        ("cases:known_show", "cases:known_apply", "cases:known_undo", "cases:known_discard", "cases:known_bad"), sheet
    ),
    **dict.fromkeys(
        (
            "cases:show", "cases:print", "cases:plan", "cases:approve", "cases:returned", "cases:confirm",
            "cases:enrol", "cases:mark", "cases:risk", "cases:propose", "cases:close", "cases:refuse",
            "cases:reopen", "cases:assign", "cases:papers",
        ),
        case,
    ),
}  # fmt: skip
