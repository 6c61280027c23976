"""The engine piece by piece: composition, explanation, rehearsal, quotas, the year not yet announced."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from guixiao.facts import happenings as h
from guixiao.facts.clock import at, end_of
from guixiao.facts.codes import Means, Outcome, Stage
from guixiao.facts.posts import Level
from guixiao.policy import (
    AdoptedPack,
    Happened,
    Pupil,
    State,
    Subject,
    SubjectKind,
    Via,
    compose,
    evaluate,
)
from guixiao.policy.bench import measure
from guixiao.policy.deadlines import CalendarUnknown, due
from guixiao.policy.explain import dump, load
from guixiao.policy.law import Deadline, DueKind, Period
from guixiao.policy.recurrence import occurrences
from guixiao.policy.say import headline, lines, text

from .test_properties import DAYS, story
from .world import (
    CALENDAR,
    CHILD,
    CLASS,
    LONG_AGO,
    PEOPLE,
    PLACES,
    TERM,
    Journal,
    adopt,
    pack,
    rule,
    standing,
)

MON, TUE = DAYS[0], DAYS[1]


def day_two() -> list[Happened]:
    return story("AA")


def two_ladders() -> list[AdoptedPack]:
    other = rule(
        "second_visit",
        2,
        "class_teacher",
        "joint_home_visit",
        {"home_visit": {"with": ["class_teacher", "class_backer"]}},
        together_with=["class_backer"],
        clause={"title": "另一份", "article": "四"},
    )
    return [adopt(), adopt(pack("other", [other]))]


def test_two_regulations_become_one_task_and_each_is_met_by_its_own_test() -> None:
    packs = two_ladders()
    facts = Journal()
    facts.facts = day_two()
    tasks = compose(evaluate(CHILD, facts.facts, standing(), CALENDAR, packs, at(TUE, 9)))
    (task,) = [t for t in tasks if t.act == "joint_home_visit"]
    assert {a.post for a in task.people} == {"liaison_leader", "class_teacher", "class_backer"}
    assert {c.title for c in task.clauses} == {"x", "另一份"}
    assert task.due == end_of(TUE)  # the ladder allows one more day, the other pack does not
    facts.visit(at(TUE, 17), "class_teacher", "class_backer")
    outcomes = evaluate(CHILD, facts.facts, standing(), CALENDAR, packs, at(TUE, 18))
    states = {o.rule: o.state for o in outcomes}
    assert states["second_visit"] is State.MET
    assert states["day2"] is State.OPEN
    (task,) = [t for t in compose(outcomes) if t.act == "joint_home_visit"]
    assert {a.post for a in task.people} == {"liaison_leader", "class_teacher"}
    assert task.demanded


def test_reasons_survive_storage_and_read_as_sentences() -> None:
    facts = story("PALUA")
    outcomes = evaluate(CHILD, facts, standing(("liaison_leader",)), CALENDAR, [adopt()], at(DAYS[4], 9))
    (duty,) = [o for o in outcomes if o.rule == "day2"]
    stored = json.loads(json.dumps(dump(duty.reasons), ensure_ascii=False))
    assert load(stored) == duty.reasons
    said = text(load(stored))
    assert "数到了 2，要求是满 2" in said
    assert "9月10日" in said  # the unrecorded day is named
    assert "没人点名" in said
    assert "联系班级的中层领导空缺" in said
    assert "学生科" in said
    assert "{" not in said
    assert headline(duty).startswith("#1 2 天没请假没来")
    assert any(depth == 1 for depth, _, _ in lines(duty.reasons))


def test_every_template_of_a_real_outcome_exists() -> None:
    for word in ("A", "AA", "AUA", "AUP", "ALA", "AAAAAAAA", "PAU"):
        for outcome in evaluate(CHILD, story(word), standing(), CALENDAR, [adopt()], at(DAYS[9], 9)):
            for _, sentence, node in lines(outcome.reasons, skip=()):
                assert sentence != node.message.code
                assert "{" not in sentence
            assert headline(outcome)


def test_the_strip_has_one_child_a_day_with_its_number() -> None:
    outcomes = evaluate(CHILD, story("PALUA"), standing(), CALENDAR, [adopt()], at(DAYS[4], 9))
    (duty,) = [o for o in outcomes if o.rule == "day2"]
    counted = duty.reasons.children[1]
    (strip,) = [child for child in counted.children if child.message.code == "strip"]
    shown = [
        (c.message.params["day"], c.message.params["kind"], c.message.params["n"]) for c in strip.children
    ]
    assert shown == [
        (DAYS[0], "present", None),
        (DAYS[1], "absent", 1),
        (DAYS[2], "leave", None),
        (DAYS[3], "unknown", None),
        (DAYS[4], "absent", 2),
    ]


def test_a_year_not_announced_is_said_not_guessed() -> None:
    edge = date(2026, 12, 31)
    with pytest.raises(CalendarUnknown) as unknown:
        due(Deadline(DueKind.SCHOOL_DAYS, 1), at(edge, 9), CALENDAR)
    assert unknown.value.day == date(2027, 1, 1)
    facts = Journal()
    facts.roll(date(2026, 12, 30), came=False)
    facts.roll(edge, came=False)
    outcomes = evaluate(CHILD, facts.facts, standing(), CALENDAR, [adopt()], at(edge, 9))
    (duty,) = [o for o in outcomes if o.rule == "day2"]
    assert duty.state is State.CANNOT_TELL
    assert duty.why_ended is not None
    assert duty.why_ended.code == "year_not_announced"


def test_a_child_without_a_school_falls_to_the_village_then_the_township() -> None:
    pack_ = pack(
        "n", [rule("r", 1, "principal", "persuade_return", "contact", when={"case_stage": "confirmed"})]
    )
    facts = Journal()
    changed = h.CaseStageChanged(student=1, case=5, was=Stage.OPEN, now=Stage.CONFIRMED, day=MON)
    facts.state(changed, at(MON, 9))
    homeless = replace(standing(), enrolment=())
    (duty,) = evaluate(CHILD, facts.facts, homeless, CALENDAR, [adopt(pack_)], at(MON, 10))
    assert (duty.accountable.post, duty.accountable.via) == ("village_head", Via.CLIMBED)
    homeless = replace(standing(("village_head",)), enrolment=())
    (duty,) = evaluate(CHILD, facts.facts, homeless, CALENDAR, [adopt(pack_)], at(MON, 10))
    assert duty.accountable.post == "township_education"


# --- recurrence and quotas (facts.md §5) -----------------------------------------------------------


def quota(by: str, of: str, every: str, **numbers: int) -> AdoptedPack:
    made = rule(
        "quota",
        1,
        "class_teacher",
        "visit_quota",
        {"quota": {"by": by, **numbers}},
        when={"every": every, "of": of},
        by="period_end",
        counted_from="event",
    )
    return adopt(pack("quota", [made]))


def visits(students: list[int]) -> list[Happened]:
    return [
        Happened(
            h.HomeVisitMade(
                student=student,
                visit=n,
                day=MON,
                means=Means.VISIT,
                outcome=Outcome.WILL_RETURN,
                posts=("class_teacher",),
                people=(7,),
            ),
            at(MON, 18) + timedelta(seconds=n),
            at(MON, 19),
            n,
        )
        for n, student in enumerate(students, start=1)
    ]


@pytest.mark.parametrize(
    ("size", "percent", "visited", "needed", "state"),
    [
        (52, 50, 25, 26, State.OPEN),
        (52, 50, 26, 26, State.MET),
        (51, 50, 25, 26, State.OPEN),
        (51, 50, 26, 26, State.MET),
        (52, 100, 51, 52, State.OPEN),
        (52, 100, 52, 52, State.MET),
    ],
)
def test_half_of_a_class_is_rounded_up(
    size: int, percent: int, visited: int, needed: int, state: State
) -> None:
    pupils = tuple(Pupil(n, LONG_AGO) for n in range(1, size + 1))
    facts = visits(list(range(1, visited + 1)))
    held = replace(standing(), pupils=pupils)
    packs = [quota("head", "class", "term", percent=percent)]
    (duty,) = evaluate(CLASS, facts, held, CALENDAR, packs, at(TUE, 9))
    assert duty.progress is not None
    assert (duty.progress.done, duty.progress.needed) == (visited, needed)
    assert duty.state is state


def test_ten_visits_count_by_visit_and_five_pupils_by_head() -> None:
    teacher = Subject(SubjectKind.PERSON, 7)
    ten = quota("visit", "person", "term", at_least=10)
    (duty,) = evaluate(teacher, visits([1] * 10), standing(), CALENDAR, [ten], at(TUE, 9))
    assert duty.state is State.MET
    assert duty.accountable.person == 7
    five = quota("head", "person", "term", at_least=5)
    (duty,) = evaluate(teacher, visits([1] * 5), standing(), CALENDAR, [five], at(TUE, 9))
    assert duty.progress is not None
    assert duty.progress.done == 1
    assert duty.state is State.OPEN


def test_terms_years_and_months_of_the_calendar() -> None:
    first, last = TERM, date(2026, 11, 30)
    assert [o.key for o in occurrences(Period.MONTH, first, last, CALENDAR)] == [
        "2026-09",
        "2026-10",
        "2026-11",
    ]
    assert [o.key for o in occurrences(Period.TERM, first, last, CALENDAR)] == ["2026-1"]
    assert [o.key for o in occurrences(Period.SCHOOL_YEAR, first, last, CALENDAR)] == ["2026"]
    assert list(occurrences(Period.MONTH, date(2026, 7, 1), date(2026, 8, 31), CALENDAR)) == []


def test_since_leaves_out_older_occurrences() -> None:
    roll = rule(
        "roll", 1, "class_teacher", "take_roll", "roll_call", when={"every": "school_day", "of": "class"}
    )
    packs = [adopt(pack("roll", [roll]))]
    all_of_them = evaluate(CLASS, [], standing(), CALENDAR, packs, at(DAYS[5], 12))
    recent = evaluate(CLASS, [], standing(), CALENDAR, packs, at(DAYS[5], 12), since=DAYS[4])
    assert [o.day for o in recent] == [DAYS[4], DAYS[5]]
    assert {o.identity for o in recent} < {o.identity for o in all_of_them}
    assert all_of_them[0].day == TERM


# --- speed -----------------------------------------------------------------------------------------


def test_the_bench_evaluates_what_it_times() -> None:
    """Speed itself is printed by ``guixiao bench engine``, never asserted."""
    as_of = datetime.combine(date(2026, 11, 20), datetime.min.time()).replace(tzinfo=at(MON).tzinfo)
    speed = measure(time.process_time, [adopt()], standing(), CALENDAR, TERM, as_of, subjects=300)
    assert speed.outcomes > 0
    assert speed.subjects == 300


def test_the_world_holds_every_post() -> None:
    assert len(PEOPLE) > 50
    assert PLACES[Level.CLASS] == 1
