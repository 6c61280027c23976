"""A child changes its class: the streak goes on, rosters follow, nothing is moved behind a roll call's back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from guixiao.duties.settle import settle
from guixiao.duties.tests.life import bind, of
from guixiao.duties.tick import tick
from guixiao.facts import SYSTEM
from guixiao.facts.clock import at
from guixiao.facts.codes import Mark, Session
from guixiao.journal.append import Touched
from guixiao.journal.verify import verify
from guixiao.people.actions import set_status
from guixiao.people.models import Enrolment, Status, Student
from guixiao.people.rosters import roster
from guixiao.places.actions import add_place
from guixiao.places.models import Kind, Place
from guixiao.rollcall import actions as rolls
from guixiao.staffing import actions
from guixiao.staffing.models import Transfer, TransferState
from guixiao.testing.cast import NOW, Cast

from .conftest import SignIn

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 9, 28)
TUESDAY = MONDAY + timedelta(days=1)


def other(cast: Cast) -> Place:
    return cast.places["八（4）班"]


def move(cast: Cast, name: str = "李小满", day: date = MONDAY, now: datetime = NOW, to: str = "") -> Transfer:
    """The student affairs office moves a child, and what that touched is settled."""
    made = actions.transfer(
        by=cast.actor("student_affairs").by("student.transfer", cast.klass.path),
        now=now,
        student=cast.children[name],
        klass=cast.places[to or "八（4）班"],
        day=day,
        reason="均衡班额",
    )
    settle({Touched("student", made.student_id)}, now)
    return made


def roll(cast: Cast, day: date, marks: dict[str, Mark] | None = None, klass: Place | None = None) -> None:
    """Take a morning's roll, and settle."""
    room = Place.objects.get(pk=(klass or cast.klass).pk)
    moment = at(day, 8, 12)
    given = {cast.children[name].pk: mark for name, mark in (marks or {}).items()}
    rolls.take(
        by=cast.actor("class_teacher").by("rollcall.take", cast.klass.path),
        now=moment,
        klass=room,
        day=day,
        session=Session.MORNING,
        roster_version=room.roster_version,
        marks=given,
        client_id=uuid4(),
        device_time=moment,
    )
    settle({Touched("place", room.pk), *(Touched("student", pk) for pk in given)}, moment)


def where(cast: Cast, name: str = "李小满") -> str:
    student = Student.objects.select_related("klass").get(pk=cast.children[name].pk)
    assert student.klass is not None
    assert student.path == student.klass.path
    return student.klass.name


@pytest.mark.parametrize("moved", [False, True])
def test_the_streak_goes_on_in_the_new_class(cast: Cast, moved: bool) -> None:
    """Away on Thursday and Friday in one class, on Monday in the other: the same rungs as without the move."""
    thursday, friday, monday = date(2026, 9, 17), date(2026, 9, 18), date(2026, 9, 21)
    bind(cast)
    for day in (date(2026, 9, 15), date(2026, 9, 16)):
        roll(cast, day)
    roll(cast, thursday, {"李小满": Mark.NONE})
    roll(cast, friday, {"李小满": Mark.NONE})
    before = {duty.rule for duty in of(cast.child)}
    if moved:
        move(cast, day=monday, now=at(monday, 7, 30))
    roll(cast, monday, {"李小满": Mark.NONE}, klass=other(cast) if moved else cast.klass)
    third = {duty.rule for duty in of(cast.child)} - before
    assert {"third_day_collective_visit", "third_day_plan", "third_day_report"} <= third
    longest = max((duty.days for duty in of(cast.child)), key=len)
    assert longest == ["2026-09-17", "2026-09-18", "2026-09-21"]
    assert {duty.episode for duty in of(cast.child)} == {"2026-09-17"}, "one episode"
    assert verify().problems == []


def test_both_rosters_follow(cast: Cast) -> None:
    made = move(cast)
    assert (made.state, where(cast)) == (TransferState.DONE, "八（4）班")
    assert cast.child not in roster(cast.klass)
    assert cast.child in roster(other(cast))
    old, new = Enrolment.objects.filter(student=cast.child).order_by("first")
    assert (old.last, old.exit, new.first, new.last) == (date(2026, 9, 27), "moved_class", MONDAY, None)
    roll(cast, MONDAY)
    assert verify().problems == []


def test_a_later_day_waits_and_can_be_given_up(cast: Cast) -> None:
    made = move(cast, day=TUESDAY)
    assert (made.state, where(cast)) == (TransferState.PLANNED, "八（3）班")
    tick(at(MONDAY, 20))
    assert where(cast) == "八（3）班"
    tick(at(TUESDAY, 0, 5))
    assert where(cast) == "八（4）班"
    assert Transfer.objects.get().state == TransferState.DONE
    tick(at(TUESDAY, 0, 10))
    assert Enrolment.objects.filter(student=cast.child).count() == 2
    second = move(cast, "覃晓峰", day=date(2026, 9, 30), now=at(TUESDAY, 9))
    actions.cancel_transfer(by=SYSTEM, now=at(TUESDAY, 9), transfer=second)
    tick(at(date(2026, 9, 30), 1))
    assert where(cast, "覃晓峰") == "八（3）班"
    with pytest.raises(ValidationError, match="不能再取消"):
        actions.cancel_transfer(by=SYSTEM, now=at(TUESDAY, 9), transfer=second)
    assert verify().problems == []


