"""The pages of what comes after the roll: correction, arrival, children added, leave, the strip of days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from guixiao.facts import SYSTEM
from guixiao.facts.clock import at
from guixiao.facts.codes import EnrolmentChange, Mark
from guixiao.journal.verify import verify
from guixiao.people import actions as people
from guixiao.rollcall.models import Leave, RollMark
from guixiao.testing.cast import Cast

from .conftest import SignIn
from .tools import EIGHT, MONDAY, take


def test_correcting_from_the_receipt(cast: Cast, sign_in: SignIn) -> None:
    taken = take(cast, {"李小满": Mark.NONE})
    teacher = sign_in("class_teacher")
    chooser = teacher.get(f"/rollcall/receipt/{taken.pk}/change/").content.decode()
    address = f"/rollcall/correct/{cast.child.pk}/2026-09-28/morning/"
    assert address in chooser
    assert teacher.get(address).status_code == 200
    assert teacher.post(address, {"mark": "present", "why": "hungry"}).status_code == 422
    stale = teacher.post(address, {"mark": "none", "why": "wrong_child", "was": "present"})
    assert stale.status_code == 409
    done = teacher.post(address, {"mark": "present", "why": "wrong_child", "was": "none"})
    assert done["Location"] == f"/rollcall/receipt/{taken.pk}/"
    assert "点错人" in teacher.get(address).content.decode()
    assert verify().problems == []


def test_arriving_late_from_the_page(cast: Cast, sign_in: SignIn, moment: Callable[[datetime], None]) -> None:
    teacher = sign_in("class_teacher")
    address = f"/rollcall/arrived/{cast.child.pk}/"
    early = teacher.post(address, {"day": "2026-09-28", "session": "morning"})
    assert early.status_code == 422
    assert "请先点名" in early.content.decode()
    taken = take(cast, {"李小满": Mark.NONE})
    teacher = sign_in("class_teacher")  # the first has been idle for too long
    moment(at(MONDAY, 10, 30))
    form = {"day": "2026-09-28", "session": "morning"}
    assert teacher.post(address, form | {"arrived_at": "25:00"}).status_code == 422
    assert teacher.post(address, form | {"arrived_at": "11:00"}).status_code == 422
    assert teacher.post(address, form | {"arrived_at": "10:20"}).status_code == 302
    assert RollMark.objects.get(roll_call=taken).arrived_at == at(MONDAY, 10, 20)
    assert teacher.post(address, form).status_code == 409
    assert "10:20 到校" in teacher.get(f"/rollcall/receipt/{taken.pk}/").content.decode()


def test_a_child_who_joined_is_added_by_name(cast: Cast, sign_in: SignIn) -> None:
    taken = take(cast)
    people.move(
        by=SYSTEM,
        now=EIGHT,
        student=cast.children["石远"],
        klass=cast.klass,
        school=cast.school,
        day=MONDAY,
        change=EnrolmentChange.TRANSFERRED_IN,
    )
    teacher, pk = sign_in("class_teacher"), cast.children["石远"].pk
    address = f"/rollcall/receipt/{taken.pk}/"
    assert "不在这次名单里，状态不明" in teacher.get(address).content.decode()
    assert teacher.post(f"{address}missing/", {f"mark-{pk}": "none"}).status_code == 302
    assert "状态不明" not in teacher.get(address).content.decode()
    assert RollMark.objects.get().mark == "none"


def test_leave_from_the_page(cast: Cast, sign_in: SignIn) -> None:
    teacher, dean, pk = sign_in("class_teacher"), sign_in("dean"), cast.child.pk
    address = f"/rollcall/leave/{pk}/"
    form = {"kind": "sick", "first": "2026-09-28", "last": "2026-09-30", "reason": "发烧"}
    same = str(uuid4())
    assert teacher.post(address, form | {"client_id": same}).status_code == 302
    assert teacher.post(address, form | {"client_id": same}).status_code == 302
    assert Leave.objects.count() == 1
    assert "发烧" in teacher.get(address).content.decode()
    back = form | {"first": "2026-09-21", "last": "2026-09-22"}
    assert "要请教导处以上的人补" in teacher.post(address, back).content.decode()
    assert dean.post(address, back).status_code == 302
    assert Leave.objects.order_by("pk").last().backdated_by == "dean"  # type: ignore[union-attr]  # just made
    leave = Leave.objects.order_by("pk")[0]
    assert teacher.post(f"/rollcall/leave/end/{leave.pk}/", {"last": "2026-09-28"}).status_code == 302
    assert teacher.post(f"/rollcall/leave/end/{leave.pk}/", {"last": "2026-10-28"}).status_code == 422
    assert teacher.post(f"/rollcall/returned/{pk}/", {"day": "2026-09-28"}).status_code == 302
    assert teacher.post(f"/rollcall/returned/{pk}/", {"day": "2026-09-29"}).status_code == 422
    assert verify().problems == []


def test_the_strip_of_days(cast: Cast, sign_in: SignIn) -> None:
    take(cast, {"李小满": Mark.NONE})
    page = sign_in("village_head").get(f"/rollcall/history/{cast.child.pk}/").content.decode()
    assert page.count("<li") == 28
    assert "未请假" in page
    assert "中秋节" in page
    assert "没点名" in page
