"""Appointing, ending and deputising from the page."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from guixiao.journal.verify import verify
from guixiao.places.models import Holding, Person
from guixiao.testing.cast import NOW, Cast


@pytest.fixture
def admin(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr("guixiao.conf.edge.now", lambda: NOW)
    client.force_login(cast.account("system_admin"))
    return client


def appoint(client: Client, place: int, **data: str) -> str:
    given = {"post": "tutor", "name": "覃老师", "staff_number": "T9001", "first": "2026-09-28", **data}
    return client.post(f"/access/places/{place}/appoint/", given, follow=True).content.decode()


def test_the_tree_shows_holders_and_vacancies(admin: Client, cast: Cast) -> None:
    page = admin.get("/access/places/", follow=True).content.decode()
    assert "青禾县" in page
    assert "系统管理某" in page
    page = admin.get(f"/access/places/{cast.places['八（4）班'].pk}/").content.decode()
    assert "空缺" in page


def test_a_new_person_is_appointed(admin: Client, cast: Cast) -> None:
    assert "已任命" in appoint(admin, cast.school.pk)
    held = Holding.objects.get(person__staff_number="T9001")
    assert (held.post, held.first) == ("tutor", date(2026, 9, 28))
    assert "已任命" in appoint(admin, cast.school.pk, post="counsellor", staff_number="")
    assert Person.objects.filter(name="覃老师").count() == 1, "the one who is known by name is meant"
    assert verify().problems == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"post": "principal"}, "校长现由校长某担任"),
        ({"post": ""}, "请选岗位"),
        ({"post": "class_teacher"}, "选择一个有效的选项"),
        ({"first": "2026-13-01"}, "输入一个有效的日期"),
        ({"last": "2026-09-01"}, "止日不能早于起日"),
        ({"staff_number": "", "name": "没这个人"}, "新来的请填工号"),
        ({"staff_number": "", "name": "重名"}, "有几个人（工号：A1、A2）"),
        ({"staff_number": "A1", "name": "别的名字"}, "是另一个人的"),
    ],
)
def test_a_refusal_comes_back_at_its_field_and_writes_nothing(
    admin: Client, cast: Cast, data: dict[str, str], said: str
) -> None:
    for number in ("A1", "A2"):
        appoint(admin, cast.school.pk, name="重名", staff_number=number, post="counsellor")
    people, held = Person.objects.count(), Holding.objects.count()
    assert said in appoint(admin, cast.school.pk, **data)
    assert (Person.objects.count(), Holding.objects.count()) == (people, held)


def test_an_administrator_is_not_made_by_another(admin: Client, cast: Cast) -> None:
    county = cast.places["青禾县"].pk
    assert "由局领导任命" in appoint(admin, county, post="audit_admin")
    admin.force_login(cast.account("bureau_director"))
    assert "已任命" in appoint(admin, county, post="audit_admin")


def test_ending_and_deputising(admin: Client, cast: Cast) -> None:
    held = cast.holdings["dean"]
    given = {"name": "学生科某", "first": "2026-09-28", "last": "2026-10-10"}
    page = admin.post(f"/access/posts/{held.pk}/deputy/", given, follow=True).content.decode()
    assert "学生科某代理" in page
    again = admin.post(f"/access/posts/{held.pk}/deputy/", given)
    assert "已在代理" in again.content.decode()
    deputy = held.deputies.get()
    admin.post(f"/access/deputies/{deputy.pk}/end/", {"last": "2026-09-30"})
    deputy.refresh_from_db()
    assert deputy.last == date(2026, 9, 30)
    assert admin.post(f"/access/posts/{held.pk}/end/", {"last": "2020-01-01"}).status_code == 422
    admin.post(f"/access/posts/{held.pk}/end/", {"last": "2026-10-01"})
    held.refresh_from_db()
    assert held.last == date(2026, 10, 1)
    assert verify().problems == []


def test_a_principal_appoints_at_the_own_school_only(admin: Client, cast: Cast) -> None:
    admin.force_login(cast.account("principal"))
    assert "已任命" in appoint(admin, cast.school.pk)
    for foreign in ("双河小学", "青禾县", "石板河中心学校"):
        assert admin.get(f"/access/places/{cast.places[foreign].pk}/appoint/").status_code == 404
