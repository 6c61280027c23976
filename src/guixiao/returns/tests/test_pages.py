"""Who sees which return, what each may do with it, and that a refusal comes with its remedy."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guixiao.facts import SYSTEM
from guixiao.facts.clock import at
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.notify.models import Notice
from guixiao.people import actions as people
from guixiao.returns.models import MonthlyReturn, SendBack, State
from guixiao.testing.cast import FIRST, Cast

from .conftest import SignIn
from .targets import report as made
from .tools import compiled, drop_out, person, reviewed, signed

S28 = date(2026, 9, 28)


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


def url(name: str, *args: object) -> str:
    return reverse(f"returns:{name}", args=args)


def test_the_whole_way_through_the_pages(cast: Cast, sign_in: SignIn) -> None:
    drop_out(cast.child, S28)
    dean, teacher, vice, head = (
        sign_in(post) for post in ("student_affairs", "class_teacher", "vice_principal", "principal")
    )
    page = text(dean.get(url("list")))
    assert "1 个月" in page
    done = dean.post(url("compile"), {"school": cast.school.pk, "period": "2026-09"})
    report = MonthlyReturn.objects.get()
    assert done["Location"] == url("show", report.pk)
    assert "核对八（3）班" in text(teacher.get(url("show", report.pk)))
    page = text(teacher.get(url("check", cast.klass.pk)))
    assert "李小满" in page
    assert "名单无误，签字" in page
    teacher.post(url("check", cast.klass.pk), {"report": report.pk, "period": "2026-09"})
    assert "复核签字" in text(vice.get(url("show", report.pk)))
    vice.post(url("step", report.pk), {"report": report.pk, "step": "reviewed"})
    assert "签发并锁定" in text(head.get(url("show", report.pk)))
    head.post(url("step", report.pk), {"report": report.pk, "step": "signed"})
    report.refresh_from_db()
    assert report.locked
    page = text(head.get(url("show", report.pk)))
    assert "锁定" in page
    assert "签发并锁定" not in page
    assert not verify().problems


def test_a_class_without_dropouts_says_so_in_one_tap(cast: Cast, sign_in: SignIn) -> None:
    report = compiled(cast)
    teacher = sign_in("class_teacher")
    assert "本班无辍学，核对无误" in text(teacher.get(url("check", cast.klass.pk)))
    teacher.post(url("check", cast.klass.pk), {"report": report.pk})
    report.refresh_from_db()
    assert report.state == State.CHECKED
    assert "零报告" in text(sign_in("principal").get(url("show", report.pk)))


def test_the_class_teacher_names_the_child_that_is_wrong(cast: Cast, sign_in: SignIn) -> None:
    report = compiled(cast)
    answer = sign_in("class_teacher").post(
        url("send_back", report.pk), {"klass": cast.klass.pk, "child": "李小满", "reason": "9月26日就没来了"}
    )
    assert answer["Location"] == url("show", report.pk)
    assert SendBack.objects.get().reason == "李小满：9月26日就没来了"
    page = text(sign_in("student_affairs").get(url("show", report.pk)))
    assert "李小满：9月26日就没来了" in page
    assert "重新编制" in page
    assert "李小满" not in text(sign_in("province_officer").get(url("show", report.pk)))


def test_sending_back_asks_for_a_reason_in_the_dialog(cast: Cast, sign_in: SignIn) -> None:
    report = compiled(cast)
    client = sign_in("student_affairs")
    dialog = text(client.get(url("send_back", report.pk), headers={"HX-Request": "true"}))
    assert "<html" not in dialog
    assert "<html" in text(client.get(url("send_back", report.pk)))
    refused = client.post(url("send_back", report.pk), {"reason": "错"}, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert "至少 4 个字" in refused.content.decode()
    done = client.post(url("send_back", report.pk), {"reason": "名册有误"}, headers={"HX-Request": "true"})
    assert done["HX-Redirect"] == url("show", report.pk)


@pytest.mark.parametrize("post", ["county_head", "prefecture_officer", "province_officer"])
def test_figures_without_names(cast: Cast, sign_in: SignIn, post: str) -> None:
    drop_out(cast.child, S28)
    report = signed(cast, compiled(cast))
    client = sign_in(post)
    page = text(client.get(url("show", report.pk)))
    assert "当月辍学" in page
    assert "李小满" not in page
    assert url("list_behind", report.pk, "dropouts") not in page
    assert client.get(url("list_behind", report.pk, "dropouts")).status_code == 404
    assert client.post(url("excel", report.pk)).status_code == 404


@pytest.mark.parametrize("post", ["inspectorate", "basic_education", "township_education", "registrar"])
def test_lists_for_those_who_may_list_children(cast: Cast, sign_in: SignIn, post: str) -> None:
    drop_out(cast.child, S28)
    report = compiled(cast)
    client = sign_in(post)
    assert "李小满" in text(client.get(url("show", report.pk)))
    page = text(client.get(url("list_behind", report.pk, "dropouts")))
    assert "李小满" in page
    assert "139****0001" in page
    assert "13900000001" not in page


def test_a_class_teacher_sees_the_own_class_alone(cast: Cast, sign_in: SignIn) -> None:
    new = people.NewStudent(name="隔壁班的", sex="1", birth=date(2012, 5, 5), values={}, guardians=[])
    people.register(
        by=SYSTEM, now=at(FIRST), new=new, klass=cast.places["八（4）班"], first=FIRST, school=cast.school,
        village=cast.places["岩脚村"],
    )  # fmt: skip
    report = compiled(cast)
    assert report.count("roll") == 9
    client = sign_in("class_teacher")
    page = text(client.get(url("show", report.pk)))
    assert "在册 <b>8</b> 人" in page
    assert "八（4）班" not in page
    assert "隔壁班的" not in text(client.get(url("list_behind", report.pk, "roll")))
    assert "隔壁班的" in text(sign_in("principal").get(url("list_behind", report.pk, "roll")))
    assert client.get(url("check", cast.places["八（4）班"].pk)).status_code == 404


def test_the_outsider_meets_nothing(cast: Cast, sign_in: SignIn) -> None:
    report = compiled(cast)
    client = sign_in("outsider")
    for name, args in (
        ("show", [report.pk]),
        ("list_behind", [report.pk, "roll"]),
        ("check", [cast.klass.pk]),
        ("current", [cast.school.pk, "2026-09"]),
        ("send_back", [report.pk]),
    ):
        assert client.get(url(name, *args)).status_code == 404, name
    for name in ("step", "remind", "excel"):
        assert client.post(url(name, report.pk)).status_code == 404
    assert client.post(url("compile"), {"school": cast.school.pk, "period": "2026-09"}).status_code == 404
    assert "石板河" not in text(client.get(url("list")))
    assert client.get(url("list"), {"school": cast.school.pk}).status_code == 404


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"school": "x", "period": "2026-09"},
        {"school": "1", "period": "2026-13"},
        {"school": "９", "period": "2026-09"},
        {"school": "9" * 40, "period": "2026-09"},
    ],
)
def test_a_strange_compile_is_refused_in_words(cast: Cast, sign_in: SignIn, form: dict[str, str]) -> None:
    answer = sign_in("student_affairs").post(url("compile"), form, follow=True)
    assert "请选学校和月份" in text(answer)
    assert not MonthlyReturn.objects.exists()


def test_too_early_and_too_late_are_said(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("student_affairs")
    form = {"school": cast.school.pk, "period": "2026-10"}
    assert "到那天才能编制" in text(client.post(url("compile"), form, follow=True))
    compiled(cast)
    form["period"] = "2026-09"
    assert "已经编好" in text(client.post(url("compile"), form, follow=True))


@pytest.mark.parametrize(
    "form",
    [{}, {"step": "prepared"}, {"step": "signed"}, {"step": "x"}, {"report": "0", "step": "reviewed"}],
)
def test_a_strange_step_is_refused_in_words(cast: Cast, sign_in: SignIn, form: dict[str, str]) -> None:
    report = compiled(cast)
    answer = sign_in("principal").post(url("step", report.pk), form, follow=True)
    assert "gx-note" in text(answer)
    report.refresh_from_db()
    assert report.state == State.PREPARED


def test_a_button_of_an_older_version_signs_nothing(cast: Cast, sign_in: SignIn) -> None:
    compiled(cast)
    page = text(sign_in("class_teacher").post(url("check", cast.klass.pk), {"report": "999999"}, follow=True))
    assert "重编过" in page
    assert MonthlyReturn.objects.get().state == State.PREPARED


def test_where_a_month_leads(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("principal")
    missing = client.get(url("current", cast.school.pk, "2026-09"), follow=True)
    assert "还没有编制" in text(missing)
    assert "应当像 2026-10" in text(client.get(url("current", cast.school.pk, "sept"), follow=True))
    report = compiled(cast)
    assert client.get(url("current", cast.school.pk, "2026-09"))["Location"] == url("show", report.pk)
    assert client.get(url("check", cast.klass.pk), {"period": "2026-10"})["Location"] == url("list")


def test_reminding_asks_whose_hand_is_missing_once_a_day(cast: Cast, sign_in: SignIn) -> None:
    report = compiled(cast)
    client = sign_in("student_affairs")
    for _time in range(2):
        assert "已提醒 1 人" in text(client.post(url("remind", report.pk), follow=True))
    assert [notice.person_id for notice in Notice.objects.all()] == [person(cast, "class_teacher")]
    assert Entry.objects.filter(kind="return_reminded").count() == 2
    assert "不归你催办" in text(sign_in("registrar").post(url("remind", report.pk), follow=True))


def test_the_county_finds_schools_by_state_month_and_name(cast: Cast, sign_in: SignIn) -> None:
    signed(cast, compiled(cast))
    client = sign_in("basic_education")
    page = text(client.get(url("list")))
    assert "石板河初级中学" in page
    assert "双河小学" in page
    assert "<b>1</b> 所已签发" in page
    assert "双河小学" not in text(client.get(url("list"), {"state": "signed"}))
    assert "石板河初级中学" not in text(client.get(url("list"), {"state": "missing"}))
    assert "双河小学" not in text(client.get(url("list"), {"q": "石板"}))
    assert "没有这样的学校" in text(client.get(url("list"), {"q": "不存在"}))
    odd = {"period": "2026-99", "state": "?", "sort": "-x", "page": "-3", "q": "\x00%"}
    assert client.get(url("list"), odd).status_code == 200
    assert "石板河初级中学" in text(client.get(url("list"), {"school": cast.school.pk}))


def test_a_look_at_names_is_on_record(cast: Cast, sign_in: SignIn) -> None:
    report = compiled(cast)
    client = sign_in("principal")
    client.get(url("show", report.pk))
    assert not Entry.objects.filter(kind="looked").exists()
    client.get(url("list_behind", report.pk, "roll"))
    assert Entry.objects.get(kind="looked").payload == {"what": "return.view", "count": 8}


def test_the_month_before_stands_beside(cast: Cast, sign_in: SignIn) -> None:
    signed(cast, compiled(cast))
    drop_out(cast.child, date(2026, 10, 20))
    october = compiled(cast, "2026-10", at(date(2026, 10, 31), 16))
    cast.now = at(date(2026, 11, 1), 9)
    page = text(sign_in("principal").get(url("show", october.pk)))
    assert "上月" in page
    assert october.count("dropouts") == 1


def cost(client: Client, address: str) -> int:
    """The queries of a page, without the transactions' own words."""
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return sum("SAVEPOINT" not in query["sql"] for query in found)


