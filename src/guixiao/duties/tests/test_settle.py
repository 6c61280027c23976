"""From an absence to a duty and to its end: each once, journaled, told."""

from __future__ import annotations

import pytest

from guixiao.duties.models import State
from guixiao.facts.clock import end_of
from guixiao.journal.verify import verify
from guixiao.testing.cast import Cast

from .life import MONDAY, bind, roll, the

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
