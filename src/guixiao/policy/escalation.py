"""Who hears of a missed duty: one rung after another up the tree, each once (semantics 7)."""

from __future__ import annotations

from datetime import datetime, timedelta

from guixiao.facts import Calendar
from guixiao.facts.clock import day_of

from .deadlines import CalendarUnknown, due
from .law import Deadline, DueKind, Escalation
from .values import Assignee, Rung
from .who import Who

_SECOND = timedelta(seconds=1)


def rungs(
    ladder: Escalation,
    accountable: Assignee,
    deadline: datetime,
    until: datetime,
    who: Who,
    calendar: Calendar,
) -> tuple[Rung, ...]:
    """The rungs that have fired by ``until`` (inclusive) since the deadline passed unmet.

    Each goes to the next held post up the line whose holder has not heard yet, never sideways or down.
    """
    if until <= deadline:
        return ()
    fired: list[Rung] = []
    told = frozenset() if accountable.person is None else frozenset({accountable.person})
    below = accountable
    for n in range(1, ladder.rungs + 1):
        key = (id(ladder), n, deadline)
        if key not in who.firings:
            who.firings[key] = fires_at(ladder, deadline, n, calendar)
        at = who.firings[key]
        if at is None or at > until:
            break
        next_up = who.above(below, day_of(at), told)
        if next_up is None:
            break
        fired.append(Rung(n, at, next_up.post, next_up.person, next_up.place))
        told = told if next_up.person is None else told | {next_up.person}
        below = next_up
    return tuple(fired)


def fires_at(ladder: Escalation, deadline: datetime, n: int, calendar: Calendar) -> datetime | None:
    """When rung ``n`` fires: the first at the deadline, each further one ``every`` later."""
    if n == 1:
        return deadline + _SECOND
    every = ladder.every
    step = Deadline(every.kind, every.n * (n - 1)) if every.kind is not DueKind.AT else every
    try:
        return due(step, deadline, calendar) + _SECOND
    except CalendarUnknown:
        return None
