"""Handing over, taking over and standing in, in the browser's way."""

from __future__ import annotations

import pytest

from guixiao.access.actions import open_account
from guixiao.duties.tests.life import bind, roll
from guixiao.facts import SYSTEM
from guixiao.journal.verify import verify
from guixiao.people.actions import assign
from guixiao.people.models import Assignment
from guixiao.places.models import Deputy, Person
from guixiao.staffing.models import Handover
from guixiao.testing.cast import FIRST, NOW, Cast

from .conftest import SignIn
from .test_handover import MONDAY, seat

pytestmark = pytest.mark.django_db


def test_handed_over_in_the_page_and_confirmed_by_the_successor(cast: Cast, sign_in: SignIn) -> None:
    bind(cast)
    roll(cast, MONDAY, ["李小满"])
    teacher = seat(cast)
    assign(by=SYSTEM, now=NOW, student=cast.child, person_id=teacher.person_id, role="net", first=FIRST)
    row = Assignment.objects.get()
    client = sign_in("principal")
    assert teacher.person.name in client.get("/staffing/people/?q=班主任").content.decode()
    page = client.get(f"/staffing/people/{teacher.person_id}/").content.decode()
    assert "没办完的待办" in page
    url = f"/staffing/posts/{teacher.pk}/hand-over/"
    page = client.get(url).content.decode()
    assert f'name="assignment" value="{row.pk}" checked' in page
    good = {
        "to": "person",
        "name": "新老师",
        "staff_number": "N001",
        "day": "2026-09-28",
        "assignment": [row.pk],
    }
    for wrong, said in (
        ({"name": ""}, "请填接任人"),
        ({"staff_number": ""}, "新来的请填工号"),
        ({"day": "x"}, "日期要写成"),
        ({"day": "2026-08-01"}, "要晚于"),
        ({"to": "nobody"}, "选择一个有效的选项"),
    ):
        answer = client.post(url, {**good, **wrong})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert not Person.objects.filter(name="新老师").exists()
    page = client.post(url, good, follow=True).content.decode()
    assert "已交接：班主任由班主任某交给新老师" in page
    assert "监交人" in page
    assert "已转交" in page
    made = Handover.objects.get()
    assert made.to_person is not None
    new = open_account(by=SYSTEM, now=NOW, person=made.to_person, username="new", must_change=False)
    client.force_login(new, backend="django.contrib.auth.backends.ModelBackend")
    home = client.get("/duties/").content.decode()
    assert "接手的事项" in home
    assert f"/staffing/mine/received/{made.pk}/" in home
    page = client.get(f"/staffing/mine/received/{made.pk}/").content.decode()
    assert "李小满" in page
    assert "确认接手" in page
    assert (
        "已确认接手" in client.post(f"/staffing/mine/received/{made.pk}/take/", follow=True).content.decode()
    )
    assert "接手的事项" not in client.get("/duties/").content.decode()
    assert client.get(f"/staffing/handovers/{made.pk}/").status_code == 404
    assert verify().problems == []


def test_vacant_in_the_page_and_undone(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("principal")
    url = f"/staffing/posts/{seat(cast).pk}/hand-over/"
    assert "年级组长" in client.get(url).content.decode()
    page = client.post(url, {"to": "vacant", "day": "2026-09-29", "reason": "调走"}, follow=True)
    assert "暂时空缺" in page.content.decode()
    made = Handover.objects.get()
    assert "暂时空缺" in client.get("/staffing/handovers/?q=八").content.decode()
    said = client.post(f"/staffing/handovers/{made.pk}/undo/", follow=True).content.decode()
    assert "已撤销交接" in said
    assert seat(cast).last is None


def test_a_teacher_asks_a_colleague_to_stand_in_and_comes_back(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("class_teacher")
    holding = seat(cast)
    assert "请人代理" in client.get("/staffing/mine/").content.decode()
    url = f"/staffing/mine/posts/{holding.pk}/deputy/"
    good = {"name": "科任教师某", "staff_number": "", "first": "2026-09-28", "last": "2026-10-10"}
    for wrong, said in (
        ({"name": "外人"}, "本单位没有叫"),
        ({"name": "班主任某"}, "本单位没有叫"),
        ({"first": "2026-09-01"}, "不能从过去"),
        ({"last": "2026-09-01"}, "止日不能早于"),
        ({"last": ""}, "这一项要填"),
    ):
        answer = client.post(url, {**good, **wrong})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert not Deputy.objects.exists()
    assert "已请科任教师某代理" in client.post(url, good, follow=True).content.decode()
    deputy = Deputy.objects.get()
    acting = cast.actor("subject_teacher", NOW)
    assert "class_teacher" in [held.post for held in acting.held]
    assert (
        "到今天为止" in client.post(f"/staffing/mine/deputies/{deputy.pk}/end/", follow=True).content.decode()
    )
    assert client.get(f"/staffing/mine/posts/{cast.holdings['dean'].pk}/deputy/").status_code == 404
    assert verify().problems == []


def test_no_child_is_named_to_an_administrator(cast: Cast, sign_in: SignIn) -> None:
    bind(cast)
    roll(cast, MONDAY, ["李小满"])
    client = sign_in("system_admin")
    page = client.get(f"/staffing/posts/{seat(cast).pk}/hand-over/").content.decode()
    assert "一名学生" in page
    assert "李小满" not in page
