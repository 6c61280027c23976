"""One path through the whole product: a child stays away, is visited, comes back; the case is closed; the month
is signed by four posts and its workbook opened again."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import FilePayload, expect
from pytest_django.live_server_helper import LiveServer

from guixiao.cases.models import Case
from guixiao.duties.actions.adopt import adopt
from guixiao.duties.models import Duty
from guixiao.duties.tick import tick
from guixiao.facts import SYSTEM
from guixiao.facts.clock import at
from guixiao.journal.verify import verify
from guixiao.returns.models import MonthlyReturn, ReturnLine
from guixiao.testing.cast import CHILDREN, START, assemble
from tests.browser.conftest import OpenContext
from tests.browser.people import Clock, House, clock

__all__ = ["clock"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHILD = "李小满"
FRIDAY, MONDAY, TUESDAY, WEDNESDAY = (date(2026, 9, day) for day in (11, 14, 15, 16))
MONTH_END = date(2026, 9, 30)


@pytest.fixture
def house(live_server: LiveServer, open_context: OpenContext, clock: Clock) -> House:
    cast = assemble()
    adopt(by=SYSTEM, now=START, place=cast.school, pack="student_affairs_ladder", first=date(2026, 9, 1))
    return House(live_server.url, cast, clock, open_context)


def test_from_an_empty_seat_to_the_signed_return(house: House, tmp_path: Path) -> None:
    first_day(house)
    second_day_after_the_weekend(house)
    third_day(house)
    back_again(house)
    closed_by_a_higher_post(house)
    the_month_is_signed(house, tmp_path)
    assert verify().problems == []


def first_day(house: House) -> None:
    house.clock.stand(FRIDAY, 8, 5)
    receipt = house.take_roll(absent=(CHILD,))
    expect(receipt.locator("main")).to_contain_text("未请假")
    board = house.goto("student_affairs", "/rollcall/board/")
    expect(board.locator("main")).to_contain_text(CHILD)
    house.owes("class_teacher", CHILD, "家访", phone=True)
    house.clock.stand(FRIDAY, 17, 30)
    house.visit("class_teacher", CHILD, ("class_teacher",))
    house.owes_nothing_about("class_teacher", CHILD, phone=True)


def second_day_after_the_weekend(house: House) -> None:
    house.clock.stand(MONDAY, 8, 5)
    tick(at(MONDAY, 0, 5))
    house.take_roll(absent=(CHILD,))
    house.owes("liaison_leader", CHILD, "家访")
    house.clock.stand(MONDAY, 18, 0)
    house.visit("liaison_leader", CHILD, ("liaison_leader", "class_teacher"), phone=False)
    house.owes_nothing_about("liaison_leader", CHILD)


def third_day(house: House) -> None:
    house.clock.stand(TUESDAY, 8, 5)
    tick(at(TUESDAY, 0, 5))
    house.take_roll(absent=(CHILD,))
    house.owes("student_affairs", CHILD, "方案")
    case = Case.objects.get(student=house.cast.child)
    page = house.goto("student_affairs", f"/cases/{case.pk}/plan/")
    rows = page.locator("fieldset:has(legend:text('第 1 行'))")
    values = ("岩脚村村委会主任", "同家长谈一次，劝孩子回来", "2026-09-18", "孩子到校")
    for box, value in zip(rows.locator("input, textarea").all(), values, strict=True):
        box.fill(value)
    for post in ("liaison_leader", "principal", "village_head"):
        person = house.cast.holdings[post].person_id
        box = page.locator(f"input[type=checkbox][value='{person}:{post}']")
        box.evaluate("box => { const more = box.closest('details'); if (more) more.open = true }")
        box.check(force=True)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(f"**/cases/{case.pk}/")
    expect(page.locator("main")).to_contain_text("岩脚村村委会主任")
    approving = house.goto("principal", f"/cases/{case.pk}/approve/")
    approving.locator("main form button[type=submit]").click()
    approving.wait_for_url(f"**/cases/{case.pk}/")
    house.clock.stand(TUESDAY, 18, 0)
    together = ("student_affairs", "liaison_leader", "class_teacher", "village_head")
    house.visit("student_affairs", CHILD, together, phone=False)


def back_again(house: House) -> None:
    house.clock.stand(WEDNESDAY, 8, 5)
    tick(at(WEDNESDAY, 0, 5))
    house.take_roll()
    absence = Duty.objects.filter(student=house.cast.child, demanded=True)
    assert not absence.exists(), "present again: nothing about the absence is demanded any more"
    assert Duty.objects.filter(student=house.cast.child, state="met").count() >= 6
    house.owes_nothing_about("student_affairs", CHILD)
    page = house.goto("class_teacher", f"/cases/{Case.objects.get().pk}/", phone=True)
    expect(page.locator("main")).to_contain_text("返校")


def closed_by_a_higher_post(house: House) -> None:
    case = Case.objects.get()
    house.clock.stand(date(2026, 9, 28), 16, 0)
    page = house.goto("class_teacher", f"/cases/{case.pk}/propose/", phone=True)
    page.locator("input[name=reason][value=returned_stays]").check(force=True)
    page.locator("[name=text]").fill("9月16日起天天到校，功课在补。")
    paper = FilePayload(name="说明.pdf", mimeType="application/pdf", buffer=b"%PDF-1.4\n%%EOF\n")
    page.locator("input[type=file]").set_input_files([paper])
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(f"**/cases/{case.pk}/")
    own = house.goto("class_teacher", f"/cases/{case.pk}/close/", phone=True)
    assert own.locator("[name=answer]").count() == 0, "nobody approves what they proposed"
    closing = house.goto("principal", f"/cases/{case.pk}/close/")
    closing.locator("[name=answer]").fill("看过点名记录，和孩子谈过。")
    closing.locator("main form button[type=submit]").click()
    closing.wait_for_url(f"**/cases/{case.pk}/")
    case.refresh_from_db()
    assert case.stage == "closed"


def the_month_is_signed(house: House, tmp_path: Path) -> None:
    house.clock.stand(MONTH_END, 16, 30)
    page = house.goto("student_affairs", f"/returns/?school={house.cast.school.pk}")
    page.locator("tr", has_text="9月").get_by_role("button", name="编制").click()
    page.wait_for_url("**/returns/*/")
    report = MonthlyReturn.objects.get()
    check = house.goto(
        "class_teacher", f"/returns/class/{house.cast.klass.pk}/?period={report.period}", phone=True
    )
    check.locator(".gx-foot button").click()
    check.wait_for_load_state()
    for post in ("vice_principal", "principal"):
        signing = house.goto(post, f"/returns/{report.pk}/")
        signing.locator("form[action$='/step/'] button").click()
        if post == "principal":
            signing.locator("dialog[open]").get_by_role("button", name="签发").click()
        signing.wait_for_load_state()
    report.refresh_from_db()
    assert report.locked
    with page.expect_download() as download:
        house.goto("student_affairs", f"/returns/{report.pk}/").locator(
            "form[action$='/excel/'] button"
        ).click()
    saved = tmp_path / "return.xlsx"
    download.value.save_as(saved)
    figures_equal_their_lists(saved.read_bytes(), report)


def figures_equal_their_lists(data: bytes, report: MonthlyReturn) -> None:
    book = load_workbook(BytesIO(data), data_only=True)
    front = book.worksheets[0]
    counted = 0
    for row in front.iter_rows(values_only=True):
        title, figure = row[0], next((cell for cell in row[1:] if isinstance(cell, int)), None)
        if isinstance(title, str) and title in book.sheetnames and figure is not None:
            names = [cells for cells in book[title].iter_rows(min_row=2, values_only=True) if any(cells)]
            listed = sum(1 for cells in names if any(cell in CHILDREN for cell in cells))
            assert listed == figure, f"{title}: {figure} on the sheet, {listed} in its list"
            counted += 1
    assert counted >= 5
    assert ReturnLine.objects.filter(report=report, cell="truant").count() == 1
