"""The closed words of a rule: kinds, comparators, deadlines, thresholds, clauses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum


class SubjectKind(StrEnum):
    """What a duty can be about."""

    STUDENT = "student"
    CLASS = "class"
    SCHOOL = "school"
    PERSON = "person"


class Comparator(StrEnum):
    """满 (ge)、超过 (gt)、不超过 (le)、不满 (lt): always said, never implied."""

    GE = "ge"
    GT = "gt"
    LE = "le"
    LT = "lt"


class Stricter(StrEnum):
    """Which way a lower place may move a parameter."""

    LOWER = "lower"
    HIGHER = "higher"
    NONE = "none"


class CountedIn(StrEnum):
    """What a day count counts. Natural days are the strictest reading."""

    NATURAL_DAYS = "natural_days"
    WORKING_DAYS = "working_days"
    SCHOOL_DAYS = "school_days"


class DueKind(StrEnum):
    WITHIN = "within"  # n seconds; on time is ≤
    AT = "at"  # an hour of the day
    SAME_DAY = "same_day"  # 23:59:59
    NEXT_SCHOOL_DAY = "next_school_day"
    SCHOOL_DAYS = "school_days"  # end of the n-th school day after
    WORKING_DAYS = "working_days"
    NATURAL_DAYS = "natural_days"
    MONTH_END = "month_end"
    PERIOD_END = "period_end"  # end of the period the duty is for
    TERM_START = "term_start"  # so long after the first day of the term, or of the next one


class CountedFrom(StrEnum):
    """A reporter's own deadline runs from the event; what follows from a report, from when it was known."""

    EVENT = "event"
    KNOWN = "known"


class Period(StrEnum):
    """How often a calendar duty recurs."""

    SCHOOL_DAY = "school_day"
    MONTH = "month"
    TERM = "term"
    SCHOOL_YEAR = "school_year"


class Status(StrEnum):
    IN_FORCE = "in_force"
    TO_BE_DECIDED = "to_be_decided"  # ambiguous or truncated: silent until a county chooses a reading
    OFF = "off"  # needs a written authority to be switched on


@dataclass(frozen=True, slots=True)
class Clause:
    """Where a rule comes from. ``says`` is our own paraphrase, never the source's sentence."""

    title: str
    article: str
    ids: tuple[str, ...]
    effective: date | None = None
    says: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when. ``n`` is seconds for ``within`` and days otherwise; ``after`` counts on from a period's end or a
    term's first day."""

    kind: DueKind
    n: int = 0
    at: time | None = None
    after: Deadline | None = None


@dataclass(frozen=True, slots=True)
class Threshold:
    comparator: Comparator
    n: int

    @property
    def needed(self) -> int:
        """The smallest count that reaches a ``ge`` or ``gt`` threshold."""
        return self.n + 1 if self.comparator is Comparator.GT else self.n


@dataclass(frozen=True, slots=True)
class Param:
    """A reference to a parameter of the pack, resolved for a day and a place."""

    name: str
