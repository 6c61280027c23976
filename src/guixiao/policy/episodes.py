"""Which episode is which: runs that share an absent day are one, and the earliest stored keeps its key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, TypeVar

from .values import Outcome, Subject


class Stored(Protocol):
    """A stored duty, as far as matching needs it."""

    @property
    def pack(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def subject(self) -> Subject: ...
    @property
    def episode(self) -> str: ...
    @property
    def days(self) -> Sequence[date]: ...


S = TypeVar("S", bound=Stored)


@dataclass(frozen=True, slots=True)
class Matched(Generic[S]):
    """``pairs``: stored duties with their outcome; ``new``: outcomes never stored; ``gone``: stored duties
    that no outcome carries any more."""

    pairs: tuple[tuple[S, Outcome], ...]
    new: tuple[Outcome, ...]
    gone: tuple[S, ...]


def same_episode(a_days: Iterable[date], b_days: Iterable[date]) -> bool:
    """Whether two runs of absence share an absent day."""
    return not set(a_days).isdisjoint(b_days)


def match(stored: Iterable[S], outcomes: Iterable[Outcome]) -> Matched[S]:
    """Pair stored duties with outcomes, one to one: the same key first, then a shared absent day, the
    earliest stored first. The stored key is the one to keep."""
    free = sorted(stored, key=lambda s: s.episode)
    pairs: list[tuple[S, Outcome]] = []
    new: list[Outcome] = []
    waiting = sorted(outcomes, key=lambda o: (o.pack, o.rule, o.subject, o.episode))
    for exact in (True, False):
        left: list[Outcome] = []
        for outcome in waiting:
            found = next((s for s in free if _is(s, outcome, exact)), None)
            if found is None:
                left.append(outcome)
            else:
                free.remove(found)
                pairs.append((found, outcome))
        waiting = left
    new = waiting
    return Matched(tuple(pairs), tuple(new), tuple(free))


def _is(stored: Stored, outcome: Outcome, exact: bool) -> bool:
    if (stored.pack, stored.rule, stored.subject) != (outcome.pack, outcome.rule, outcome.subject):
        return False
    if exact:
        return stored.episode == outcome.episode
    return same_episode(stored.days, outcome.days)
