"""One demand of one rule: who, by when, and how it stands. The last step of every evaluation."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from guixiao.facts import Calendar
from guixiao.facts.clock import day_of, end_of, whole_second

from . import explain
from .deadlines import CalendarUnknown, due
from .escalation import rungs
from .in_force import Law
from .known import Known
from .law import Rule
from .met import Asked, Met, met
from .standing import Standing
from .streaks import End, Run
from .values import Assignee, Message, Outcome, Progress, Reason, State, Subject
from .who import Who

_SECOND = timedelta(seconds=1)


class Staff(NamedTuple):
    """Who answers for a demand, who goes along, who hears of it, and why these."""

    who: Assignee
    together: tuple[Assignee, ...]
    told: tuple[Assignee, ...]
    because: Reason


@dataclass(frozen=True)
class Scene:
    """What one evaluation looks at."""

    subject: Subject
    known: Known
    standing: Standing
    calendar: Calendar
    as_of: datetime
    who: Who
    staffs: dict[tuple[int, int], Staff] = field(default_factory=dict, repr=False)

    @cached_property
    def today(self) -> date:
        return day_of(self.as_of)


@dataclass(slots=True)
class Demand:
    """A rule has been triggered. ``start`` is where its deadline counts from, ``because`` why it exists."""

    law: Law
    rule: Rule
    episode: str
    day: date
    opened: datetime
    start: datetime
    since: datetime
    because: Reason
    days: tuple[date, ...] = ()
    run: Run | None = None
    end: End | None = None
    first: date | None = None
    last: date | None = None


@dataclass(slots=True)
class Standpoint:
    """How a demand stands."""

    state: State
    ended: datetime | None
    demanded: bool
    late: bool = False
    why: Message | None = None


def judge(scene: Scene, demand: Demand) -> Outcome:
    """The outcome of one demand as known at the scene's moment."""
    try:
        by = demand.law.binding(demand.rule, demand.start, scene.calendar)
        deadline = due(demand.law.deadline(by), demand.start, scene.calendar, demand.last)
    except CalendarUnknown as unknown:
        return not_announced(scene, demand, unknown.day)
    found, progress = met(_asked(scene, demand))
    stands = _stands(scene, demand, deadline, found)
    return _outcome(scene, demand, deadline, found, progress, stands)


def _asked(scene: Scene, demand: Demand) -> Asked:
    return Asked(
        scene.subject,
        demand.rule,
        demand.law,
        scene.known,
        scene.who,
        demand.since,
        demand.day,
        demand.end.at if demand.end else None,
        demand.run,
        demand.episode,
        demand.first,
        demand.last,
    )


def _stands(scene: Scene, demand: Demand, deadline: datetime, found: Met | None) -> Standpoint:
    if found is not None:
        late = whole_second(found.at) > deadline
        return Standpoint(State.MET, found.known, demanded=False, late=late)
    if demand.end is not None:
        if whole_second(demand.end.at) <= deadline:
            why = Message(f"ended_{demand.end.cause.value}", {"at": demand.end.at})
            return Standpoint(State.WITHDRAWN, max(demand.end.known, demand.opened), demanded=False, why=why)
        why = Message("missed_then_ended", {"due": deadline, "at": demand.end.at})
        return Standpoint(State.MISSED, deadline + _SECOND, demanded=False, why=why)
    if whole_second(scene.as_of) > deadline:
        return Standpoint(State.MISSED, deadline + _SECOND, demanded=True)
    if scene.as_of < demand.opened:
        return Standpoint(State.UPCOMING, None, demanded=False)
    return Standpoint(State.OPEN, None, demanded=True)


def _outcome(
    scene: Scene,
    demand: Demand,
    deadline: datetime,
    found: Met | None,
    progress: Progress | None,
    stands: Standpoint,
) -> Outcome:
    rule, subject = demand.rule, scene.subject
    answers_on = day_of(min(deadline, found.at if found else deadline, scene.as_of))
    staff = _staff(scene, demand, answers_on)
    who, today = staff.who, scene.today
    until = _until(scene, demand, found)
    fired = rungs(demand.law.pack.escalation, who, deadline, until, scene.who, scene.calendar)
    reasons = explain.tree(scene, demand, deadline, staff, found, stands, fired, progress)
    return Outcome(
        pack=demand.law.pack.code,
        version=demand.law.pack.version,
        rule=rule.code,
        title=rule.title,
        subject=subject,
        episode=demand.episode,
        days=demand.days,
        act=rule.must,
        day=demand.day,
        accountable=who,
        now_with=scene.who.answers(rule.who, today) if stands.demanded else None,
        together_with=staff.together,
        report_to=staff.told,
        opened=demand.opened,
        due=deadline,
        state=stands.state,
        demanded=stands.demanded,
        met_by=found.entry if found else None,
        met_at=found.at if found else None,
        late=stands.late,
        ended=stands.ended,
        why_ended=stands.why,
        rungs=fired,
        clause=rule.clause,
        covers=rule.covers,
        reasons=reasons,
        progress=progress,
    )


def _until(scene: Scene, demand: Demand, found: Met | None) -> datetime:
    """Escalation goes on while the server knows of nothing that ends it."""
    until = scene.as_of
    if found is not None:
        until = min(until, found.known - _SECOND)
    if demand.end is not None:
        until = min(until, demand.end.known - _SECOND)
    return until


def _staff(scene: Scene, demand: Demand, day: date) -> Staff:
    """Everybody a rule concerns on a day; the same for every demand of it while nobody changes post."""
    rule = demand.rule
    key = (id(rule), scene.standing.stretch(day))
    if key not in scene.staffs:
        who = scene.who.answers(rule.who, day)
        together = tuple(scene.who.answers(post, day) for post in rule.together_with)
        told = tuple(scene.who.answers(post, day) for post in rule.report_to)
        scene.staffs[key] = Staff(who, together, told, explain.whose(rule, who, together, told))
    return scene.staffs[key]


def not_announced(scene: Scene, demand: Demand, day: date) -> Outcome:
    """A deadline that runs into an unannounced year: said aloud, never guessed (semantics 2)."""
    stands = Standpoint(
        State.CANNOT_TELL, None, demanded=True, why=Message("year_not_announced", {"day": day})
    )
    return _outcome(scene, demand, end_of(scene.today), None, None, stands)
