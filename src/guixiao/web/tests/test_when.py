"""Deadlines in words: what is left first, the hour after it."""

from datetime import date, timedelta

import pytest

from guixiao.facts.clock import at, end_of
from guixiao.web import when

MONDAY = date(2026, 9, 28)
MORNING = at(MONDAY, 8, 31)


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=59), "不到 1 分钟"),
        (timedelta(minutes=48), "48 分钟"),
        (timedelta(hours=15, minutes=28, seconds=59), "15 小时 28 分"),
        (timedelta(hours=2), "2 小时"),
        (timedelta(days=3, hours=8, minutes=5), "3 天 8 小时"),
        (timedelta(days=2, minutes=59), "2 天"),
        (timedelta(days=9, hours=5), "9 天"),
        (-timedelta(days=3, hours=8), "3 天 8 小时"),
    ],
)
def test_a_span_is_told_in_its_two_largest_units(span: timedelta, said: str) -> None:
    assert when.spell(span) == said


def test_tonight_reads_24_and_the_exact_second_stays_at_hand() -> None:
    left = when.left(end_of(MONDAY), MORNING)
    assert (left.kind, left.text, left.by) == ("today", "还剩 15 小时 28 分", "今天 24:00 前")
    assert left.exact == "2026年9月28日 23:59:59"


def test_a_later_day_and_one_that_passed() -> None:
    assert when.left(end_of(MONDAY + timedelta(days=1)), MORNING).by == "明天 24:00 前"
    late = when.left(end_of(MONDAY - timedelta(days=4)), MORNING)
    assert (late.kind, late.text, late.by) == ("overdue", "逾期 3 天 8 小时", "应于 9月24日 24:00")


def test_the_last_second_is_still_in_time() -> None:
    due = end_of(MONDAY)
    assert when.left(due, due).kind == "today"
    assert when.left(due, due + timedelta(seconds=1)).kind == "overdue"
