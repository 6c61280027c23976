"""A small world for the engine's tests: one child, one class, every post held, a 2026 autumn term."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from guixiao.facts import Calendar, Fact, Term
from guixiao.facts import happenings as h
from guixiao.facts.clock import at, days
from guixiao.facts.codes import Mark, Means, Outcome, Session
from guixiao.facts.posts import POSTS, Level
from guixiao.policy import (
    AdoptedPack,
    Happened,
    Holding,
    Line,
    Membership,
    Pack,
    Standing,
    Subject,
    SubjectKind,
    load_pack,
)

CHILD = Subject(SubjectKind.STUDENT, 1)
CLASS = Subject(SubjectKind.CLASS, 1)
PLACES = {level: n for n, level in enumerate(Level, start=1)}
PEOPLE = {post: 1000 + n for n, post in enumerate(POSTS)}
TERM = date(2026, 9, 1)
LONG_AGO = date(2020, 1, 1)
HOLIDAYS = dict.fromkeys(days(date(2026, 9, 25), date(2026, 9, 27)), "中秋节") | dict.fromkeys(
    days(date(2026, 10, 1), date(2026, 10, 7)), "国庆节"
)
CALENDAR = Calendar(
    terms=(Term("2026-1", TERM, date(2027, 1, 22)),),
    announced=frozenset({2026}),
    holidays=MappingProxyType(HOLIDAYS),
    workdays=MappingProxyType({date(2026, 9, 20): "调休", date(2026, 10, 10): "调休"}),
)
SCHOOL_DAYS = list(CALENDAR.school_days(TERM, date(2026, 11, 30)))


def standing(vacant: Sequence[str] = (), **changes: Any) -> Standing:
    lines = (Level.CLASS, Level.GRADE, Level.SCHOOL, Level.CENTRAL_SCHOOL, Level.TOWNSHIP, Level.COUNTY)
    homes = (Level.HAMLET, Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY)
    made = Standing(
        enrolment=(Line(LONG_AGO, {level: PLACES[level] for level in lines}),),
        residence=(Line(LONG_AGO, {level: PLACES[level] for level in homes}),),
        holdings=tuple(
            Holding(post.code, PLACES[post.level], PEOPLE[post.code], LONG_AGO)
            for post in POSTS.values()
            if post.code not in vacant
        ),
        memberships=(Membership(1, LONG_AGO),),
    )
    return replace(made, **changes)


def pack(
    code: str = "ladder",
    rules: Sequence[dict[str, Any]] | None = None,
    base: Pack | None = None,
    **header: Any,
) -> Pack:
    """A made-up ladder: visit on day 1, joint visit on day 2, plan on day 3, mark on day 7."""
    head = {
        "pack": code,
        "version": "1",
        "title": code,
        "issuer": "x",
        "source": "x",
        "adoptable_at": ["school", "county"],
        "effective": date(2020, 1, 1),
        **header,
    }
    return load_pack(head, {"rules.yaml": LADDER if rules is None else rules}, base)


def rule(code: str, days_needed: int, who: str, must: str, met_by: Any, **more: Any) -> dict[str, Any]:
    return {
        "rule": code,
        "title": code,
        "covers": ["X-01"],
        "clause": {"title": "x", "article": "1"},
        "when": {"absent_without_leave": {"school_days": {"ge": days_needed}}},
        "who": who,
        "must": must,
        "by": "same_day",
        "met_by": met_by,
        **more,
    }


LADDER = [
    rule("day1", 1, "class_teacher", "home_visit", {"home_visit": {"with": ["class_teacher"]}}),
    rule(
        "day2",
        2,
        "liaison_leader",
        "joint_home_visit",
        {"home_visit": {"with": ["liaison_leader", "class_teacher"]}},
        together_with=["class_teacher"],
        by={"school_days": 1},
    ),
    rule("day3", 3, "student_affairs", "make_plan", "plan_made"),
    rule("day7", 7, "registrar", "mark_suspected_dropout", {"case_stage": "suspected"}),
]


def adopt(made: Pack | None = None, place: int = 9, first: date = TERM, **overrides: Any) -> AdoptedPack:
    return AdoptedPack(made or pack(), place, first, overrides, place_name=f"place {place}")


class Journal:
    """Facts as they would be recorded, entries in order of statement."""

    def __init__(self) -> None:
        self.facts: list[Happened] = []

    def state(self, fact: Fact, at_: datetime, recorded: datetime | None = None, post: str = "") -> None:
        self.facts.append(Happened(fact, at_, recorded or at_, len(self.facts) + 1, post))

    def roll(self, day: date, came: bool, recorded: datetime | None = None) -> None:
        taken = at(day, 8, 5)
        self.state(
            h.RollCallTaken(
                class_id=1,
                day=day,
                session=Session.MORNING,
                roster_version=1,
                present=1,
                absent=0,
                device_at=taken,
            ),
            taken,
            recorded,
        )
        if not came:
            self.mark(day, Mark.NONE, recorded)

    def mark(self, day: date, mark: Mark, recorded: datetime | None = None) -> None:
        fact = h.AbsenceMarked(student=1, class_id=1, day=day, session=Session.MORNING, mark=mark)
        self.state(fact, at(day, 8, 5), recorded)

    def leave_day(self, day: date) -> None:
        self.roll(day, came=True)
        self.mark(day, Mark.SICK)

    def visit(self, moment: datetime, *posts: str) -> None:
        made = h.HomeVisitMade(
            student=1,
            visit=len(self.facts),
            day=moment.date(),
            means=Means.VISIT,
            outcome=Outcome.WILL_RETURN,
            posts=posts,
        )
        self.state(made, moment)


def next_day(day: date, n: int = 1) -> date:
    return day + timedelta(days=n)
