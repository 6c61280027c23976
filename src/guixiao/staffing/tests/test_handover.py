"""A post passes on with everything that is open; what was missed stays with who held it; undone while untouched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from guixiao.access.actions import open_account
from guixiao.access.actor import actor_of
from guixiao.access.models import Account
from guixiao.cases import actions as cases
from guixiao.duties.models import Duty, State
from guixiao.duties.settle import settle
from guixiao.duties.tests.life import bind, roll, the, visit
from guixiao.duties.tick import tick
from guixiao.facts import SYSTEM
from guixiao.facts.clock import at
from guixiao.journal.append import Touched
from guixiao.journal.verify import verify
from guixiao.people.actions import assign
from guixiao.people.models import Assignment
from guixiao.places.actions import add_person, end_post, hold_post, name_deputy
from guixiao.places.models import Deputy, Holding, Person
from guixiao.staffing import actions, matters
from guixiao.staffing.models import Handover
from guixiao.testing.cast import FIRST, NOW, Cast

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 9, 28)
TUESDAY = MONDAY + timedelta(days=1)


def newcomer(name: str = "新老师", number: str = "N001") -> Person:
    return add_person(by=SYSTEM, now=NOW, name=name, staff_number=number)


def seat(cast: Cast, post: str = "class_teacher") -> Holding:
    return Holding.objects.select_related("person", "place").get(pk=cast.holdings[post].pk)


def hand(
    cast: Cast,
    to: Person | None,
    day: date = MONDAY,
    post: str = "class_teacher",
    assignments: Sequence[int] = (),
) -> Handover:
    """The principal hands a post of the cast over, and what that touched is settled."""
    holding = seat(cast, post)
    by = cast.actor("principal").by("place.edit", cast.school.path)
    made = actions.hand_over(by=by, now=NOW, holding=holding, day=day, to=to, assignments=assignments)
    settle({Touched("place", holding.place_id)}, NOW)
    return made


def test_open_duties_go_to_the_successor_and_missed_ones_stay_against_who_had_them(cast: Cast) -> None:
    bind(cast)
    friday = date(2026, 9, 24)
    roll(cast, friday, ["李小满"])
    tick(at(MONDAY, 0, 5))
    roll(cast, MONDAY, ["李小满", "覃晓峰"])
    old = seat(cast).person_id
    missed = the(cast.child, "first_day_visit")
    assert (missed.state, missed.against_id, missed.holder_id) == (State.MISSED, old, old)
    new = newcomer()
    row = hand(cast, new)
    missed.refresh_from_db()
    fresh = the(cast.children["覃晓峰"], "first_day_visit")
    assert (missed.against_id, missed.holder_id) == (old, new.pk)
    assert (fresh.state, fresh.holder_id) == (State.OPEN, new.pk)
    assert not Duty.objects.filter(holder=old, demanded=True, post="class_teacher").exists()
    assert set(row.matters["duties"]["ids"]) >= {missed.pk, fresh.pk}
    held = list(Holding.objects.filter(place=cast.klass, post="class_teacher").order_by("first"))
    assert [(one.person_id, one.first, one.last) for one in held] == [
        (old, date(2026, 8, 20), date(2026, 9, 27)),
        (new.pk, MONDAY, None),
    ]
    assert verify().problems == []


def test_a_later_day_changes_hands_on_that_day(cast: Cast) -> None:
    bind(cast)
    roll(cast, MONDAY, ["李小满"])
    new = newcomer()
    hand(cast, new, day=date(2026, 9, 30))
    assert the(cast.child, "first_day_visit").holder_id == seat(cast).person_id
    tick(at(TUESDAY, 0, 5))
    assert the(cast.child, "first_day_visit").against_id == seat(cast).person_id
    tick(at(date(2026, 9, 30), 0, 5))
    duty = the(cast.child, "first_day_visit")
    assert (duty.holder_id, duty.against_id) == (new.pk, seat(cast).person_id)


def test_left_vacant_what_is_open_climbs(cast: Cast) -> None:
    bind(cast)
    roll(cast, MONDAY, ["李小满"])
    row = hand(cast, None)
    assert row.successor_id is None
    duty = the(cast.child, "first_day_visit")
    assert duty.holder_id not in (None, seat(cast).person_id)
    assert (
        "class_teacher" in [gap if isinstance(gap, str) else gap.get("post") for gap in duty.vacancies]
        or duty.vacancies
    )


def test_chosen_assignments_move_from_that_day(cast: Cast) -> None:
    teacher = seat(cast).person_id
    rows = [
        assign(by=SYSTEM, now=NOW, student=cast.children[name], person_id=teacher, role=role, first=FIRST)
        for name, role in (("李小满", "net"), ("覃晓峰", "pairing"), ("石远", "net"))
    ]
    new = newcomer()
    row = hand(cast, new, day=TUESDAY, assignments=[rows[0].pk])
    assert row.matters["assignments"]["ids"] == [rows[0].pk, rows[1].pk], (
        "a child elsewhere is not of this post"
    )
    moved, kept = Assignment.objects.get(pk=rows[0].pk), Assignment.objects.get(pk=rows[1].pk)
    assert (moved.last, kept.last) == (MONDAY, None)
    made = Assignment.objects.get(person=new)
    assert (made.student_id, made.role, made.first, made.last) == (cast.child.pk, "net", TUESDAY, None)
    actions.undo_handover(by=SYSTEM, now=NOW, handover=row)
    assert not Assignment.objects.filter(person=new).exists()
    moved.refresh_from_db()
    assert moved.last is None
    assert verify().problems == []


def test_deputies_end_with_the_holding_and_come_back(cast: Cast) -> None:
    deputy = name_deputy(by=SYSTEM, now=NOW, holding=seat(cast), person=newcomer("替身", "D1"), first=FIRST)
    row = hand(cast, newcomer(), day=TUESDAY)
    deputy.refresh_from_db()
    assert deputy.last == MONDAY
    actions.undo_handover(by=SYSTEM, now=NOW, handover=row)
    assert Deputy.objects.get(pk=deputy.pk).last is None
    assert Holding.objects.get(place=cast.klass, post="class_teacher").last is None
    assert verify().problems == []


@pytest.mark.parametrize(
    ("day", "said"),
    [(date(2026, 8, 20), "要晚于"), (date(2026, 12, 2), "最晚是第二天")],
)
def test_days_that_cannot_be(cast: Cast, day: date, said: str) -> None:
    end_post(by=SYSTEM, now=NOW, holding=seat(cast), last=date(2026, 11, 30))
    with pytest.raises(ValidationError, match=said):
        hand(cast, newcomer(), day=day)
    assert not Handover.objects.exists()


def test_what_cannot_be(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="就是本人"):
        hand(cast, seat(cast).person)
    hand(cast, newcomer(), day=TUESDAY)
    with pytest.raises(ValidationError, match="已经办过交接"):
        hand(cast, newcomer("又一个", "N2"), day=MONDAY)


def test_a_successor_who_holds_what_must_stand_alone(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="三个管理员"):
        hand(cast, cast.holdings["audit_admin"].person)
    assert seat(cast).last is None, "nothing is half done"


def test_not_undone_once_the_successor_acted(cast: Cast) -> None:
    bind(cast)
    roll(cast, MONDAY, ["李小满"])
    new = newcomer()
    row = hand(cast, new)
    account = open_account(by=SYSTEM, now=NOW, person=new, username="new", must_change=False)
    cast.accounts["new"] = account
    cast.holdings["new"] = Holding.objects.get(pk=row.successor_id or 0)
    visit_by(cast, account)
    with pytest.raises(ValidationError, match="办过事，不能撤回"):
        actions.undo_handover(by=SYSTEM, now=at(MONDAY, 20), handover=row)
    assert Handover.objects.get().state == "done"


def visit_by(cast: Cast, account: Account) -> None:
    """The newcomer takes the roll correction route: any act by virtue of the post will do."""
    assign(
        by=actor_of(account, at(MONDAY, 12)).by("visit.record", cast.klass.path),
        now=at(MONDAY, 12),
        student=cast.child,
        person_id=account.person_id,
        role="visits",
        first=MONDAY,
    )


def test_not_undone_once_confirmed_or_filled(cast: Cast) -> None:
    row = hand(cast, newcomer())
    actions.take_over(by=SYSTEM, now=NOW, handover=row)
    with pytest.raises(ValidationError, match="确认接手"):
        actions.undo_handover(by=SYSTEM, now=NOW, handover=row)
    vacant = hand(cast, None, post="dean")
    hold_post(
        by=SYSTEM, now=NOW, person=newcomer("补上", "N3"), place=cast.school, post="dean", first=TUESDAY
    )
    with pytest.raises(ValidationError, match="补上已经任这个岗位"):
        actions.undo_handover(by=SYSTEM, now=NOW, handover=vacant)


def test_undone_twice_is_said(cast: Cast) -> None:
    row = hand(cast, newcomer())
    actions.undo_handover(by=SYSTEM, now=NOW, handover=row)
    with pytest.raises(ValidationError, match="已经撤销过"):
        actions.undo_handover(by=SYSTEM, now=NOW, handover=row)


def test_everything_open_is_on_the_list(cast: Cast) -> None:
    """A duty, a case, a task of its plan, an assignment, and the roll calls nobody handed in."""
    bind(cast)
    teacher = seat(cast)
    roll(cast, date(2026, 9, 24), ["李小满"])
    case = cases.open_case(by=SYSTEM, now=NOW, student=cast.child, ground="三天没来", day=MONDAY)
    task = cases.NewRow("班主任", "带课本去看她", date(2026, 10, 9), "见到孩子", teacher.person_id)
    cases.make_plan(by=SYSTEM, now=NOW, case=case, rows=[task])
    assign(by=SYSTEM, now=NOW, student=cast.child, person_id=teacher.person_id, role="net", first=FIRST)
    kept = matters.snapshot(teacher, NOW)
    assert {"duties", "cases", "plans", "assignments", "rolls"} <= set(kept)
    assert kept["cases"]["ids"] == [case.pk]
    assert "2026-09-28" in kept["rolls"]["ids"]
    shown = {each.kind: each for each in matters.shown(teacher, kept, cast.actor("principal"))}
    assert shown["cases"].items[0].about == "李小满"
    blind = {each.kind: each for each in matters.shown(teacher, kept, cast.actor("system_admin"))}
    said = [item.about + item.what for each in blind.values() for item in each.items]
    assert not any("李小满" in text or "带课本" in text for text in said)
    assert "cases" in matters.snapshot(seat(cast, "village_head"), NOW)


def test_visits_by_the_successor_meet_what_was_taken_over(cast: Cast) -> None:
    bind(cast)
    roll(cast, MONDAY, ["李小满"])
    new = newcomer()
    row = hand(cast, new)
    cast.accounts["class_teacher"] = open_account(
        by=SYSTEM, now=NOW, person=new, username="n", must_change=False
    )
    cast.holdings["class_teacher"] = Holding.objects.get(pk=row.successor_id or 0)
    visit(cast, "李小满", at(MONDAY, 17))
    assert the(cast.child, "first_day_visit").state == State.MET
