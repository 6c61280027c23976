"""A regulation's numbers as people say and fill them in: between notation, words and the two fields of a form."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixiao.policy import Deadline
from guixiao.policy.law import CountedIn, DueKind, Parameter, ParameterValue, Stricter
from guixiao.policy.parameters import notation, on_day, read_value
from guixiao.policy.say import deadline as in_words

from .words import Names

# how a deadline may be said → (word, what the amount is: a number, an hour, or nothing)
DAILY: dict[str, tuple[str | Promise, str]] = {
    "same_day": (gettext_lazy("当天"), ""),
    "minutes": (gettext_lazy("几分钟内"), "number"),
    "hours": (gettext_lazy("几小时内"), "number"),
    "at": (gettext_lazy("当天几点前"), "clock"),
    "next_school_day": (gettext_lazy("下一个上课日"), ""),
    "school_days": (gettext_lazy("几个上课日内"), "number"),
    "working_days": (gettext_lazy("几个工作日内"), "number"),
    "natural_days": (gettext_lazy("几天内（自然日）"), "number"),
}
OF_PERIOD: dict[str, tuple[str | Promise, str]] = {
    "month_end": (gettext_lazy("月底"), ""),
    "period_end": (gettext_lazy("期末当天"), ""),
    "after_period": (gettext_lazy("期末后几个工作日内"), "number"),
}
OF_TERM: dict[str, tuple[str | Promise, str]] = {"after_opening": (gettext_lazy("开学起几天内"), "number")}
COUNTED: dict[str, str | Promise] = {
    CountedIn.NATURAL_DAYS.value: gettext_lazy("自然日"),
    CountedIn.WORKING_DAYS.value: gettext_lazy("工作日"),
    CountedIn.SCHOOL_DAYS.value: gettext_lazy("上课日"),
}
UNITS: dict[str, str | Promise] = {
    "days": gettext_lazy("天"),
    "times": gettext_lazy("次"),
    "people": gettext_lazy("人"),
    "percent": gettext_lazy("％"),
}
HIGHEST = 1000


def direction(parameter: Parameter, chosen: bool) -> str:
    """Which way this place may move a number."""
    if not editable(parameter):
        return _("不能改。")
    if not parameter.written and not chosen:
        return _("可以自己定；定下以后，下面只能更严。")
    return _("只能更短、更少。") if parameter.stricter is Stricter.LOWER else _("只能更多。")


def editable(parameter: Parameter) -> bool:
    """Whether a place may choose at all, in a form."""
    return parameter.stricter is not Stricter.NONE


def ways(parameter: Parameter) -> dict[str, tuple[str | Promise, str]]:
    """How this number may be said: word, and what its amount is."""
    if parameter.unit == "counted_in":
        return {code: (text, "") for code, text in COUNTED.items()}
    if parameter.unit != "deadline":
        return {}
    value = parameter.values[-1].value
    assert isinstance(value, Deadline)
    if value.kind is DueKind.TERM_START:
        return OF_TERM
    return OF_PERIOD if value.kind in (DueKind.MONTH_END, DueKind.PERIOD_END) else DAILY


def choices(parameter: Parameter) -> dict[str, str | Promise]:
    return {code: text for code, (text, _about) in ways(parameter).items()}


def together(kind: str, amount: str, parameter: Parameter) -> Any:
    """What was chosen, in the notation of pack files; nothing where nothing was. Raises ``ValidationError``."""
    known = ways(parameter)
    if not known:
        return _count(amount) if amount else None
    if not kind:
        if amount:
            raise ValidationError(_("请先选怎么定，或把数留空。"))
        return None
    about = known[kind][1]
    if about == "":
        return kind
    if about == "clock":
        return {"at": _clock(amount)}
    n = _count(amount)
    if kind in ("minutes", "hours"):
        return {"within": f"{n}{kind[0]}"}
    if kind == "after_opening":
        return {"term_start": {"natural_days": n}}
    return {"period_end": {"working_days": n}} if kind == "after_period" else {kind: n}


def _count(amount: str) -> int:
    if not (amount.isascii() and amount.isdigit() and 0 < int(amount) <= HIGHEST):
        raise ValidationError(_("请填 1 到 %(most)s 的整数。") % {"most": HIGHEST})
    return int(amount)


def _clock(amount: str) -> str:
    hour, colon, minute = amount.replace("：", ":").partition(":")
    if not (colon and all(part.isascii() and part.isdigit() for part in (hour, minute)) and len(minute) == 2):
        raise ValidationError(_("请填钟点，例如 09:00。"))
    if int(hour) > 23 or int(minute) > 59:
        raise ValidationError(_("没有这个钟点。请填 00:00 到 23:59。"))
    return f"{int(hour):02d}:{minute}"


def split(raw: Any, unit: str) -> tuple[str, str]:
    """A stored choice as the two fields show it."""
    if raw is None:
        return "", ""
    if unit not in ("deadline", "counted_in"):
        return "", str(raw)
    if isinstance(raw, str):
        return raw, ""
    name, value = next(iter(raw.items()))
    if name == "within":
        return {"m": "minutes", "h": "hours"}.get(str(value)[-1], "minutes"), str(value)[:-1]
    if name == "period_end":
        return "after_period", str(next(iter(value.values())))
    if name == "term_start":
        return "after_opening", str(next(iter(value.values())))
    return name, str(value)


def spoken(value: ParameterValue, unit: str) -> str:
    """A value in words: 当天, 2 小时内, 1 人."""
    if isinstance(value, CountedIn):
        return str(COUNTED[value.value])
    if isinstance(value, Deadline):
        return in_words(notation(value), Names())
    return f"{value} {UNITS.get(unit, '')}".strip()


def spoken_raw(raw: Any, unit: str) -> str:
    return spoken(read_value(raw, unit), unit)


def regular(parameter: Parameter, day: date) -> str:
    """What the regulation itself says on a day."""
    return spoken(on_day(parameter.values, day), parameter.unit)
