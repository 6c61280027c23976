"""From an absence to a duty and to its end: each once, journaled, told."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guixiao.duties.gather import gather
from guixiao.duties.models import State
from guixiao.duties.settle import settle
from guixiao.facts.clock import at, end_of
from guixiao.facts.codes import Mark
from guixiao.journal.append import Touched
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.notify.models import Kind, Notice
from guixiao.places import actions as places
from guixiao.policy import Subject, SubjectKind
from guixiao.testing.cast import CHILDREN, Cast

from .life import MONDAY, bind, correct, of, roll, the, visit

pytestmark = pytest.mark.django_db


def test_one_absence_asks_the_class_teacher_for_a_visit_today(cast: Cast) -> None:
    bind(cast)
    roll(cast, MONDAY, ["李小满"])
    duty = the(cast.child, "first_day_visit")
    assert (duty.state, duty.post, duty.holder_id) == (
        State.OPEN,
        "class_teacher",
        cast.holdings["class_teacher"].person_id,
    )
    assert duty.due == end_of(MONDAY)
    assert duty.clause_article == "（二）1"
    assert the(cast.child, "first_day_report").state == State.MET
    assert not verify().problems


def test_settling_twice_changes_nothing(cast: Cast) -> None:
    bind(cast)
    roll(cast, MONDAY, ["李小满", "覃晓峰"])
    before = (Entry.objects.count(), Notice.objects.count())
    again = settle({Touched("student", cast.child.pk), Touched("place", cast.klass.pk)}, at(MONDAY, 8, 30))
    assert again.nothing
    assert (Entry.objects.count(), Notice.objects.count()) == before


def test_no_duty_for_facts_before_adoption(cast: Cast) -> None:
    bind(cast, first=date(2026, 9, 29))
    roll(cast, MONDAY, ["李小满"])
    assert not of(cast.child)


def test_a_visit_by_the_right_people_meets_it(cast: Cast) -> None:
    bind(cast)
    roll(cast, MONDAY, ["李小满"])
    visit(cast, "李小满", at(MONDAY, 17), posts=("subject_teacher",), number=1)
    assert the(cast.child, "first_day_visit").state == State.OPEN
    visit(cast, "李小满", at(MONDAY, 18), number=2)
    duty = the(cast.child, "first_day_visit")
    assert (duty.state, duty.late, duty.demanded) == (State.MET, False, False)
    assert duty.met_by == Entry.objects.get(kind="home_visit_made", payload__visit=2).pk


def test_a_false_mark_withdraws_and_everybody_told_is_told(cast: Cast) -> None:
    bind(cast)
    roll(cast, MONDAY, ["李小满"])
    roll(cast, date(2026, 9, 29), ["李小满"])
    told = set(Notice.objects.filter(student=cast.child.pk).values_list("person", flat=True))
    assert {cast.holdings[post].person_id for post in ("class_teacher", "liaison_leader")} <= told
    correct(cast, "李小满", MONDAY, at(date(2026, 9, 29), 10))
    correct(cast, "李小满", date(2026, 9, 29), at(date(2026, 9, 29), 10, 5))
    assert {duty.state for duty in of(cast.child) if duty.state != State.MET} <= {
        State.WITHDRAWN,
        State.MISSED,
    }
    assert not [duty for duty in of(cast.child) if duty.demanded]
    retold = set(Notice.objects.filter(kind=Kind.WITHDRAWN).values_list("person", flat=True))
    assert retold == told
    assert not verify().problems


def test_coming_back_withdraws_what_is_not_overdue_and_keeps_what_is(cast: Cast) -> None:
    bind(cast)
    roll(cast, MONDAY, ["李小满"])
    roll(cast, date(2026, 9, 29), ["李小满"])
    missed = the(cast.child, "first_day_visit")
    assert (missed.state, missed.demanded) == (State.MISSED, True)
    roll(cast, date(2026, 9, 30), [])
    missed.refresh_from_db()
    assert (missed.state, missed.demanded) == (State.MISSED, False)
    assert missed.against_id == cast.holdings["class_teacher"].person_id
    assert the(cast.child, "second_day_joint_visit").state == State.MISSED


def test_it_counts_against_the_holder_at_the_deadline(cast: Cast) -> None:
    """Handed over the morning after: the new class teacher has it, the old one keeps it to their name."""
    bind(cast)
    old = cast.holdings["class_teacher"]
    by = cast.actor("principal").by("place.edit")
    new = places.add_person(by=by, now=cast.now, name="新班主任")
    roll(cast, MONDAY, ["李小满"])
    places.end_post(by=by, now=at(MONDAY, 12), holding=old, last=MONDAY)
    places.hold_post(
        by=by, now=at(MONDAY, 12), person=new, place=cast.klass, post="class_teacher", first=date(2026, 9, 29)
    )
    settle({Touched("student", cast.child.pk)}, at(date(2026, 9, 29), 7))
    duty = the(cast.child, "first_day_visit")
    assert (duty.state, duty.against_id, duty.holder_id) == (State.MISSED, old.person_id, new.pk)
    assert Notice.objects.filter(person=new, duty=duty.pk, kind=Kind.DUE).exists()


def test_a_vacant_post_goes_to_its_deputy_and_says_so(cast: Cast) -> None:
    bind(cast)
    by = cast.actor("principal").by("place.edit")
    leader = cast.holdings["liaison_leader"]
    stand_in = places.add_person(by=by, now=cast.now, name="代理人")
    places.name_deputy(by=by, now=cast.now, holding=leader, person=stand_in, first=MONDAY)
    places.end_post(by=by, now=cast.now, holding=leader, last=date(2026, 9, 27))
    roll(cast, MONDAY, ["李小满"])
    roll(cast, date(2026, 9, 29), ["李小满"])
    duty = the(cast.child, "second_day_joint_visit")
    assert (duty.holder_id, duty.via, duty.vacancies) == (stand_in.pk, "deputy", ["liaison_leader"])


def test_a_late_sync_keeps_the_key_of_the_earlier_run(cast: Cast) -> None:
    """Friday's sheet arrives on Monday: one episode, one duty, the first key."""
    bind(cast)
    roll(cast, MONDAY, ["李小满"])
    first = the(cast.child, "first_day_visit")
    roll(cast, date(2026, 9, 24), ["李小满"], now=at(MONDAY, 9))
    same = the(cast.child, "first_day_visit")
    assert (same.pk, same.episode) == (first.pk, MONDAY.isoformat())


