"""From which stage a case may go where, in which words, and what to do when it may not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guixiao.facts.codes import Risk, Stage

S = Stage
WORDS = {
    S.OPEN: _("立案"),
    S.SUSPECTED: _("疑似辍学"),
    S.CONFIRMED: _("辍学登记"),
    S.PERSUADING: _("劝返"),
    S.RETURNED: _("返校"),
    S.FOLLOWING: _("跟踪"),
    S.CLOSING: _("待核准销号"),
    S.CLOSED: _("销号"),
}
LINE = (S.OPEN, S.SUSPECTED, S.CONFIRMED, S.PERSUADING, S.RETURNED, S.FOLLOWING, S.CLOSING, S.CLOSED)
RISKS = {Risk.HIGH: _("高风险"), Risk.MEDIUM: _("中风险"), Risk.LOW: _("低风险")}

# Persuading follows confirmed dropout (未成年人保护法 §28: register, then persuade). A plan may be in force at
# any stage; before dropout is confirmed the days go on counting (policy.md, semantics 12).
ALLOWED: dict[Stage, frozenset[Stage]] = {
    S.OPEN: frozenset({S.SUSPECTED, S.CONFIRMED, S.RETURNED, S.CLOSING}),
    S.SUSPECTED: frozenset({S.CONFIRMED, S.RETURNED, S.CLOSING}),
    S.CONFIRMED: frozenset({S.PERSUADING, S.RETURNED, S.CLOSING}),
    S.PERSUADING: frozenset({S.RETURNED, S.CLOSING}),
    S.RETURNED: frozenset({S.FOLLOWING, S.OPEN, S.SUSPECTED, S.CONFIRMED, S.CLOSING}),
    S.FOLLOWING: frozenset({S.OPEN, S.SUSPECTED, S.CONFIRMED, S.CLOSING}),
    S.CLOSING: frozenset({S.OPEN, S.SUSPECTED, S.CONFIRMED, S.PERSUADING, S.RETURNED, S.FOLLOWING, S.CLOSED}),
    S.CLOSED: frozenset(),
}
# Stages a person may set by hand; the others follow from an action or a fact of their own.
BY_HAND = frozenset({S.SUSPECTED, S.PERSUADING, S.FOLLOWING})

INSTEAD: dict[Stage, object] = {
    S.CLOSED: _("请先提请销号，由上一级另一个人核准。"),
    S.CLOSING: _("请用“提请销号”，写明理由并附证据。"),
    S.RETURNED: _("请先登记返校；点名到校以后，系统会改成“返校”。"),
    S.CONFIRMED: _("请用“辍学登记”，由有权批准的人确认。"),
    S.FOLLOWING: _("孩子返校以后才能转入跟踪。"),
    S.PERSUADING: _("请先做辍学登记，再批准方案，系统会改成“劝返”。"),
    S.SUSPECTED: _("请先立案。"),
    S.OPEN: _("孩子又没来的，点名以后系统会接着办；销号的请重开。"),
}


def word(stage: str) -> str:
    return str(WORDS[Stage(stage)])


def may(was: str, now: Stage) -> bool:
    return now in ALLOWED[Stage(was)]


def refusal(was: str, now: Stage) -> str:
    """Why a step is refused, and what to do."""
    said = _("个案现在是“%(was)s”，不能直接改成“%(now)s”。") % {"was": word(was), "now": word(now)}
    return f"{said}{INSTEAD[now]}"
