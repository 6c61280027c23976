"""Two addresses without a page behind them: before everything else, and behind everything but a view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from guixiao.conf import edge
from guixiao.facts import SYSTEM

from . import actions

BARE, INSERT, EMPTY = "/bench/bare", "/bench/insert", "/bench/empty"
Next = Callable[[HttpRequest], HttpResponse]


class Bare:
    """First in line: nothing at all, or one row inserted. No session, no actor, no template."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == INSERT:
            actions.insert_one(by=SYSTEM, now=edge.now())
        elif request.path != BARE:
            return self.get_response(request)
        return HttpResponse()


class Empty:
    """Last in line: session, account and posts were read, and nothing is drawn."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if request.path == EMPTY:
            return HttpResponse(status=200 if request.actor else 403)
        return self.get_response(request)
