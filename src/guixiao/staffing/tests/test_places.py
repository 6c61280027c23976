"""Places by hand: each beneath what it belongs to, once, and taken back while nothing refers to it."""

from __future__ import annotations

from typing import Any

import pytest

from guixiao.journal.verify import verify
from guixiao.places.models import Place
from guixiao.staffing import actions
from guixiao.testing.cast import NOW, Cast

from .conftest import SignIn

pytestmark = pytest.mark.django_db


def test_grade_class_and_back(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("principal")
    url = f"/staffing/places/{cast.school.pk}/add/"
    assert "九年级" in client.get(url).content.decode()
    page = client.post(url, {"kind": "grade", "grade": "9"}, follow=True).content.decode()
    assert "已加上九年级" in page
    grade = Place.objects.get(name="九年级")
    url = f"/staffing/places/{grade.pk}/add/"
    assert 'value="2026"' in client.get(url).content.decode()
    given = {"kind": "class", "name": "九（1）班", "school_year": "2026"}
    assert "已加上九（1）班" in client.post(url, given, follow=True).content.decode()
    klass = Place.objects.get(name="九（1）班")
    assert (klass.grade, klass.school_year, klass.parent_id) == (9, 2026, grade.pk)
    page = client.post(f"/staffing/places/{grade.pk}/take-back/", follow=True).content.decode()
    assert "不能撤回" in page
    page = client.post(f"/staffing/places/{klass.pk}/take-back/", follow=True).content.decode()
    assert "已撤回九（1）班" in page
    assert (
        "不能撤回"
        in client.post(f"/staffing/places/{cast.klass.pk}/take-back/", follow=True).content.decode()
    )
    assert verify().problems == []


@pytest.mark.parametrize(
    ("parent", "given", "said"),
    [
        ("石板河初级中学", {"kind": "grade"}, "请选年级"),
        ("石板河初级中学", {"kind": "grade", "grade": "8"}, "已有“八年级”"),
        ("石板河初级中学", {"kind": "grade", "grade": "3"}, "选择一个有效的选项"),
        ("石板河初级中学", {"kind": "class", "name": "八（9）班"}, "选择一个有效的选项"),
        ("八年级", {"kind": "class", "name": " ", "school_year": "2026"}, "请填名称"),
        ("八年级", {"kind": "class", "name": "八（3） 班", "school_year": "2026"}, "已有“八（3）班”"),
        ("八年级", {"kind": "class", "name": "八（9）班", "school_year": ""}, "请填学年"),
        ("青禾县", {"kind": "school", "name": "新学校"}, "请选学校类别"),
        ("青禾县", {"kind": "township", "name": "双河镇"}, "已有“双河镇”"),
        ("青禾县", {"name": "双河镇"}, "请选加什么"),
    ],
)
def test_what_cannot_be(cast: Cast, sign_in: SignIn, parent: str, given: dict[str, Any], said: str) -> None:
    count = Place.objects.count()
    answer = sign_in("system_admin").post(f"/staffing/places/{cast.places[parent].pk}/add/", given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Place.objects.count() == count


def test_a_village_with_its_code_once(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("basic_education")
    url = f"/staffing/places/{cast.places['双河镇'].pk}/add/"
    given = {"kind": "village", "name": "新村", "code": "999999002009"}
    assert "已加上新村" in client.post(url, given, follow=True).content.decode()
    assert "已有单位在用" in client.post(url, {**given, "name": "又一村"}).content.decode()


def test_a_sheet_that_stood_still_goes_on(cast: Cast) -> None:
    """The process was killed after forty rows: the next round finds it."""
    from datetime import timedelta

    from guixiao.staffing.due import revive_sheets

    from .sheets import book, row, take_in

    batch = take_in(cast, book([row(f"某{'甲乙丙丁'[n % 4]}", f"K{n}", "辅导员") for n in range(50)]))
    actions.begin_staff(by=batch.by, now=NOW, batch_id=batch.pk)
    actions.write_next(by=batch.by, now=NOW, batch_id=batch.pk)
    assert revive_sheets(NOW) == 0
    assert revive_sheets(NOW + timedelta(minutes=2)) == 1
    batch.refresh_from_db()
    assert (batch.state, batch.done) == ("applied", 50)
