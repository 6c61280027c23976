"""What goes into an evaluation and what comes out, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from guixiao.facts import Fact

from .law import Clause, SubjectKind


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """Whom or what a duty is about: one child, class, school or person."""

    kind: SubjectKind
    id: int


@dataclass(frozen=True, slots=True)
class Happened:
    """A fact with its journal entry. ``at`` is when it happened as far as it can be trusted (device time if
    its clock was off by less than five minutes, else the same as ``recorded``); ``recorded`` is when the
    server knew; ``post`` is the post that stated it."""

    fact: Fact
    at: datetime
    recorded: datetime
    entry: int
    post: str = ""


# --- reasons ---------------------------------------------------------------------------------------

Value = str | int | bool | None | date | datetime | tuple["Value", ...]


class Message(NamedTuple):
    """A sentence as a code and its values; ``say`` turns it into words, gettext into a language."""

    code: str
    params: Mapping[str, Value] = MappingProxyType({})


class Weight(StrEnum):
    """What a reason does to the conclusion."""

    FOR = "for"
    AGAINST = "against"
    NEUTRAL = "neutral"
    UNKNOWN = "unknown"


class Reason(NamedTuple):
    """One node of the tree of reasons; ``entries`` are the journal entries behind it."""

    message: Message
    weight: Weight = Weight.NEUTRAL
    children: tuple[Reason, ...] = ()
    entries: tuple[int, ...] = ()


def reason(
    code: str,
    weight: Weight = Weight.NEUTRAL,
    children: Sequence[Reason] = (),
    entries: Sequence[int] = (),
    **params: Value,
) -> Reason:
    """A node of the tree from a code and named values. Made by the thousand, so without the detour of ``__new__``."""
    said = tuple.__new__(Message, (code, params))
    return tuple.__new__(Reason, (said, weight, tuple(children), tuple(entries)))


# --- who -------------------------------------------------------------------------------------------


class Via(StrEnum):
    """How the duty came to this person."""

    HOLDER = "holder"
    DEPUTY = "deputy"
    STANDS_IN = "stands_in"
    CLIMBED = "climbed"
    NOBODY = "nobody"  # no post up the whole line is held: shown, never hidden


@dataclass(frozen=True, slots=True)
class Assignee:
    """Who answers. ``asked`` is the post the rule names, ``post`` the one that carries it;
    ``vacancies`` are the vacant posts passed on the way."""

    asked: str
    post: str
    person: int | None
    place: int | None
    via: Via
    vacancies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of escalation that has fired."""

    n: int
    at: datetime
    post: str
    person: int | None
    place: int | None


# --- outcome ---------------------------------------------------------------------------------------


class State(StrEnum):
    UPCOMING = "upcoming"
    OPEN = "open"
    MET = "met"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a quota has come."""

    done: int
    needed: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one rule demands for one subject and one episode, with its reasons.

    Identity is ``identity``; for absence, runs that share an absent day (``days``) are one episode and
    reconciliation keeps the earliest stored key (``episodes.match``).
    """

    pack: str
    version: str
    rule: str
    title: str
    subject: Subject
    episode: str
    """The first absent day (ISO), the day or period of a calendar duty, or ``case:<id>``."""
    days: tuple[date, ...]
    """The absent days of the episode; empty for other duties."""
    act: str
    day: date
    """The day the duty is for: n-th absent day, roll-call day, last day of the period."""
    accountable: Assignee
    """Who answers: at the deadline once it has passed (semantics 5)."""
    now_with: Assignee | None
    """Who has it now, while it is still demanded."""
    together_with: tuple[Assignee, ...]
    report_to: tuple[Assignee, ...]
    opened: datetime
    due: datetime
    state: State
    demanded: bool
    """Something is still to be done: open, cannot tell, or missed and not overtaken by a return."""
    met_by: int | None
    """The journal entry that met it."""
    met_at: datetime | None
    late: bool
    ended: datetime | None
    """When it was met (known), missed or withdrawn."""
    why_ended: Message | None
    rungs: tuple[Rung, ...]
    clause: Clause
    covers: tuple[str, ...]
    reasons: Reason
    progress: Progress | None = None

    @property
    def identity(self) -> tuple[str, str, SubjectKind, int, str]:
        """(pack, rule, subject kind, subject id, episode): one stored duty each."""
        return self.pack, self.rule, self.subject.kind, self.subject.id, self.episode

    @property
    def merge_key(self) -> tuple[str, SubjectKind, int, date]:
        """Same act, subject and day appear as one task (semantics 8)."""
        return self.act, self.subject.kind, self.subject.id, self.day
