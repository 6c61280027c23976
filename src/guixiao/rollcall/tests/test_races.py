"""Two people at once, on whichever engine the suite runs: exactly one wins, the other is told who."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.db import connection

from guixiao.facts.codes import FalseMark, Mark
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.rollcall import actions
from guixiao.rollcall.models import MarkChange, RollCall, RollMark
from guixiao.testing.cast import Cast, assemble

from .tools import EIGHT, by, take

HANDS = 4


@pytest.fixture
def live(transactional_db: None) -> Cast:
    """The cast in a database that really commits, its accounts opened beforehand."""
    cast = assemble()
    for post in ("class_teacher", "dean"):
        cast.actor(post)
    return cast


def together(act: Callable[[int], object]) -> list[object]:
    """Let several hands act in the same moment; what each got, or the refusal it met."""
    start = Barrier(HANDS)

    def hand(number: int) -> object:
        try:
            start.wait()
            return act(number)
        except (actions.AlreadyTaken, actions.Stale) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as hands:
        return list(hands.map(hand, range(HANDS)))


def test_of_two_people_exactly_one_takes_the_roll(live: Cast) -> None:
    names = list(live.children)
    posts = ("class_teacher", "dean")
    got = together(lambda n: take(live, {names[n]: Mark.NONE}, post=posts[n % 2]))
    winners = [one for one in got if isinstance(one, RollCall)]
    refused = [one for one in got if isinstance(one, actions.AlreadyTaken)]
    assert (len(winners), len(refused)) == (1, HANDS - 1)
    assert all(refusal.roll_call == winners[0] for refusal in refused)
    assert RollCall.objects.count() == RollMark.objects.count() == 1
    assert Entry.objects.filter(kind="roll_call_taken").count() == 1
    assert verify().problems == []


def test_one_sheet_sent_four_times_at_once_is_one_roll_call(live: Cast) -> None:
    same: UUID = uuid4()
    got = together(lambda _n: take(live, {"李小满": Mark.NONE}, client_id=same))
    assert {one.pk for one in got if isinstance(one, RollCall)} == {RollCall.objects.get().pk}
    assert len(got) == HANDS
    assert RollMark.objects.count() == 1
    assert verify().problems == []


def test_of_two_corrections_exactly_one_stands(live: Cast) -> None:
    taken = take(live, {"李小满": Mark.NONE})
    got = together(
        lambda _n: actions.correct(
            by=by(live, action="rollcall.correct"),
            now=EIGHT,
            roll_call=taken,
            student=live.child,
            mark=Mark.PRESENT,
            why=FalseMark.WRONG_CHILD,
            was=Mark.NONE,
        )
    )
    assert sum(isinstance(one, RollMark) for one in got) == 1
    assert sum(isinstance(one, actions.Stale) for one in got) == HANDS - 1
    assert MarkChange.objects.count() == 1
    assert verify().problems == []
