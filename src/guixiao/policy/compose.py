"""Several regulations, one task: same act, subject and day (semantics 8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from .law import Clause
from .values import Assignee, Outcome, State, Subject


@dataclass(frozen=True, slots=True)
class Task:
    """What a person sees: one thing to do, the earliest deadline, everyone it takes, every clause.

    Each outcome in it is still met by its own test.
    """

    act: str
    subject: Subject
    day: date
    due: datetime
    people: tuple[Assignee, ...]
    report_to: tuple[Assignee, ...]
    clauses: tuple[Clause, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def demanded(self) -> bool:
        return any(outcome.demanded for outcome in self.outcomes)


def compose(outcomes: Iterable[Outcome]) -> tuple[Task, ...]:
    """Unite outcomes into tasks, soonest first. Upcoming ones are left out."""
    groups: dict[object, list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.state is not State.UPCOMING:
            groups.setdefault(outcome.merge_key, []).append(outcome)
    tasks = [_task(sorted(group, key=lambda o: (o.due, o.pack, o.rule))) for group in groups.values()]
    return tuple(sorted(tasks, key=lambda t: (t.due, t.act, t.subject)))


def _task(group: list[Outcome]) -> Task:
    wanted = [outcome for outcome in group if outcome.demanded] or group
    first = wanted[0]
    return Task(
        act=first.act,
        subject=first.subject,
        day=first.day,
        due=first.due,
        people=_once(person for outcome in wanted for person in (_doer(outcome), *outcome.together_with)),
        report_to=_once(person for outcome in wanted for person in outcome.report_to),
        clauses=tuple(dict.fromkeys(outcome.clause for outcome in wanted)),
        outcomes=tuple(group),
    )


def _doer(outcome: Outcome) -> Assignee:
    return outcome.now_with or outcome.accountable


def _once(people: Iterable[Assignee]) -> tuple[Assignee, ...]:
    seen: dict[tuple[str, int | None], Assignee] = {}
    for person in people:
        seen.setdefault((person.post, person.person), person)
    return tuple(seen.values())
