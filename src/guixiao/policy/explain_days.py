"""Which days counted, which did not and why (semantics 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from .days import DayMark, Kind
from .law import AbsentWithoutLeave, CountedIn
from .values import Reason, Weight, reason

if TYPE_CHECKING:
    from .ladder import Reached
    from .streaks import Run


class Days:
    """The days of one run in words; rules that count alike share them."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._strips: dict[CountedIn, Reason] = {}
        self._told: dict[tuple[CountedIn, int, int, bool], Reason] = {}

    def counted(self, reached: Reached) -> Reason:
        """Why the count is what it is."""
        if isinstance(reached.rule.when, AbsentWithoutLeave) and reached.rule.when.each_day:
            return self._on(reached)
        key = (reached.kind, reached.n, reached.needed, reached.certain)
        if key not in self._told:
            self._told[key] = self._count(reached)
        return self._told[key]

    def _on(self, reached: Reached) -> Reason:
        """For a demand of every day: that day, and the picture of all."""
        key = (reached.kind, reached.n, 0, True)
        if key not in self._told:
            numbered = {count.day: n for n, count in enumerate(reached.counts, start=1)}
            mark = self._run.on[reached.day]
            strip = self._strip(reached, numbered)
            self._told[key] = reason("absent_on", Weight.FOR, (strip,), mark.entries, day=reached.day)
        return self._told[key]

    def _count(self, reached: Reached) -> Reason:
        run = self._run
        numbered = {count.day: n for n, count in enumerate(reached.counts, start=1)}
        marks = [m for m in run.strip if m.day <= reached.day or not reached.certain]
        children = (*_groups(run, marks, numbered), _since(run), self._strip(reached, numbered))
        return reason(
            "count_reached" if reached.certain else "count_unclear",
            Weight.FOR if reached.certain else Weight.UNKNOWN,
            children,
            n=reached.n,
            needed=reached.needed,
            unknown=len(run.unknown),
            first=run.days[0],
        )

    def _strip(self, reached: Reached, numbered: Mapping[date, int]) -> Reason:
        """One child a day, for the picture of which days count."""
        key = reached.kind
        if key not in self._strips:
            run = self._run
            first = [_day(run.since, "present", None)] if run.since else []
            rest = [_day(mark, mark.kind.value, numbered.get(mark.day)) for mark in run.strip]
            self._strips[key] = reason("strip", Weight.NEUTRAL, (*first, *rest))
        return self._strips[key]


def _groups(run: Run, marks: Sequence[DayMark], numbered: Mapping[date, int]) -> list[Reason]:
    kinds: dict[Kind, list[DayMark]] = {}
    for mark in marks:
        kinds.setdefault(Kind.ABSENT if mark.absent else mark.kind, []).append(mark)
    off = kinds.get(Kind.OFF, [])
    absent = kinds.get(Kind.ABSENT, [])
    found = (
        _group("days_counted", Weight.FOR, absent),
        _group("days_off_counted", Weight.FOR, [m for m in off if m.day in numbered]),
        _group("days_leave", Weight.NEUTRAL, kinds.get(Kind.LEAVE, [])),
        _group("days_off", Weight.NEUTRAL, [m for m in off if m.day not in numbered and m.day > run.days[0]]),
        _group("days_unknown", Weight.UNKNOWN, kinds.get(Kind.UNKNOWN, [])),
        _group("days_unannounced", Weight.UNKNOWN, kinds.get(Kind.UNANNOUNCED, [])),
        _group("leave_refused", Weight.AGAINST, [m for m in absent if m.leave_refused]),
    )
    return [group for group in found if group is not None]


def _group(code: str, weight: Weight, marks: Sequence[DayMark]) -> Reason | None:
    if not marks:
        return None
    entries = [entry for mark in marks for entry in mark.entries]
    return reason(code, weight, (), entries, days=tuple(m.day for m in marks), n=len(marks))


def _since(run: Run) -> Reason:
    if run.since is None:
        return reason("since_unknown", Weight.NEUTRAL)
    return reason("since_present", Weight.FOR, (), run.since.entries, day=run.since.day)


def _day(mark: DayMark, kind: str, n: int | None) -> Reason:
    weight = Weight.NEUTRAL if n is None else Weight.FOR
    return reason(
        "day", weight, (), mark.entries, day=mark.day, kind=kind, off=mark.off.value, note=mark.note, n=n
    )
