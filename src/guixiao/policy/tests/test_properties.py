"""The semantics of policy.md that must hold whatever happens, not only in examples."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from guixiao.facts.clock import at, day_of, end_of
from guixiao.facts.posts import POSTS
from guixiao.policy import Happened, Outcome, State, Subject, compose, evaluate, match, same_episode
from guixiao.policy.deadlines import due
from guixiao.policy.law import Deadline, DueKind

from .world import CALENDAR, CHILD, SCHOOL_DAYS, Journal, adopt, pack, rule, standing

LENGTH = 14
DAYS = SCHOOL_DAYS[4 : 4 + LENGTH]  # from Monday 7 September, across 20 September and mid-autumn
STANDING = standing()
PACKS = (adopt(),)
NEEDED = {"day1": 1, "day2": 2, "day3": 3, "day7": 7}

# One word a day: present, absent, on leave, unrecorded.
words = st.text(alphabet="PALU", min_size=1, max_size=LENGTH)
AS_OF = end_of(DAYS[-1]) + timedelta(days=3)


@dataclass(frozen=True)
class Stored:
    pack: str
    rule: str
    subject: Subject
    episode: str
    days: tuple[date, ...]


def story(word: str, late: dict[int, int] | None = None) -> list[Happened]:
    """A day of each letter; ``late`` maps a day's index to how many days its roll call is late."""
    journal = Journal()
    for index, (day, letter) in enumerate(zip(DAYS, word, strict=False)):
        delay = (late or {}).get(index, 0)
        known = at(day, 8, 5) + timedelta(days=delay)
        if letter == "L":
            journal.leave_day(day)
        elif letter != "U":
            journal.roll(day, came=letter == "P", recorded=known)
    return journal.facts


def run(facts: list[Happened], as_of: datetime = AS_OF) -> tuple[Outcome, ...]:
    return evaluate(CHILD, facts, STANDING, CALENDAR, PACKS, as_of)


def certain(outcomes: tuple[Outcome, ...]) -> set[tuple[str, str]]:
    return {(o.rule, o.episode) for o in outcomes if o.state is not State.CANNOT_TELL}


def reference(word: str) -> set[tuple[str, str]]:
    """A second, naive reading of semantics 3: count A since the last P; L and U neither count nor break."""
    found: set[tuple[str, str]] = set()
    count, first = 0, DAYS[0]
    for day, letter in zip(DAYS, word, strict=False):
        if letter == "P":
            count = 0
        elif letter == "A":
            count += 1
            first = day if count == 1 else first
            found |= {(name, first.isoformat()) for name, needed in NEEDED.items() if needed <= count}
    return found


@given(words)
def test_rungs_are_those_of_a_naive_count(word: str) -> None:
    assert certain(run(story(word))) == reference(word)


@given(words, st.randoms(use_true_random=False))
def test_deterministic_whatever_the_order_of_facts(word: str, shuffle: random.Random) -> None:
    facts = story(word)
    mixed = list(facts)
    shuffle.shuffle(mixed)
    assert run(facts) == run(mixed)
    assert run(facts) == run(facts + facts)  # a replayed entry changes nothing


@given(words, st.dictionaries(st.integers(0, LENGTH - 1), st.integers(0, 9)))
def test_roll_calls_arriving_in_any_order_give_the_same_keys(word: str, late: dict[int, int]) -> None:
    as_of = AS_OF + timedelta(days=20)
    in_order = certain_standing(run(story(word), as_of))
    assert certain_standing(run(story(word, late), as_of)) == in_order == reference(word)


def certain_standing(outcomes: tuple[Outcome, ...]) -> set[tuple[str, str]]:
    """Keys of what stands on the final facts; what lost its ground when a late roll call came is history."""
    lost = ("was_present", "mark_corrected", "leave_backdated")
    return {
        (o.rule, o.episode)
        for o in outcomes
        if o.state is not State.CANNOT_TELL and not (o.why_ended and o.why_ended.code in lost)
    }


