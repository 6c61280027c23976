"""Cases follow what happened: opened by a rule, returned by a roll call, reopened by a new absence; once each."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from guixiao.cases import actions
from guixiao.cases.models import Case
from guixiao.cases.settle import came_back, settle
from guixiao.duties.tests.life import LADDER, TWO, bind
from guixiao.facts.clock import at
from guixiao.facts.codes import Stage
from guixiao.journal.append import Touched, collecting
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.people.models import Student
from guixiao.rollcall.queries.days import State
from guixiao.testing.cast import Cast

from .making import by, case_of, paper, plan_of, roll

MON, TUE, WED, THU, FRI = (date(2026, 9, 14 + n) for n in range(5))


def day(cast: Cast, when: date, *absent: Student) -> None:
    """A school day: the roll is taken in a request, and what it touched is settled as the middleware does."""
    with collecting() as touched:
        roll(cast, when, absent)
    touched |= {Touched("place", cast.klass.pk), *(Touched("student", one.pk) for one in absent)}
    settle(touched, at(when, 8, 6))


def gone_three_days(cast: Cast) -> Case:
    bind(cast, LADDER)
    for when in (MON, TUE, WED):
        day(cast, when, cast.child)
    return Case.objects.get()


def test_the_third_day_opens_a_case_once(cast: Cast) -> None:
    bind(cast, LADDER)
    day(cast, MON, cast.child)
    day(cast, TUE, cast.child)
    assert not Case.objects.exists()
    day(cast, WED, cast.child)
    case = Case.objects.get()
    assert (case.stage, case.opened_by, case.opened_post) == (Stage.OPEN, 0, "system")
    assert case.by_rule.startswith(f"{LADDER}/third_day")
    assert "学校学生辍学报告制度" in case.ground
    before = Entry.objects.count()
    settle({Touched("student", cast.child.pk)}, at(WED, 9))
    assert (Case.objects.count(), Entry.objects.count()) == (1, before)
    assert verify().problems == []


def test_a_roll_call_brings_the_case_to_returned_without_closing_it(cast: Cast) -> None:
    case = gone_three_days(cast)
    day(cast, THU)
    case.refresh_from_db()
    assert (case.stage, case.returned_on) == (Stage.RETURNED, THU)
    assert not case.closings.exists()
    day(cast, FRI)
    assert case.steps.filter(stage=Stage.RETURNED).count() == 1


def test_a_statement_alone_moves_nothing(cast: Cast) -> None:
    case = gone_three_days(cast)
    author = cast.actor("class_teacher", at(WED, 15)).by("case.plan", cast.child.path)
    actions.state_returned(by=author, now=at(WED, 15), case=case, day=WED)
    settle({Touched("student", cast.child.pk)}, at(WED, 15))
    case.refresh_from_db()
    assert case.stage == Stage.OPEN
    day(cast, THU, cast.child)
    case.refresh_from_db()
    assert case.stage == Stage.OPEN


def test_back_and_gone_again_goes_on_in_the_same_case(cast: Cast) -> None:
    case = gone_three_days(cast)
    day(cast, THU)
    for when in (FRI, date(2026, 9, 21), date(2026, 9, 22)):
        day(cast, when, cast.child)
    case.refresh_from_db()
    assert Case.objects.count() == 1
    assert (case.stage, case.returned_on) == (Stage.OPEN, None)


def close(cast: Cast, case: Case, now: datetime) -> None:
    cast.now = now
    actions.propose_closing(
        by=by(cast, "dean", "case.propose"),
        now=now,
        case=case,
        reason="returned_stays",
        text="回来上课了",
        evidence=[paper()],
    )
    actions.close(by=by(cast, "principal", "case.close"), now=now, case=case, answer="点名属实")


def test_a_new_absence_reopens_a_closed_case_and_links_it(cast: Cast) -> None:
    case = gone_three_days(cast)
    day(cast, THU)
    case.refresh_from_db()
    close(cast, case, at(THU, 16))
    settle({Touched("student", cast.child.pk)}, at(THU, 16))
    assert Case.objects.count() == 1
    day(cast, FRI)
    assert Case.objects.count() == 1
    day(cast, date(2026, 9, 21), cast.child)
    again = Case.objects.get(previous=case)
    assert again.number == "2026-0002"
    assert Entry.objects.filter(kind="case_reopened").count() == 1
    settle({Touched("student", cast.child.pk)}, at(date(2026, 9, 21), 9))
    assert Case.objects.count() == 2
    assert verify().problems == []


def test_the_registrar_marks_on_the_seventh_day_though_a_plan_is_in_force(cast: Cast) -> None:
    bind(cast, LADDER)
    bind(cast, TWO)
    days = [MON, TUE, WED, THU, FRI, date(2026, 9, 21), date(2026, 9, 22)]
    for when in days[:3]:
        day(cast, when, cast.child)
    case = Case.objects.get()
    cast.now = at(WED, 15)
    plan = plan_of(cast, case)
    actions.approve_plan(by=by(cast, "principal", "case.approve"), now=cast.now, plan=plan)
    for when in days[3:]:
        day(cast, when, cast.child)
    duty = cast.child.duties.get(rule="seventh_day_mark")
    assert duty.state == "open"
    author = cast.actor("registrar", at(days[6], 10)).by("case.mark", cast.child.path)
    case.refresh_from_db()
    actions.change_stage(
        by=author, now=at(days[6], 10), case=case, to=Stage.SUSPECTED, reason="满七天没来", day=days[6]
    )
    settle({Touched("student", cast.child.pk)}, at(days[6], 10))
    duty.refresh_from_db()
    assert duty.state == "met"


def test_the_class_brings_its_cases_along(cast: Cast) -> None:
    """A child that is present is not named by the roll call: its class is."""
    case = gone_three_days(cast)
    roll(cast, THU)
    settle({Touched("place", cast.klass.pk)}, at(THU, 8, 6))
    case.refresh_from_db()
    assert case.stage == Stage.RETURNED


def test_a_case_opened_by_hand_for_a_child_that_is_there_stays_open(cast: Cast) -> None:
    cast.now = at(TUE, 10)
    day(cast, MON)
    day(cast, TUE)
    case = case_of(cast)
    settle({Touched("student", cast.child.pk)}, at(TUE, 10))
    case.refresh_from_db()
    assert case.stage == Stage.OPEN


@given(
    some.lists(
        some.sampled_from([State.PRESENT, State.NONE, State.SICK, State.UNKNOWN, State.LATE]), max_size=12
    )
)
def test_came_back_only_after_the_last_absence(states: list[State]) -> None:
    case = Case(opened_day=date(2026, 9, 3), returned_on=None)
    days = [(date(2026, 9, 1 + number), state) for number, state in enumerate(states)]
    found = came_back(case, days)
    if found is not None:
        assert found >= case.opened_day
        assert all(when < found for when, state in days if state is State.NONE)
        assert dict(days)[found] in (State.PRESENT, State.LATE)
    elif State.NONE in states:
        last = max(when for when, state in days if state is State.NONE)
        later = [when for when, state in days if when > last and when >= case.opened_day]
        assert not [when for when in later if dict(days)[when] in (State.PRESENT, State.LATE)]


@pytest.mark.parametrize("act", ["case_closed", "closing_proposed"])
def test_the_system_never_closes(cast: Cast, act: str) -> None:
    gone_three_days(cast)
    for when in (THU, FRI, date(2026, 9, 21)):
        day(cast, when)
    assert not Entry.objects.filter(kind=act).exists()
