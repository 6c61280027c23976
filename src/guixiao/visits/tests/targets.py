"""Which object each visits URL is asked for in the generated matrix tests."""

from __future__ import annotations

from collections.abc import Callable

from guixiao.testing.cast import Cast

from .making import visit_of


def child(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": (cast.child if inside else cast.children["石远"]).pk}


def visit(cast: Cast, inside: bool) -> dict[str, object]:
    if inside:
        return {"pk": visit_of(cast).pk}
    return {"pk": visit_of(cast, cast.children["石远"], actor=cast.actor("outsider")).pk}


TARGETS: dict[str, Callable[[Cast, bool], dict[str, object]]] = {
    "visits:new": child,
    "visits:of_student": child,
    "visits:harm": child,
    "visits:show": visit,
    "visits:correct": visit,
    "visits:print": visit,
}

# A report of harm is read by whoever made it and by the principal.
OWNERS: dict[str, frozenset[str]] = {"visits:harm_show": frozenset({"class_teacher", "principal"})}
