"""Duties that the calendar or a case's stage brings, rather than a streak of absence (semantics 9)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from guixiao.facts import DayKind
from guixiao.facts.clock import at, day_of, start_of
from guixiao.facts.codes import Outcome as Result
from guixiao.facts.codes import Session, Stage
from guixiao.facts.happenings import CaseClosed, CaseStageChanged, ContactMade, HomeVisitMade

from .deadlines import due
from .follow import judged
from .in_force import InForce, Law
from .judge import Demand, Scene, judge, not_announced
from .known import Stated
from .law import DueKind, Every, Period, PersuasionFailed, Rule, StageReached
from .recurrence import Occurrence, occurrences
from .sheet import Cause
from .streaks import End
from .values import Outcome, Weight, reason

_FAILED = (Result.REFUSES, Result.WORKING, Result.NOBODY, Result.OTHER)


def recurring(
    scene: Scene, in_force: InForce, since: date | None, still: frozenset[date] = frozenset()
) -> Iterator[Outcome]:
    """Every occurrence of the calendar rules of this kind of subject, up to today's period.

    With ``since``: those that end on that day or later, and earlier ones that begin or end on a day in ``still``.
    """
    earliest = None if since is None else min([since, *still])
    for family in in_force.families:
        first = in_force.counts_from(family)
        first = max(d for d in (first, earliest, scene.standing.first) if d is not None)
        last = min(d for d in (scene.today, scene.standing.last) if d is not None)
        yield from _not_announced(scene, in_force, family)
        for period in Period:
            if first <= last and _used(scene, in_force, family, period, first, last):
                for occurrence in occurrences(period, first, last, scene.calendar):
                    if not (
                        since is None
                        or occurrence.last >= since
                        or {occurrence.first, occurrence.last} & still
                    ):
                        continue
                    yield from _of_occurrence(scene, in_force, family, period, occurrence)


def _not_announced(scene: Scene, in_force: InForce, family: str) -> Iterator[Outcome]:
    """Today lies in a year nobody has announced: whether a roll is due cannot be told, and that is said."""
    today = scene.today
    if scene.calendar.kind(today) is not DayKind.UNKNOWN or not _exists(scene, today):
        return
    for law in in_force.laws(family, today):
        for rule, every in _rules(scene, law, Period.SCHOOL_DAY):
            occurrence = Occurrence(today.isoformat(), today, today)
            yield not_announced(scene, _demand(scene, law, rule, every, occurrence), today)


def _exists(scene: Scene, day: date) -> bool:
    first, last = scene.standing.first, scene.standing.last
    return (first is None or first <= day) and (last is None or day <= last)


def _used(scene: Scene, in_force: InForce, family: str, period: Period, first: date, last: date) -> bool:
    days = [first, last, *(d for d in in_force.changes(family) if first < d <= last)]
    return any(_rules(scene, law, period) for day in days for law in in_force.laws(family, day))


def _rules(scene: Scene, law: Law, period: Period) -> tuple[tuple[Rule, Every], ...]:
    return law.every(scene.subject.kind, period)


def _of_occurrence(
    scene: Scene, in_force: InForce, family: str, period: Period, occurrence: Occurrence
) -> Iterator[Outcome]:
    """The law is that of the occurrence's last day, or today's while it runs."""
    for law in in_force.laws(family, min(occurrence.last, scene.today)):
        for rule, every in _rules(scene, law, period):
            demand = _demand(scene, law, rule, every, occurrence)
            if not _over_before(scene, demand, in_force.counts_from(family)):
                yield judge(scene, demand)


def _over_before(scene: Scene, demand: Demand, adopted: date) -> bool:
    """Whether a term's opening had passed before anybody adopted the rule: nothing is asked for the past."""
    deadline = demand.law.deadline(demand.rule.by)
    if deadline.kind is not DueKind.TERM_START or demand.start >= start_of(adopted):
        return False
    return due(deadline, demand.start, scene.calendar) < start_of(adopted)


