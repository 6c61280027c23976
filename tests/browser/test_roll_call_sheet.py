"""The roll call sheet in a real browser, against a made-up server: marks, leave, no network, refusals."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Request
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import OpenContext

pytestmark = pytest.mark.browser
SHEET = "/styleguide/roll/"


@pytest.fixture
def sheet(live_server: LiveServer, open_context: OpenContext, settings: Settings) -> Page:
    settings.DEBUG = True
    page = open_context(phone=True).new_page()
    page.goto(live_server.url + SHEET)
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    return page


def sent(page: Page) -> list[dict[str, list[str]]]:
    """What the page posts from now on."""
    posts: list[dict[str, list[str]]] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            posts.append(parse_qs(request.post_data or ""))

    page.on("request", note)
    return posts


def test_one_tap_marks_a_child_and_a_second_takes_it_back(sheet: Page) -> None:
    child = sheet.locator("[data-student='7']")
    child.tap()
    assert child.get_attribute("data-mark") == "none"
    assert "连今天 3 个上课日" in sheet.locator(".gx-roll-panel").inner_text()
    assert "未请假" in sheet.locator("[data-gx-counts]").inner_text()
    child.tap()
    assert child.get_attribute("data-mark") == "present"
    assert sheet.locator("[data-gx-mark]").count() == 0


def test_leave_that_ends_before_it_begins_is_not_sent(sheet: Page) -> None:
    posts = sent(sheet)
    sheet.locator("[data-student='12']").tap()
    sheet.locator("[data-gx-mark][value='sick']").tap()
    sheet.locator("[data-gx-last]").fill("2026-09-27")
    sheet.locator("[data-gx-submit]").tap()
    assert "早于第一天" in sheet.locator(".gx-roll-panel [data-gx-error]").inner_text()
    assert posts == []


def test_without_network_it_waits_through_a_reload_and_goes_once_with_its_id(sheet: Page) -> None:
    posts = sent(sheet)
    sheet.reload()  # the service worker keeps the page from now on
    sheet.locator("[data-student='7']").tap()
    sheet.context.set_offline(True)
    sheet.locator("[data-gx-submit]", has_text="存下").tap()
    sheet.locator("[data-gx-edit]").wait_for()
    assert "1" in sheet.locator("[data-gx-offline-count]").inner_text()

    sheet.reload()
    sheet.locator("[data-gx-edit]").wait_for()
    assert sheet.locator("[data-student='7']").get_attribute("data-mark") == "none"

    sheet.context.set_offline(False)
    sheet.wait_for_url("**/styleguide/")
    assert {post["client_id"][0] for post in posts} == {posts[-1]["client_id"][0]}
    assert posts[-1]["mark-7"] == ["none"]
    assert posts[-1]["roster_version"] == ["7"]
    assert posts[-1]["device_time"][0].endswith("+08:00")


@pytest.mark.parametrize(
    ("answer", "shown", "waits"),
    [
        (409, "已经替这个班报过了", False),
        (422, "最后一天早于第一天", False),
        (403, "请重新登录", True),
        (500, "还有内容没有送到", True),
    ],
)
def test_every_refusal_is_told_and_nothing_is_called_received(
    sheet: Page, live_server: LiveServer, answer: int, shown: str, waits: bool
) -> None:
    sheet.goto(f"{live_server.url}{SHEET}?say={answer}")
    sheet.locator("[data-gx-submit]", has_text="上报").tap()
    sheet.get_by_text(shown).first.wait_for()
    assert sheet.locator("[data-gx-edit]").is_visible() == waits
    assert SHEET in sheet.url