def test_a_waiting_change_goes_round_a_roll_taken_meanwhile(cast: Cast) -> None:
    """The round came late: the class had taken Tuesday's roll. The child moves on Wednesday, nothing is rewritten."""
    move(cast, day=TUESDAY)
    roll(cast, TUESDAY, {"李小满": Mark.NONE})
    tick(at(TUESDAY, 9))
    row = Transfer.objects.get()
    assert (row.state, row.day, where(cast)) == (TransferState.PLANNED, date(2026, 9, 30), "八（3）班")
    tick(at(date(2026, 9, 30), 0, 5))
    assert where(cast) == "八（4）班"


def test_a_waiting_change_that_became_impossible_says_so(cast: Cast) -> None:
    from guixiao.facts.codes import EnrolmentChange
    from guixiao.notify.models import Notice
    from guixiao.people.actions import leave_roll

    move(cast, day=TUESDAY)
    leave_roll(
        by=SYSTEM,
        now=at(MONDAY, 15),
        student=cast.child,
        day=MONDAY,
        change=EnrolmentChange.TRANSFERRED_OUT,
        note="回执 1 号",
    )
    tick(at(TUESDAY, 0, 5))
    row = Transfer.objects.get()
    assert row.state == TransferState.FAILED
    assert "不在任何班" in row.why
    assert Notice.objects.filter(
        key=f"transfer-{row.pk}", person=cast.holdings["student_affairs"].person
    ).exists()
    assert verify().problems == []