def test_rungs_fire_once_each(cast: Cast) -> None:
    bind(cast)
    roll(cast, MONDAY, ["李小满"])
    for hour in (0, 1, 9):
        settle({Touched("student", cast.child.pk)}, at(date(2026, 9, 29), hour, 1))
    duty = the(cast.child, "first_day_visit")
    assert [rung.rung for rung in duty.rungs.all()] == [1]
    assert Notice.objects.filter(kind=Kind.ESCALATED, duty=duty.pk).count() == 1
    settle({Touched("student", cast.child.pk)}, at(date(2026, 10, 10), 9))
    assert [rung.rung for rung in duty.rungs.order_by("rung")] == [1, 2, 3]
    assert len({rung.person_id for rung in duty.rungs.all()}) == 3
    assert not verify().problems


def test_what_cannot_be_told_is_the_deans_today_and_clears(cast: Cast) -> None:
    bind(cast)
    roll(cast, date(2026, 9, 23), ["李小满"])
    settle({Touched("student", cast.child.pk)}, at(date(2026, 9, 25), 7))
    unclear = [duty for duty in of(cast.child) if duty.state == State.CANNOT_TELL]
    assert unclear
    assert {duty.post for duty in unclear} == {"dean"}
    roll(cast, date(2026, 9, 24), [], now=at(date(2026, 9, 25), 8))
    assert not [duty for duty in of(cast.child) if duty.state == State.CANNOT_TELL]


def test_gathering_costs_the_same_for_one_child_and_for_many(cast: Cast) -> None:
    bind(cast)
    roll(cast, MONDAY, list(CHILDREN))
    costs = []
    for children in (CHILDREN[:1], CHILDREN):
        subjects = [Subject(SubjectKind.STUDENT, cast.children[name].pk) for name in children]
        with CaptureQueriesContext(connection) as queries:
            gather(subjects, MONDAY, MONDAY)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 12


def test_a_withdrawn_duty_lives_again_when_the_mark_was_right_after_all(cast: Cast) -> None:
    bind(cast)
    roll(cast, MONDAY, ["李小满"])
    correct(cast, "李小满", MONDAY, at(MONDAY, 9))
    duty = the(cast.child, "first_day_visit")
    assert duty.state == State.WITHDRAWN
    correct(cast, "李小满", MONDAY, at(MONDAY, 10), was=Mark.PRESENT, right=Mark.NONE)
    duty.refresh_from_db()
    assert (duty.state, duty.demanded, duty.why_ended) == (State.OPEN, True, None)
    assert of(cast.child, "first_day_visit") == [duty]
    assert not verify().problems
