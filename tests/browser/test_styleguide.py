"""Every component, in a real browser at both sizes: nothing sticks out, and axe finds nothing (WCAG 2.2 AA)."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import OpenContext

pytestmark = pytest.mark.browser
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = ["/styleguide/", "/styleguide/roll/", "/offline/", "/no/such/page/"]


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desk"])
@pytest.mark.parametrize("path", PAGES)
def test_components_fit_and_can_be_read(
    live_server: LiveServer, open_context: OpenContext, settings: Settings, path: str, phone: bool
) -> None:
    settings.DEBUG = path.startswith("/styleguide/")
    page = open_context(phone=phone).new_page()
    page.goto(live_server.url + path)
    page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules}).then(said => said.violations)", RULES)
    assert [(rule["id"], rule["nodes"][0]["target"]) for rule in found] == []
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"the page is {wide} px wider than the screen"
