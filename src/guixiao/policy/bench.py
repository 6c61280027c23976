"""How fast an evaluation is, over many synthetic children. The clocks are handed in: policy reads none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from guixiao.facts import Calendar
from guixiao.facts.clock import at
from guixiao.facts.codes import Mark, Means, Session
from guixiao.facts.codes import Outcome as Result
from guixiao.facts.happenings import AbsenceMarked, HomeVisitMade, RollCallTaken

from .evaluate import evaluate
from .in_force import InForce
from .law import AdoptedPack, SubjectKind
from .standing import Standing
from .values import Happened, Subject

_CLASS = 1
TOLD_EVERY = 10_000


@dataclass(frozen=True, slots=True)
class Spread:
    """Seconds one evaluation took: at the median, at the 99th percentile, at worst."""

    p50: float
    p99: float
    worst: float

    @classmethod
    def of(cls, took: list[float]) -> Spread:
        took.sort()
        return cls(took[len(took) // 2], took[len(took) * 99 // 100], took[-1])


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds an evaluation took by the timer; ``also`` by a second one; ``plain`` what it takes to walk the same
    facts once and count the days away in a row, which is the least any engine must do."""

    subjects: int
    outcomes: int
    p50: float
    p99: float
    worst: float
    also: Spread
    plain: Spread

    def __str__(self) -> str:
        ms = [f"{seconds * 1000:.3f} ms" for seconds in (self.p50, self.p99, self.worst)]
        return f"{self.subjects} subjects, {self.outcomes} outcomes: p50 {ms[0]}, p99 {ms[1]}, worst {ms[2]}"


def measure(
    timer: Callable[[], float],
    packs: Sequence[AdoptedPack],
    standing: Standing,
    calendar: Calendar,
    first: date,
    as_of: datetime,
    subjects: int = 1000,
    also: Callable[[], float] | None = None,
    tell: Callable[[int], None] | None = None,
) -> Speed:
    """Evaluate ``subjects`` made-up children whose absences differ, and report the spread.

    ``timer`` judges (processor time, say), ``also`` is read beside it (wall time); ``tell`` hears how many are done.
    """
    second = also or timer
    took: list[float] = []
    beside: list[float] = []
    walked: list[float] = []
    in_force = InForce(packs)
    outcomes = 0
    for n in range(subjects):
        facts = child(n, calendar, first, as_of)
        before, other = timer(), second()
        outcomes += len(evaluate(Subject(SubjectKind.STUDENT, n), facts, standing, calendar, in_force, as_of))
        took.append(timer() - before)
        beside.append(second() - other)
        before = timer()
        longest(facts)
        walked.append(timer() - before)
        if tell is not None and (n + 1) % TOLD_EVERY == 0:
            tell(n + 1)
    spread = Spread.of(took)
    return Speed(
        subjects, outcomes, spread.p50, spread.p99, spread.worst, Spread.of(beside), Spread.of(walked)
    )


def longest(facts: Sequence[Happened]) -> int:
    """The most roll calls in a row that a child missed, counted in one walk: the baseline."""
    missed = {h.fact.day for h in facts if isinstance(h.fact, AbsenceMarked)}
    most = run = 0
    for happened in facts:
        if isinstance(happened.fact, RollCallTaken):
            run = run + 1 if happened.fact.day in missed else 0
            most = max(most, run)
    return most


def child(n: int, calendar: Calendar, first: date, as_of: datetime) -> list[Happened]:
    """A term of roll calls for child ``n``: most come every day, one in twenty misses a day now and
    then, one in a hundred has a long absence, one roll call in twenty arrives a day late."""
    facts: list[Happened] = []
    for index, day in enumerate(calendar.school_days(first, as_of.date())):
        taken = at(day, 8, 5)
        if taken > as_of:
            break
        late = (index * 7 + n) % 20 == 0
        known = min(taken + timedelta(days=1), as_of) if late else taken
        roll = RollCallTaken(
            class_id=_CLASS,
            day=day,
            session=Session.MORNING,
            roster_version=1,
            present=40,
            absent=0,
            device_at=taken,
        )
        facts.append(Happened(roll, taken, known, len(facts) + 1, "class_teacher"))
        if _away(n, index):
            mark = AbsenceMarked(student=n, class_id=_CLASS, day=day, session=Session.MORNING, mark=Mark.NONE)
            facts.append(Happened(mark, taken, known, len(facts) + 1, "class_teacher"))
            if index % 3 == 0:
                facts.append(_visit(n, day, len(facts) + 1))
    return facts


def _away(n: int, index: int) -> bool:
    if n % 100 == 0:
        return 20 < index < 32
    return n % 20 == 0 and (index * 31 + n) % 29 < 2


def _visit(n: int, day: date, entry: int) -> Happened:
    made = HomeVisitMade(
        student=n,
        visit=entry,
        day=day,
        means=Means.VISIT,
        outcome=Result.WILL_RETURN,
        posts=("class_teacher",),
    )
    moment = at(day, 18)
    return Happened(made, moment, moment, entry, "class_teacher")
