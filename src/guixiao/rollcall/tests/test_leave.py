"""Leave works from its granting; backdating it needs the highest post already notified."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from guixiao.facts import SYSTEM, happenings
from guixiao.facts.clock import at, end_of
from guixiao.facts.codes import EnrolmentChange, LeaveKind, Mark
from guixiao.journal.append import Stated, append
from guixiao.journal.verify import verify
from guixiao.people import actions as people
from guixiao.people.models import Status
from guixiao.rollcall import actions
from guixiao.rollcall.models import Leave
from guixiao.rollcall.queries import State, day_states, highest_notified
from guixiao.testing.cast import Cast

from .tools import EIGHT, MONDAY, by, take, told

THURSDAY = date(2026, 9, 24)
LAST = MONDAY + timedelta(days=2)


def grant(
    cast: Cast,
    first: date = MONDAY,
    last: date = LAST,
    *,
    post: str = "class_teacher",
    told: str | None = None,
) -> Leave:
    return actions.grant_leave(
        by=by(cast, post, "leave.grant"),
        now=EIGHT,
        student=cast.child,
        kind=LeaveKind.PERSONAL,
        first=first,
        last=last,
        reason=" 家里有事 ",
        highest_notified=told,
    )


def test_leave_from_today(cast: Cast) -> None:
    leave = grant(cast)
    assert (leave.reason, leave.backdated_by, leave.post) == ("家里有事", "", "class_teacher")
    assert told("leave_granted") == [
        {
            "student": cast.child.pk,
            "leave": leave.pk,
            "kind_of_leave": "personal",
            "first": "2026-09-28",
            "last": "2026-09-30",
        }
    ]
    assert verify().problems == []


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (LAST, MONDAY, "last"),
        (MONDAY, MONDAY + timedelta(days=120), "last"),
    ],
)
def test_periods_that_cannot_be(cast: Cast, first: date, last: date, field: str) -> None:
    with pytest.raises(ValidationError) as error:
        grant(cast, first, last)
    assert set(error.value.message_dict) == {field}


def test_leave_twice_for_the_same_days(cast: Cast) -> None:
    grant(cast)
    with pytest.raises(ValidationError) as error:
        grant(cast, MONDAY + timedelta(days=1))
    assert "已经准过假" in error.value.message_dict["first"][0]


def test_a_dropout_needs_no_leave(cast: Cast) -> None:
    people.set_status(
        by=SYSTEM,
        now=EIGHT,
        student=cast.child,
        status=Status.DROPPED_OUT,
        change=EnrolmentChange.DROPPED_OUT,
        day=MONDAY,
    )
    with pytest.raises(ValidationError):
        grant(cast)


@pytest.mark.parametrize(
    ("post", "notified", "allowed"),
    [
        ("dean", None, True),
        ("dean", "class_teacher", True),
        ("dean", "dean", True),
        ("dean", "vice_principal", False),
        ("vice_principal", "vice_principal", True),
        ("principal", "basic_education", False),
    ],
)
def test_backdating_needs_the_highest_post_notified(
    cast: Cast, post: str, notified: str | None, allowed: bool
) -> None:
    if allowed:
        leave = grant(cast, THURSDAY, MONDAY, post=post, told=notified)
        assert leave.backdated_by == post
        assert told("leave_granted")[0]["backdated_by"] == post
    else:
        with pytest.raises(ValidationError) as error:
            grant(cast, THURSDAY, MONDAY, post=post, told=notified)
        assert "或更上面的人来办" in error.value.message_dict["first"][0]
        assert not Leave.objects.exists()


def test_who_has_been_notified_is_read_from_the_journal(cast: Cast) -> None:
    child = cast.child.pk
    assert highest_notified(child, THURSDAY) is None
    facts = [
        happenings.Reported(student=child, act="phone", day=THURSDAY, to=("dean", "principal")),
        happenings.DutyOpened(duty=1, pack="p", rule="r", due=end_of(MONDAY), student=child),
        happenings.DutyEscalated(duty=1, rung=1, post="vice_principal", person=None, student=child),
        happenings.Reported(student=cast.children["罗天佑"].pk, act="x", day=MONDAY, to=("county_head",)),
    ]
    with transaction.atomic():
        append([Stated(fact) for fact in facts], by=SYSTEM, now=EIGHT)
    assert highest_notified(child, THURSDAY) == "principal"
    assert highest_notified(child, MONDAY) == "vice_principal"
    assert highest_notified(child, MONDAY + timedelta(days=1)) is None


def test_backdated_leave_excuses_and_late_leave_does_not(cast: Cast) -> None:
    take(cast, {"李小满": Mark.NONE}, day=THURSDAY)
    grant(cast, MONDAY, LAST)
    assert day_states([cast.child.pk], THURSDAY, THURSDAY)[cast.child.pk][0].state is State.NONE
    grant(cast, THURSDAY, MONDAY, post="dean")
    states = day_states([cast.child.pk], THURSDAY, LAST)[cast.child.pk]
    assert [found.state for found in states] == [
        State.PERSONAL,
        State.NO_SCHOOL,
        State.NO_SCHOOL,
        State.NO_SCHOOL,
        State.PERSONAL,
        State.PERSONAL,
        State.PERSONAL,
    ]


def end(cast: Cast, leave: Leave, last: date, now_day: date = MONDAY) -> Leave:
    return actions.end_leave(by=by(cast, action="leave.grant"), now=at(now_day, 9), leave=leave, last=last)


def test_ending_leave_early(cast: Cast) -> None:
    leave = grant(cast)
    end(cast, leave, MONDAY)
    assert (leave.last, leave.granted_last) == (MONDAY, LAST)
    assert told("leave_ended") == [{"student": cast.child.pk, "leave": leave.pk, "last": "2026-09-28"}]
    assert verify().problems == []


@pytest.mark.parametrize(
    ("last", "day"),
    [
        (LAST, MONDAY),
        (LAST + timedelta(days=1), MONDAY),
        (MONDAY - timedelta(days=2), MONDAY),
        (MONDAY - timedelta(days=1), MONDAY + timedelta(days=1)),  # days gone stay as they were
        (MONDAY, LAST + timedelta(days=4)),
    ],
)
def test_ends_that_cannot_be(cast: Cast, last: date, day: date) -> None:
    leave = grant(cast)
    with pytest.raises(ValidationError) as error:
        end(cast, leave, last, day)
    assert set(error.value.message_dict) == {"last"}


def test_leave_changed_meanwhile(cast: Cast) -> None:
    leave = grant(cast)
    stale = Leave.objects.get(pk=leave.pk)
    end(cast, leave, MONDAY)
    with pytest.raises(ValidationError):
        end(cast, stale, MONDAY + timedelta(days=1))


def test_a_return_is_only_a_statement(cast: Cast) -> None:
    actions.state_returned(by=by(cast), now=EIGHT, student=cast.child, day=MONDAY)
    assert told("returned") == [{"student": cast.child.pk, "day": "2026-09-28"}]
    with pytest.raises(ValidationError):
        actions.state_returned(by=by(cast), now=EIGHT, student=cast.child, day=LAST)