@settings(max_examples=40)
@given(words, st.dictionaries(st.integers(0, LENGTH - 1), st.integers(0, 4)), st.sets(st.integers(0, 30)))
def test_reconciling_at_any_moments_opens_each_duty_once(
    word: str, late: dict[int, int], moments: set[int]
) -> None:
    """Every evening, or after any downtime: the stored duties end the same, none twice."""
    facts = story(word, late)

    def settle(days: list[int]) -> dict[tuple[str, str], str]:
        stored: list[Stored] = []
        for n in [*days, 40]:
            outcomes = [
                o for o in run(facts, end_of(DAYS[0] + timedelta(days=n))) if o.state is not State.CANNOT_TELL
            ]
            matched = match(stored, outcomes)
            gone = [s for s in matched.gone if any(same_episode(s.days, o.days) for o in outcomes)]
            kept = [Stored(o.pack, o.rule, o.subject, s.episode, o.days) for s, o in matched.pairs]
            assert len({(s.rule, s.episode) for s in kept}) == len(kept)
            stored = kept + [Stored(o.pack, o.rule, o.subject, o.episode, o.days) for o in matched.new]
            del gone
        final = run(facts, end_of(DAYS[0] + timedelta(days=40)))
        standing_days = {(o.rule, o.days) for o in final if o.state is not State.CANNOT_TELL}
        assert {(s.rule, s.days) for s in stored} == standing_days
        return {(s.rule, s.days[0].isoformat()): s.episode for s in stored}

    every_day, with_gaps = settle(list(range(40))), settle(sorted(moments))
    assert every_day.keys() == with_gaps.keys()


@given(words)
def test_presence_breaks(word: str) -> None:
    for outcome in run(story(word[: LENGTH - 1] + "P"), end_of(DAYS[min(len(word), LENGTH - 1)])):
        assert outcome.state is not State.CANNOT_TELL
        assert not outcome.demanded


@given(words, st.integers(0, LENGTH))
def test_leave_neither_counts_nor_breaks(word: str, where: int) -> None:
    """Days of leave put in anywhere move the days but not the rungs."""
    word = word[: LENGTH - 1]
    with_leave = word[:where] + "L" + word[where:]
    rungs = [(o.rule, len(o.days)) for o in run(story(word)) if o.state is not State.CANNOT_TELL]
    again = [(o.rule, len(o.days)) for o in run(story(with_leave)) if o.state is not State.CANNOT_TELL]
    assert sorted(rungs) == sorted(again)


@given(words)
def test_unknown_days_neither_lengthen_nor_break_but_are_said(word: str) -> None:
    outcomes = run(story(word))
    tail = word.rpartition("P")[2]
    k, u = tail.count("A"), tail.count("U") + (len(DAYS) - len(word))  # days after the story are unrecorded
    after = [d for d in SCHOOL_DAYS if DAYS[-1] < d < day_of(AS_OF)]
    unclear = {o.rule for o in outcomes if o.state is State.CANNOT_TELL}
    u += len(after)
    assert unclear == {name for name, needed in NEEDED.items() if k >= 1 and k < needed <= k + u}


@given(words, st.integers(0, LENGTH - 1))
def test_finding_out_an_unknown_day_never_contradicts(word: str, index: int) -> None:
    """What was certain with a day unknown is still there when the day turns out absent."""
    if index >= len(word) or word[index] != "U":
        return
    found = word[:index] + "A" + word[index + 1 :]
    unclear = run(story(word))
    clear = run(story(found))
    for outcome in unclear:
        if outcome.state is not State.CANNOT_TELL:
            same = [o for o in clear if o.rule == outcome.rule and same_episode(o.days, outcome.days)]
            assert same


@given(words, st.dictionaries(st.integers(0, LENGTH - 1), st.integers(0, 6)))
def test_a_return_withdraws_only_what_is_not_overdue(word: str, late: dict[int, int]) -> None:
    for outcome in run(story(word, late), AS_OF + timedelta(days=20)):
        if outcome.why_ended and outcome.why_ended.code == "ended_present":
            ended = outcome.why_ended.params["at"]
            assert isinstance(ended, datetime)
            assert ended <= outcome.due
        if outcome.state is State.MISSED and not outcome.demanded:
            assert outcome.why_ended is not None


