"""Names and plans as values: nothing here touches a database."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guixiao.facts import Calendar, Term
from guixiao.schoolyear import plan as plans
from guixiao.schoolyear.naming import another, renamed, starting_names
from guixiao.schoolyear.plan import OUT, STAY, NewClass, Plan, Spot, add_class
from guixiao.schoolyear.seasons import season


@pytest.mark.parametrize(
    ("name", "old", "wanted"),
    [
        ("三（1）班", 3, "四（1）班"),
        ("八年级2班", 8, "九年级2班"),
        ("803班", 8, "903班"),
        ("8.3", 8, "9.3"),
        ("初二（3）班", 8, "初三（3）班"),
        ("六（2）班", 6, "七（2）班"),
        ("高一（1）班", 10, "高二（1）班"),
        ("2024级3班", 8, "2024级3班"),
        ("向日葵班", 1, "向日葵班"),
        ("12班", 1, "12班"),
        ("一年级启智班", 1, "二年级启智班"),
    ],
)
def test_a_class_is_renamed_as_the_school_names_them(name: str, old: int, wanted: str) -> None:
    assert renamed(name, old, old + 1) == wanted


@pytest.mark.parametrize(
    ("now", "count", "wanted"),
    [
        (["七（1）班", "七（2）班"], 2, ["七（1）班", "七（2）班"]),
        (["七（1）班"], 3, ["七（1）班", "七（2）班", "七（3）班"]),
        (["2026级1班", "2026级2班"], 3, ["2027级1班", "2027级2班", "2027级3班"]),
        (["701班"], 2, ["701班", "702班"]),
        ([], 2, ["七（1）班", "七（2）班"]),
    ],
)
def test_beginners_are_named_like_this_years(now: list[str], count: int, wanted: list[str]) -> None:
    assert starting_names(now, 7, count, ()) == wanted


def test_one_more_class_takes_the_next_free_number() -> None:
    assert another(["九（3）班"], 9, ["九（1）班", "九（3）班"]) == "九（2）班"


def school() -> Plan:
    """Two classes of thirty in grade eight, one of them with a teacher; three children leave, one stays."""
    plan = Plan((), {}, (9,))
    plan, one = add_class(
        plan, NewClass("", 8, "八（1）班", (1,), {"class_teacher": (5,), "subject_teacher": (6,)})
    )
    plan, two = add_class(plan, NewClass("", 8, "八（2）班", (2,), {"subject_teacher": (7,)}))
    children = {pk: Spot(1, one) for pk in range(30)} | {pk: Spot(2, two) for pk in range(30, 60)}
    leaving = {pk: Spot(9, OUT) for pk in range(60, 63)} | {63: Spot(9, STAY)}
    return Plan(plan.classes, children | leaving, plan.leaving, plan.numbered)


def test_a_plan_comes_back_from_json_as_it_was() -> None:
    plan = plans.split(school(), "n1", ["八（3）班"], range(30), True)
    assert Plan.read(json.loads(json.dumps(plan.write()))) == plan


def test_dealt_in_turn_the_parts_differ_by_one_at_most() -> None:
    plan = plans.split(school(), "n1", ["八（3）班", "八（4）班", "八（5）班"], range(30), True)
    sizes = plan.sizes()
    assert sorted(sizes[key] for key in ("n1", "n3", "n4", "n5")) == [7, 7, 8, 8]
    made = plan.find("n3")
    assert made is not None
    assert made.seats == {"subject_teacher": (6,)}, "the class teacher stays with the first"


def test_merged_classes_keep_the_first_ones_teacher_and_everybody_who_may_share() -> None:
    plan = plans.merge(school(), ["n1", "n2"], ["subject_teacher"])
    (one,) = plan.classes
    assert one.seats == {"class_teacher": (5,), "subject_teacher": (6, 7)}
    assert one.sources == (1, 2)
    assert plan.sizes() == {"n1": 60, OUT: 3, STAY: 1}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["split", "merge", "move"]), st.integers(0, 20), st.integers(0, 20), st.booleans()
    ),
    max_size=8,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no finding
@given(STEPS)
def test_no_edit_loses_or_doubles_a_child(steps: list[tuple[str, int, int, bool]]) -> None:
    """Whatever is split, merged and moved: every child sits in one class that exists, or leaves, or stays."""
    plan = school()
    everybody = set(plan.children)
    for do, a, b, deal in steps:
        keys = [one.key for one in plan.classes]
        here, there = keys[a % len(keys)], keys[b % len(keys)]
        if do == "split":
            plan = plans.split(plan, here, [f"新{len(keys)}"], sorted(plan.sitting(here)), deal)
        elif do == "merge" and here != there:
            plan = plans.merge(plan, [here, there], [])
        elif do == "move":
            plan = plans.move(plan, dict.fromkeys(plan.sitting(here)[: b % 5], there))
    known = {one.key for one in plan.classes} | {OUT, STAY}
    assert set(plan.children) == everybody
    assert all(spot.to in known for spot in plan.children.values())
    assert len({one.key for one in plan.classes}) == len(plan.classes)
    assert (plan.sizes()[OUT], plan.sizes()[STAY]) == (3, 1)


SPRING = Term("2026-2", date(2027, 2, 22), date(2027, 7, 9))
AUTUMN = Term("2027-1", date(2027, 9, 1), date(2028, 1, 21))


@pytest.mark.parametrize(
    ("terms", "first", "opens"),
    [
        ((SPRING, AUTUMN), date(2027, 9, 1), date(2027, 7, 10)),
        ((AUTUMN,), date(2027, 9, 1), date(2027, 6, 1)),
        ((SPRING,), None, None),
    ],
)
def test_a_year_opens_after_the_last_term(
    terms: tuple[Term, ...], first: date | None, opens: date | None
) -> None:
    found = season(Calendar(terms, frozenset({2027})), 2027)
    assert (found.first, found.opens) == (first, opens)


def test_new_classes_begin_after_the_last_roll_of_the_old() -> None:
    found = season(Calendar((SPRING, AUTUMN), frozenset({2027})), 2027)
    assert found.counts_from(None) == date(2027, 9, 1)
    assert found.counts_from(date(2027, 7, 9)) == date(2027, 9, 1)
    assert found.counts_from(date(2027, 9, 3)) == date(2027, 9, 4)