@pytest.mark.parametrize("post", ["student_affairs", "vice_principal", "class_teacher", "basic_education"])
def test_what_the_pages_cost_whatever_the_number_of_pupils(cast: Cast, sign_in: SignIn, post: str) -> None:
    for child in list(cast.children.values())[:3]:
        drop_out(child, S28)
    few = compiled(cast)
    client = sign_in(post)
    before = {name: cost(client, url(name, *args)) for name, args in (("list", []), ("show", [few.pk]))}
    assert max(before.values()) <= 15, before
    for number in range(40):
        new = people.NewStudent(
            name=f"孩子{number}", sex="1", birth=date(2012, 5, 5), values={}, guardians=[]
        )
        child = people.register(
            by=SYSTEM, now=at(FIRST), new=new, klass=cast.klass, first=FIRST, school=cast.school,
            village=cast.places["岩脚村"],
        )  # fmt: skip
        drop_out(child, date(2026, 10, 20))
    many = compiled(cast, "2026-10", at(date(2026, 10, 31), 16))
    cast.now = at(date(2026, 10, 31), 18)
    client = sign_in(post)  # the session of a month ago is over
    assert cost(client, url("list")) <= before["list"]
    assert cost(client, url("show", many.pk)) <= before["show"]


def test_the_matrix_targets_stand(cast: Cast) -> None:
    assert made(cast, True).school == cast.school
    assert made(cast, False).school != cast.school
    assert reviewed(cast, made(cast, True)).state == State.REVIEWED
