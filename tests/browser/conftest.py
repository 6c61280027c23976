"""A real browser for the journeys: one Chromium a session, one fresh context a person."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}

Opener = Callable[..., BrowserContext]


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
def open_context(browser: Browser) -> Iterator[Opener]:
    """`open_context(phone=True)`: a person with a browser of their own; an error in a page fails the test."""
    contexts: list[BrowserContext] = []
    trouble: list[str] = []

    def opener(*, phone: bool = False) -> BrowserContext:
        context = browser.new_context(
            viewport=PHONE if phone else DESK,  # type: ignore[arg-type]  # a TypedDict written as a plain dict
            has_touch=phone,
            is_mobile=phone,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(10_000)
        context.on("weberror", lambda error: trouble.append(str(error.error)))
        contexts.append(context)
        return context

    yield opener
    for context in contexts:
        context.close()
    assert not trouble, trouble
