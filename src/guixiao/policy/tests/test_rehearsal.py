"""Rehearsal over past facts, and which stored episode is which."""

from __future__ import annotations

from datetime import date

from guixiao.facts.clock import end_of
from guixiao.policy import (
    State,
    evaluate,
    match,
    same_episode,
)
from guixiao.policy.rehearse import compare, over, timeline

from .test_properties import DAYS, Stored, story
from .world import (
    CALENDAR,
    CHILD,
    adopt,
    pack,
    rule,
    standing,
)

MON, TUE = DAYS[0], DAYS[1]


# --- rehearsal -------------------------------------------------------------------------------------


def test_rehearsal_answers_what_a_regulation_would_have_demanded() -> None:
    facts = story("AAPAA")
    adopted_late = adopt(first=date(2026, 11, 1))
    assert evaluate(CHILD, facts, standing(), CALENDAR, [adopted_late], end_of(DAYS[6])) == ()
    would = over(CHILD, facts, standing(), CALENDAR, [adopted_late], DAYS[0], DAYS[6])
    assert {(o.rule, o.episode) for o in would.outcomes if o.state is not State.CANNOT_TELL} == {
        ("day1", DAYS[0].isoformat()),
        ("day2", DAYS[0].isoformat()),
        ("day1", DAYS[3].isoformat()),
        ("day2", DAYS[3].isoformat()),
    }
    assert sum(would.counts.values()) == len(would.outcomes)


def test_two_packs_are_compared_without_writing() -> None:
    later = rule("day1", 1, "class_teacher", "home_visit", "contact", by={"school_days": 1})
    first = over(CHILD, story("AAA"), standing(), CALENDAR, [adopt()], DAYS[0], DAYS[2])
    second = over(CHILD, story("AAA"), standing(), CALENDAR, [adopt(pack("slow", [later]))], DAYS[0], DAYS[2])
    difference = compare(first, second)
    assert {o.rule for o in difference.only_first} == {"day2", "day3"}
    assert difference.only_second == ()
    ((old, new),) = difference.due_moved
    assert old.due < new.due


def test_a_timeline_shows_each_evening_as_it_was() -> None:
    evenings = timeline(CHILD, story("AAP"), standing(), CALENDAR, [adopt()], DAYS[0], DAYS[2])
    rungs = [len([o for o in outcomes if o.state is not State.CANNOT_TELL]) for _, outcomes in evenings]
    assert rungs == [1, 2, 2]


# --- episodes --------------------------------------------------------------------------------------


def test_runs_that_share_an_absent_day_are_one_and_keep_the_earliest_key() -> None:
    assert same_episode([MON, TUE], [TUE])
    assert not same_episode([MON], [TUE])
    outcomes = evaluate(CHILD, story("AA"), standing(), CALENDAR, [adopt()], end_of(TUE))
    day1 = [o for o in outcomes if o.rule == "day1"]
    stored = [Stored("ladder", "day1", CHILD, TUE.isoformat(), (TUE,))]
    matched = match(stored, day1)
    assert [(s.episode, o.episode) for s, o in matched.pairs] == [(TUE.isoformat(), MON.isoformat())]
    assert matched.new == ()
    assert matched.gone == ()


def test_two_stored_episodes_that_merge_keep_the_earlier_and_let_the_later_go() -> None:
    day1 = [
        o
        for o in evaluate(CHILD, story("AAA"), standing(), CALENDAR, [adopt()], end_of(DAYS[2]))
        if o.rule == "day1"
    ]
    early = Stored("ladder", "day1", CHILD, DAYS[1].isoformat(), (DAYS[1],))
    late = Stored("ladder", "day1", CHILD, DAYS[2].isoformat(), (DAYS[2],))
    matched = match([late, early], day1)
    assert [s for s, _ in matched.pairs] == [early]
    assert matched.gone == (late,)


def test_an_episode_that_splits_keeps_its_key_for_the_first_part() -> None:
    day1 = [
        o
        for o in evaluate(CHILD, story("APA"), standing(), CALENDAR, [adopt()], end_of(DAYS[2]))
        if o.rule == "day1"
    ]
    whole = Stored("ladder", "day1", CHILD, DAYS[0].isoformat(), (DAYS[0], DAYS[2]))
    matched = match([whole], day1)
    assert [(s, o.episode) for s, o in matched.pairs] == [(whole, DAYS[0].isoformat())]
    assert [o.episode for o in matched.new] == [DAYS[2].isoformat()]