@pytest.mark.parametrize(
    ("to", "day", "said"),
    [
        ("八（3）班", MONDAY, "已经在这个班"),
        ("一（1）班", MONDAY, "只能调到本校"),
        ("七（2）班", MONDAY, "不是一个年级"),
        ("八（9）班", MONDAY, "不是同一学年"),
        ("八（4）班", date(2026, 9, 1), "才进现在的班"),
        ("八（4）班", date(2027, 6, 1), "太远了"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(cast: Cast, to: str, day: date, said: str) -> None:
    for name, grade, year in (("七（2）班", 7, 2026), ("八（9）班", 8, 2027)):
        cast.places[name] = add_place(
            by=SYSTEM,
            now=NOW,
            parent=cast.school,
            kind=Kind.CLASS,
            name=name,
            grade=grade,
            school_year=year,
        )
    with pytest.raises(ValidationError, match=said):
        move(cast, to=to, day=day)
    assert not Transfer.objects.exists()
    assert where(cast) == "八（3）班"


def test_an_earlier_day_only_where_no_roll_was_taken_since(cast: Cast) -> None:
    roll(cast, MONDAY)
    for day in (date(2026, 9, 24), MONDAY):
        with pytest.raises(
            ValidationError, match=r"八（3）班 2026-09-28 已由.*点过名.*请选 2026-09-29 或以后"
        ):
            move(cast, day=day, now=at(MONDAY, 10))
    assert move(cast, day=TUESDAY, now=at(MONDAY, 10)).state == TransferState.PLANNED


def test_an_earlier_day_without_rolls_is_taken(cast: Cast) -> None:
    assert move(cast, day=date(2026, 9, 24)).state == TransferState.DONE
    assert Enrolment.objects.get(student=cast.child, last=None).first == date(2026, 9, 24)


def test_one_change_at_a_time(cast: Cast) -> None:
    move(cast, day=TUESDAY)
    with pytest.raises(ValidationError, match="请先取消那一次"):
        move(cast, day=date(2026, 9, 30))


@pytest.mark.parametrize("status", [Status.DROPPED_OUT, Status.SUSPENDED])
def test_a_dropout_stays_one(cast: Cast, status: Status) -> None:
    from guixiao.facts.codes import EnrolmentChange

    set_status(
        by=SYSTEM,
        now=NOW,
        student=cast.child,
        status=status,
        change=EnrolmentChange.SUSPENDED,
        day=MONDAY,
    )
    move(cast)
    assert Student.objects.get(pk=cast.child.pk).status == status


def test_undone_the_same_day(cast: Cast) -> None:
    made = move(cast)
    actions.undo_transfer(by=SYSTEM, now=at(MONDAY, 9), transfer=made)
    assert where(cast) == "八（3）班"
    only = Enrolment.objects.get(student=cast.child)
    assert (only.last, only.exit, only.exit_version) == (None, "", None)
    with pytest.raises(ValidationError, match="不用再撤"):
        actions.undo_transfer(by=SYSTEM, now=at(MONDAY, 9), transfer=made)
    assert move(cast).state == TransferState.DONE
    assert verify().problems == []


@pytest.mark.parametrize("which", ["八（3）班", "八（4）班"])
def test_not_undone_after_a_roll(cast: Cast, which: str) -> None:
    made = move(cast)
    roll(cast, MONDAY, klass=cast.places[which])
    with pytest.raises(ValidationError, match=which):
        actions.undo_transfer(by=SYSTEM, now=at(MONDAY, 9), transfer=made)
    assert where(cast) == "八（4）班"


def test_not_undone_the_next_day(cast: Cast) -> None:
    made = move(cast)
    with pytest.raises(ValidationError, match="只能当天撤销"):
        actions.undo_transfer(by=SYSTEM, now=at(TUESDAY, 7), transfer=made)


def test_several_together_all_or_none(cast: Cast) -> None:
    names = ("李小满", "覃晓峰")
    moves = [(cast.children[name], other(cast)) for name in names]
    actions.transfer_together(by=SYSTEM, now=NOW, moves=moves, day=MONDAY, reason="均衡班额")
    assert [where(cast, name) for name in names] == ["八（4）班"] * 2
    moves = [(cast.children["何美琪"], other(cast)), (cast.children["石远"], other(cast))]
    with pytest.raises(ValidationError, match="只能调到本校"):
        actions.transfer_together(by=SYSTEM, now=NOW, moves=moves, day=MONDAY, reason="均衡班额")
    assert where(cast, "何美琪") == "八（3）班"
    with pytest.raises(ValidationError, match="勾选"):
        actions.transfer_together(by=SYSTEM, now=NOW, moves=[], day=MONDAY, reason="x")


# --- pages -----------------------------------------------------------------------------------------


def test_the_page_moves_a_child_and_takes_it_back(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("registrar")
    page = client.get(f"/people/{cast.child.pk}/").content.decode()
    assert f"/staffing/students/{cast.child.pk}/transfer/" in page
    url = f"/staffing/students/{cast.child.pk}/transfer/"
    page = client.get(url).content.decode()
    assert "八（4）班 · 在册 0 人 · 班主任空缺" in page
    given = {"klass": other(cast).pk, "day": "2026-09-28", "reason": "双胞胎同班"}
    assert client.post(url, {**given, "klass": ""}).status_code == 422
    assert client.post(url, {**given, "klass": cast.places["一（1）班"].pk}).status_code == 422
    assert client.post(url, {**given, "reason": " "}).status_code == 422
    assert where(cast) == "八（3）班"
    said = client.post(url, given, follow=True).content.decode()
    assert "两个班的名册都更新了" in said
    row = Transfer.objects.get()
    listed = client.get("/staffing/transfers/?q=李小满&state=done").content.decode()
    assert f"/staffing/transfers/{row.pk}/undo/" in listed
    said = client.post(f"/staffing/transfers/{row.pk}/undo/", follow=True).content.decode()
    assert "已撤销，李小满回到八（3）班" in said
    assert where(cast) == "八（3）班"


def test_the_page_says_which_day_is_free_after_the_roll(cast: Cast, sign_in: SignIn) -> None:
    roll(cast, MONDAY)
    client = sign_in("principal", at=at(MONDAY, 10))
    url = f"/staffing/students/{cast.child.pk}/transfer/"
    assert 'value="2026-09-29"' in client.get(url).content.decode()
    given = {"klass": other(cast).pk, "day": "2026-09-28", "reason": "均衡班额"}
    said = client.post(url, given)
    assert said.status_code == 422
    assert "请选 2026-09-29 或以后" in said.content.decode()
    said = client.post(url, {**given, "day": "2026-09-29"}, follow=True)
    assert "那天以前都可以取消" in said.content.decode()
    row = Transfer.objects.get()
    assert "已取消" in client.post(f"/staffing/transfers/{row.pk}/cancel/", follow=True).content.decode()


def test_two_classes_evened_out(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("principal")
    url = f"/staffing/classes/{cast.klass.pk}/even-out/"
    assert "李小满" in client.get(url).content.decode()
    picked = [cast.children[name].pk for name in ("李小满", "覃晓峰", "何美琪")]
    given = {"student": picked, "day": "2026-09-28", "reason": "均衡班额"}
    assert client.post(url, {**given, "student": ["x", 10**20]}).status_code == 422
    assert "3 名学生的调班已办好" in client.post(url, given, follow=True).content.decode()
    back = {"student": [*picked[:1], cast.children["罗天佑"].pk], "day": "2026-09-29", "reason": "换回"}
    assert "2 名学生的调班已办好" in client.post(url, back, follow=True).content.decode()
    tick(at(TUESDAY, 0, 1))
    assert (where(cast), where(cast, "罗天佑")) == ("八（3）班", "八（4）班")


def test_a_class_teacher_moves_nobody(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("class_teacher")
    assert client.get(f"/staffing/students/{cast.child.pk}/transfer/").status_code == 404
    assert "调班" not in client.get(f"/people/{cast.child.pk}/").content.decode().split("学籍经过")[0]
