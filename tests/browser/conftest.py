"""A real browser for the journeys: one Chromium a session, one fresh context a person."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Request, ViewportSize, sync_playwright

PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1440, height=900)


class OpenContext(Protocol):
    """``open_context(phone=True)``: a person with a browser of their own, signed in nowhere."""

    def __call__(self, *, phone: bool = False) -> BrowserContext: ...


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright's sync API keeps an event loop in this thread; the ORM is used between its calls.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    path = os.environ.get("GUIXIAO_BROWSER", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def open_context(browser: Browser) -> Iterator[OpenContext]:
    """Opens contexts at phone or desk size. An error in a page, or a request to another host, fails the test."""
    contexts: list[BrowserContext] = []
    trouble: list[str] = []

    def watch(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in (
            "localhost",
            "127.0.0.1",
        ):
            trouble.append(f"asked a third party: {request.url}")

    def opener(*, phone: bool = False) -> BrowserContext:
        context = browser.new_context(
            viewport=PHONE if phone else DESK,
            has_touch=phone,
            is_mobile=phone,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(10_000)
        context.on("weberror", lambda error: trouble.append(str(error.error)))
        context.on("request", watch)
        contexts.append(context)
        return context

    yield opener
    for context in contexts:
        context.close()
    assert not trouble, trouble
