"""Any pack over past facts, at any moment or over a period, and two packs compared. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from guixiao.facts import Calendar
from guixiao.facts.clock import day_of, days, end_of

from .evaluate import evaluate
from .law import AdoptedPack
from .standing import Standing
from .values import Happened, Outcome, State, Subject


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a set of packs would have demanded: every duty that would have been opened, as it ended."""

    outcomes: tuple[Outcome, ...]

    @property
    def counts(self) -> dict[tuple[str, str, State], int]:
        """How many of each (pack, rule, state)."""
        found: dict[tuple[str, str, State], int] = {}
        for outcome in self.outcomes:
            key = (outcome.pack, outcome.rule, outcome.state)
            found[key] = found.get(key, 0) + 1
        return found


@dataclass(frozen=True, slots=True)
class Difference:
    """Two sets of packs over the same facts, compared by subject, act and day."""

    only_first: tuple[Outcome, ...]
    only_second: tuple[Outcome, ...]
    due_moved: tuple[tuple[Outcome, Outcome], ...]
    both: int = 0
    """How many both demand."""


def over(
    subject: Subject,
    facts: Sequence[Happened],
    standing: Standing,
    calendar: Calendar,
    packs: Sequence[AdoptedPack],
    first: date,
    last: date,
) -> Rehearsed:
    """What the packs would have demanded between two days, had they been in force from ``first`` on."""
    moved = [AdoptedPack(p.pack, p.place_id, first, p.overrides, None, p.place_name) for p in packs]
    found = evaluate(subject, facts, standing, calendar, moved, end_of(last), since=first)
    return Rehearsed(tuple(o for o in found if first <= day_of(o.opened) <= last))


def timeline(
    subject: Subject,
    facts: Sequence[Happened],
    standing: Standing,
    calendar: Calendar,
    packs: Sequence[AdoptedPack],
    first: date,
    last: date,
) -> tuple[tuple[datetime, tuple[Outcome, ...]], ...]:
    """The outcomes at the end of each day of a period, as they were known then."""
    return tuple(
        (end_of(day), evaluate(subject, facts, standing, calendar, packs, end_of(day)))
        for day in days(first, last)
    )


def compare(first: Rehearsed, second: Rehearsed) -> Difference:
    """What one set of packs demands and the other does not, and whose deadlines moved."""
    left = {_key(o): o for o in first.outcomes}
    right = {_key(o): o for o in second.outcomes}
    both = [(left[key], right[key]) for key in left if key in right]
    return Difference(
        tuple(o for key, o in left.items() if key not in right),
        tuple(o for key, o in right.items() if key not in left),
        tuple((a, b) for a, b in both if a.due != b.due),
        len(both),
    )


def _key(outcome: Outcome) -> tuple[Subject, str, date]:
    return outcome.subject, outcome.act, outcome.day


class Mark(StrEnum):
    """How one demand stands beside those of other regulations for the same subject, act and day."""

    ONLY = "only"
    """No other asks for it."""
    SAME = "same"
    DUE = "due"
    WHO = "who"
    TOLD = "told"


def marks(outcome: Outcome, others: Sequence[Rehearsed]) -> tuple[Mark, ...]:
    """In what a demand differs from what the others demand at the same place, if they do."""
    alike = [[o for o in other.outcomes if _key(o) == _key(outcome)] for other in others]
    if not any(alike):
        return (Mark.ONLY,)
    found: list[Mark] = []
    same = [o for group in alike for o in group]
    if any(o.due != outcome.due for o in same):
        found.append(Mark.DUE)
    if any(_who(o) != _who(outcome) for o in same):
        found.append(Mark.WHO)
    if any(_told(o) != _told(outcome) for o in same):
        found.append(Mark.TOLD)
    return tuple(found) or (Mark.SAME,)


def _who(outcome: Outcome) -> frozenset[str]:
    return frozenset({outcome.accountable.asked, *(a.asked for a in outcome.together_with)})


def _told(outcome: Outcome) -> frozenset[str]:
    return frozenset(a.asked for a in outcome.report_to)
