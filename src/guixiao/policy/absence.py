"""The absence ladders of one child: reached rungs, what cannot be told, and what lost its ground.

A rung that had been reached and is not any more (a false mark corrected, leave lawfully backdated, a late
roll call showing presence) is reported as withdrawn, so that everyone told can be told again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from guixiao.facts.clock import day_of, end_of, start_of
from guixiao.facts.codes import Mark
from guixiao.facts.happenings import (
    AbsenceMarked,
    ArrivedLate,
    LeaveGranted,
    MarkCorrected,
    PresenceMarked,
    Reported,
    RollCallTaken,
)
from guixiao.facts.posts import POSTS

from . import explain
from .episodes import same_episode
from .explain_days import Days
from .follow import judged
from .in_force import InForce
from .judge import Demand, Scene, judge
from .known import Cut, Known, Stated
from .ladder import Reached, rungs
from .law import AbsentWithoutLeave, CountedFrom
from .sheet import Sheet, sheet
from .streaks import Run, runs
from .values import Message, Outcome, State

_CLEARS = "dean"
_CLEAR_ACT = "clear_unknown_days"


def outcomes(scene: Scene, in_force: InForce) -> list[Outcome]:
    """Every outcome of the absence rules for one child."""
    if not _ever_absent(scene.known):
        return []
    read = sheet(scene.known, scene.standing)
    backdated: frozenset[int] = frozenset()
    lost: list[Outcome] = []
    for cut, why in _undoing(scene.known, read):
        before = _as_known(scene, cut)
        then = _now(before, in_force, sheet(before.known, scene.standing), backdated)
        if why.code == "leave_backdated":
            leave = next(x for x in read.leaves if x.entry == cut[1])
            if not _entitled(leave.backdated_by, then, leave.first, leave.last, before):
                continue
            backdated |= {leave.entry}
        lost += [_withdrawn(o, cut[0], why) for o in then if o.state is not State.CANNOT_TELL]
    final = _now(scene, in_force, read, backdated)
    return final + _without_ground(lost, final)


def _ever_absent(known: Known) -> bool:
    return any(s.fact.mark is Mark.NONE for s in known.of(AbsenceMarked)) or any(
        s.fact.now is Mark.NONE for s in known.of(MarkCorrected)
    )


def _now(scene: Scene, in_force: InForce, read: Sheet, backdated: frozenset[int]) -> list[Outcome]:
    found: list[Outcome] = []
    by_start: dict[date, list[tuple[Run, Days]]] = {}
    for family in in_force.families:
        starts = in_force.counts_from(family)
        if starts not in by_start:
            found_runs = runs(read, scene.calendar, backdated, scene.today, starts)
            by_start[starts] = [(run, Days(run)) for run in found_runs]
        for run, told in by_start[starts]:
            for reached in rungs(run, family, in_force, scene.calendar):
                found += _judge(scene, reached, told)
    return found


def _judge(scene: Scene, reached: Reached, told: Days) -> Iterator[Outcome]:
    run, rule, day = reached.run, reached.rule, reached.day
    because = told.counted(reached)
    start = reached.opened
    if rule.counted_from is CountedFrom.EVENT:
        marked = run.on[day].at if day in run.on else None
        start = marked if marked is not None and day_of(marked) == day else start_of(day)
    each_day = isinstance(rule.when, AbsentWithoutLeave) and rule.when.each_day
    demand = Demand(
        law=reached.law,
        rule=rule,
        episode=(day if each_day else run.days[0]).isoformat(),
        day=day,
        opened=reached.opened,
        start=start,
        since=start_of(day),
        because=because,
        days=(day,) if each_day else run.days,
        run=run,
        end=run.end,
    )
    if reached.certain:
        yield from judged(scene, demand)
    else:
        yield _cannot_tell(scene, judge(scene, demand))


def _cannot_tell(scene: Scene, outcome: Outcome) -> Outcome:
    """The dean's office must find out today what the unrecorded days were (semantics 3)."""
    clears = scene.who.answers(_CLEARS, scene.today)
    because = outcome.reasons.children[1]
    return replace(
        outcome,
        act=_CLEAR_ACT,
        accountable=clears,
        now_with=clears,
        together_with=(),
        report_to=(),
        due=end_of(scene.today),
        day=scene.today,
        state=State.CANNOT_TELL,
        demanded=True,
        met_by=None,
        met_at=None,
        late=False,
        ended=None,
        why_ended=None,
        rungs=(),
        reasons=explain.unclear(outcome.reasons.children[0], because, clears, end_of(scene.today)),
    )


