"""A regulation as frozen values: packs, rules, clauses, and parameters with their dates.

Nothing here decides anything; ``loader`` builds these from a pack's data and ``evaluate`` reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from types import MappingProxyType

from guixiao.facts.codes import Session, SignStep, Stage
from guixiao.facts.posts import Level


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
    """By when. ``n`` is seconds for ``within`` and days otherwise; ``after`` counts on from a period's end."""

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


ParameterValue = int | Deadline | CountedIn


@dataclass(frozen=True, slots=True)
class Dated:
    """A value that holds from ``first`` on. Amending adds one; nothing is overwritten."""

    first: date
    value: ParameterValue


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number on which regulations differ.

    ``written`` is false where the text gives no number: the first place that decides may choose freely,
    those below it may only tighten.
    """

    code: str
    title: str
    unit: str
    stricter: Stricter
    values: tuple[Dated, ...]
    comparator: Comparator | None = None
    written: bool = True
    clause: Clause | None = None
    note: str = ""


# --- when ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AbsentWithoutLeave:
    """A streak of unexcused absence has reached a number of days."""

    days: Threshold | Param
    counted_in: CountedIn | Param = CountedIn.SCHOOL_DAYS


@dataclass(frozen=True, slots=True)
class StageReached:
    """The child's case has reached a stage. Used as a trigger and as a test."""

    stage: Stage


@dataclass(frozen=True, slots=True)
class PersuasionFailed:
    """Since confirmed dropout, this many visits or contacts ended without a return."""

    times: Threshold | Param


@dataclass(frozen=True, slots=True)
class Every:
    """A calendar occurrence: every school day, month, term or school year of a subject.

    ``opens_before`` is how many natural days before its deadline it is asked for; until then it is upcoming.
    """

    period: Period
    of: SubjectKind
    session: Session | None = None
    opens_before: int = 0


Trigger = AbsentWithoutLeave | StageReached | PersuasionFailed | Every


# --- met by ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HomeVisit:
    """A visit to the home by all of ``with_posts``, with at least so many from the school and the village."""

    with_posts: tuple[str, ...] = ()
    school: int | Param = 0
    village: int | Param = 0
    contents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """The family was reached by any means (a visit counts). ``reached`` refuses "nobody there"."""

    with_posts: tuple[str, ...] = ()
    reached: bool = True


@dataclass(frozen=True, slots=True)
class ReportedTo:
    """A report of the rule's act to every one of these posts."""

    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RollReport:
    """The submitted roll call is itself the report."""


@dataclass(frozen=True, slots=True)
class PlanWith:
    """A plan for this child was made with these posts."""

    with_posts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanApprovedTest:
    """The plan was approved."""


@dataclass(frozen=True, slots=True)
class RollCallTest:
    """The roll of the class was taken."""

    session: Session | None = None


@dataclass(frozen=True, slots=True)
class ReturnStepTest:
    """A step of the period's return was signed and not sent back since."""

    step: SignStep


@dataclass(frozen=True, slots=True)
class ReturnSubmittedTest:
    """The period's return was signed and locked; a zero return counts."""


@dataclass(frozen=True, slots=True)
class Quota:
    """So many visits in the period, counted by head (a child once) or by visit; ``share`` rounds up."""

    by: str  # "head" | "visit"
    at_least: int | Param = 0
    percent: int | Param = 0


Test = (
    HomeVisit
    | Contact
    | ReportedTo
    | RollReport
    | PlanWith
    | PlanApprovedTest
    | RollCallTest
    | ReturnStepTest
    | ReturnSubmittedTest
    | StageReached
    | Quota
)


@dataclass(frozen=True, slots=True)
class Rule:
    """When … who … must … by … to whom … met by what."""

    code: str
    title: str
    subject: SubjectKind
    covers: tuple[str, ...]
    clause: Clause
    when: Trigger
    who: str
    must: str
    by: Deadline | Param
    met_by: Test
    together_with: tuple[str, ...] = ()
    report_to: tuple[str, ...] = ()
    counted_from: CountedFrom = CountedFrom.KNOWN
    status: Status = Status.IN_FORCE
    readings: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Escalation:
    """Who hears of a missed duty: ``rungs`` posts up the line, one every ``every`` (the first at the deadline)."""

    rungs: int = 3
    every: Deadline = field(default_factory=lambda: Deadline(DueKind.SCHOOL_DAYS, 1))


@dataclass(frozen=True, slots=True)
class Pack:
    """The rules of one regulation plus its parameters."""

    code: str
    version: str
    title: str
    issuer: str
    source: str
    levels: frozenset[Level]
    effective: date
    rules: tuple[Rule, ...]
    parameters: Mapping[str, Parameter] = field(default_factory=lambda: MappingProxyType({}))
    extends: str | None = None
    escalation: Escalation = field(default_factory=Escalation)

    def rule(self, code: str) -> Rule:
        """The rule called ``code``. Raises ``KeyError``."""
        for rule in self.rules:
            if rule.code == code:
                return rule
        raise KeyError(code)


@dataclass(frozen=True, slots=True)
class AdoptedPack:
    """A pack in force at a place from a day on. Facts before ``first_day`` create no duties.

    ``overrides`` maps a parameter to the value this place chose: ``int``, :class:`Deadline` or
    :class:`CountedIn` (``parameters.read_value`` turns a pack file's or a form's notation into one).
    Pass adoptions from the top of the tree downward.
    """

    pack: Pack
    place_id: int
    first_day: date
    overrides: Mapping[str, ParameterValue] = field(default_factory=lambda: MappingProxyType({}))
    last_day: date | None = None
    place_name: str = ""
