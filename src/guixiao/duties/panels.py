"""What else stands on the page everybody starts from: apps above register here, duties never import them."""

from __future__ import annotations

from collections.abc import Callable

from guixiao.access.middleware import GuixiaoRequest

Panel = Callable[[GuixiaoRequest], str]
PANELS: list[Panel] = []


def panel(made: Panel) -> None:
    """Register once what is shown above one's duties: safe markup, or nothing. One query at most."""
    if made not in PANELS:
        PANELS.append(made)
