"""What triggers a rule (``when``) and what meets it (``met_by``): two small closed sets."""

from __future__ import annotations

from dataclasses import dataclass

from guixiao.facts.codes import Session, SignStep, Stage

from .words import CountedIn, Param, Period, SubjectKind, Threshold

# --- when ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AbsentWithoutLeave:
    """A streak of unexcused absence has reached a number of days."""

    days: Threshold | Param
    counted_in: CountedIn | Param = CountedIn.SCHOOL_DAYS
    each_day: bool = False
    """Demanded anew on every further day of the streak, not once."""


@dataclass(frozen=True, slots=True)
class After:
    """What another rule of the pack demands has been done. ``still_absent``: and the child was absent again since."""

    rule: str
    still_absent: bool = False


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


Trigger = AbsentWithoutLeave | After | StageReached | PersuasionFailed | Every


# --- met by ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HomeVisit:
    """A visit to the home by all of ``with_posts``, with at least so many from the school and the village.

    ``received``, here and below: not what was done counts, but that the record of it was handed in (the server has it).
    """

    with_posts: tuple[str, ...] = ()
    school: int | Param = 0
    village: int | Param = 0
    contents: tuple[str, ...] = ()
    received: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """The family was reached by any means (a visit counts). ``reached`` refuses "nobody there"."""

    with_posts: tuple[str, ...] = ()
    reached: bool = True
    received: bool = False


@dataclass(frozen=True, slots=True)
class ReportedTo:
    """A report of the rule's act to every one of these posts."""

    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RollReport:
    """The submitted roll call is itself the report: made when the roll was taken, or when it was received. A report by
    word of mouth that was noted down (``Reported``) counts too."""

    received: bool = False


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
