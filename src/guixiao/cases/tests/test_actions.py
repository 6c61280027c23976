"""Every verb of a case: who may, in which order, and what is said when it is not allowed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from guixiao.cases import actions
from guixiao.cases.actions import NewRow
from guixiao.cases.models import Case
from guixiao.cases.reasons import LAWFUL, NEVER
from guixiao.cases.stages import ALLOWED, INSTEAD, WORDS
from guixiao.facts import happenings
from guixiao.facts.clock import day_of
from guixiao.facts.codes import Risk, Stage
from guixiao.files.models import StoredFile
from guixiao.journal.queries import of_students
from guixiao.journal.verify import verify
from guixiao.notify.models import Notice
from guixiao.people import actions as people
from guixiao.people.models import Assignment, Status
from guixiao.people.roles import Role
from guixiao.testing.cast import Cast

from .making import by, case_of, closed, closing_of, paper, plan_of

DAY = date(2026, 9, 28)


def facts_of(cast: Cast, kind: type[Any]) -> list[Any]:
    return [entry.fact for entry in of_students([cast.child.pk]) if isinstance(entry.fact, kind)]


def test_a_case_from_opening_to_closing(cast: Cast) -> None:
    case = case_of(cast)
    assert case.number == "2026-0001"
    plan = plan_of(cast, case)
    actions.approve_plan(by=by(cast, "principal", "case.approve"), now=cast.now, plan=plan)
    assert case.plans.get().approver_post == "principal"
    closing_of(cast, case)
    actions.close(by=by(cast, "principal", "case.close"), now=cast.now, case=case, answer="材料属实")
    case.refresh_from_db()
    assert case.stage == Stage.CLOSED
    assert [step.stage for step in case.steps.order_by("pk")] == ["open", "closing", "closed"]
    assert facts_of(cast, happenings.CaseClosed)[0].reason == "transferred"
    assert facts_of(cast, happenings.PlanMade)[0].with_posts == ("dean", "liaison_leader", "principal")
    assert verify().problems == []


def test_numbers_run_on_within_the_county(cast: Cast) -> None:
    first = case_of(cast)
    second = case_of(cast, cast.children["覃晓峰"])
    assert (first.number, second.number) == ("2026-0001", "2026-0002")


def test_one_open_case_a_child(cast: Cast) -> None:
    case_of(cast)
    with pytest.raises(ValidationError, match="已有没销号的个案"):
        case_of(cast)


@pytest.mark.parametrize(
    ("ground", "day", "says"),
    [(" ", DAY, "为什么立案"), ("长" * 301, DAY, "300"), ("好", date(2026, 9, 29), "今天之后")],
)
def test_what_opening_needs(cast: Cast, ground: str, day: date, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        actions.open_case(
            by=by(cast, "class_teacher", "case.open"),
            now=cast.now,
            student=cast.child,
            ground=ground,
            day=day,
        )
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (NewRow("", "谈", date(2026, 10, 9), "签字"), "第 1 行没写全"),
        (NewRow("甲", "谈", date(2026, 10, 9), " "), "第 1 行没写全"),
        (NewRow("甲", "谈" * 201, date(2026, 10, 9), "签字"), "太长"),
        (NewRow("甲", "谈", date(2026, 9, 1), "签字"), "时间不对"),
        (NewRow("甲", "谈", date(9999, 9, 1), "签字"), "时间不对"),
    ],
)
def test_a_plan_has_all_four(cast: Cast, row: NewRow, says: str) -> None:
    case = case_of(cast)
    with pytest.raises(ValidationError, match=says):
        plan_of(cast, case, rows=[row])
    with pytest.raises(ValidationError, match="至少写一行"):
        plan_of(cast, case, rows=[])
    assert not case.plans.exists()


@pytest.mark.parametrize(("post", "allowed"), [("vice_principal", True), ("principal", True)])
def test_a_plan_is_approved_from_above(cast: Cast, post: str, allowed: bool) -> None:
    plan = plan_of(cast, case_of(cast))
    actions.approve_plan(by=by(cast, post, "case.approve"), now=cast.now, plan=plan)
    with pytest.raises(ValidationError, match="已经批准过"):
        actions.approve_plan(by=by(cast, post, "case.approve"), now=cast.now, plan=plan)


def test_nobody_approves_their_own_plan_or_an_equals(cast: Cast) -> None:
    case = case_of(cast)
    plan = plan_of(cast, case, post="principal")
    with pytest.raises(ValidationError, match="自己核准"):
        actions.approve_plan(by=by(cast, "principal", "case.approve"), now=cast.now, plan=plan)
    with pytest.raises(ValidationError, match="不高于"):  # one under
        actions.approve_plan(by=by(cast, "vice_principal", "case.approve"), now=cast.now, plan=plan)
    other = people_of_same_post(cast, "principal")
    with pytest.raises(ValidationError, match="不高于"):  # exactly as high
        actions.approve_plan(by=other, now=cast.now, plan=plan)
    actions.approve_plan(by=by(cast, "central_school_head", "case.approve"), now=cast.now, plan=plan)


def people_of_same_post(cast: Cast, post: str) -> Any:
    """Another account in the same post: a second principal of the same school."""
    from dataclasses import replace

    return replace(by(cast, post, "case.approve"), account=cast.account("dean").pk)


def test_only_the_newest_plan_is_approved(cast: Cast) -> None:
    case = case_of(cast)
    first = plan_of(cast, case)
    plan_of(cast, case)
    with pytest.raises(ValidationError, match="更新的一版"):
        actions.approve_plan(by=by(cast, "principal", "case.approve"), now=cast.now, plan=first)


def test_a_confirmed_dropout_stays_on_the_roll_and_persuasion_follows_the_plan(cast: Cast) -> None:
    case = case_of(cast)
    author = by(cast, "principal", "case.approve")
    actions.confirm_dropout(by=author, now=cast.now, case=case, reason="三次家访都不愿来", day=DAY)
    cast.child.refresh_from_db()
    assert cast.child.status == Status.DROPPED_OUT
    assert cast.child.klass is not None
    plan = plan_of(cast, case)
    actions.approve_plan(by=author, now=cast.now, plan=plan)
    case.refresh_from_db()
    assert case.stage == Stage.PERSUADING
    actions.re_enrol(by=author, now=cast.now, case=case, reason="爷爷送来了", day=DAY)
    cast.child.refresh_from_db()
    assert cast.child.status == Status.ENROLLED
    assert verify().problems == []


@pytest.mark.parametrize("code", sorted(NEVER))
def test_what_is_never_a_reason(cast: Cast, code: str) -> None:
    case = case_of(cast)
    with pytest.raises(ValidationError) as refused:
        closing_of(cast, case, reason=code)
    assert "不能销号" in refused.value.message_dict["reason"][0]
    case.refresh_from_db()
    assert case.stage == Stage.OPEN
    assert code not in LAWFUL


def test_closing_needs_evidence_a_reason_and_words(cast: Cast) -> None:
    case = case_of(cast)
    author = by(cast, "dean", "case.propose")
    for reason, text, evidence, field in (
        ("transferred", "去了外县", [], "evidence"),
        ("transferred", "  ", [paper()], "text"),
        ("", "去了外县", [paper()], "reason"),
        ("returned_stays", "回来了", [paper()], "reason"),
    ):
        with pytest.raises(ValidationError) as refused:
            actions.propose_closing(
                by=author, now=cast.now, case=case, reason=reason, text=text, evidence=evidence
            )
        assert field in refused.value.message_dict
    assert not StoredFile.objects.exists()


def test_who_may_close(cast: Cast) -> None:
    case = case_of(cast)
    closing_of(cast, case, post="vice_principal")
    for post in ("vice_principal", "dean"):
        author = by(cast, post, "case.propose")
        with pytest.raises(ValidationError):
            actions.close(by=author, now=cast.now, case=case, answer="同意")
    with pytest.raises(ValidationError, match="核实了什么"):
        actions.close(by=by(cast, "principal", "case.close"), now=cast.now, case=case, answer="")
    actions.close(by=by(cast, "principal", "case.close"), now=cast.now, case=case, answer="同意")
    with pytest.raises(ValidationError, match="没有等核准"):
        actions.close(by=by(cast, "principal", "case.close"), now=cast.now, case=case, answer="同意")


def test_a_proposal_is_told_upwards_and_its_answer_back(cast: Cast) -> None:
    case = case_of(cast)
    closing_of(cast, case)
    told = Notice.objects.filter(kind="closing")
    assert list(told.values_list("person_id", flat=True)) == [cast.holdings["vice_principal"].person_id]
    actions.refuse_closing(by=by(cast, "principal", "case.close"), now=cast.now, case=case, answer="缺证明")
    assert told.order_by("pk").last().person_id == cast.holdings["dean"].person_id  # type: ignore[union-attr]  # just told
    assert not any("李小满" in notice.text for notice in told)


def test_a_proposal_sent_back_leaves_the_case_where_it_stood(cast: Cast) -> None:
    case = case_of(cast)
    closing_of(cast, case)
    with pytest.raises(ValidationError, match="已经提请"):
        closing_of(cast, case)
    actions.refuse_closing(
        by=by(cast, "principal", "case.close"), now=cast.now, case=case, answer="缺学籍证明"
    )
    case.refresh_from_db()
    assert case.stage == Stage.OPEN
    closing_of(cast, case)
    assert verify().problems == []


def test_a_closed_case_is_reopened_as_a_new_one(cast: Cast) -> None:
    case = closed(cast)
    with pytest.raises(ValidationError, match="已经销号"):
        plan_of(cast, case)
    again = actions.reopen(
        by=by(cast, "class_teacher", "case.open"), now=cast.now, case=case, ground="又没来", day=DAY
    )
    assert again.previous == case
    assert facts_of(cast, happenings.CaseReopened)[0].previous == case.pk
    with pytest.raises(ValidationError, match="还没有销号"):
        actions.reopen(
            by=by(cast, "class_teacher", "case.open"), now=cast.now, case=again, ground="又没来", day=DAY
        )
    assert verify().problems == []


def test_closing_releases_those_assigned_to_the_case(cast: Cast) -> None:
    case = case_of(cast)
    person = cast.holdings["justice_office"].person_id
    people.assign(
        by=by(cast, "principal", "student.assign"),
        now=cast.now,
        student=cast.child,
        person_id=person,
        role=Role.CASE,
        first=DAY,
    )
    closing_of(cast, case)
    actions.close(by=by(cast, "principal", "case.close"), now=cast.now, case=case, answer="同意")
    assert Assignment.objects.get(person_id=person).last == DAY


@pytest.mark.parametrize("to", [stage for stage in Stage if stage != Stage.SUSPECTED])
def test_what_cannot_be_set_by_hand_says_what_to_do(cast: Cast, to: Stage) -> None:
    case = case_of(cast)
    with pytest.raises(ValidationError) as refused:
        actions.change_stage(
            by=by(cast, "dean", "case.plan"), now=cast.now, case=case, to=to, reason="试试", day=DAY
        )
    assert "请" in refused.value.messages[0] or "才能" in refused.value.messages[0]


def test_suspected_is_marked_with_a_reason(cast: Cast) -> None:
    case = case_of(cast)
    author = by(cast, "dean", "case.plan")
    with pytest.raises(ValidationError, match="理由"):
        actions.change_stage(by=author, now=cast.now, case=case, to=Stage.SUSPECTED, reason=" ", day=DAY)
    actions.change_stage(by=author, now=cast.now, case=case, to=Stage.SUSPECTED, reason="满七天", day=DAY)
    assert facts_of(cast, happenings.CaseStageChanged)[0].now is Stage.SUSPECTED


def test_risk_is_a_persons_judgement(cast: Cast) -> None:
    case = case_of(cast)
    author = by(cast, "dean", "case.plan")
    with pytest.raises(ValidationError, match="理由"):
        actions.set_risk(by=author, now=cast.now, case=case, risk=Risk.HIGH, reason="")
    actions.set_risk(by=author, now=cast.now, case=case, risk=Risk.HIGH, reason="三次劝返没成")
    assert case.risk == Risk.HIGH


def test_return_is_only_a_statement(cast: Cast) -> None:
    case = case_of(cast)
    author = by(cast, "class_teacher", "case.plan")
    with pytest.raises(ValidationError, match="早于立案"):
        actions.state_returned(by=author, now=cast.now, case=case, day=DAY - timedelta(days=1))
    actions.state_returned(by=author, now=cast.now, case=case, day=day_of(cast.now))
    assert case.stage == Stage.OPEN
    assert facts_of(cast, happenings.Returned)[0].day == DAY


def test_every_stage_has_its_words_and_its_remedy() -> None:
    assert set(ALLOWED) == set(INSTEAD) == set(WORDS) == set(Stage)
