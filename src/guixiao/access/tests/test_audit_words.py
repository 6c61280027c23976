"""The auditor reads words: every field of every fact has one."""

from __future__ import annotations

import dataclasses

from guixiao.access.audit_words import FIELDS, in_words
from guixiao.facts import REGISTRY


def test_every_field_of_a_fact_has_a_word() -> None:
    named = {field.name for fact in REGISTRY.values() for field in dataclasses.fields(fact)}
    assert named - FIELDS.keys() == set(), "name these fields in access/audit_words.py"
    assert FIELDS.keys() - named == set(), "no fact has these fields any more"


def test_codes_places_posts_and_moments_are_spelt_out() -> None:
    payload = {
        "class_id": 7,
        "student": 12,
        "session": "morning",
        "mark": "none",
        "late": False,
        "posts": ["class_teacher", "principal"],
        "device_at": "2026-09-14T00:05:00+00:00",
        "reason": None,
    }
    said = in_words(payload, {7: "八（3）班"})
    assert said == (
        "班级 八（3）班，学生 #12，时段 上午，标记 未请假，逾期 否，岗位 班主任、校长，手机时间 2026-09-14 08:05:00"
    )


def test_an_action_is_called_as_in_the_matrix() -> None:
    assert in_words({"what": "student.list", "count": 25}, {}) == "看了什么 学生名单，数量 25"


def test_what_nobody_foresaw_is_shown_as_it_is() -> None:
    assert in_words({"class_id": 9, "mark": "something", "until": "2026-09-1T"}, {}) == (
        "班级 #9，标记 something，到 2026-09-1T"
    )
