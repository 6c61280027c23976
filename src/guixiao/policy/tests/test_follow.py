"""Chains of rules, demands of every day, records that count when handed in, and terms that open: what must hold."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import MappingProxyType

from hypothesis import given, settings
from hypothesis import strategies as st

from guixiao.facts import Calendar, Term
from guixiao.facts import happenings as h
from guixiao.facts.clock import at, day_of, end_of, start_of
from guixiao.facts.codes import Mark, Means, Outcome, Session
from guixiao.policy import Happened, State, evaluate, same_episode
from guixiao.policy.deadlines import due, overtaken
from guixiao.policy.law import Deadline, DueKind
from guixiao.policy.parameters import notation, read_deadline, tightened

from .test_properties import DAYS, LENGTH, STANDING, run, story, words
from .world import CALENDAR, CHILD, Journal, adopt, pack, rule

EVERY = {"absent_without_leave": {"school_days": {"ge": 1}, "each_day": True}}
CHAIN = pack(
    "chain",
    [
        rule("visit", 1, "class_teacher", "home_visit", {"home_visit": {"with": ["class_teacher"]}}),
        rule(
            "record", 1, "class_teacher", "hand_in_visit", {"home_visit": {"received": True}},
            when={"after": "visit"}, counted_from="event",
        ),
        rule("again", 1, "dean", "register_dropout", "plan_made", when={"after": {"rule": "visit", "still": "absent"}}),
        rule("daily", 1, "class_teacher", "report_absence", "roll_report", when=EVERY),
    ],
)  # fmt: skip
PACKS = (adopt(CHAIN),)
AFTER = end_of(DAYS[-1]) + timedelta(days=9)


def visited(word: str, index: int, late_hours: int = 0) -> list[Happened]:
    """The story with a visit on the evening of one day, its record handed in some hours later."""
    journal = Journal()
    journal.facts = story(word)
    moment = at(DAYS[index], 18)
    made = h.HomeVisitMade(
        student=1,
        visit=99,
        day=DAYS[index],
        means=Means.VISIT,
        outcome=Outcome.WILL_RETURN,
        posts=("class_teacher",),
    )
    journal.state(made, moment, moment + timedelta(hours=late_hours))
    return journal.facts


@given(words)
def test_a_demand_of_every_day_comes_once_for_each_absent_day(word: str) -> None:
    absent = [day for day, letter in zip(DAYS, word, strict=False) if letter == "A"]
    found = [o for o in evaluate(CHILD, story(word), STANDING, CALENDAR, PACKS, AFTER) if o.rule == "daily"]
    assert [o.episode for o in found] == [day.isoformat() for day in absent]
    assert all(o.days == (o.day,) for o in found)
    assert all(not same_episode(a.days, b.days) for a in found for b in found if a is not b)


@given(words, st.integers(0, LENGTH - 1), st.integers(0, 60))
def test_what_comes_after_follows_exactly_what_was_met(word: str, index: int, late: int) -> None:
    outcomes = evaluate(CHILD, visited(word, index, late), STANDING, CALENDAR, PACKS, AFTER)
    met = {o.episode: o for o in outcomes if o.rule == "visit" and o.state is State.MET}
    after = {o.episode: o for o in outcomes if o.rule == "record"}
    assert after.keys() == met.keys()
    for episode, record in after.items():
        assert met[episode].met_at == at(DAYS[index], 18)
        assert record.due == end_of(DAYS[index])
        if record.state is State.MET:
            assert record.met_at == at(DAYS[index], 18) + timedelta(hours=late)
            assert record.late == (day_of(record.met_at) > DAYS[index])


@given(words, st.integers(0, LENGTH - 1))
def test_still_absent_waits_for_the_next_absent_day(word: str, index: int) -> None:
    outcomes = evaluate(CHILD, visited(word, index), STANDING, CALENDAR, PACKS, AFTER)
    met = [o for o in outcomes if o.rule == "visit" and o.state is State.MET]
    again = {o.episode: o for o in outcomes if o.rule == "again"}
    for outcome in met:
        later = [day for day in outcome.days if day > DAYS[index]]
        assert (outcome.episode in again) == bool(later)
        if later:
            assert again[outcome.episode].day == later[0]
            assert again[outcome.episode].opened >= at(later[0], 8, 5)
    assert len(again) <= len(met)


@given(words, st.integers(0, LENGTH - 1), st.integers(0, 20))
def test_chains_are_deterministic_and_see_nothing_of_the_future(word: str, index: int, n: int) -> None:
    facts = visited(word, index, 30)
    moment = end_of(DAYS[0] + timedelta(days=n))
    known = [fact for fact in facts if fact.recorded <= moment]
    first = evaluate(CHILD, facts, STANDING, CALENDAR, PACKS, moment)
    assert first == evaluate(CHILD, [*reversed(known), *known], STANDING, CALENDAR, PACKS, moment)
    assert len({o.identity for o in first}) == len(first)


@given(st.integers(0, 3 * 86_400), st.integers(0, 7_200))
def test_a_report_within_an_hour_counts_from_the_roll_to_its_receipt(second: int, delay: int) -> None:
    """On time is ≤ 3600 s; a trusted device says when the roll was taken, the server when it was handed in."""
    taken = at(DAYS[1], 8) + timedelta(seconds=second % 3600)
    hourly = rule(
        "hour", 1, "class_teacher", "report_absence", {"roll_report": {"received": True}},
        by={"within": "1h"}, counted_from="event",
    )  # fmt: skip
    journal = Journal()
    roll = h.RollCallTaken(
        class_id=1,
        day=DAYS[1],
        session=Session.MORNING,
        roster_version=1,
        present=1,
        absent=1,
        device_at=taken,
    )
    journal.state(roll, taken, taken + timedelta(seconds=delay))
    mark = h.AbsenceMarked(student=1, class_id=1, day=DAYS[1], session=Session.MORNING, mark=Mark.NONE)
    journal.state(mark, taken, taken + timedelta(seconds=delay))
    (outcome,) = evaluate(CHILD, journal.facts, STANDING, CALENDAR, (adopt(pack("h", [hourly])),), AFTER)
    assert outcome.due == taken + timedelta(hours=1)
    assert outcome.state is State.MET
    assert outcome.late == (delay > 3600)


TERMS = Calendar(
    terms=(
        Term("2026-1", date(2026, 9, 1), date(2027, 1, 22)),
        Term("2026-2", date(2027, 2, 22), date(2027, 7, 2)),
    ),
    announced=frozenset({2026, 2027}),
    holidays=MappingProxyType({}),
    workdays=MappingProxyType({}),
)
OPENING = Deadline(DueKind.TERM_START, after=Deadline(DueKind.NATURAL_DAYS, 7))


@given(st.integers(0, 300 * 86_400))
def test_the_opening_is_of_this_term_or_in_vacation_of_the_next(second: int) -> None:
    moment = start_of(date(2026, 8, 1)) + timedelta(seconds=second)
    day = day_of(moment)
    if day > date(2027, 7, 2):
        assert overtaken(OPENING, moment, TERMS)
        return
    found = due(OPENING, moment, TERMS)
    term = next(term for term in TERMS.terms if day <= term.last)
    assert found == end_of(term.first + timedelta(days=7))
    assert overtaken(OPENING, moment, TERMS) == (moment > found)


def test_an_opening_is_written_read_and_tightened_like_any_deadline() -> None:
    assert read_deadline({"term_start": {"natural_days": 7}}) == OPENING
    assert notation(OPENING) == "term_start natural_days 7"
    days = pack(
        "p",
        parameters={
            "by": {
                "title": "t",
                "unit": "deadline",
                "stricter": "lower",
                "values": [{"from": date(2020, 1, 1), "value": {"term_start": {"natural_days": 7}}}],
            }
        },
    ).parameters["by"]
    assert tightened(days, OPENING, read_deadline({"term_start": {"natural_days": 5}}))
    assert not tightened(days, OPENING, read_deadline({"term_start": {"natural_days": 8}}))


@settings(max_examples=30)
@given(words)
def test_new_words_leave_the_old_ladder_as_it_was(word: str) -> None:
    """A chain beside a ladder changes nothing of the ladder."""
    alone = run(story(word))
    beside = evaluate(CHILD, story(word), STANDING, CALENDAR, (adopt(), *PACKS), _as_of())
    assert tuple(o for o in beside if o.pack == "ladder") == alone


def _as_of() -> datetime:
    return end_of(DAYS[-1]) + timedelta(days=3)