# --- what lost its ground --------------------------------------------------------------------------


def _undoing(known: Known, read: Sheet) -> list[tuple[Cut, Message]]:
    """Entries after which a rung already reached may stand no longer, in the order they were learnt."""
    fixes = [
        (fix.cut, Message("mark_corrected", {"day": fix.fact.day, "why": fix.fact.why.value}))
        for fix in known.of(MarkCorrected)
        if fix.fact.was is Mark.NONE
    ]
    leaves = [
        (s.cut, Message("leave_backdated", {"first": s.fact.first, "post": s.fact.backdated_by}))
        for s in known.of(LeaveGranted)
        if s.fact.backdated_by and s.fact.first <= day_of(s.recorded)
    ]
    late: list[Stated[Any]] = [*known.of(RollCallTaken), *known.of(PresenceMarked), *known.of(ArrivedLate)]
    arrived = [
        (s.cut, Message("was_present", {"day": s.fact.day}))
        for s in late
        if day_of(s.recorded) > s.fact.day and _between(read, s)
    ]
    return sorted([*fixes, *leaves, *arrived], key=lambda pair: pair[0])


def _between(read: Sheet, roll: Stated[Any]) -> bool:
    """Whether a late roll call finds the child there between two absences already known: it splits a run."""
    cell = read.cells.get(roll.fact.day, {}).get(roll.fact.session)
    if cell is None or cell.came_at is None:
        return False
    before = _nearest(read, roll, reversed([d for d in sorted(read.cells) if d < roll.fact.day]))
    after = _nearest(read, roll, iter([d for d in sorted(read.cells) if d > roll.fact.day]))
    return before and after


def _nearest(read: Sheet, roll: Stated[Any], days: Iterator[date]) -> bool:
    """Whether the nearest day already known to be either presence or absence was absence."""
    for day in days:
        known = [c for c in read.cells[day].values() if c.recorded < roll.recorded]
        if any(c.came_at is not None for c in known):
            return False
        if any(c.mark is Mark.NONE for c in known):
            return True
    return False


def _as_known(scene: Scene, cut: Cut) -> Scene:
    return replace(scene, known=scene.known.before(cut), as_of=min(scene.as_of, cut[0]))


def _entitled(post: str | None, then: list[Outcome], first: date, last: date, scene: Scene) -> bool:
    """Backdating needs a post at least as high as the highest already notified (semantics 4)."""
    touched = [o for o in then if any(first <= day <= last for day in o.days)]
    return post is not None and POSTS[post].rank >= max(_notified(touched, scene.known), default=0)


def _notified(touched: list[Outcome], known: Known) -> Iterator[int]:
    for outcome in touched:
        if outcome.state is State.CANNOT_TELL:
            continue
        told = [outcome.accountable, *outcome.together_with]
        told += outcome.report_to if outcome.state is State.MET else ()
        yield from (POSTS[someone.post].rank for someone in told if someone.person is not None)
        yield from (POSTS[rung.post].rank for rung in outcome.rungs)
    first = min((o.days[0] for o in touched), default=None)
    for report in known.of(Reported):
        if first is not None and report.fact.day >= first:
            yield from (POSTS[post].rank for post in report.fact.to if post in POSTS)


def _withdrawn(outcome: Outcome, moment: datetime, why: Message) -> Outcome:
    """What had been met stays met: somebody did the work."""
    if outcome.state is State.MET:
        return outcome
    reasons = explain.withdrawn(outcome.reasons, why)
    return replace(
        outcome,
        state=State.WITHDRAWN,
        demanded=False,
        now_with=None,
        ended=moment,
        why_ended=why,
        reasons=reasons,
    )


def _without_ground(lost: list[Outcome], final: list[Outcome]) -> list[Outcome]:
    """Of what was once reached, what no episode of the same rule carries now; once each."""
    kept: list[Outcome] = []
    for outcome in lost:
        if not any(_same(outcome, other) for other in (*final, *kept)):
            kept.append(outcome)
    return kept


def _same(a: Outcome, b: Outcome) -> bool:
    return (a.pack, a.rule) == (b.pack, b.rule) and same_episode(a.days, b.days)
