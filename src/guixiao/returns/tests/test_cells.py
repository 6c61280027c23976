"""What a month counts: by the day it happened, as known when the return is compiled (A11-14…18)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from guixiao.facts import SYSTEM, Term, happenings
from guixiao.facts.clock import at, day_of
from guixiao.facts.codes import EnrolmentChange, FalseMark, LeaveKind, Mark, Session, Stage
from guixiao.people import actions as people
from guixiao.places.models import Place
from guixiao.returns import periods
from guixiao.returns.cells import gather, lists
from guixiao.testing.cast import Cast

from .tools import LATER, MONTH_END, absent, drop_out, stage, tell

S26, S30, O1 = date(2026, 9, 26), date(2026, 9, 30), date(2026, 10, 1)


def heads(cast: Cast, period: str = "2026-09", school: Place | None = None) -> dict[str, set[int]]:
    month = gather(school or cast.school, period, LATER)
    return {cell: {student for student, _klass in rows} for cell, rows in lists(month).items()}


def test_a_quiet_month_counts_the_roll_alone(cast: Cast) -> None:
    found = heads(cast)
    assert found.pop("roll") == {child.pk for name, child in cast.children.items() if name != "石远"}
    assert set(found) == {"dropouts", "out", "returned", "truant", "moved_in", "moved_out"}
    assert not any(found.values())


def test_a_dropout_is_counted_from_the_day_it_is_confirmed_and_stays_on_the_roll(cast: Cast) -> None:
    drop_out(cast.child, S30)
    found = heads(cast)
    assert found["dropouts"] == found["out"] == {cast.child.pk}
    assert cast.child.pk in found["roll"]
    october = heads(cast, "2026-10")
    assert october["out"] == {cast.child.pk}
    assert not october["dropouts"]


def test_a_dropout_confirmed_after_the_cut_off_is_not_counted(cast: Cast) -> None:
    drop_out(cast.child, O1)
    assert not heads(cast)["dropouts"]
    assert not heads(cast)["out"]


def test_what_is_recorded_after_compiling_is_not_known(cast: Cast) -> None:
    drop_out(cast.child, S26, recorded=LATER + timedelta(seconds=1))
    assert not heads(cast)["dropouts"]


def test_a_late_record_of_the_month_is_counted_while_it_is_not_compiled(cast: Cast) -> None:
    drop_out(cast.child, S26, recorded=at(O1, 8))
    assert heads(cast)["dropouts"] == {cast.child.pk}


def test_who_comes_back_is_returned_and_no_longer_out(cast: Cast) -> None:
    drop_out(cast.child, date(2026, 9, 10))
    stage(cast.child, Stage.CONFIRMED, Stage.PERSUADING, date(2026, 9, 11))
    stage(cast.child, Stage.PERSUADING, Stage.RETURNED, S26)
    found = heads(cast)
    assert found["dropouts"] == found["returned"] == {cast.child.pk}
    assert not found["out"]


def test_a_return_from_mere_suspicion_is_no_return(cast: Cast) -> None:
    stage(cast.child, Stage.OPEN, Stage.SUSPECTED, date(2026, 9, 10))
    stage(cast.child, Stage.SUSPECTED, Stage.RETURNED, S26)
    assert not heads(cast)["returned"]


def test_a_proposal_to_close_does_not_take_a_child_out_of_the_count(cast: Cast) -> None:
    drop_out(cast.child, date(2026, 9, 10))
    stage(cast.child, Stage.CONFIRMED, Stage.CLOSING, S26)
    assert heads(cast)["out"] == {cast.child.pk}
    tell(happenings.CaseClosed(student=cast.child.pk, case=1, reason="moved_abroad", day=S30), S30)
    assert not heads(cast)["out"]


def test_truancy_forgets_what_was_corrected_or_excused(cast: Cast) -> None:
    day = date(2026, 9, 28)
    wrong, excused, truant, sick = (cast.children[n] for n in ("覃晓峰", "何美琪", "罗天佑", "韦思敏"))
    for child in (wrong, excused, truant):
        absent(child, cast.klass, day)
    absent(sick, cast.klass, day, Mark.SICK)
    fix = happenings.MarkCorrected(
        student=wrong.pk, class_id=cast.klass.pk, day=day, session=Session.MORNING,
        was=Mark.NONE, now=Mark.PRESENT, why=FalseMark.WAS_PRESENT,
    )  # fmt: skip
    tell(fix, O1)
    for child, post in ((excused, "dean"), (truant, None)):
        tell(
            happenings.LeaveGranted(
                student=child.pk, leave=child.pk, kind_of_leave=LeaveKind.SICK, first=day, last=day,
                backdated_by=post,
            ),
            O1,
        )  # fmt: skip
    assert heads(cast)["truant"] == {truant.pk}


def move(cast: Cast, change: EnrolmentChange, day: date, to: str = "一（1）班") -> None:
    klass = cast.places[to]
    school = cast.places["双河小学" if to == "一（1）班" else "石板河初级中学"]
    people.move(
        by=SYSTEM, now=at(day, 9), student=cast.child, klass=klass, school=school, day=day, change=change
    )


def test_a_child_who_changes_school_is_counted_where_it_was_on_the_day(cast: Cast) -> None:
    absent(cast.child, cast.klass, date(2026, 9, 10))
    drop_out(cast.child, date(2026, 9, 10))
    move(cast, EnrolmentChange.TRANSFERRED_IN, date(2026, 9, 20))
    old, new = heads(cast), heads(cast, school=cast.places["双河小学"])
    assert cast.child.pk not in old["roll"]
    assert cast.child.pk in new["roll"]
    assert (old["dropouts"], new["dropouts"]) == ({cast.child.pk}, set())
    assert (old["truant"], new["truant"]) == ({cast.child.pk}, set())
    assert (old["out"], new["out"]) == (set(), {cast.child.pk})
    assert (old["moved_in"], new["moved_in"]) == (set(), {cast.child.pk})


def test_who_leaves_on_the_first_of_the_month_is_that_months_transfer(cast: Cast) -> None:
    people.leave_roll(
        by=SYSTEM, now=at(O1, 9), student=cast.child, day=O1, change=EnrolmentChange.TRANSFERRED_OUT
    )
    assert cast.child.pk in heads(cast)["roll"]
    assert not heads(cast)["moved_out"]
    october = heads(cast, "2026-10")
    assert october["moved_out"] == {cast.child.pk}
    assert cast.child.pk not in october["roll"]


def test_an_open_case_does_not_vanish_with_the_enrolment(cast: Cast) -> None:
    drop_out(cast.child, date(2026, 9, 10))
    people.leave_roll(
        by=SYSTEM, now=at(S26, 9), student=cast.child, day=S26, change=EnrolmentChange.TRANSFERRED_OUT
    )
    for period in ("2026-09", "2026-12"):
        assert heads(cast, period)["out"] == {cast.child.pk}
        assert cast.child.pk not in heads(cast, period)["roll"]


def test_a_record_made_by_mistake_is_on_no_list(cast: Cast) -> None:
    people.leave_roll(by=SYSTEM, now=at(O1, 9), student=cast.child, day=O1, change=EnrolmentChange.REMOVED)
    assert cast.child.pk not in heads(cast)["roll"]


def test_each_child_once_in_the_class_it_was_in_last(cast: Cast) -> None:
    move(cast, EnrolmentChange.MOVED_CLASS, date(2026, 9, 20), to="八（4）班")
    roll = lists(gather(cast.school, "2026-09", LATER))["roll"]
    assert [klass for student, klass in roll if student == cast.child.pk] == [cast.places["八（4）班"].pk]


@pytest.mark.parametrize(
    ("period", "last"), [("2027-02", 28), ("2028-02", 29), ("2026-09", 30), ("2026-12", 31)]
)
def test_the_cut_off_is_the_months_own_last_day(period: str, last: int) -> None:
    assert periods.cut_off(period).day == last


@pytest.mark.parametrize("bad", ["", "2026-13", "2026-9", "2026-09-30", "abcd-01", "２０２６-09", "1826-09"])
def test_what_is_no_month(bad: str) -> None:
    assert not periods.is_period(bad)


def test_a_month_is_due_from_its_last_day_on_if_there_was_school() -> None:
    terms = [
        Term("2026-1", date(2026, 9, 1), date(2027, 1, 22)),
        Term("2026-2", date(2027, 3, 1), date(2027, 7, 9)),
    ]
    assert periods.due(terms, date(2026, 9, 29)) == []
    assert periods.due(terms, date(2026, 9, 30)) == ["2026-09"]
    assert periods.due(terms, date(2027, 3, 31)) == [
        "2027-03", "2027-01", "2026-12", "2026-11", "2026-10", "2026-09",
    ]  # fmt: skip
    assert day_of(MONTH_END) == S30