@given(st.integers(1, 10), st.integers(0, len(SCHOOL_DAYS) - 20), st.integers(0, 86_399))
def test_a_deadline_in_school_days_never_falls_in_a_holiday(n: int, start: int, second: int) -> None:
    moment = at(SCHOOL_DAYS[start]) + timedelta(seconds=second)
    found = due(Deadline(DueKind.SCHOOL_DAYS, n), moment, CALENDAR)
    assert CALENDAR.is_school_day(day_of(found))
    between = list(CALENDAR.school_days(SCHOOL_DAYS[start] + timedelta(days=1), day_of(found)))
    assert len(between) == n
    assert found == end_of(day_of(found))


LINE = (
    "liaison_leader", "student_affairs", "dean", "vice_principal", "principal", "central_school_head",
    "township_education", "township_head", "basic_education", "deputy_director", "bureau_director", "county_head",
)  # fmt: skip


@given(st.sets(st.sampled_from(LINE)))
def test_exactly_one_answers_whenever_any_post_up_the_line_is_held(vacant: set[str]) -> None:
    outcomes = evaluate(CHILD, story("AA"), standing(tuple(vacant)), CALENDAR, PACKS, end_of(DAYS[1]))
    (duty,) = [o for o in outcomes if o.rule == "day2"]
    who = duty.accountable
    held = [post for post in LINE if post not in vacant]
    if held:
        assert who.person is not None
        assert who.post == held[0]
        assert set(who.vacancies) <= vacant
        assert vacant.intersection(LINE[: LINE.index(held[0])]) == set(who.vacancies)
    else:
        assert who.person is None
        assert "county_head" in who.vacancies


@given(words, st.sets(st.sampled_from(LINE), max_size=8), st.integers(0, 25))
def test_escalation_fires_once_a_rung_and_only_upward(word: str, vacant: set[str], later: int) -> None:
    held = standing(tuple(vacant))
    facts = story(word)
    first = evaluate(CHILD, facts, held, CALENDAR, PACKS, AS_OF)
    second = evaluate(CHILD, facts, held, CALENDAR, PACKS, AS_OF + timedelta(days=later))
    for outcome in second:
        ranks = [POSTS[outcome.accountable.post].rank, *(POSTS[r.post].rank for r in outcome.rungs)]
        assert ranks == sorted(set(ranks))
        people = [outcome.accountable.person, *(r.person for r in outcome.rungs)]
        assert len(set(people)) == len(people)
        assert [r.n for r in outcome.rungs] == list(range(1, len(outcome.rungs) + 1))
        assert all(r.at > outcome.due for r in outcome.rungs)
    for before in first:
        after = next((o for o in second if o.identity == before.identity), None)
        if after is not None and before.state is not State.CANNOT_TELL:
            assert after.rungs[: len(before.rungs)] == before.rungs


@given(words)
def test_composition_takes_the_earliest_deadline_and_everybody(word: str) -> None:
    other = pack(
        "other",
        [
            rule("day2b", 2, "class_teacher", "joint_home_visit", "contact", together_with=["class_backer"]),
            rule("day3b", 3, "dean", "report_to_principal", "reported", report_to=["principal"]),
        ],
    )
    outcomes = evaluate(CHILD, story(word), STANDING, CALENDAR, (*PACKS, adopt(other)), AS_OF)
    for task in compose(outcomes):
        wanted = [o for o in task.outcomes if o.demanded] or list(task.outcomes)
        assert task.due == min(o.due for o in wanted)
        people = {a.person for o in wanted for a in (o.now_with or o.accountable, *o.together_with)}
        assert {a.person for a in task.people} == people
        assert {c.title for c in task.clauses} == {o.clause.title for o in wanted}
        assert len({o.merge_key for o in task.outcomes}) == 1
    assert sum(len(task.outcomes) for task in compose(outcomes)) == len(outcomes)


@given(words, st.integers(0, 20))
def test_a_past_moment_sees_nothing_of_what_came_later(word: str, n: int) -> None:
    moment = end_of(DAYS[0] + timedelta(days=n))
    facts = story(word)
    known = [h for h in facts if h.recorded <= moment]
    assert run(facts, moment) == run(known, moment)
