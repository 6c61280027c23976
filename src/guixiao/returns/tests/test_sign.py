"""Four hands, one after the other, and a lock nobody opens (A11-15…17)."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from guixiao.facts import SYSTEM
from guixiao.facts.clock import at
from guixiao.facts.codes import SignStep
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.notify.models import Kind as Told
from guixiao.notify.models import Notice
from guixiao.people import actions as people
from guixiao.places import actions as places
from guixiao.places.models import Kind, Place
from guixiao.returns import actions
from guixiao.returns.models import MonthlyReturn, ReturnLine, SendBack, Signature, State
from guixiao.testing.cast import FIRST, Cast

from .tools import LATER, MONTH_END, checked, compiled, drop_out, person, reviewed, sign, signed


def second_class(cast: Cast) -> None:
    """A second class with a child and a teacher of its own."""
    klass = cast.places["八（4）班"]
    new = people.NewStudent(name="新来的", sex="1", birth=date(2012, 5, 5), values={}, guardians=[])
    people.register(
        by=SYSTEM, now=at(FIRST), new=new, klass=klass, first=FIRST, school=cast.school,
        village=cast.places["岩脚村"],
    )  # fmt: skip
    teacher = places.add_person(by=SYSTEM, now=at(FIRST), name="四班班主任")
    cast.holdings["class_teacher_4"] = places.hold_post(
        by=SYSTEM, now=at(FIRST), person=teacher, place=klass, post="class_teacher", first=FIRST
    )


def test_four_hands_and_the_lock(cast: Cast) -> None:
    drop_out(cast.child, date(2026, 9, 28))
    report = compiled(cast)
    assert report.state == State.PREPARED
    assert report.count("roll") == 8
    report = signed(cast, report)
    assert report.locked
    assert list(Signature.objects.order_by("pk").values_list("step", "post")) == [
        ("prepared", "student_affairs"),
        ("checked", "class_teacher"),
        ("reviewed", "vice_principal"),
        ("signed", "principal"),
    ]
    submitted = Entry.objects.get(kind="return_submitted")
    assert submitted.payload["zero"] is False
    assert submitted.post == "principal"
    assert submitted.org == cast.school.pk
    assert not verify().problems


def test_every_figure_is_the_length_of_its_list(cast: Cast) -> None:
    drop_out(cast.child, date(2026, 9, 28))
    report = compiled(cast)
    for row in report.classes:
        for cell, number in row["counts"].items():
            assert ReturnLine.objects.filter(report=report, klass=row["id"], cell=cell).count() == number
    assert ReturnLine.objects.filter(report=report).count() == 8 + 1 + 1


def test_a_zero_return_is_said_to_be_one(cast: Cast) -> None:
    report = signed(cast, compiled(cast))
    assert report.zero
    assert Entry.objects.get(kind="return_submitted").payload["zero"] is True


def test_before_the_cut_off_day_there_is_nothing_to_compile(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="2026-09-30"):
        compiled(cast, now=at(date(2026, 9, 29), 23, 59, 59))
    assert not MonthlyReturn.objects.exists()
    assert compiled(cast, now=at(date(2026, 9, 30))).version == 1


def test_february_ends_on_its_own_day(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        compiled(cast, "2027-02", at(date(2027, 2, 27), 9))
    assert compiled(cast, "2027-02", at(date(2027, 2, 28), 9)).cut_off == date(2027, 2, 28)


def test_a_school_without_children_has_no_return(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="没有在册学生"):
        compiled(cast, "2026-07", MONTH_END)


def test_only_the_post_whose_turn_it_is(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="学生科"):
        actions.compile_return(
            by=SYSTEM, now=MONTH_END, school=cast.school, period="2026-09", person_id=person(cast, "dean")
        )
    report = compiled(cast)
    with pytest.raises(ValidationError, match="班主任"):
        sign(cast, report, SignStep.CHECKED, "principal", cast.klass)
    with pytest.raises(ValidationError, match="班主任"):
        sign(cast, report, SignStep.CHECKED, "outsider", cast.klass)
    with pytest.raises(ValidationError, match="校长"):
        sign(cast, reviewed(cast, report), SignStep.SIGNED, "dean")


@pytest.mark.parametrize("step", [SignStep.REVIEWED, SignStep.SIGNED, SignStep.PREPARED])
def test_out_of_turn(cast: Cast, step: SignStep) -> None:
    report = compiled(cast)
    with pytest.raises(ValidationError):
        sign(cast, report, step, "principal" if step is SignStep.SIGNED else "vice_principal")
    assert Signature.objects.count() == 1


def test_nobody_signs_twice(cast: Cast) -> None:
    second_class(cast)
    report = checked(cast, compiled(cast))
    assert report.state == State.PREPARED
    with pytest.raises(ValidationError, match="已经签过"):
        checked(cast, report)
    report = sign(cast, report, SignStep.CHECKED, "class_teacher_4", cast.places["八（4）班"])
    assert report.state == State.CHECKED
    with pytest.raises(ValidationError):
        checked(cast, report)


@pytest.mark.parametrize("which", ["一（1）班", "八（4）班"])
def test_a_class_that_is_not_in_the_return(cast: Cast, which: str) -> None:
    report = compiled(cast)
    with pytest.raises(ValidationError, match="不在这份月报里"):
        sign(cast, report, SignStep.CHECKED, "class_teacher", cast.places[which])
    with pytest.raises(ValidationError, match="不在这份月报里"):
        sign(cast, report, SignStep.CHECKED, "class_teacher")


def test_a_teacher_does_not_check_another_class(cast: Cast) -> None:
    second_class(cast)
    report = compiled(cast)
    with pytest.raises(ValidationError, match="四班班主任"):
        sign(cast, report, SignStep.CHECKED, "class_teacher", cast.places["八（4）班"])


def test_after_the_lock_nothing_changes(cast: Cast) -> None:
    report = signed(cast, compiled(cast))
    before = Entry.objects.count()
    hands = (
        (SignStep.CHECKED, "class_teacher"),
        (SignStep.REVIEWED, "vice_principal"),
        (SignStep.SIGNED, "principal"),
    )
    for step, post in hands:
        with pytest.raises(ValidationError, match="锁定"):
            sign(cast, report, step, post, cast.klass)
    with pytest.raises(ValidationError, match="锁定"):
        back(cast, report, "principal")
    with pytest.raises(ValidationError, match="已经编好"):
        compiled(cast, now=LATER)
    drop_out(cast.child, date(2026, 9, 29), recorded=LATER)
    report.refresh_from_db()
    assert (report.count("dropouts"), report.state) == (0, State.SIGNED)
    assert Entry.objects.count() == before + 1  # the late fact alone


def test_a_stale_copy_moves_nothing(cast: Cast) -> None:
    """The database decides, not what the caller holds in its hand."""
    report = reviewed(cast, compiled(cast))
    stale = MonthlyReturn.objects.get(pk=report.pk)
    sign(cast, report, SignStep.SIGNED, "principal")
    assert stale.state == State.REVIEWED
    with pytest.raises(ValidationError):
        sign(cast, stale, SignStep.SIGNED, "principal")
    with pytest.raises(ValidationError):
        back(cast, stale, "principal")


def back(
    cast: Cast,
    report: MonthlyReturn,
    post: str,
    reason: str = "李小满没有辍学",
    klass: Place | None = None,
) -> MonthlyReturn:
    return actions.send_back(
        by=SYSTEM, now=LATER, report=report, reason=reason, person_id=person(cast, post), klass=klass
    )


def test_sent_back_then_a_new_version_from_the_first_hand_on(cast: Cast) -> None:
    first = back(cast, reviewed(cast, compiled(cast)), "principal")
    assert first.state == State.SENT_BACK
    assert Notice.objects.get(kind=Told.SENT_BACK).person_id == person(cast, "student_affairs")
    with pytest.raises(ValidationError, match="已退回"):
        sign(cast, first, SignStep.SIGNED, "principal")
    drop_out(cast.child, date(2026, 9, 29), recorded=LATER)
    second = compiled(cast, now=LATER)
    first.refresh_from_db()
    assert (second.version, second.state, first.superseded) == (2, State.PREPARED, True)
    assert (first.count("dropouts"), second.count("dropouts")) == (0, 1)
    assert SendBack.objects.get().reason == "李小满没有辍学"
    with pytest.raises(ValidationError):
        checked(cast, first)
    assert signed(cast, second).locked
    assert not verify().problems


def test_a_class_teacher_sends_back_naming_the_child(cast: Cast) -> None:
    second_class(cast)
    report = checked(cast, compiled(cast))
    back(cast, report, "class_teacher_4", "新来的：名字写错了", klass=cast.places["八（4）班"])
    assert SendBack.objects.get().klass == cast.places["八（4）班"]
    assert Entry.objects.get(kind="return_sent_back").payload["step"] == "checked"
    assert "新来的" not in str(list(Entry.objects.values_list("payload", flat=True)))


@pytest.mark.parametrize("post", ["vice_principal", "principal", "outsider", "class_teacher_4"])
def test_who_is_not_asked_cannot_send_back(cast: Cast, post: str) -> None:
    second_class(cast)
    report = compiled(cast)
    with pytest.raises(ValidationError, match="轮到谁签"):
        back(cast, report, post)
    with pytest.raises(ValidationError, match="轮到谁签"):
        back(cast, report, post, klass=cast.klass)


@pytest.mark.parametrize("reason", ["", "   ", "不对"])
def test_a_reason_is_needed(cast: Cast, reason: str) -> None:
    report = compiled(cast)
    with pytest.raises(ValidationError, match="至少 4 个字"):
        back(cast, report, "student_affairs", reason)
    report.refresh_from_db()
    assert report.state == State.PREPARED


def test_twice_the_same_month(cast: Cast) -> None:
    compiled(cast)
    with pytest.raises(ValidationError, match="已经编好"):
        compiled(cast)


def test_two_compile_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other's version appears after one has looked: the unique constraint refuses, in words."""
    real = MonthlyReturn.objects.create

    def late(**values: object) -> MonthlyReturn:
        monkeypatch.undo()
        real(**values)
        return real(**values)

    monkeypatch.setattr(MonthlyReturn.objects, "create", late)
    with pytest.raises(ValidationError, match="刚刚有人"):
        compiled(cast)
    assert not MonthlyReturn.objects.exists()
    assert not Signature.objects.exists()


