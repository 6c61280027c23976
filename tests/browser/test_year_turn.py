"""The year turns in the browser: a preview with a split and a new teacher, opened, taken back, opened again; after
the first roll call it stays."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from guixiao.facts import SYSTEM
from guixiao.journal.verify import verify
from guixiao.people.models import Status, Student
from guixiao.places import actions as places
from guixiao.places.models import Holding, Person, Place
from guixiao.schoolyear.models import State, YearOpening
from guixiao.schoolyear.tests.scene import YEAR, set_scene
from guixiao.testing.cast import CHILDREN, START, assemble
from tests.browser.conftest import OpenContext
from tests.browser.people import Clock, House, clock

__all__ = ["clock"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SUMMER, FIRST_DAY = date(2027, 7, 20), date(2027, 9, 1)
NEWCOMER, NUMBER = "覃新来", "T2027001"


@pytest.fixture
def house(live_server: LiveServer, open_context: OpenContext, clock: Clock) -> House:
    cast = assemble()
    set_scene(cast)
    places.add_person(by=SYSTEM, now=START, name=NEWCOMER, staff_number=NUMBER)
    return House(live_server.url, cast, clock, open_context)


def test_the_year_is_opened_taken_back_and_opened_again(house: House) -> None:
    house.clock.stand(SUMMER, 9, 0)
    the_county_sees_who_has_not_begun(house)
    the_office_drafts(house)
    the_principal_opens(house)
    everything_follows(house)
    the_principal_takes_it_back(house)
    the_principal_opens(house)
    everything_follows(house)
    after_the_first_roll_call_it_stays(house)
    assert verify().problems == []


def home(house: House) -> str:
    return f"/schoolyear/school/{house.cast.school.pk}/?year={YEAR}"


def the_county_sees_who_has_not_begun(house: House) -> None:
    page = house.goto("basic_education", "/")
    page.get_by_role("link", name="学年", exact=True).first.click()
    expect(page.locator("h1")).to_contain_text("2 所学校，0 所已开学年，2 所还没拟")


def the_office_drafts(house: House) -> None:
    """Two grades promoted; 九（3）班 is split in turn, and the new class gets a newcomer as its teacher."""
    page = house.goto("student_affairs", home(house))
    page.get_by_role("button", name="开始拟").click()
    expect(page.locator("h1")).to_contain_text("10 人升级，排成 3 个班，1 人毕业，起始年级 1 个空班")
    page.get_by_role("link", name="九（3）班", exact=True).click()
    page.locator("select[name=parts]").select_option("2")
    page.get_by_role("button", name="分班").click()
    expect(page.locator("h1")).to_contain_text("九（3）班 4 人")
    page.get_by_role("link", name=re.compile("学年$")).last.click()
    page.get_by_role("link", name="九（1）班", exact=True).click()
    page.get_by_text("新来的老师，不在名单里").first.click()
    page.locator("input[name=staff_number]").first.fill(NUMBER)
    page.get_by_role("button", name="定班主任").click()
    expect(page.locator("select[name=person]").first).to_have_value(str(Person.objects.get(name=NEWCOMER).pk))
    assert not Place.objects.filter(school_year=YEAR).exists(), "a preview changes nothing"


def the_principal_opens(house: House) -> Page:
    page = house.goto("principal", home(house))
    page.get_by_role("link", name="去开学年").click()
    expect(page.locator("main")).to_contain_text("10 人，进 4 个新班")
    page.get_by_role("button", name=re.compile("^开 2027")).click()
    expect(page.locator("h1")).to_contain_text("学年已开：5 个班，10 人升级，从 2027年9月1日 算起")
    return page


def everything_follows(house: House) -> None:
    klass = Place.objects.get(name="九（1）班", school_year=YEAR)
    assert Holding.objects.get(place=klass, post="class_teacher").person.name == NEWCOMER
    assert klass.students.count() == 4
    assert Student.objects.get(name="梁毕业").status == Status.GRADUATED
    assert Student.objects.get(name="潘辍学").klass == house.cast.places["九（1）班"], (
        "it does not graduate silently"
    )
    page = house.goto("student_affairs", "/people/?q=潘辍学")
    expect(page.locator("main")).to_contain_text("辍学在册")


def the_principal_takes_it_back(house: House) -> None:
    page = house.goto("principal", home(house))
    page.get_by_role("button", name="撤销开学年").click()
    page.locator("dialog[open]").get_by_role("button", name="撤销开学年").click()
    expect(page.locator("main")).to_contain_text("已撤销")
    expect(page.locator("main")).to_contain_text("九（1）班")
    assert house.cast.klass.students.count() == len(CHILDREN)
    assert Student.objects.get(name="梁毕业").status == Status.ENROLLED
    assert not Place.objects.filter(school_year=YEAR).exists()


def after_the_first_roll_call_it_stays(house: House) -> None:
    house.clock.stand(FIRST_DAY, 8, 5)
    klass = Place.objects.get(name="九（3）班", school_year=YEAR)
    page = house.goto("class_teacher", f"/rollcall/class/{klass.pk}/", phone=True)
    page.locator("[data-gx-submit]").click()
    page.wait_for_url("**/rollcall/receipt/**")
    page = house.goto("principal", home(house))
    expect(page.locator("main")).to_contain_text("九（3）班已经在 9月1日")
    expect(page.get_by_role("button", name="撤销开学年")).to_have_count(0)
    opening = YearOpening.objects.get(state=State.OPENED)
    said = page.evaluate(
        """async url => {
            const token = document.cookie.match(/csrf[^=]*=([^;]+)/)?.[1]
                ?? document.querySelector("[name=csrfmiddlewaretoken]").value;
            const answer = await fetch(url, {method: "POST", headers: {"X-CSRFToken": token}});
            return await answer.text();
        }""",
        f"/schoolyear/{opening.pk}/undo/",
    )
    assert "点过名的学年不能撤销" in said
    assert YearOpening.objects.get(pk=opening.pk).state == State.OPENED
