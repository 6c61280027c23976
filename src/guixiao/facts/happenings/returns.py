"""Returns and their signatures."""

from __future__ import annotations

from guixiao.facts.base import Fact, fact
from guixiao.facts.codes import SignStep
from guixiao.facts.marking import gettext_noop


@fact("return_compiled", gettext_noop("编制报表"))
class ReturnCompiled(Fact):
    report: int
    school: int
    period: str
    version: int


@fact("return_step", gettext_noop("报表签核"))
class ReturnStep(Fact):
    report: int
    school: int
    period: str
    version: int
    step: SignStep
    class_id: int | None = None


@fact("return_sent_back", gettext_noop("退回报表"))
class ReturnSentBack(Fact):
    report: int
    school: int
    period: str
    version: int
    step: SignStep


@fact("return_reminded", gettext_noop("提醒报表签核"))
class ReturnReminded(Fact):
    """Those whose signature a return waits for were asked; ``people`` are their person ids."""

    report: int
    school: int
    period: str
    people: tuple[int, ...]


@fact("return_submitted", gettext_noop("报表签发锁定"))
class ReturnSubmitted(Fact):
    """Signed by the principal and locked. ``zero`` is a zero return (零报告)."""

    report: int
    school: int
    period: str
    version: int
    zero: bool
