"""Take the pictures of the read-me from a demo that serves: screens.py PORT (or ``stand`` to set its clock).

One morning of made-up people: the teacher of 八（3）班 calls the roll, 李小满 is away a third day, and what
comes of it is looked at by those it concerns, on a phone and in an office. A page wider than its screen or
an error in the browser's console fails the run.
"""

from __future__ import annotations

import io
import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

OUT = Path(__file__).parent.parent / "docs" / "screens"
MORNING = datetime(2026, 11, 18, 0, 20, tzinfo=UTC)
PASSWORD = "Qinghe-2026"
PHONE, DESK = 390, 1440
LIMIT = 150_000
CHILD = "李小满"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Camera:
    """Pages of people who have signed in, and pictures of them."""

    def __init__(self, browser: Browser, base: str) -> None:
        self.browser, self.base = browser, base
        self.pages: dict[tuple[str, int], Page] = {}
        self.errors: list[str] = []

    def page(self, who: str, width: int) -> Page:
        if (who, width) not in self.pages:
            phone = width == PHONE
            page = self.browser.new_context(
                viewport={"width": width, "height": 844 if phone else 900},
                device_scale_factor=2 if phone else 1,
                is_mobile=phone,
                has_touch=phone,
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
            ).new_page()
            page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: self.errors.append(str(error)))
            page.goto(f"{self.base}/access/sign-in/")
            page.locator("input[name=username]").fill(who)
            page.locator("input[name=password]").fill(PASSWORD)
            page.locator("form button[type=submit]").first.click()
            page.wait_for_url(lambda url: "sign-in" not in url)
            self.pages[who, width] = page
        return self.pages[who, width]

    def take(self, name: str, who: str, width: int, path: str = "") -> Page:
        """A picture of the first screenful, small enough for a read-me."""
        page = self.page(who, width)
        if path:
            page.goto(self.base + path)
        page.wait_for_load_state("networkidle")
        if wider := page.evaluate(WIDER):
            self.errors.append(f"{name}: {wider} px wider than the screen of {width}")
        colours, file = 256, OUT / f"{name}-{width}.png"
        image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        while True:
            image.quantize(colours).save(file, optimize=True)
            if file.stat().st_size <= LIMIT or colours == 16:
                break
            colours //= 2
        print(f"{file.name}  {file.stat().st_size // 1000} KB")
        return page


def morning(camera: Camera) -> None:
    camera.take("home", "teacher", PHONE, "/")
    camera.take("roll-call", "teacher", DESK, "/rollcall/")
    roll = camera.page("teacher", PHONE)
    roll.goto(f"{camera.base}/rollcall/")
    roll.get_by_role("button", name=CHILD).first.click()
    roll.locator("button[data-gx-mark][value=none]").click()
    camera.take("roll-call", "teacher", PHONE)
    roll.locator("[data-gx-submit]").click()
    roll.wait_for_url("**/rollcall/receipt/**")
    camera.take("receipt", "teacher", PHONE)
    home = camera.page("teacher", PHONE)
    home.goto(camera.base)
    why = (
        home.locator(".gx-duty", has_text=CHILD).locator("a[href*='/why/']").first.get_attribute("href") or ""
    )
    visit = home.locator(".gx-duty-act a[href*='/visits/new/']").first.get_attribute("href") or ""
    camera.take("home", "principal", DESK, "/")
    for width in (PHONE, DESK):
        camera.take("board", "affairs", width, "/rollcall/board/")
        camera.take("why", "affairs", width, why)
        camera.take("visit", "teacher", width, visit)
        camera.take("case", "affairs", width, case_of(camera))
        camera.take("return", "principal", width, first_return(camera))


def case_of(camera: Camera) -> str:
    page = camera.page("affairs", DESK)
    page.goto(f"{camera.base}/cases/")
    return page.get_by_role("link", name=CHILD).first.get_attribute("href") or ""


def first_return(camera: Camera) -> str:
    page = camera.page("principal", DESK)
    page.goto(f"{camera.base}/returns/")
    links: list[str] = page.locator("main table a").evaluate_all(
        "all => all.map(a => a.getAttribute('href'))"
    )
    return next(link for link in links if re.fullmatch(r"/returns/\d+/", link))


def main() -> int:
    if sys.argv[1:] == ["stand"]:
        from guixiao.conf import edge

        edge.stand_at(MORNING)
        return 0
    OUT.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["GUIXIAO_BROWSER"], args=["--no-sandbox"]
        )
        camera = Camera(browser, f"http://127.0.0.1:{sys.argv[1]}")
        morning(camera)
        browser.close()
    for error in camera.errors:
        print(error, file=sys.stderr)
    return 1 if camera.errors else 0


if __name__ == "__main__":
    sys.exit(main())
