"""What every page knows of the house: who, when, which doors are open, which words the scripts need."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from guixiao.access.actor import Actor
from guixiao.notify.queries import unread_count
from guixiao.web import nav
from guixiao.web.words import words


def house(request: HttpRequest) -> dict[str, Any]:
    """The frame of every page. Doors cost no query, the bell one; other counts come from ``request.counts``."""
    actor: Actor | None = getattr(request, "actor", None)
    base = {"actor": actor, "now": getattr(request, "now", None), "words": words(), "home_url": "/"}
    return base | _clock(request, actor) | (_doors(request, actor) if actor else {})


def _bell(actor: Actor, counts: dict[str, int]) -> Any:
    """Asked only when drawn; a page with no query to spare sets ``request.counts["notices"]`` itself."""
    return counts["notices"] if "notices" in counts else SimpleLazyObject(lambda: unread_count(actor.person))


def _clock(request: HttpRequest, actor: Actor | None) -> dict[str, Any]:
    shown = getattr(request, "demo_clock", bool(getattr(settings, "DEMO", False)))
    return {"demo_clock": shown, "demo_advance_url": nav.address("demo:advance", actor) if shown else ""}


def _doors(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    match = request.resolver_match
    here = match.view_name if match else ""
    counts: dict[str, int] = getattr(request, "counts", {})
    return {
        "nav": nav.items(nav.RAIL, actor, here, counts),
        "tabs": nav.tabs(actor, here, counts),
        "user_menu": nav.items(nav.MENU, actor, here, counts),
        "crumbs": SimpleLazyObject(lambda: nav.crumbs(actor, request.session)),
        "search_url": nav.first_address(nav.SEARCH, actor),
        "notices_url": nav.first_address(nav.NOTICES, actor),
        "notices_count": _bell(actor, counts),
        "sign_out_url": nav.address("access:sign_out", actor),
    }