def _demand(scene: Scene, law: Law, rule: Rule, every: Every, occurrence: Occurrence) -> Demand:
    opened = start_of(occurrence.first)
    start = opened
    if every.period is Period.SCHOOL_DAY:
        if law.deadline(rule.by).kind is DueKind.WITHIN:
            time = scene.standing.session_start(every.session or Session.MORNING)
            start = at(occurrence.last, time.hour, time.minute, time.second)
    elif law.deadline(rule.by).kind is not DueKind.TERM_START:
        start = start_of(occurrence.last)
        if every.opens_before:
            opened = max(opened, start_of(occurrence.last - timedelta(days=every.opens_before)))
    because = reason(
        f"every_{every.period.value}",
        Weight.FOR,
        first=occurrence.first,
        last=occurrence.last,
        note=scene.calendar.note(occurrence.last),
    )
    return Demand(
        law=law,
        rule=rule,
        episode=occurrence.key,
        day=occurrence.last,
        opened=opened,
        start=start,
        since=start_of(occurrence.first),
        because=because,
        first=occurrence.first,
        last=occurrence.last,
    )


# --- a case's stages -------------------------------------------------------------------------------


def of_cases(scene: Scene, in_force: InForce) -> Iterator[Outcome]:
    """What follows from a case reaching a stage, and from persuasion that did not succeed."""
    changes = scene.known.of(CaseStageChanged)
    if not changes:
        return
    for family in in_force.families:
        for law in {id(x): x for s in changes for x in in_force.laws(family, day_of(s.at))}.values():
            for rule in law.rules:
                yield from _of_case(scene, law, rule, in_force.counts_from(family))


def _of_case(scene: Scene, law: Law, rule: Rule, starts: date) -> Iterator[Outcome]:
    when = rule.when
    if not isinstance(when, StageReached | PersuasionFailed):
        return
    stage = when.stage if isinstance(when, StageReached) else Stage.CONFIRMED
    seen: set[int] = set()
    for change in scene.known.of(CaseStageChanged):
        fact = change.fact
        if fact.now is not stage or fact.case in seen or day_of(change.at) < starts:
            continue
        seen.add(fact.case)
        end = _case_ends(scene, change)
        if isinstance(when, StageReached):
            yield from judged(scene, _case_demand(law, rule, change, change, end, 0))
            continue
        needed = law.threshold(when.times).needed
        failed = _failures(scene, change, end)
        if len(failed) >= needed:
            yield from judged(scene, _case_demand(law, rule, change, failed[needed - 1], end, needed))


def _case_demand(
    law: Law,
    rule: Rule,
    change: Stated[CaseStageChanged],
    trigger: Stated[CaseStageChanged] | Stated[HomeVisitMade] | Stated[ContactMade],
    end: End | None,
    times: int,
) -> Demand:
    code = "persuasion_failed" if times else "stage_reached"
    because = reason(
        code, Weight.FOR, (), (trigger.entry,), stage=change.fact.now.value, day=day_of(trigger.at), n=times
    )
    return Demand(
        law=law,
        rule=rule,
        episode=f"case:{change.fact.case}",
        day=day_of(trigger.at),
        opened=trigger.recorded,
        start=trigger.recorded,
        since=trigger.at,
        because=because,
        end=end,
    )


def _case_ends(scene: Scene, change: Stated[CaseStageChanged]) -> End | None:
    """Return or closing ends what the case demands."""
    back = (Stage.RETURNED, Stage.FOLLOWING, Stage.CLOSED)
    stages: list[Stated[Any]] = [
        s
        for s in scene.known.of(CaseStageChanged)
        if s.fact.case == change.fact.case and s.fact.now in back and s.cut > change.cut
    ]
    closed = [s for s in scene.known.of(CaseClosed) if s.fact.case == change.fact.case and s.cut > change.cut]
    first = min([*stages, *closed], key=lambda s: s.cut, default=None)
    return End(first.at, first.recorded, Cause.CASE_OVER, (first.entry,)) if first is not None else None


def _failures(
    scene: Scene, change: Stated[CaseStageChanged], end: End | None
) -> list[Stated[HomeVisitMade] | Stated[ContactMade]]:
    tried: list[Stated[HomeVisitMade] | Stated[ContactMade]] = [
        *scene.known.of(HomeVisitMade),
        *scene.known.of(ContactMade),
    ]
    found = [
        s
        for s in tried
        if s.fact.outcome in _FAILED
        and scene.known.stands(s)
        and s.at >= change.at
        and (end is None or s.at <= end.at)
    ]
    return sorted(found, key=lambda s: (s.at, s.entry))
