"""After the roll: arrivals, corrections with their trace, children added by name."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from guixiao.facts import SYSTEM
from guixiao.facts.clock import at
from guixiao.facts.codes import EnrolmentChange, FalseMark, Mark
from guixiao.journal.verify import verify
from guixiao.people import actions as people
from guixiao.people.models import Student
from guixiao.rollcall import actions
from guixiao.rollcall.models import Leave, MarkChange, RollCall, RollMark
from guixiao.rollcall.queries.rolls import figures, marked, unlisted
from guixiao.testing.cast import Cast

from .tools import EIGHT, MONDAY, by, take, told

TEN = at(MONDAY, 10, 20)


def arrive(cast: Cast, taken: RollCall, **more: object) -> RollMark:
    given = {"student": cast.child, "arrived_at": TEN, "now": TEN + timedelta(minutes=1)}
    return actions.arrived(by=by(cast), roll_call=taken, **(given | more))  # type: ignore[arg-type]  # as given


def correct(
    cast: Cast, taken: RollCall, mark: Mark, student: Student | None = None, **more: object
) -> RollMark:
    given = {"why": FalseMark.WRONG_CHILD, "now": TEN}
    return actions.correct(
        by=by(cast, action="rollcall.correct"),
        roll_call=taken,
        student=student or cast.child,
        mark=mark,
        **(given | more),  # type: ignore[arg-type]  # as given
    )


def join(cast: Cast, name: str = "石远") -> Student:
    people.move(
        by=SYSTEM,
        now=EIGHT,
        student=cast.children[name],
        klass=cast.klass,
        school=cast.school,
        day=MONDAY,
        change=EnrolmentChange.TRANSFERRED_IN,
    )
    return cast.children[name]


def test_arriving_late_is_presence_from_then(cast: Cast) -> None:
    taken = take(cast, {"李小满": Mark.NONE})
    row = arrive(cast, taken)
    assert (row.mark, row.arrived_at, row.away) == ("none", TEN, False)
    [fact] = told("late_arrival")
    assert (fact["student"], fact["arrived_at"]) == (cast.child.pk, TEN.isoformat())
    assert not told("mark_corrected")
    change = MarkChange.objects.get()
    assert (change.was, change.became, change.why) == ("none", "late", "")
    assert figures(taken, marked(taken)).late == 1
    with pytest.raises(actions.Stale):
        arrive(cast, taken)
    assert verify().problems == []


def test_a_repeated_arrival_is_the_same_arrival(cast: Cast) -> None:
    taken, same = take(cast, {"李小满": Mark.NONE}), uuid4()
    assert arrive(cast, taken, client_id=same) == arrive(cast, taken, client_id=same)
    assert MarkChange.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"arrived_at": TEN + timedelta(hours=1)}, "arrived_at"),
        ({"arrived_at": TEN - timedelta(days=1)}, "arrived_at"),
        ({"now": TEN + timedelta(days=8)}, "arrived_at"),
    ],
)
def test_arrivals_that_cannot_be(cast: Cast, more: dict[str, object], field: str) -> None:
    taken = take(cast, {"李小满": Mark.NONE})
    with pytest.raises(ValidationError) as error:
        arrive(cast, taken, **more)
    assert set(error.value.message_dict) == {field}
    assert RollMark.objects.get().arrived_at is None


def test_who_was_there_does_not_arrive(cast: Cast) -> None:
    taken = take(cast, {"罗天佑": Mark.LATE})
    for name in ("李小满", "罗天佑"):
        with pytest.raises(ValidationError):
            arrive(cast, taken, student=cast.children[name])


def test_a_false_mark_is_corrected_and_its_trace_kept(cast: Cast) -> None:
    taken = take(cast, {"李小满": Mark.NONE})
    correct(cast, taken, Mark.PRESENT, was=Mark.NONE)
    right = cast.children["罗天佑"]
    correct(cast, taken, Mark.NONE, student=right, was=Mark.PRESENT)
    assert {row.student.name: row.mark for row in RollMark.objects.all()} == {
        "李小满": "present",
        "罗天佑": "none",
    }
    facts = told("mark_corrected")
    assert [(fact["was"], fact["now"], fact["why"]) for fact in facts] == [
        ("none", "present", "wrong_child"),
        ("present", "none", "wrong_child"),
    ]
    assert told("absence_marked")[0]["student"] == cast.child.pk
    trace = MarkChange.objects.order_by("pk")
    assert [(row.was, row.became, row.post) for row in trace] == [
        ("none", "present", "class_teacher"),
        ("present", "none", "class_teacher"),
    ]
    assert verify().problems == []


def test_correction_is_no_way_to_leave(cast: Cast) -> None:
    taken = take(cast, {"李小满": Mark.NONE})
    for mark in (Mark.SICK, Mark.PERSONAL):
        with pytest.raises(ValidationError) as error:
            correct(cast, taken, mark)
        assert "不能改成请假" in error.value.message_dict["mark"][0]
    with pytest.raises(ValidationError):
        correct(cast, taken, Mark.NONE)
    with pytest.raises(actions.Stale):
        correct(cast, taken, Mark.PRESENT, was=Mark.SICK)
    assert not MarkChange.objects.exists()


def test_leave_that_a_false_mark_granted_falls_with_it(cast: Cast) -> None:
    until = MONDAY + timedelta(days=3)
    taken = take(cast, {"李小满": Mark.SICK}, leaves={cast.child.pk: (MONDAY, until)})
    correct(cast, taken, Mark.PRESENT, why=FalseMark.WAS_PRESENT)
    leave = Leave.objects.get()
    assert leave.withdrawn
    assert (leave.first, leave.granted_last) == (MONDAY, until)
    assert told("leave_ended") == [{"student": cast.child.pk, "leave": leave.pk, "last": "2026-09-27"}]
    assert verify().problems == []


def test_children_who_joined_after_the_roster_are_added_by_name(cast: Cast) -> None:
    taken = take(cast)
    new = join(cast)
    with pytest.raises(ValidationError):
        actions.add_missing(by=by(cast), now=TEN, roll_call=taken, marks={cast.child.pk: Mark.NONE})
    with pytest.raises(ValidationError):
        actions.add_missing(by=by(cast), now=TEN, roll_call=taken, marks={})
    same = uuid4()
    rows = actions.add_missing(
        by=by(cast), now=TEN, roll_call=taken, marks={new.pk: Mark.PRESENT}, client_id=same
    )
    again = actions.add_missing(
        by=by(cast), now=TEN, roll_call=taken, marks={new.pk: Mark.NONE}, client_id=same
    )
    assert rows == again
    assert told("presence_marked") == [
        {"student": new.pk, "class_id": cast.klass.pk, "day": "2026-09-28", "session": "morning"}
    ]
    assert unlisted(taken) == []
    assert figures(taken, marked(taken)).present == 9
    with pytest.raises(ValidationError):
        actions.add_missing(by=by(cast), now=TEN, roll_call=taken, marks={new.pk: Mark.NONE})
    assert verify().problems == []


def test_an_added_absence_is_an_absence(cast: Cast) -> None:
    taken = take(cast)
    new = join(cast)
    actions.add_missing(by=by(cast), now=TEN, roll_call=taken, marks={new.pk: Mark.NONE})
    assert [fact["student"] for fact in told("absence_marked")] == [new.pk]
    seen = figures(taken, marked(taken))
    assert (seen.present, seen.away) == (8, 1)
    assert verify().problems == []


def test_who_left_the_class_is_not_missing(cast: Cast) -> None:
    taken = take(cast, day=date(2026, 9, 24))
    join(cast)
    assert unlisted(taken) == []
