"""The calendar in a form: what it does is shown, what was shown is saved, what was saved can be taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from guixiao.duties.models import Duty, State
from guixiao.duties.tick import tick
from guixiao.facts import SYSTEM
from guixiao.facts.clock import at
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.places import actions as places
from guixiao.places.calendars import calendar_of
from guixiao.places.models import Overlay, Place, SchoolTerm
from guixiao.testing.cast import Cast, assemble

from .conftest import SignIn
from .life import MONDAY, bind, roll, term_so_far, the

pytestmark = pytest.mark.django_db

TUESDAY = date(2026, 9, 29)


def url(name: str, place: Place, *more: Any) -> str:
    return reverse(f"duties:{name}", args=[place.pk, *more])


def page(client: Client, address: str, **data: Any) -> str:
    return client.post(address, data).content.decode()


def seen(text: str) -> str:
    return text.split('name="seen" value="')[1].split('"')[0]


def save(client: Client, address: str, **data: Any) -> str:
    """Look at what it would do, then save exactly that."""
    return client.post(
        address, {**data, "seen": seen(page(client, address, **data))}, follow=True
    ).content.decode()


def test_the_month_says_what_each_day_is_and_whose_decision(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("principal")
    text = client.get(url("calendar", cast.school)).content.decode()
    for words in (
        "<b>上课</b>",
        "国务院还没有公布 2027 年的放假安排",
        "2026—2027 学年第一学期",
        "青禾县定的",
        "中秋",
    ):
        assert words in text, words
    save(client, url("calendar_days", cast.school), kind="event", first="2026-09-30", note="秋季运动会")
    text = client.get(url("calendar", cast.school) + "?month=2026-09").content.decode()
    assert "集体活动：秋季运动会" in text
    assert "校长校长某" in text, "who changed it"
    for nonsense in ("2026-13", "x", "9999999-01", "0001-01"):
        assert client.get(url("calendar", cast.school), {"month": nonsense}).status_code == 200


def test_the_way_to_the_own_calendar(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in("class_teacher").get(reverse("duties:calendars"))
    assert answer.headers["Location"] == url("calendar", cast.klass)


@pytest.mark.django_db(transaction=True)
def test_closing_today_shows_what_is_withdrawn_and_withdraws_it(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = assemble()
    bind(cast)
    term_so_far(cast, MONDAY)
    roll(cast, MONDAY, ["李小满"])
    monkeypatch.setattr("guixiao.conf.edge.now", lambda: at(MONDAY, 10))
    client, address = Client(), url("calendar_days", cast.school)
    client.force_login(cast.account("principal"), backend="django.contrib.auth.backends.ModelBackend")
    before = (Entry.objects.count(), Overlay.objects.count(), Duty.objects.count())
    text = page(client, address, kind="weather", first="2026-09-28", note="台风红色预警")
    assert "1 天会变" in text
    assert "李小满" in text
    assert "撤回" in text
    assert (Entry.objects.count(), Overlay.objects.count(), Duty.objects.count()) == before, (
        "nothing is written"
    )
    text = save(client, address, kind="weather", first="2026-09-28", note="台风红色预警")
    assert "下面的事已经跟上" in text
    assert the(cast.child, "first_day_visit").state == State.WITHDRAWN
    assert not verify().problems


def test_a_deadline_that_moves_is_named(cast: Cast, sign_in: SignIn) -> None:
    """Whatever is due on the next school day is due later when that day is closed."""
    bind(cast)
    term_so_far(cast, date(2026, 9, 24))
    for day in (date(2026, 9, 24), MONDAY, TUESDAY):
        roll(cast, day, ["李小满"])
    client = sign_in("principal", at(TUESDAY, 10))
    text = page(client, url("calendar_days", cast.school), kind="event", first="2026-09-30", note="研学")
    from guixiao.duties.effect import effect_of
    from guixiao.places.calendars import Supposed

    day = date(2026, 9, 30)
    row = Overlay(place=cast.school, first=day, last=day, is_school=False, reason="研学")
    effect = effect_of(cast.school, Supposed(cast.school.pk, days=(row,)), at(TUESDAY, 10))
    assert [one.day for one in effect.days] == [day]
    assert effect.looked == effect.subjects > 0
    for line in effect.running:
        assert line.what == "moved"
        assert line.was
        assert line.will
        assert line.will > line.was
    assert f"<b>{effect.count('moved')}</b> 件改期限" in text or not effect.running


def test_a_working_sunday_is_decided_from_the_page(cast: Cast, sign_in: SignIn) -> None:
    """2026-10-10 is a working Saturday: no school unless somebody says so."""
    bind(cast)
    client, saturday = sign_in("principal"), date(2026, 10, 10)
    assert "10月10日 星期六" in client.get(url("calendar", cast.school)).content.decode()
    save(client, url("calendar_days", cast.school), kind="made_up", first="2026-10-10")
    assert calendar_of(cast.school).is_school_day(saturday)
    assert not calendar_of(cast.places["双河小学"]).is_school_day(saturday)
    assert "调休上班日，上不上课" not in client.get(url("calendar", cast.school)).content.decode()
    tick(at(saturday, 7))
    asked = Duty.objects.filter(rule="daily_roll_call", day=saturday)
    assert set(asked.values_list("place__name", flat=True)) == {"八（3）班", "八（4）班"}


def test_a_day_made_a_school_day_at_breakfast_asks_for_the_roll_the_same_day(
    cast: Cast, sign_in: SignIn
) -> None:
    bind(cast)
    sunday = date(2026, 9, 20)
    tick(at(sunday, 6))
    assert not Duty.objects.filter(rule="daily_roll_call", day=sunday).exists()
    save(
        sign_in("principal", at(sunday, 6, 30)),
        url("calendar_days", cast.school),
        kind="made_up",
        first="2026-09-20",
    )
    assert Duty.objects.filter(rule="daily_roll_call", day=sunday, demanded=True).count() == 2
    county = sign_in("basic_education", at(sunday, 6, 40))
    bind(cast, "national", "双河小学")
    text = save(county, url("calendar_days", cast.places["双河镇"]), kind="made_up", first="2026-09-20")
    assert "由系统在几分钟内跟上" in text
    tick(at(sunday, 6, 45))
    assert not verify().problems


def test_what_was_shown_is_what_is_saved(cast: Cast, sign_in: SignIn) -> None:
    """Somebody else decided in between: it is shown again, nothing is written."""
    bind(cast)
    client, address = sign_in("principal"), url("calendar_days", cast.school)
    given = {"kind": "weather", "first": "2026-09-30", "last": "2026-10-08", "note": "台风"}
    shown = seen(page(client, address, **given))
    day = date(2026, 9, 30)
    places.set_days(
        by=SYSTEM,
        now=at(MONDAY, 8),
        place=cast.places["青禾县"],
        first=day,
        last=day,
        is_school=False,
        reason="县",
    )
    answer = client.post(address, {**given, "seen": shown})
    assert answer.status_code == 409
    assert "刚才又有变化" in answer.content.decode()
    assert not Overlay.objects.filter(place=cast.school).exists()
    again = seen(answer.content.decode())
    assert client.post(address, {**given, "seen": again}).status_code == 302
    assert Overlay.objects.filter(place=cast.school).exists()


def test_changing_and_withdrawing_keep_the_past(cast: Cast, sign_in: SignIn) -> None:
    first, last = date(2026, 9, 25), date(2026, 10, 9)
    row = places.set_days(
        by=SYSTEM, now=at(date(2026, 9, 24), 9), place=cast.school, first=first, last=last, is_school=False,
        reason="防病停课",
    )  # fmt: skip
    client = sign_in("principal", at(TUESDAY, 9))
    text = save(
        client,
        url("calendar_redo", cast.school, row.pk),
        kind="illness",
        first="2026-09-25",
        last="2026-09-30",
    )
    assert "已改" in text
    calendar = calendar_of(cast.school)
    assert [calendar.is_school_day(d) for d in (MONDAY, date(2026, 9, 30), date(2026, 10, 9))] == [
        False,
        False,
        True,
    ]
    latest = Overlay.objects.filter(withdrawn=False, last=date(2026, 9, 30)).get()
    text = save(client, url("calendar_withdraw", cast.school, latest.pk))
    assert "已撤回" in text
    calendar = calendar_of(cast.school)
    assert [calendar.is_school_day(d) for d in (MONDAY, TUESDAY)] == [False, True], "what is over stays"
    assert client.get(url("calendar_withdraw", cast.school, latest.pk)).status_code == 404
    assert "撤回" in client.get(url("calendar", cast.school)).content.decode()
    assert not verify().problems


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"kind": "", "first": "2026-09-30"}, "请选怎么定"),
        ({"kind": "nonsense", "first": "2026-09-30"}, "nonsense"),
        ({"kind": "weather", "first": ""}, "请选日期"),
        ({"kind": "weather", "first": "2026-09-31"}, "日期不对"),
        ({"kind": "weather", "first": "2026-09-30", "last": "2026-09-29"}, "最后一天不能早于第一天"),
        ({"kind": "weather", "first": "2026-09-30", "last": "2027-09-29"}, "一次最多定 60 天"),
        ({"kind": "made_up", "first": "2026-09-20"}, "不能补定为上课"),
        ({"kind": "weather", "first": "2026-09-22"}, "9月22日已经点过名"),
        ({"kind": "weather", "first": "2026-09-30", "note": "长" * 25}, "24"),
    ],
)
def test_bad_days_come_back_at_their_field(
    cast: Cast, sign_in: SignIn, data: dict[str, str], says: str
) -> None:
    roll(cast, date(2026, 9, 22))
    answer = sign_in("principal").post(url("calendar_days", cast.school), data)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Overlay.objects.exists()


def test_the_same_decision_twice_is_one(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("principal")
    given = {"kind": "event", "first": "2026-09-30"}
    save(client, url("calendar_days", cast.klass), **given)
    assert "已经这样定过了" in page(client, url("calendar_days", cast.klass), **given)
    assert calendar_of(cast.klass).is_school_day(date(2026, 9, 30)) is False
    assert calendar_of(cast.school).is_school_day(date(2026, 9, 30)) is True


@pytest.mark.parametrize(
    ("code", "first", "last", "says"),
    [
        ("2026-2", "2027-07-01", "2027-02-22", "最后一天要晚于第一天"),
        ("2026-2", "2026-02-22", "2026-07-10", "请核对年份"),
        ("2026-2", "2027-02-22", "2027-03-10", "不像一个学期"),
        ("2026-2", "2027-01-20", "2027-07-10", "重叠"),
        ("2026-2", "2027-06-01", "2027-10-10", "太远"),
        ("2026-1", "2026-09-02", "2027-01-22", "第一天不能再改"),
        ("2026-1", "2026-09-01", "2026-11-10", None),
        ("2025-1", "2025-09-01", "2026-01-22", None),
        ("2031-1", "2031-09-01", "2032-01-22", "请从表里选学期"),
        ("2026-2", "", "2027-07-10", "请选日期"),
    ],
)
def test_terms_are_held_against_their_neighbours(
    cast: Cast, sign_in: SignIn, code: str, first: str, last: str, says: str | None
) -> None:
    client = sign_in("basic_education")
    answer = client.post(
        url("calendar_term", cast.places["青禾县"]), {"code": code, "first": first, "last": last}
    )
    text = answer.content.decode()
    if says is None:
        assert answer.status_code == 200
        assert 'name="seen"' in text
    else:
        assert answer.status_code == 422
        assert says in text
    assert SchoolTerm.objects.count() == 1


def test_a_term_that_is_over_stays(cast: Cast) -> None:
    county = cast.places["青禾县"]
    later = at(date(2027, 3, 1), 9)
    with pytest.raises(ValidationError, match="已经结束"):
        places.set_term(
            by=SYSTEM, now=later, place=county, code="2026-1", first=date(2026, 9, 1), last=date(2027, 2, 20)
        )
    with pytest.raises(ValidationError, match="已经开始"):
        places.remove_term(by=SYSTEM, now=later, term=SchoolTerm.objects.get())


def test_a_school_may_have_its_own_term_and_give_it_up(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("principal")
    given = {"code": "2026-2", "first": "2027-02-22", "last": "2027-07-09"}
    assert "学期已定下" in save(client, url("calendar_term", cast.school), **given)
    assert calendar_of(cast.school).term_of(date(2027, 3, 1))
    assert calendar_of(cast.places["双河小学"]).term_of(date(2027, 3, 1)) is None
    assert "已去掉" in save(client, url("calendar_term_remove", cast.school, "2026-2"))
    assert calendar_of(cast.school).term_of(date(2027, 3, 1)) is None
    assert client.post(url("calendar_term_remove", cast.school, "2026-2")).status_code == 404
    assert (
        "定学期"
        in sign_in("principal").get(url("calendar_term", cast.school), {"code": "2026-1"}).content.decode()
    )
    assert not verify().problems


def test_names_only_for_whom_they_are(cast: Cast, sign_in: SignIn) -> None:
    """The system administrator keeps the calendar and sees no child."""
    bind(cast)
    term_so_far(cast, MONDAY)
    roll(cast, MONDAY, ["李小满"])
    text = page(
        sign_in("system_admin", at(MONDAY, 10)), url("calendar_days", cast.places["青禾县"]), kind="weather",
        first="2026-09-28",
    )  # fmt: skip
    assert "一名学生" in text
    assert "李小满" not in text


def test_a_large_place_is_looked_at_in_part_and_says_so(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guixiao.duties.effect.MOST", 2)
    bind(cast, "student_affairs_ladder", "青禾县")
    tick(at(MONDAY, 7))
    roll(cast, MONDAY, ["李小满", "覃晓峰"])
    text = page(
        sign_in("bureau_director", at(MONDAY, 9)), url("calendar_days", cast.places["青禾县"]), kind="weather",
        first="2026-09-28",
    )  # fmt: skip
    assert "逐个算了前 2 个" in text


def test_only_those_who_keep_it_change_it(cast: Cast, sign_in: SignIn) -> None:
    teacher = sign_in("class_teacher")
    assert teacher.get(url("calendar_days", cast.klass)).status_code == 404
    assert "定上课或停课" not in teacher.get(url("calendar", cast.klass)).content.decode()
    principal = sign_in("principal")
    for name in ("calendar_days", "calendar_term"):
        assert principal.get(url(name, cast.places["双河小学"])).status_code == 404
    row = places.set_days(
        by=SYSTEM, now=at(MONDAY, 8), place=cast.places["青禾县"], first=TUESDAY, last=TUESDAY, is_school=False,
        reason="县",
    )  # fmt: skip
    assert principal.get(url("calendar_withdraw", cast.school, row.pk)).status_code == 404
