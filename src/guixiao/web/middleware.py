"""After the commit: what a request changed is settled before its answer leaves."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import Error
from django.http import HttpRequest, HttpResponse

from guixiao.journal.append import collecting

log = logging.getLogger("guixiao.settle")
READ = frozenset({"GET", "HEAD", "OPTIONS"})


class SettleMiddleware:
    """Collects the subjects a writing request touched and hands them to ``cases.settle``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if request.method in READ:
            return self.get_response(request)
        with collecting() as touched:
            response = self.get_response(request)
        if touched and apps.is_installed("guixiao.cases"):
            from guixiao.cases.settle import settle

            try:
                settle(touched, request.now)
            except (
                Error
            ):  # the change stands and is acknowledged; its entries are unread, the worker settles them
                log.exception("what %s touched is left to the worker", request.path)
        return response
