"""Two people at one child in the same moment: whatever order the engine finds, it is one of those there can be.

Each pair of acts is first done one after the other, in both orders, with and without a settling between them, and
taken back; then at once, by two people on two connections. How the child is found afterwards, and what each of the
two was told, must be what one of the orders gives: no act is lost, none half done, and who comes second is told
why in words (policy.md, semantics 4: a correction withdraws, leave works from its granting, backdating needs the
highest post notified).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from threading import Barrier
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from guixiao.cases.settle import settle
from guixiao.duties.models import Duty
from guixiao.duties.tests.life import LADDER, bind
from guixiao.duties.tick import tick
from guixiao.facts.clock import at
from guixiao.facts.codes import FalseMark, LeaveKind, Mark
from guixiao.journal.append import collecting
from guixiao.journal.verify import verify
from guixiao.rollcall import actions
from guixiao.rollcall.models import Leave, RollCall, RollMark
from guixiao.rollcall.queries.who import highest_notified
from guixiao.rollcall.rules import Stale
from guixiao.rollcall.tests.tools import by, take
from guixiao.testing.cast import Cast, assemble

from .county import undone

MONDAY, TUESDAY = date(2026, 9, 28), date(2026, 9, 29)
NOW = at(TUESDAY, 9)
Act = Callable[[Cast], object]


def mark_absent(cast: Cast) -> object:
    return take(cast, {"李小满": Mark.NONE}, day=TUESDAY, now=NOW)


def mark_sick(cast: Cast) -> object:
    return take(cast, {"李小满": Mark.SICK}, day=TUESDAY, now=NOW, post="dean")


def leave_today(cast: Cast) -> object:
    return _leave(cast, "class_teacher", TUESDAY, TUESDAY)


def leave_of_the_dean(cast: Cast) -> object:
    return _leave(cast, "dean", TUESDAY, TUESDAY)


def leave_since_yesterday(cast: Cast) -> object:
    return _leave(cast, "principal", MONDAY, TUESDAY)


def leave_beyond_the_teacher(cast: Cast) -> object:
    """Yesterday's absence has reached the student affairs office: not for the class teacher to take back."""
    return _leave(cast, "class_teacher", MONDAY, TUESDAY)


def correct_yesterday(cast: Cast) -> object:
    return actions.correct(
        by=by(cast, "dean", "rollcall.correct"),
        now=NOW,
        roll_call=RollCall.objects.get(day=MONDAY),
        student=cast.child,
        mark=Mark.PRESENT,
        why=FalseMark.WRONG_CHILD,
        was=Mark.NONE,
        client_id=uuid4(),
    )


def arrived_yesterday(cast: Cast) -> object:
    return actions.arrived(
        by=by(cast),
        now=NOW,
        roll_call=RollCall.objects.get(day=MONDAY),
        student=cast.child,
        arrived_at=at(MONDAY, 9, 30),
        client_id=uuid4(),
    )


def _leave(cast: Cast, post: str, first: date, last: date) -> object:
    return actions.grant_leave(
        by=by(cast, post, "leave.grant"),
        now=NOW,
        student=cast.child,
        kind=LeaveKind.SICK,
        first=first,
        last=last,
        highest_notified=highest_notified(cast.child.pk, MONDAY),
        client_id=uuid4(),
    )


PAIRS: list[tuple[Act, Act]] = [
    (mark_absent, leave_today),
    (mark_absent, mark_sick),
    (mark_sick, leave_today),
    (leave_today, leave_of_the_dean),
    (correct_yesterday, arrived_yesterday),
    (correct_yesterday, leave_since_yesterday),
    (correct_yesterday, leave_beyond_the_teacher),
    (leave_since_yesterday, mark_absent),
    (correct_yesterday, mark_absent),
    (leave_since_yesterday, leave_of_the_dean),
]


@dataclass(frozen=True)
class State:
    """The child's marks, leave and duties; and what each of the two was told (empty: done)."""

    marks: tuple[object, ...]
    leave: tuple[object, ...]
    duties: tuple[object, ...]
    answers: tuple[str, str]


def answer(cast: Cast, act: Act) -> str:
    """Do it as a request does: commit, then settle. A refusal in the words its reader gets."""
    with collecting() as touched:
        try:
            act(cast)
        except (ValidationError, Stale, actions.AlreadyTaken) as refused:
            return " ".join(getattr(refused, "messages", [])) or str(refused)
    settle(touched, NOW)
    return ""


def state(cast: Cast, answers: tuple[str, str]) -> State:
    child = cast.child.pk
    marks = RollMark.objects.filter(student=child).order_by("roll_call__day")
    leave = Leave.objects.filter(student=child).order_by("first", "last", "kind")
    duties = Duty.objects.filter(student=child).order_by("rule", "episode")
    return State(
        tuple(marks.values_list("roll_call__day", "mark", "arrived_at")),
        tuple(leave.values_list("kind", "first", "last", "post", "backdated_by")),
        tuple(duties.values_list("rule", "episode", "state", "demanded", "due", "late")),
        answers,
    )


def one_after_the_other(cast: Cast, first: Act, second: Act, between: bool, turned: bool) -> State:
    """``between``: what the first brought is settled before the second commits."""
    with undone():
        one = _inside(cast, first, settled=between)
        two = _inside(cast, second, settled=True)
        return state(cast, (two, one) if turned else (one, two))


def _inside(cast: Cast, act: Act, settled: bool) -> str:
    """What :func:`collecting` remembers comes after a commit, which never comes here: a round settles."""
    try:
        with transaction.atomic():
            act(cast)
    except (ValidationError, Stale, actions.AlreadyTaken) as refused:
        return " ".join(getattr(refused, "messages", [])) or str(refused)
    finally:
        if settled:
            tick(NOW)
    return ""


def at_once(cast: Cast, one: Act, other: Act) -> State:
    both = Barrier(2, timeout=30)

    def hand(act: Act) -> str:
        try:
            both.wait()
            return answer(cast, act)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as hands:
        first, second = list(hands.map(hand, (one, other)))
    tick(NOW)
    return state(cast, (first, second))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("one", "other"), PAIRS, ids=lambda act: act.__name__)
def test_at_once_is_one_after_the_other(one: Act, other: Act) -> None:
    cast = assemble()
    for post in ("class_teacher", "dean", "principal"):
        cast.actor(post)
    bind(cast, LADDER)
    monday = at(MONDAY, 8, 12)
    tick(monday)
    with collecting() as touched:
        take(cast, {"李小满": Mark.NONE}, day=MONDAY, now=monday)
    settle(touched, monday)
    tick(at(TUESDAY, 6))  # the visit is overdue, and the office above has heard of it
    orders = [
        one_after_the_other(cast, *((other, one) if turned else (one, other)), between=between, turned=turned)
        for turned in (False, True)
        for between in (True, False)
    ]
    found = at_once(cast, one, other)
    assert found in orders, f"{found}\nis none of\n" + "\n".join(map(str, orders))
    assert tick(NOW).done.nothing
    assert verify().problems == []
