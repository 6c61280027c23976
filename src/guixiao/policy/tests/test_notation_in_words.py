"""Numbers of a regulation as its page says them: nothing of the notation may show through."""

import pytest

from guixiao.policy.say import Numbers, deadline


@pytest.mark.parametrize(
    ("notation", "words"),
    [
        ("same_day", "当天"),
        ("school_days", "只数上课日"),
        ("school_days 2", "2 个上课日内"),
        ("period_end", "每期最后一天"),
        ("period_end working_days 1", "每期结束后 1 个工作日内"),
        ("within 3600s", "1 小时内"),
        ("within 5400s", "90 分钟内"),
        ("at 09:00", "当天 09:00 前"),
        ("3", "3"),
    ],
)
def test_notation_becomes_words(notation: str, words: str) -> None:
    assert deadline(notation, Numbers()) == words
