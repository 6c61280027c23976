"""A regulation as frozen values: packs, rules, clauses, and parameters with their dates.

Nothing here decides anything; ``loader`` builds these from a pack's data and ``evaluate`` reads them.
The words and terms of rules are re-exported here: ``law`` is the one name to import.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from guixiao.facts.posts import Level

from .terms import (
    AbsentWithoutLeave,
    After,
    Contact,
    Every,
    HomeVisit,
    PersuasionFailed,
    PlanApprovedTest,
    PlanWith,
    Quota,
    ReportedTo,
    ReturnStepTest,
    ReturnSubmittedTest,
    RollCallTest,
    RollReport,
    StageReached,
    Test,
    Trigger,
)
from .words import (
    Clause,
    Comparator,
    CountedFrom,
    CountedIn,
    Deadline,
    DueKind,
    Param,
    Period,
    Status,
    Stricter,
    SubjectKind,
    Threshold,
)

__all__ = [
    "AbsentWithoutLeave",
    "AdoptedPack",
    "After",
    "Clause",
    "Comparator",
    "Contact",
    "CountedFrom",
    "CountedIn",
    "Dated",
    "Deadline",
    "DueKind",
    "Escalation",
    "Every",
    "HomeVisit",
    "Pack",
    "Param",
    "Parameter",
    "ParameterValue",
    "Period",
    "PersuasionFailed",
    "PlanApprovedTest",
    "PlanWith",
    "Quota",
    "ReportedTo",
    "ReturnStepTest",
    "ReturnSubmittedTest",
    "RollCallTest",
    "RollReport",
    "Rule",
    "StageReached",
    "Status",
    "Stricter",
    "SubjectKind",
    "Test",
    "Threshold",
    "Trigger",
]

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
    mid_term: Deadline | Param | None = None
    """The deadline where ``by`` is bound to a term's first day and had passed when the duty arose."""
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
    effective: date | None
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
