"""Regulations in force and the duties they bring."""

from __future__ import annotations

from datetime import date, datetime

from guixiao.facts.base import Fact, fact
from guixiao.facts.marking import gettext_noop


@fact("pack_adopted", gettext_noop("采用制度"))
class PackAdopted(Fact):
    """A regulation binds a place from ``first`` on (``adopted``), in other numbers (``amended``), or no longer
    after ``last`` (``ended``). ``signing`` names the decision behind it."""

    place: int
    pack: str
    version: str
    first: date
    change: str = "adopted"
    last: date | None = None
    signing: int | None = None


@fact("adoption_drafted", gettext_noop("拟采用制度"))
class AdoptionDrafted(Fact):
    """A decision about a regulation was drafted, or a draft dropped (``dropped``); it binds nobody."""

    place: int
    pack: str
    first: date
    signing: int
    change: str = "drafted"


@fact("duty_opened", gettext_noop("责任产生"))
class DutyOpened(Fact):
    """A duty fell to ``post``: from then on that post has been told (semantics 4)."""

    duty: int
    pack: str
    rule: str
    due: datetime
    student: int | None = None
    place: int | None = None
    post: str | None = None


@fact("duty_changed", gettext_noop("责任变动"))
class DutyChanged(Fact):
    """The deadline moved, the post changed hands, or a missed duty is no longer demanded."""

    duty: int
    due: datetime
    post: str
    person: int | None = None
    demanded: bool
    student: int | None = None


@fact("duty_met", gettext_noop("责任完成"))
class DutyMet(Fact):
    duty: int
    late: bool
    student: int | None = None


@fact("duty_missed", gettext_noop("责任逾期"))
class DutyMissed(Fact):
    """The deadline passed: it counts against whoever held the post at the deadline."""

    duty: int
    person: int | None = None
    post: str
    student: int | None = None


@fact("duty_withdrawn", gettext_noop("责任撤回"))
class DutyWithdrawn(Fact):
    duty: int
    why: str
    student: int | None = None


@fact("duty_waived", gettext_noop("责任豁免"))
class DutyWaived(Fact):
    duty: int
    student: int | None = None


@fact("duty_escalated", gettext_noop("责任升级"))
class DutyEscalated(Fact):
    duty: int
    rung: int
    post: str
    person: int | None = None
    student: int | None = None


@fact("reminded", gettext_noop("提醒"))
class Reminded(Fact):
    duty: int
    person: int
