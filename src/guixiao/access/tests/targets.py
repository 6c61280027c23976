"""Which object each route of this app is asked for in the generated matrix tests."""

from __future__ import annotations

from collections.abc import Callable

from guixiao.testing.cast import Cast


def child(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": (cast.child if inside else cast.children["石远"]).pk}


TARGETS: dict[str, Callable[[Cast, bool], dict[str, object]]] = {
    "access:looks": child,
}
