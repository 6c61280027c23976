"""The pages as a browser and the script see them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from guixiao.conf import edge
from guixiao.facts import SYSTEM
from guixiao.facts.clock import at
from guixiao.facts.codes import EnrolmentChange, Mark
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.people import actions as people
from guixiao.people.models import Status
from guixiao.places import actions as places
from guixiao.rollcall.models import RollCall, RollMark
from guixiao.testing.cast import Cast

from .conftest import SignIn
from .tools import EIGHT, MONDAY, by, take, version

JSON = {"accept": "application/json"}


def filled(cast: Cast, **more: str) -> dict[str, str]:
    return {
        "client_id": str(uuid4()),
        "roster_version": str(version(cast.klass)),
        "device_time": "2026-09-28T08:11:58+08:00",
        "session": "morning",
        "day": "2026-09-28",
        **more,
    }


def url(cast: Cast) -> str:
    return f"/rollcall/class/{cast.klass.pk}/"


def post(client: Client, cast: Cast, data: dict[str, str], **headers: str) -> Any:
    return client.post(url(cast), data, headers=JSON | headers)


def test_one_class_goes_straight_to_its_sheet(cast: Cast, sign_in: SignIn) -> None:
    teacher = sign_in("class_teacher")
    assert teacher.get("/rollcall/")["Location"] == url(cast)
    page = teacher.get(url(cast)).content.decode()
    assert all(name in page for name in cast.children if name != "石远")
    assert "石远" not in page
    assert f'name="roster_version" value="{version(cast.klass)}"' in page


def test_several_classes_are_listed_with_their_state(cast: Cast, sign_in: SignIn) -> None:
    take(cast)
    page = sign_in("dean").get("/rollcall/").content.decode()
    assert "八（3）班" in page
    assert "八（4）班" in page
    assert "一（1）班" not in page
    assert '还有 <b class="gx-ochre">1 个班</b>没点名' in page


def test_handing_in_answers_with_a_receipt(cast: Cast, sign_in: SignIn) -> None:
    teacher, child = sign_in("class_teacher"), cast.child
    data = filled(cast, **{f"mark-{child.pk}": "none"})
    answer = post(teacher, cast, data)
    taken = RollCall.objects.get()
    assert answer.status_code == 200
    assert answer.json() == {
        "receipt": taken.receipt,
        "received_at": "2026-09-28T00:12:00+00:00",
        "redirect": f"/rollcall/receipt/{taken.pk}/",
    }
    page = teacher.get(answer.json()["redirect"]).content.decode()
    assert taken.receipt in page
    assert "按你 08:11 点名算" in page
    assert "手机时钟差 2 秒" in page
    assert "李小满" in page
    again = post(teacher, cast, data | {f"mark-{child.pk}": "present"})
    assert again.json() == answer.json()
    assert verify().problems == []


def test_a_plain_form_is_led_to_the_receipt(cast: Cast, sign_in: SignIn) -> None:
    data = filled(cast, client_id="", device_time="")
    answer = sign_in("class_teacher").post(url(cast), data)
    assert answer.status_code == 302
    assert answer["Location"] == f"/rollcall/receipt/{RollCall.objects.get().pk}/"
    assert RollCall.objects.get().received_late is False


def test_a_waiting_sheet_counts_from_when_it_was_made(cast: Cast, sign_in: SignIn, moment: Any) -> None:
    teacher = sign_in("class_teacher")
    moment(at(MONDAY, 11, 30))
    answer = post(teacher, cast, filled(cast), **{"x-device-now": "2026-09-28T11:30:04+08:00"})
    assert answer.status_code == 200
    taken = RollCall.objects.get()
    assert (taken.received_late, taken.clock_offset) == (False, 4)


def test_in_a_demo_the_devices_clock_is_moved_as_ours_is(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge, "offset", lambda: timedelta(days=-55))
    shown = "2026-11-22T08:11:58+08:00"
    data = filled(cast, device_time=shown)
    assert post(sign_in("class_teacher"), cast, data, **{"x-device-now": shown}).status_code == 200
    assert RollCall.objects.get().received_late is False


def test_somebody_was_first_is_409_with_a_way_to_the_receipt(cast: Cast, sign_in: SignIn) -> None:
    first = take(cast, post="dean")
    teacher = sign_in("class_teacher")
    answer = post(teacher, cast, filled(cast))
    assert answer.status_code == 409
    assert answer.json()["link"] == f"/rollcall/receipt/{first.pk}/"
    assert "08:12 已经报过" in answer.json()["error"]
    plain = teacher.post(url(cast), filled(cast))
    assert plain.status_code == 409
    assert f"/rollcall/receipt/{first.pk}/" in plain.content.decode()
    assert teacher.get(url(cast))["Location"] == f"/rollcall/receipt/{first.pk}/"


BAD: list[tuple[str, str, str]] = [
    ("client_id", "not-an-id", "client_id"),
    ("roster_version", "", "roster_version"),
    ("roster_version", "-1", "roster_version"),
    ("roster_version", "9" * 40, "roster_version"),
    ("roster_version", "٣", "roster_version"),
    ("device_time", "yesterday", "device_time"),
    ("device_time", "9999-12-31T23:59:59-14:00", "device_time"),
    ("device_time", "2026-13-40T99:99:99", "device_time"),
    ("session", "night", "session"),
    ("session", "", "session"),
    ("day", "2026-02-30", "day"),
    ("day", "", "day"),
    ("day", "0001-01-01", "day"),
    ("day", "2026-09-29", "day"),
    ("mark-x", "none", "marks"),
    ("mark-" + "9" * 30, "none", "marks"),
    ("mark-1", "dead", "mark-1"),
    ("mark-2147483647", "none", "mark-2147483647"),
]


@pytest.mark.parametrize(("field", "value", "named"), BAD)
def test_bad_input_names_the_field_and_writes_nothing(
    cast: Cast, sign_in: SignIn, field: str, value: str, named: str
) -> None:
    teacher = sign_in("class_teacher")
    before = Entry.objects.count()
    answer = post(teacher, cast, filled(cast, **{field: value}))
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {named}
    plain = teacher.post(url(cast), filled(cast, **{field: value}))
    assert plain.status_code == 422
    assert answer.json()["errors"][named] in plain.content.decode()
    assert not RollCall.objects.exists()
    assert Entry.objects.count() == before


def test_an_empty_body_is_422_and_never_a_fault(cast: Cast, sign_in: SignIn) -> None:
    teacher, taken = sign_in("class_teacher"), take(cast)
    for address in (
        url(cast),
        f"/rollcall/receipt/{taken.pk}/missing/",
        f"/rollcall/correct/{cast.child.pk}/2026-09-28/morning/",
        f"/rollcall/arrived/{cast.child.pk}/",
        f"/rollcall/leave/{cast.child.pk}/",
    ):
        assert teacher.post(address).status_code == 422, address
    assert RollMark.objects.count() == 0
    assert verify().problems == []


def test_a_bad_day_in_the_address_is_today(cast: Cast, sign_in: SignIn) -> None:
    teacher = sign_in("class_teacher")
    for query in ("day=x&session=y", "day=2026-02-30", "day=99999-01-01"):
        assert teacher.get(f"{url(cast)}?{query}").status_code == 200
    assert teacher.get(f"/rollcall/correct/{cast.child.pk}/2026-02-30/morning/").status_code == 404


def test_a_post_that_ended_yesterday_opens_nothing(cast: Cast, sign_in: SignIn) -> None:
    places.end_post(
        by=SYSTEM, now=EIGHT, holding=cast.holdings["class_teacher"], last=MONDAY - timedelta(days=1)
    )
    teacher = sign_in("class_teacher")
    assert teacher.get(url(cast)).status_code == 404
    assert post(teacher, cast, filled(cast)).status_code == 404
    assert not RollCall.objects.exists()


def test_the_outsider_finds_nothing(cast: Cast, sign_in: SignIn) -> None:
    taken = take(cast, {"李小满": Mark.NONE})
    outsider, pk = sign_in("outsider"), cast.child.pk
    for address in (
        url(cast),
        f"/rollcall/receipt/{taken.pk}/",
        f"/rollcall/receipt/{taken.pk}/change/",
        f"/rollcall/correct/{pk}/2026-09-28/morning/",
        f"/rollcall/leave/{pk}/",
        f"/rollcall/history/{pk}/",
        "/rollcall/board/",
    ):
        assert outsider.get(address).status_code == 404, address
    assert post(outsider, cast, filled(cast)).status_code == 404


def test_a_dropout_is_greyed_and_leave_is_known_beforehand(cast: Cast, sign_in: SignIn) -> None:
    people.set_status(
        by=SYSTEM,
        now=EIGHT,
        student=cast.children["覃晓峰"],
        status=Status.DROPPED_OUT,
        change=EnrolmentChange.DROPPED_OUT,
        day=MONDAY,
    )
    friday = date(2026, 9, 24)
    sick = cast.children["何美琪"]
    marks = {"何美琪": Mark.SICK, "李小满": Mark.NONE}
    take(cast, marks, day=friday, leaves={sick.pk: (friday, MONDAY)})
    page = sign_in("class_teacher").get(url(cast)).content.decode()
    assert '<button type="button" class="gx-roll-name" disabled>覃晓峰<small>辍学在册</small>' in page
    assert f'name="mark-{sick.pk}" value="sick"' in page
    assert f'name="first-{sick.pk}" value="2026-09-28"' in page
    assert f'name="last-{sick.pk}" value="2026-09-28"' in page
    assert 'data-note="三周内未请假 1 天，最近一次 9月24日"' in page


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (date(2026, 9, 27), "放假（中秋节）"),
        (date(2026, 9, 20), "校历没有定为上课日"),
        (date(2027, 2, 8), "不在学期里"),
    ],
)
def test_a_day_without_school_says_why(
    cast: Cast, sign_in: SignIn, moment: Callable[[datetime], None], day: date, says: str
) -> None:
    teacher = sign_in("class_teacher")
    moment(at(day, 8))
    page = teacher.get(url(cast)).content.decode()
    assert "今天不用点名" in page
    assert says in page


def test_a_day_of_a_year_not_announced_is_taken_and_said_aloud(
    cast: Cast, sign_in: SignIn, moment: Callable[[datetime], None]
) -> None:
    teacher, day = sign_in("class_teacher"), date(2027, 1, 5)
    moment(at(day, 8))
    assert "2027年的放假安排还没有公布" in teacher.get(url(cast)).content.decode()
    data = filled(cast, day=day.isoformat(), device_time="2027-01-05T08:00:00+08:00")
    receipt = post(teacher, cast, data).json()["redirect"]
    assert "2027年的放假安排还没有公布" in teacher.get(receipt).content.decode()


def test_principal_and_dean_close_a_day(cast: Cast, sign_in: SignIn) -> None:
    places.set_days(
        by=by(cast, "principal", "calendar.edit"),
        now=EIGHT,
        place=cast.school,
        first=MONDAY,
        last=MONDAY,
        is_school=False,
        reason="台风停课",
    )
    assert "台风停课" in sign_in("class_teacher").get(url(cast)).content.decode()
    assert "台风停课" in sign_in("dean").get("/rollcall/board/").content.decode()
