"""Whatever is sent, in whatever order: one roll call a session, and a trace that leads to what it says now."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guixiao.facts import SYSTEM
from guixiao.facts.clock import at
from guixiao.facts.codes import EnrolmentChange, FalseMark, Mark, Session
from guixiao.journal.verify import verify
from guixiao.people import actions as people
from guixiao.rollcall import actions
from guixiao.rollcall.models import MarkChange, RollCall, RollMark
from guixiao.rollcall.queries.rolls import figures, marked, unlisted
from guixiao.testing.cast import CHILDREN, Cast

from .tools import MONDAY, by, take

SHEETS = [UUID(int=n) for n in range(1, 5)]
SESSIONS = (Session.MORNING, Session.AFTERNOON)
NAMES = CHILDREN[:4]

steps = st.one_of(
    st.tuples(
        st.just("take"),
        st.sampled_from(SHEETS),
        st.sampled_from(SESSIONS),
        st.dictionaries(st.sampled_from(NAMES), st.sampled_from(list(Mark)), max_size=3),
    ),
    st.tuples(
        st.just("correct"), st.sampled_from(SESSIONS), st.sampled_from(NAMES), st.sampled_from(list(Mark))
    ),
    st.tuples(st.just("arrive"), st.sampled_from(SESSIONS), st.sampled_from(NAMES)),
    st.tuples(st.just("join")),
    st.tuples(st.just("add"), st.sampled_from(SESSIONS), st.sampled_from(list(Mark))),
)


Step = tuple[Any, ...]


def perform(cast: Cast, step: Step, number: int) -> None:
    """One step, as a page or a waiting device would send it. Refusals are answers too."""
    now = at(MONDAY, 16) + timedelta(minutes=number)
    if step[0] == "take":
        take(cast, step[3], session=step[2], client_id=step[1], now=now)
        return
    if step[0] == "join":
        join(cast, now)
        return
    taken = RollCall.objects.filter(session=step[1]).first()
    if taken is None:
        return
    if step[0] == "correct":
        actions.correct(
            by=by(cast, action="rollcall.correct"),
            now=now,
            roll_call=taken,
            student=cast.children[step[2]],
            mark=step[3],
            why=FalseMark.WRONG_CHILD,
        )
    elif step[0] == "arrive":
        actions.arrived(by=by(cast), now=now, roll_call=taken, student=cast.children[step[2]], arrived_at=now)
    else:
        marks = {child.pk: step[2] for child in unlisted(taken)}
        actions.add_missing(by=by(cast), now=now, roll_call=taken, marks=marks)


def join(cast: Cast, now: datetime) -> None:
    if cast.children["石远"].klass_id != cast.klass.pk:
        people.move(
            by=SYSTEM,
            now=now,
            student=cast.children["石远"],
            klass=cast.klass,
            school=cast.school,
            day=MONDAY,
            change=EnrolmentChange.TRANSFERRED_IN,
        )


def check(first: dict[Session, RollCall]) -> None:
    """What holds after every step."""
    for taken in RollCall.objects.all():
        session = Session(taken.session)
        assert first.setdefault(session, taken) == taken
        assert first[session].receipt == taken.receipt
        seen = figures(taken, marked(taken))
        assert seen.present + seen.away == taken.listed + seen.marks["added"]
        assert 0 <= seen.late <= seen.present
    for row in RollMark.objects.all():
        trace = list(MarkChange.objects.filter(mark=row).order_by("pk"))
        said = [change for change in trace if change.why or not change.was]  # an arrival leaves the mark
        assert row.mark == (said[-1].became if said else row.mark)
        assert row.added == any(not change.was for change in trace)
        for before, after in pairwise(said):
            assert after.was == before.became
    assert RollCall.objects.count() == len(first)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=1, max_size=10))
def test_any_sequence_leaves_one_roll_call_a_session_and_a_true_trace(
    cast: Cast, sequence: list[Step]
) -> None:
    with transaction.atomic():
        first: dict[Session, RollCall] = {}
        for number, step in enumerate(sequence):
            with suppress(ValidationError, actions.AlreadyTaken, actions.Stale):
                perform(cast, step, number)
            check(first)
        assert verify().problems == []
        transaction.set_rollback(True)
    cast.children["石远"].refresh_from_db()