def test_one_current_version_whatever_happens(cast: Cast) -> None:
    report = compiled(cast)
    with pytest.raises(IntegrityError):
        MonthlyReturn.objects.create(
            school=cast.school,
            period="2026-09",
            version=2,
            cut_off=report.cut_off,
            compiled_at=LATER,
            path=report.path,
        )


def test_a_changed_line_is_found(cast: Cast) -> None:
    report = signed(cast, compiled(cast))
    line = ReturnLine.objects.filter(report=report).first()
    assert line is not None
    ReturnLine.objects.filter(pk=line.pk).update(cell="out")
    assert any("returnline" in problem.where.lower() for problem in verify().problems)


def test_classes_stand_in_the_order_people_count(cast: Cast) -> None:
    for number in (10, 2, 4):
        name = f"八（{number}）班"
        klass = cast.places.get(name) or places.add_place(
            by=SYSTEM, now=at(FIRST), parent=cast.places["八年级"], kind=Kind.CLASS, name=name, grade=8
        )
        new = people.NewStudent(name="甲", sex="1", birth=date(2012, 5, 5), values={}, guardians=[])
        people.register(
            by=SYSTEM, now=at(FIRST), new=new, klass=klass, first=FIRST, school=cast.school,
            village=cast.places["岩脚村"],
        )  # fmt: skip
    names = [row["name"] for row in compiled(cast).classes]
    assert names == ["八（2）班", "八（3）班", "八（4）班", "八（10）班"]
