"""A regulation over past facts, writing nothing."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from guixiao.duties.models import Duty
from guixiao.journal.models import Entry
from guixiao.testing.cast import Cast

from .life import MONDAY, roll

pytestmark = pytest.mark.django_db


def test_it_counts_what_would_have_been_demanded(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    roll(cast, MONDAY, ["李小满"])
    roll(cast, date(2026, 9, 29), ["李小满"])
    before = Entry.objects.count()
    call_command(
        "rehearse",
        "student_affairs_ladder",
        "--place",
        cast.school.name,
        "--from",
        "2026-09-21",
        "--to",
        "2026-09-30",
    )
    out = capsys.readouterr().out
    assert "第一天家访（（二）1）: 1 missed" in out
    assert "每个上课日点名" in out
    assert (Entry.objects.count(), Duty.objects.count()) == (before, 0)


@pytest.mark.parametrize(
    "arguments",
    [
        ["no_such_pack", "--place", "石板河初级中学", "--from", "2026-09-01"],
        ["national", "--place", "无此校", "--from", "2026-09-01"],
        ["national", "--place", "石板河初级中学", "--from", "2026-09-30", "--to", "2026-09-01"],
    ],
)
def test_bad_questions_are_answered_plainly(cast: Cast, arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("rehearse", *arguments)
