"""Which rungs of the absence ladders a run has reached, and which cannot be told (semantics 1, 3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from guixiao.facts import Calendar

from .in_force import InForce, Law
from .law import AbsentWithoutLeave, CountedIn, Rule
from .streaks import Count, Run, counted, known_after


@dataclass(slots=True)
class Reached:
    """A rule whose number of days a run has reached, or might have if unrecorded days were known."""

    law: Law
    rule: Rule
    run: Run
    kind: CountedIn
    counts: tuple[Count, ...]
    needed: int
    n: int
    """The position at which it was reached; for one that cannot be told, the days counted so far."""
    day: date
    opened: datetime
    certain: bool = True


def rungs(run: Run, family: str, in_force: InForce, calendar: Calendar) -> Iterator[Reached]:
    """Every rung of a family of packs that the run has reached or may have reached."""
    for kind in CountedIn:
        if not _used(kind, family, in_force, run):
            continue
        counts = counted(run, kind, calendar)
        for lo, hi in _stretches(counts, in_force.changes(family)):
            for law in in_force.laws(family, counts[lo - 1].day):
                last = hi == len(counts)
                yield from _of_law(law, kind, family, in_force, run, counts, lo, hi, last)


def _of_law(
    law: Law,
    kind: CountedIn,
    family: str,
    in_force: InForce,
    run: Run,
    counts: tuple[Count, ...],
    lo: int,
    hi: int,
    last: bool,
) -> Iterator[Reached]:
    unknown = len(run.unknown)
    for rule, needed in law.ladder(kind):
        if isinstance(rule.when, AbsentWithoutLeave) and rule.when.each_day:
            for n in range(max(needed, lo), hi + 1):
                yield Reached(law, rule, run, kind, counts, needed, n, counts[n - 1].day, counts[n - 1].known)
            continue
        if lo > 1 and _before(law, rule, in_force, counts[lo - 2].day) <= lo - 1:
            continue
        if needed <= hi:
            n = max(needed, lo)
            opened = known_after(counts, n)
            yield Reached(law, rule, run, kind, counts, needed, n, counts[n - 1].day, opened)
        elif last and run.end is None and hi < needed <= hi + unknown:
            day = counts[-1].day
            yield Reached(
                law, rule, run, kind, counts, needed, hi, day, known_after(counts, hi), certain=False
            )


def _before(law: Law, rule: Rule, in_force: InForce, day: date) -> int:
    earlier, same = in_force.rule_before(law, rule, day)
    return next((n for kind in CountedIn for r, n in earlier.ladder(kind) if r.code == same.code), 0)


def _used(kind: CountedIn, family: str, in_force: InForce, run: Run) -> bool:
    first, last = run.days[0], run.days[-1]
    days = [first, *(day for day in in_force.changes(family) if first < day <= last)]
    return any(law.ladder(kind) for day in days for law in in_force.laws(family, day))


def _stretches(counts: Sequence[Count], changes: Sequence[date]) -> Iterator[tuple[int, int]]:
    """Positions (from, to) between which the law stands still."""
    if not counts:
        return
    lo = 1
    for position, (before, after) in enumerate(pairwise(counts), start=1):
        if any(before.day < change <= after.day for change in changes):
            yield lo, position
            lo = position + 1
    yield lo, len(counts)
