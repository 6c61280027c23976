"""Posts and days in the reader's language."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from guixiao.facts.posts import POSTS
from guixiao.places import wording
from guixiao.places.models import Holding


@pytest.mark.parametrize("post", POSTS.values(), ids=lambda post: post.code)
def test_a_post_is_called_by_the_reader_s_word(post: object) -> None:
    code = getattr(post, "code", "")
    with translation.override("zh-hans"):
        assert wording.title_of(code) == POSTS[code].zh
        assert Holding(post=code).get_post_display() == POSTS[code].zh
    with translation.override("en"):
        assert wording.title_of(code) == POSTS[code].en
        assert Holding(post=code).get_post_display() == POSTS[code].en


def test_a_word_that_is_no_post_stays() -> None:
    assert wording.title_of("网格员") == "网格员"
    assert wording.title_of("") == ""


def test_nothing_is_said_for_nothing() -> None:
    """The catalogue answers an empty text with its own header."""
    with translation.override("en"):
        assert wording.word("") == ""


def test_days_and_moments_in_chinese() -> None:
    with translation.override("zh-hans"):
        assert wording.day(date(2026, 9, 28)) == "9月28日"
        assert wording.day_year(date(2026, 9, 28)) == "2026年9月28日"
        assert wording.month(date(2026, 9, 28)) == "2026年9月"
        assert wording.weekday(date(2026, 9, 28)) == "星期一"
        assert wording.moment(datetime(2026, 9, 28, 0, 16, 20, tzinfo=UTC)) == "9月28日 08:16:20"
        assert wording.moment(datetime(2026, 9, 28, 15, 59, 59, tzinfo=UTC)) == "9月28日 24:00"
