"""A staff sheet: what each row means, what is wrong with it, what it writes, and how it is taken back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from guixiao.access.actions import set_active
from guixiao.access.actor import actor_of
from guixiao.access.models import Account
from guixiao.duties.models import Duty
from guixiao.duties.settle import settle
from guixiao.duties.tests.life import bind
from guixiao.facts import SYSTEM
from guixiao.facts.clock import at
from guixiao.journal.append import Touched
from guixiao.journal.verify import verify
from guixiao.people.actions import assign
from guixiao.people.models import Assignment
from guixiao.places.actions import add_person, end_post
from guixiao.places.models import Deputy, Holding, Kind, Person, Place
from guixiao.staffing import actions
from guixiao.staffing.models import Handover, RowState, StaffBatch, StaffRow
from guixiao.staffing.sheets import workbooks
from guixiao.staffing.sheets.reasons import explain
from guixiao.testing.cast import FIRST, NOW, Cast

from .sheets import book, codes, kinds, row, take_in, undo, write

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 9, 28)


def said(batch: StaffBatch) -> str:
    rows = StaffRow.objects.filter(batch=batch).order_by("number")
    return "\n".join(str(reason) for found in rows for reason in explain(found.meant["faults"]))


def free(cast: Cast, post: str) -> None:
    """The holder of the cast leaves, so that the post is free."""
    end_post(by=SYSTEM, now=NOW, holding=cast.holdings[post], last=date(2026, 8, 31))


def test_every_meaning_of_a_row(cast: Cast) -> None:
    free(cast, "dean")
    teacher = cast.holdings["class_teacher"].person
    batch = take_in(
        cast,
        book(
            [
                row("新德育", "N1", "心理教师", first="20260901"),
                row(teacher.name, "", "辅导员"),
                row("班主任某", "", "班主任", grade="八年级", klass="3班"),
                row(
                    "班主任某",
                    "",
                    "班主任",
                    grade="8",
                    klass="八（3）班",
                    last="2026-12-31",
                    first="20260820",
                ),
                row("新班主任", "N2", "班主任", grade="八年级", klass="8.3", first=datetime(2026, 10, 8)),
                row("六班的", "N3", "班主任", klass="八（6）班"),
                row("", "N4", "教导处"),
            ]
        ),
    )
    assert kinds(batch) == ["new_person", "new_post", "same", "bad", "bad", "new_person", "bad"]
    assert codes(batch) == [[], [], [], ["twice"], ["two_holders"], [], ["empty"]]
    assert batch.classes == [[f"{cast.school.pk}|8|八（6）班", "八（6）班"]]
    assert batch.to_write == 3
    assert not Person.objects.filter(staff_number="N1").exists(), "nothing before it is confirmed"


def test_written_in_one_go_and_taken_back(cast: Cast) -> None:
    free(cast, "dean")
    before = (Person.objects.count(), Holding.objects.count(), Place.objects.count())
    batch = take_in(
        cast,
        book(
            [
                row("甲", "N1", "教务处", first="2026-09-01", deputy="乙"),
                row("乙", "N2", "班主任", grade="九年级", klass="1班"),
                row("乙", "N2", "科任教师", grade="九年级", klass="九（1）班"),
                row("丙", "N3", "年级组长", grade="九年级"),
            ]
        ),
    )
    assert kinds(batch) == ["new_person"] * 4
    batch = write(batch)
    assert (batch.state, len(batch.made_people)) == ("applied", 3)
    klass = Place.objects.get(name="九（1）班")
    assert (klass.grade, klass.school_year, klass.parent.name if klass.parent else "") == (9, 2026, "九年级")
    assert {h.post for h in Holding.objects.filter(person__staff_number="N2")} == {
        "class_teacher",
        "subject_teacher",
    }
    assert Holding.objects.get(person__staff_number="N1").first == date(2026, 9, 1)
    assert Holding.objects.get(person__staff_number="N3").place.kind == Kind.GRADE
    assert Deputy.objects.get().person.staff_number == "N2"
    assert verify().problems == []
    again = take_in(cast, book([row("甲", "N1", "教导处", first="2026-09-01")]))
    assert kinds(again) == ["same"]
    batch = undo(batch)
    assert batch.state == "undone", batch.message
    assert (Person.objects.count(), Holding.objects.count(), Place.objects.count()) == before
    assert not Deputy.objects.exists()
    assert verify().problems == []


def test_a_class_the_law_spoke_of_already_is_closed_not_removed(cast: Cast) -> None:
    """The class was asked for its roll before the sheet was taken back: the duty stays on record, withdrawn."""
    bind(cast)
    batch = write(take_in(cast, book([row("乙", "N2", "班主任", klass="八（7）班")])))
    klass = Place.objects.get(name="八（7）班")
    settle({Touched("place", klass.pk)}, NOW)
    assert Duty.objects.filter(place=klass, demanded=True, holder__staff_number="N2").exists()
    batch = undo(batch)
    assert (batch.state, "八（7）班已停用" in batch.message) == ("undone", True)
    assert "乙留在教职工里，没有岗位" in batch.message
    klass.refresh_from_db()
    assert klass.closed_on == MONDAY
    settle({Touched("place", klass.pk)}, NOW)
    assert not Duty.objects.filter(place=klass, demanded=True).exists()
    assert verify().problems == []


def test_a_clash_becomes_a_handover_and_comes_back(cast: Cast) -> None:
    teacher = cast.holdings["class_teacher"]
    assign(by=SYSTEM, now=NOW, student=cast.child, person_id=teacher.person_id, role="net", first=FIRST)
    batch = take_in(cast, book([row("新班主任", "N2", "班主任", klass="八（3）班", first="20261008")]))
    assert batch.to_write == 0
    actions.decide_clash(by=SYSTEM, now=NOW, batch_id=batch.pk, numbers=None, hand_over=True)
    batch.refresh_from_db()
    assert batch.to_write == 1
    write(batch)
    handed = Handover.objects.get()
    assert (handed.day, handed.to_person.staff_number if handed.to_person else "") == (
        date(2026, 10, 8),
        "N2",
    )
    assert Holding.objects.get(pk=teacher.pk).last == date(2026, 10, 7)
    assert Assignment.objects.get(last=None).person_id == handed.to_person_id
    assert undo(batch).state == "undone"
    assert Holding.objects.get(pk=teacher.pk).last is None
    assert Assignment.objects.get().person_id == teacher.person_id
    assert verify().problems == []


def test_leaving_and_following_in_one_sheet(cast: Cast) -> None:
    """The end is written before the beginning, in whatever order the rows stand."""
    batch = take_in(
        cast,
        book(
            [
                row("新班主任", "N2", "班主任", klass="八（3）班", first="20261008"),
                row("班主任某", "", "班主任", klass="八（3）班", last="20261007"),
            ]
        ),
    )
    assert kinds(batch) == ["new_person", "ending"]
    write(batch)
    held = Holding.objects.filter(place=cast.klass, post="class_teacher").order_by("first")
    assert [one.last for one in held] == [date(2026, 10, 7), None]
    assert undo(batch).state == "undone"
    assert Holding.objects.get(place=cast.klass, post="class_teacher").last is None


@pytest.mark.parametrize(
    ("cells", "code", "words"),
    [
        (row("甲", "N1", "班长", klass="八（3）班"), "post", "没有这个岗位“班长”"),
        (row("甲", "N1", "班主任、科任教师", klass="八（3）班"), "post", "一行只写一个岗位"),
        (row("甲", "N1", "", klass="八（3）班"), "empty", "没有填"),
        (row("甲", "N1", "班主任", unit="石板河中学", klass="八（3）班"), "unit", "石板河初级中学"),
        (row("甲", "N1", "班主任", unit="双河小学", klass="一（1）班"), "unit", "没有这个单位"),
        (row("甲", "N1", "中心学校校长"), "level", "中心学校一级"),
        (row("甲", "N1", "班主任", klass="某班"), "empty", "年级"),
        (row("甲", "N1", "班主任", grade="十五年级", klass="1班"), "grade", "认不出年级"),
        (row("甲", "N1", "班主任", grade="八年级"), "empty", "班级"),
        (row("甲", "N1", "辅导员", first="2026-02-30"), "date", "不是真实的日期"),
        (row("甲", "N1", "辅导员", first="去年九月"), "date", "不是真实的日期"),
        (row("甲€", "N1", "辅导员"), "name", "不该有的字符"),
        (row("#N/A", "N1", "辅导员"), "empty", "没有填"),
        (row("甲", "N1", "辅导员", first="20260901", last="20260801"), "order", "离任日早于任职日"),
        (row("甲", "工号一", "辅导员"), "number", "只能是字母"),
        (row("甲", "T1", "辅导员"), "number_taken", "另一个人的"),
        (row("重名", "", "辅导员"), "several", "A1、A2"),
        (row("甲", "N1", "辅导员", phone="12"), "phone", "不像电话"),
        (row("甲", "N1", "辅导员", deputy="不认识"), "deputy", "不在本表里"),
        (row("甲", "N1", "辅导员", deputy="甲"), "deputy_self", "就是本人"),
        (row("甲", "N1", "系统管理员", unit="青禾县"), "admin", "由局领导任命"),
        (row("甲", "N1", "校长", first="20260801"), "clash_day", "校长某已在这个岗位上"),
    ],
)
def test_every_kind_of_bad_row(cast: Cast, cells: list[Any], code: str, words: str) -> None:
    add_person(by=SYSTEM, now=NOW, name="别人", staff_number="T1")
    for number in ("A1", "A2"):
        add_person(by=SYSTEM, now=NOW, name="重名", staff_number=number)
    batch = take_in(cast, book([cells]))
    assert code in codes(batch)[0]
    assert kinds(batch) == ["bad"]
    assert words in said(batch)
    assert batch.to_write == 0


def test_two_holders_in_one_sheet(cast: Cast) -> None:
    free(cast, "dean")
    batch = take_in(
        cast,
        book(
            [
                row("甲", "N1", "教导处"),
                row("乙", "N2", "教导处"),
                row("甲", "N1", "教导处"),
                row("丙", "N3", "科任教师", klass="八（3）班"),
                row("丁", "N4", "科任教师", klass="八（3）班"),
            ]
        ),
    )
    assert codes(batch) == [[], ["two_holders"], ["twice"], [], []]


def test_what_changed_meanwhile_is_left_out_with_its_reason(cast: Cast) -> None:
    free(cast, "dean")
    batch = take_in(cast, book([row("甲", "N1", "教导处"), row("乙", "N2", "辅导员")]))
    other = take_in(cast, book([row("丙", "N3", "教导处")]))
    write(other)
    write(batch)
    first, second = StaffRow.objects.filter(batch=batch).order_by("number")
    assert (first.state, second.state) == (RowState.SKIPPED, RowState.APPLIED)
    assert "现由丙担任" in said(batch)
    assert not Person.objects.filter(staff_number="N1").exists(), (
        "a row that is left out leaves nobody behind"
    )
    data, count = workbooks.bad_rows(batch)
    assert count == 1
    assert data[:2] == b"PK"


def test_not_undone_once_somebody_acted(cast: Cast) -> None:
    batch = write(take_in(cast, book([row("甲", "N1", "科任教师", klass="八（3）班")])))
    person = Person.objects.get(staff_number="N1")
    account = Account.objects.create(username="n1", person=person, password="!")
    by = actor_of(account, at(MONDAY, 10)).by("visit.record", cast.klass.path)
    assign(by=by, now=at(MONDAY, 10), student=cast.child, person_id=person.pk, role="visits", first=MONDAY)
    with pytest.raises(ValidationError, match="甲已经以科任教师的身份办过事"):
        actions.begin_undoing_staff(by=SYSTEM, now=NOW, batch_id=batch.pk)
    assert Holding.objects.filter(person=person).exists()


def test_accounts_opened_and_their_passwords_fetched_once(cast: Cast) -> None:
    rows = [
        row("甲", "N001", "辅导员", phone="138 0000 0000"),
        row("乙", "", "辅导员"),
        row("丙", "system_admin", "辅导员"),
    ]
    cast.account("system_admin")
    batch = take_in(cast, book(rows), post="system_admin")
    batch = write(batch, accounts=True)
    account = Account.objects.get(username="N001")
    assert (account.phone, account.must_change_password) == ("13800000000", True)
    assert len(batch.unopened) == 2
    ((name, username, password),) = actions.fetch_passwords(by=SYSTEM, now=NOW, batch_id=batch.pk)
    assert (name, username) == ("甲", "N001")
    assert account.check_password(password)
    with pytest.raises(ValidationError, match="已经下载过"):
        actions.fetch_passwords(by=SYSTEM, now=NOW, batch_id=batch.pk)
    Account.objects.filter(pk=account.pk).update(last_login=NOW)
    with pytest.raises(ValidationError, match="甲已经登录过"):
        actions.begin_undoing_staff(by=SYSTEM, now=NOW, batch_id=batch.pk)
    Account.objects.filter(pk=account.pk).update(last_login=None)
    set_active(by=SYSTEM, now=NOW, account=account, active=False)
    assert undo(batch).state == "undone"
    assert not Account.objects.filter(username="N001").exists()
    assert verify().problems == []
