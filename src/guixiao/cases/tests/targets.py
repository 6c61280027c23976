"""Which object each cases URL is asked for in the generated matrix tests."""

from __future__ import annotations

from collections.abc import Callable

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


TARGETS: dict[str, Callable[[Cast, bool], dict[str, object]]] = {
    "cases:of_student": child,
    "cases:open": child,
    "cases:done": task,
    **dict.fromkeys(
        (
            "cases:show", "cases:print", "cases:plan", "cases:approve", "cases:returned", "cases:confirm",
            "cases:enrol", "cases:mark", "cases:risk", "cases:propose", "cases:close", "cases:refuse",
            "cases:reopen", "cases:assign", "cases:papers",
        ),
        case,
    ),
}  # fmt: skip
