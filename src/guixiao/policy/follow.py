"""What follows when a demand was met: rules that come ``after`` another one (the visit, then its record)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from guixiao.facts.clock import day_of

from .judge import Demand, Scene, judge
from .law import After, CountedFrom, Rule
from .values import Outcome, State, Weight, reason


def judged(scene: Scene, demand: Demand) -> Iterator[Outcome]:
    """The outcome of a demand, then of everything that follows from its having been met."""
    outcome = judge(scene, demand)
    yield outcome
    if outcome.state is not State.MET or outcome.met_at is None or outcome.ended is None:
        return
    for rule, when in demand.law.after(demand.rule.code):
        following = _following(demand, outcome, rule, when, outcome.met_at, outcome.ended)
        if following is not None:
            yield from judged(scene, following)


def _following(
    demand: Demand, outcome: Outcome, rule: Rule, when: After, met_at: datetime, known: datetime
) -> Demand | None:
    """The demand of ``rule`` once another was met; none where it waits for the child to be absent again."""
    code, day, opened = "after_met", day_of(met_at), known
    entries: tuple[int, ...] = (outcome.met_by or 0,)
    if when.still_absent:
        again = [m for m in demand.run.absent if m.day > day and m.known is not None] if demand.run else []
        if not again or again[0].known is None:
            return None
        code, day, opened = "after_still_absent", again[0].day, max(known, again[0].known)
        entries += again[0].entries
    because = reason(code, Weight.FOR, (), entries, title=outcome.title, at=met_at, day=day)
    start = met_at if rule.counted_from is CountedFrom.EVENT and not when.still_absent else opened
    return replace(demand, rule=rule, day=day, opened=opened, start=start, since=met_at, because=because)
