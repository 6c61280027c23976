"""Cases: plan, stages, closing."""

from __future__ import annotations

from datetime import date

from guixiao.facts.base import Fact, fact
from guixiao.facts.codes import Risk, Stage
from guixiao.facts.marking import gettext_noop


@fact("case_opened", gettext_noop("立案"))
class CaseOpened(Fact):
    student: int
    case: int
    day: date
    by_rule: str | None = None


@fact("plan_made", gettext_noop("拟定方案"))
class PlanMade(Fact):
    """A plan for this one child (一人一案), made together with the posts in ``with_posts``."""

    student: int
    case: int
    version: int
    day: date
    with_posts: tuple[str, ...] = ()


@fact("plan_approved", gettext_noop("批准方案"))
class PlanApproved(Fact):
    student: int
    case: int
    version: int
    day: date


@fact("case_stage_changed", gettext_noop("个案阶段"))
class CaseStageChanged(Fact):
    student: int
    case: int
    was: Stage
    now: Stage
    day: date
    reason: str | None = None


@fact("risk_set", gettext_noop("风险等级"))
class RiskSet(Fact):
    student: int
    case: int
    risk: Risk


@fact("closing_proposed", gettext_noop("提请销号"))
class ClosingProposed(Fact):
    student: int
    case: int
    reason: str
    day: date


@fact("closing_refused", gettext_noop("退回销号"))
class ClosingRefused(Fact):
    student: int
    case: int
    day: date


@fact("case_closed", gettext_noop("销号"))
class CaseClosed(Fact):
    """Closed by a second person in a post above the proposer's, with evidence."""

    student: int
    case: int
    reason: str
    day: date


@fact("case_note", gettext_noop("个案材料"))
class CaseNoted(Fact):
    """Papers or remarks were added to a case."""

    student: int
    case: int


@fact("case_reopened", gettext_noop("重开"))
class CaseReopened(Fact):
    student: int
    case: int
    previous: int
    day: date
