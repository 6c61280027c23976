"""Opening a year and taking it back: who is where, who leads whom, what refuses, what the journal says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guixiao.facts import SYSTEM
from guixiao.facts.clock import at
from guixiao.facts.codes import EnrolmentChange
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.people import actions as people
from guixiao.people.models import Enrolment, Status, Student
from guixiao.places import actions as places
from guixiao.places.models import Deputy, Holding, Kind, Place, SchoolTerm
from guixiao.schoolyear import actions
from guixiao.schoolyear.draft import caught_up, look
from guixiao.schoolyear.models import State
from guixiao.schoolyear.plan import Plan, with_class
from guixiao.testing.cast import START

from .scene import SUMMER, TERM, YEAR, Scene, child, teacher

pytestmark = pytest.mark.django_db


def sound() -> None:
    assert [str(problem) for problem in verify().problems] == []


def image() -> dict[str, list[tuple[object, ...]]]:
    """Everything the turn touches, without versions of rosters and without the preview itself."""
    return {
        "places": list(Place.objects.order_by("pk").values_list("pk", "name", "closed_on", "school_year")),
        "students": list(Student.objects.order_by("pk").values_list("pk", "klass", "path", "status")),
        "enrolments": list(
            Enrolment.objects.order_by("pk").values_list(
                "pk", "klass", "first", "last", "exit", "exit_version"
            )
        ),
        "holdings": list(
            Holding.objects.order_by("pk").values_list("pk", "place", "person", "first", "last")
        ),
        "deputies": list(Deputy.objects.order_by("pk").values_list("pk", "person", "first", "last")),
    }


def test_every_class_goes_one_grade_up_and_the_last_graduates(scene: Scene) -> None:
    opened = scene.open(scene.draft())
    assert opened.first == TERM
    names = Place.objects.filter(school_year=YEAR).order_by("grade", "name").values_list("grade", "name")
    assert list(names) == [(7, "七（1）班"), (8, "八（1）班"), (9, "九（3）班"), (9, "九（4）班")]
    assert scene.child("莫小雨").klass == scene.klass("八（1）班")
    assert scene.child("李小满").klass == scene.klass("九（3）班")
    assert scene.child("李小满").path == scene.klass("九（3）班").path
    gone = scene.child("梁毕业")
    assert (gone.status, gone.klass) == (Status.GRADUATED, None)
    old = Place.objects.get(pk=scene.cast.klass.pk)
    assert old.closed_on == TERM
    before, after = Enrolment.objects.filter(student=scene.child("李小满")).order_by("first")
    assert (before.last, before.exit, after.first, after.entry) == (
        TERM - timedelta(days=1),
        "promoted",
        TERM,
        "promoted",
    )
    sound()


def test_who_is_out_of_school_does_not_graduate_silently(scene: Scene) -> None:
    """policy.md, semantics 12: nothing takes a child out of the count but a closed case."""
    scene.open(scene.draft())
    for name, status in (("农休学", Status.SUSPENDED), ("潘辍学", Status.DROPPED_OUT)):
        one = scene.child(name)
        assert (one.status, one.klass_id) == (status, scene.cast.places["九（1）班"].pk)
        assert Enrolment.objects.filter(student=one, last=None).count() == 1


def test_a_dropout_of_a_lower_grade_goes_along_as_a_dropout(scene: Scene) -> None:
    cast = scene.cast
    people.set_status(
        by=SYSTEM,
        now=START,
        student=cast.children["莫小雨"],
        status=Status.DROPPED_OUT,
        change=EnrolmentChange.DROPPED_OUT,
        day=date(2026, 10, 8),
    )
    scene.open(scene.draft())
    one = scene.child("莫小雨")
    assert (one.status, one.klass) == (Status.DROPPED_OUT, scene.klass("八（1）班"))
    sound()


def test_teachers_go_along_and_see_their_children_from_the_day_of_opening(scene: Scene) -> None:
    cast = scene.cast
    acting = places.add_person(by=SYSTEM, now=START, name="代课某")
    places.name_deputy(
        by=SYSTEM, now=START, holding=cast.holdings["class_teacher"], person=acting, first=date(2027, 5, 1)
    )
    scene.open(scene.draft())
    new = Holding.objects.get(place=scene.klass("九（3）班"), post="class_teacher")
    assert new.person_id == cast.holdings["class_teacher"].person_id
    assert (new.first, new.last) == (date(2027, 7, 20), None)
    assert [row.person_id for row in new.deputies.all()] == [acting.pk]
    old = Holding.objects.get(pk=cast.holdings["class_teacher"].pk)
    assert old.last == TERM - timedelta(days=1)
    assert cast.actor("class_teacher", SUMMER).may_at("student.view", scene.child("李小满").path)
    sound()


def test_taken_back_everything_is_as_before(scene: Scene) -> None:
    places.name_deputy(
        by=SYSTEM,
        now=START,
        holding=scene.cast.holdings["class_teacher"],
        person=teacher(scene.cast.places["八（4）班"], "代课某"),
        first=date(2027, 5, 1),
    )
    before = image()
    entries = Entry.objects.count()
    again = scene.undo(scene.open(scene.draft()))
    assert image() == before
    assert (again.state, again.year) == (State.DRAFT, YEAR)
    assert Entry.objects.count() > entries, "taken back by new facts, not by deleting"
    sound()
    opened = scene.open(again)
    assert scene.child("李小满").klass == scene.klass("九（3）班")
    assert opened.state == State.OPENED
    sound()


def test_after_the_first_roll_call_it_stays_open(scene: Scene) -> None:
    opened = scene.open(scene.draft())
    scene.roll(scene.klass("九（3）班"), at(date(2027, 9, 1), 8, 5))
    with pytest.raises(ValidationError) as refused:
        scene.undo(opened, now=at(date(2027, 9, 1), 9))
    assert "九（3）班" in str(refused.value)
    assert "班主任班主任某" in str(refused.value)
    assert "08:05" in str(refused.value)


def test_a_child_who_joined_since_holds_the_opening(scene: Scene) -> None:
    opened = scene.open(scene.draft())
    child(scene.cast, "新来的", scene.klass("七（1）班"), first=TERM, now=SUMMER)
    with pytest.raises(ValidationError, match="新来的"):
        scene.undo(opened)
    assert scene.child("李小满").klass == scene.klass("九（3）班")
    sound()


def test_a_term_nobody_set_is_asked_for(scene: Scene) -> None:
    draft = scene.draft()
    SchoolTerm.objects.filter(code="2027-1").delete()
    with pytest.raises(ValidationError, match="2027-1"):
        scene.open(draft)


def test_not_before_the_last_term_is_over(scene: Scene) -> None:
    early = at(date(2027, 7, 9), 17)
    with pytest.raises(ValidationError, match="2027年7月10日"):
        scene.open(scene.draft(early), now=early)


def test_not_twice(scene: Scene) -> None:
    draft = scene.draft()
    scene.open(draft)
    with pytest.raises(ValidationError, match="已经定了"):
        scene.open(draft)
    with pytest.raises(ValidationError, match="已经开了"):
        scene.draft()


def test_who_joined_since_the_draft_must_be_taken_over(scene: Scene) -> None:
    draft = scene.draft()
    child(scene.cast, "插班生", scene.cast.places["七（1）班"], now=SUMMER)
    before = image()
    with pytest.raises(ValidationError, match="并入变动"):
        scene.open(draft)
    assert image() == before
    sound()


def test_opened_late_the_old_rolls_stand_and_the_new_classes_begin_after_them(scene: Scene) -> None:
    """Three days into the term the old classes still take the roll; the turn comes on the fourth morning."""
    draft = scene.draft()
    for day in (1, 2):
        scene.roll(scene.cast.klass, at(date(2027, 9, day), 8, 5))
    with pytest.raises(ValidationError, match="今天已经有班"):
        scene.open(draft, now=at(date(2027, 9, 2), 9))
    opened = scene.open(draft, now=at(date(2027, 9, 3), 7))
    assert opened.first == date(2027, 9, 3)
    sound()


def test_the_statements_grow_with_the_classes_not_with_the_children(scene: Scene) -> None:
    def cost() -> int:
        opening = scene.draft()
        with CaptureQueriesContext(connection) as asked:
            opened = scene.open(opening)
        scene.undo(opened)
        return len(asked)

    cost()  # the accounts of those who act are made once
    few = cost()
    klass = scene.cast.places["七（1）班"]
    for number in range(40):
        child(scene.cast, f"多{number}", klass)
    opening = scene.draft()
    plan = caught_up(Plan.read(opening.plan), look(scene.school, YEAR))
    by = scene.cast.actor("student_affairs", SUMMER).by("year.draft")
    actions.change(by=by, now=SUMMER, opening=opening, version=opening.version, plan=plan, what="caught_up")
    assert cost() == few


def test_a_class_that_stands_already_is_left_alone(scene: Scene) -> None:
    """The intake of the new year was imported first: its class is not made twice, and taking back leaves it."""
    grade = Place.objects.get(name="七年级", path__startswith=scene.school.path)
    new = places.add_place(
        by=SYSTEM, now=START, parent=grade, kind=Kind.CLASS, name="七（1）班", grade=7, school_year=YEAR
    )
    scene.cast.children["新生"] = child(scene.cast, "新生", new, first=TERM, now=SUMMER)
    draft = scene.draft()
    assert [one.name for one in Plan.read(draft.plan).in_grade(7)] == []
    opened = scene.open(draft)
    assert scene.child("新生").klass == new
    scene.undo(opened)
    assert Place.objects.filter(pk=new.pk, closed_on=None).exists()
    assert scene.child("新生").klass == new
    sound()


def test_two_classes_of_one_name_are_refused(scene: Scene) -> None:
    draft = scene.draft()
    plan = Plan.read(draft.plan)
    nine = plan.in_grade(9)
    by = scene.cast.actor("student_affairs", SUMMER).by("year.draft")
    same = with_class(plan, replace(nine[0], name=nine[1].name))
    draft = actions.change(by=by, now=SUMMER, opening=draft, version=draft.version, plan=same, what="rename")
    with pytest.raises(ValidationError, match="都叫"):
        scene.open(draft)


def test_a_teacher_who_left_is_named(scene: Scene) -> None:
    draft = scene.draft()
    places.end_post(
        by=SYSTEM, now=SUMMER, holding=scene.cast.holdings["class_teacher"], last=date(2027, 7, 12)
    )
    with pytest.raises(ValidationError, match="班主任某已经没有任何岗位"):
        scene.open(draft)


def test_a_school_without_a_grade_for_its_class_is_told(scene: Scene) -> None:
    draft = scene.draft()
    places.add_place(
        by=SYSTEM, now=START, parent=scene.school, kind=Kind.CLASS, name="试点班", school_year=2026
    )
    with pytest.raises(ValidationError, match="试点班没有写明年级"):
        scene.open(draft)
