"""Whoever is not signed in stands before the sign-in page, on any device, and nothing else is asked for."""

from __future__ import annotations

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import OpenContext

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desk"])
def test_the_front_door(live_server: LiveServer, open_context: OpenContext, phone: bool) -> None:
    page = open_context(phone=phone).new_page()
    page.goto(live_server.url)
    page.locator("input[type=password]").wait_for()
    assert page.locator("html").get_attribute("lang") == "zh-hans"
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"the page is {wide} px wider than the screen"
