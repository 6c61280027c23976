"""Parameters by date and by place; a loosening is refused with both clauses (semantics 8)."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guixiao.facts.clock import end_of
from guixiao.policy import LooseningRefused, Pack, check_adoption, evaluate
from guixiao.policy.in_force import InForce
from guixiao.policy.law import CountedIn, Dated, Deadline, DueKind
from guixiao.policy.parameters import notation, on_day, read_deadline, resolve, weight
from guixiao.policy.say import say

from .test_properties import story
from .world import CALENDAR, CHILD, TERM, adopt, pack, rule, standing

LATER = date(2026, 10, 12)
TERM_END = end_of(date(2026, 9, 18))


def limits(stricter: str = "lower", written: bool = True, values: Any = None, code: str = "limits") -> Pack:
    parameters = {
        "days": {
            "title": "几天上门",
            "unit": "days",
            "comparator": "ge",
            "stricter": stricter,
            "written": written,
            "values": values or [{"from": TERM, "value": 3}],
            "clause": {"title": "县的规定", "article": "第三条"},
        }
    }
    when = {"absent_without_leave": {"school_days": {"param": "days"}}}
    made = rule("visit", 1, "class_teacher", "home_visit", "contact", when=when)
    return pack(code, [made], parameters=parameters)


def value(*adoptions: Any, day: date = TERM) -> object:
    return resolve("days", adoptions[-1].pack, adoptions, day)[0]


def test_what_is_tightened_above_later_stands_over_what_was_chosen_below() -> None:
    """A refusal is for who adopts; a running duty takes the stricter value and never fails."""
    county, school = adopt(limits(), 10, days=1), adopt(limits(), 3, days=2)
    (law,) = InForce([county, school]).laws("limits", LATER)
    assert law.chosen("days") == (1, county)
    with pytest.raises(LooseningRefused):
        check_adoption([county, school])


def test_a_school_may_tighten_its_county() -> None:
    assert value(adopt(limits(), 10, days=3), adopt(limits(), 3, days=2)) == 2


@pytest.mark.parametrize(("stricter", "loose"), [("lower", 4), ("higher", 2), ("none", 2), ("none", 4)])
def test_a_loosening_is_refused_naming_both(stricter: str, loose: int) -> None:
    with pytest.raises(LooseningRefused) as refused:
        check_adoption([adopt(limits(stricter), 3, days=loose)])
    sentence = say(refused.value.message)
    assert "县的规定" in sentence
    assert "limits" in sentence
    assert "3" in sentence
    assert str(loose) in sentence


def test_a_school_may_not_undo_what_its_county_tightened() -> None:
    county = adopt(limits(), 10, days=2)
    with pytest.raises(LooseningRefused) as refused:
        check_adoption([county, adopt(limits(), 3, days=3)])
    assert "place 10" in say(refused.value.message)


def test_where_the_text_is_silent_the_first_place_chooses_and_the_next_may_only_tighten() -> None:
    silent = limits(written=False)
    assert value(adopt(silent, 10, days=5)) == 5
    with pytest.raises(LooseningRefused):
        check_adoption([adopt(silent, 10, days=5), adopt(silent, 3, days=6)])


def test_an_unknown_parameter_is_named() -> None:
    with pytest.raises(KeyError, match="nothing"):
        check_adoption([adopt(limits(), 3, nothing=1)])


def test_amending_adds_a_date_and_the_past_keeps_its_law() -> None:
    amended = limits(values=[{"from": TERM, "value": 3}, {"from": LATER, "value": 2}])
    assert value(adopt(amended), day=LATER.replace(day=11)) == 3
    assert value(adopt(amended), day=LATER) == 2


def test_before_the_first_date_the_first_value_holds() -> None:
    assert on_day((Dated(LATER, 2),), TERM) == 2


def test_what_a_county_chose_for_an_extended_pack_holds_where_it_is_stricter() -> None:
    base = limits(code="base")
    extended = pack("extended", [], base, extends="base")
    county, school = adopt(base, 10, days=2), adopt(extended, 3)
    assert resolve("days", extended, [county, school], TERM)[0] == 2


def test_extends_replaces_and_nothing_else_does() -> None:
    base = limits(code="base")
    replaced = rule("visit", 1, "principal", "home_visit", "contact")
    extended = pack("extended", [replaced], base, extends="base")
    other = limits(code="other")
    outcomes = evaluate(
        CHILD,
        story("AAA"),
        standing(),
        CALENDAR,
        [adopt(base, 10), adopt(extended, 3), adopt(other, 10)],
        TERM_END,
    )
    assert {(o.pack, o.rule) for o in outcomes} == {("extended", "visit"), ("other", "visit")}
    assert next(o for o in outcomes if o.pack == "extended").accountable.post == "principal"


def test_an_extension_adopted_in_the_middle_does_not_fire_a_rung_again() -> None:
    """Days 1 and 2 under the old pack, day 3 under the new: each rung once, each under its own law."""
    base = pack("base")
    extended = pack("extended", [], base, extends="base")
    packs = [adopt(base, 10), adopt(extended, 3, first=date(2026, 9, 9))]
    outcomes = evaluate(CHILD, story("AAA"), standing(), CALENDAR, packs, TERM_END)
    assert sorted((o.pack, o.rule) for o in outcomes if o.state != "cannot_tell") == [
        ("base", "day1"),
        ("base", "day2"),
        ("extended", "day3"),
    ]


def test_a_threshold_lowered_in_the_middle_of_a_streak_fires_on_the_next_day() -> None:
    amended = limits(values=[{"from": TERM, "value": 5}, {"from": date(2026, 9, 9), "value": 2}])
    (outcome,) = evaluate(CHILD, story("AAAA"), standing(), CALENDAR, [adopt(amended)], TERM_END)
    assert outcome.day == date(2026, 9, 9)


DEADLINES = [
    {"within": "30m"},
    {"within": "1h"},
    {"at": "09:00"},
    "same_day",
    {"natural_days": 1},
    {"working_days": 1},
    {"school_days": 1},
    {"natural_days": 2},
    {"school_days": 3},
    "month_end",
    {"period_end": {"working_days": 1}},
    {"period_end": {"working_days": 2}},
]


def test_deadlines_stand_in_order_of_strictness() -> None:
    weights = [weight(read_deadline(raw)) for raw in DEADLINES]
    assert weights == sorted(weights)
    assert len(set(weights)) == len(weights)


@pytest.mark.parametrize(
    "raw", ["soon", {"within": "1 hour"}, {"school_days": -1}, {"school_days": True}, {}, 3, None]
)
def test_a_deadline_that_is_none_is_refused_with_what_to_write(raw: object) -> None:
    with pytest.raises(ValueError, match="same_day"):
        read_deadline(raw)


def test_natural_days_are_the_strictest_count() -> None:
    assert weight(CountedIn.NATURAL_DAYS) < weight(CountedIn.WORKING_DAYS) < weight(CountedIn.SCHOOL_DAYS)


def test_notation_reads_like_the_file() -> None:
    assert notation(Deadline(DueKind.AT, at=time(9))) == "at 09:00"
    assert notation(read_deadline({"period_end": {"working_days": 2}})) == "period_end working_days 2"
    assert notation(CountedIn.SCHOOL_DAYS) == "school_days"


@given(st.integers(0, 9), st.integers(0, 9), st.sampled_from(["lower", "higher", "none"]))
def test_an_override_stands_only_where_it_is_not_looser(county: int, school: int, stricter: str) -> None:
    made = limits(stricter, written=False)
    adoptions = [adopt(made, 10, days=county), adopt(made, 3, days=school)]
    allowed = {"lower": school <= county, "higher": school >= county, "none": school == county}[stricter]
    if allowed:
        assert value(*adoptions) == school
    else:
        with pytest.raises(LooseningRefused):
            check_adoption(adoptions)
