"""People in a browser: who signs in, what they press. Journeys read as what somebody does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from guixiao.access.actions import change_password
from guixiao.conf import edge
from guixiao.facts import SYSTEM
from guixiao.facts.clock import at
from guixiao.testing.cast import Cast
from tests.browser.conftest import OpenContext

PASSWORD = "Qinghe-2026"


@dataclass
class Clock:
    """The moment at which the house stands; it runs on from there."""

    shift: timedelta = timedelta(0)

    def stand(self, day: date, hour: int, minute: int) -> None:
        self.shift = at(day, hour, minute) - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Turns the house's clock: the edge asks here for its offset."""
    made = Clock()
    monkeypatch.setattr(edge, "offset", lambda: made.shift)
    return made


@dataclass
class House:
    """The house as a browser meets it."""

    url: str
    cast: Cast
    clock: Clock
    open_context: OpenContext
    pages: dict[str, Page] = field(default_factory=dict)

    def page(self, post: str, *, phone: bool = False) -> Page:
        """The page of whoever holds ``post``, signed in through the form the first time."""
        if post not in self.pages:
            account = self.cast.account(post)
            change_password(by=SYSTEM, now=self.clock.now(), account=account, password=PASSWORD)
            page = self.open_context(phone=phone).new_page()
            page.goto(f"{self.url}/access/sign-in/")
            page.locator("input[name=username]").fill(account.username)
            page.locator("input[name=password]").fill(PASSWORD)
            page.get_by_role("button", name="登录").click()
            page.wait_for_url(lambda url: "sign-in" not in url)
            self.pages[post] = page
        return self.pages[post]

    def goto(self, post: str, path: str, *, phone: bool = False) -> Page:
        page = self.page(post, phone=phone)
        page.goto(f"{self.url}{path}")
        return page

    def take_roll(self, absent: tuple[str, ...] = ()) -> Page:
        """The class teacher takes the morning's roll on a phone; those named did not ask for leave."""
        page = self.goto("class_teacher", f"/rollcall/class/{self.cast.klass.pk}/", phone=True)
        for name in absent:
            page.get_by_role("button", name=name).first.click()
            page.locator("button[data-gx-mark][value=none]").click()
        page.locator("[data-gx-submit]").click()
        page.wait_for_url("**/rollcall/receipt/**")
        return page

    def visit(self, post: str, child: str, went: tuple[str, ...], *, phone: bool = True) -> None:
        """Whoever holds ``post`` records a home visit; the posts in ``went`` went along."""
        student = self.cast.children[child]
        page = self.goto(post, f"/visits/new/{student.pk}/", phone=phone)
        page.locator("[name=purpose]").fill("弄清为什么没来，劝孩子回校")
        for other in went:
            person = self.cast.holdings[other].person_id
            box = page.locator(f"input[name=went][value='{person}:{other}']")
            box.evaluate("box => { for (let d = box.closest('details'); d; d = null) d.open = true }")
            box.check(force=True)
        page.locator("[name=child_words]").fill("跟不上课，不想来。")
        page.locator("[name=guardian_words]").fill("会送他去。")
        page.locator("input[name=outcome][value=will_return]").check(force=True)
        page.locator("[name=next_step]").fill("明早在校门口等他")
        page.get_by_role("button", name="交回记录").click()
        page.wait_for_url(lambda url: "/visits/new/" not in url)

    def owes(self, post: str, child: str, what: str, *, phone: bool = False) -> None:
        """On the home page of ``post`` stands a duty about ``child`` that says ``what``."""
        page = self.goto(post, "/duties/", phone=phone)
        expect(page.locator(".gx-duty", has_text=child).filter(has_text=what).first).to_be_visible()

    def owes_nothing_about(self, post: str, child: str, *, phone: bool = False) -> None:
        page = self.goto(post, "/duties/", phone=phone)
        expect(page.locator(".gx-duty", has_text=child)).to_have_count(0)
