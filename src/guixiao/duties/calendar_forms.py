"""Deciding days and terms: shapes only; what is allowed is said by the actions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixiao.places import terms
from guixiao.places.actions.calendars import Decision
from guixiao.places.models import Overlay

NOTE = 24
# kind → (school is held, the word that is stored). What is stored is data, Chinese like every name.
KINDS: dict[str, tuple[bool, str]] = {
    "weather": (False, "天气停课"),
    "heat": (False, "高温停课"),
    "illness": (False, "防病停课"),
    "holiday": (False, "放假"),
    "event": (False, "集体活动"),
    "closed": (False, "停课"),
    "made_up": (True, "调休补课"),
    "open": (True, "上课"),
}
SHOWN: dict[str, str | Promise] = {
    "weather": gettext_lazy("停课：天气（暴雨、冰冻、台风）"),
    "heat": gettext_lazy("停课：高温"),
    "illness": gettext_lazy("停课：防病"),
    "holiday": gettext_lazy("放假（本地节日、调整）"),
    "event": gettext_lazy("不上课：运动会、研学等活动"),
    "closed": gettext_lazy("不上课：别的原因"),
    "made_up": gettext_lazy("上课：调休补课"),
    "open": gettext_lazy("上课：别的原因"),
}


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("请选日期。"), "invalid": _("日期不对。请从日历里选。")},
    )


class DaysForm(forms.Form):
    """Some days on which school is held or closed, and why."""

    kind = forms.ChoiceField(
        label=gettext_lazy("怎么定"),
        choices=list(SHOWN.items()),
        error_messages={"required": gettext_lazy("请选怎么定。")},
    )
    first = _day(gettext_lazy("第一天"))
    last = forms.DateField(
        label=gettext_lazy("最后一天"),
        required=False,
        help_text=gettext_lazy("只有一天就不用填。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("日期不对。请从日历里选。")},
    )
    note = forms.CharField(
        label=gettext_lazy("说明"),
        max_length=NOTE,
        required=False,
        help_text=gettext_lazy("例如“补国庆后周三的课”“县气象台红色预警”。"),
    )

    def decision(self) -> Decision:
        """What was filled in. ``ValueError`` for a form that is not valid."""
        given = self.cleaned_data
        held, said = KINDS[given["kind"]]
        note = " ".join(given["note"].split())
        reason = f"{said}：{note}" if note else said
        return Decision(given["first"], given["last"] or given["first"], held, reason)


def given_of(overlay: Overlay) -> dict[str, Any]:
    """A stored decision as the form shows it."""
    known = [(kind, said) for kind, (held, said) in KINDS.items() if held == overlay.is_school]
    said_so = [(kind, said) for kind, said in known if overlay.reason.partition("：")[0] == said]
    kind, said = said_so[0] if said_so else ("open" if overlay.is_school else "closed", "")
    note = overlay.reason[len(said) :].removeprefix("：")[:NOTE]
    return {"kind": kind, "first": overlay.first, "last": overlay.last, "note": note}


class TermForm(forms.Form):
    """One term: which, from when to when."""

    code = forms.ChoiceField(
        label=gettext_lazy("学期"), error_messages={"invalid_choice": gettext_lazy("请从表里选学期。")}
    )
    first = _day(gettext_lazy("第一天（学生到校）"))
    last = _day(gettext_lazy("最后一天"))

    def __init__(self, data: Any = None, *, today: date, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        year = today.year - (today.month < 7)
        codes = [f"{y}-{n}" for y in (year - 1, year, year + 1) for n in (1, 2)]
        field = self.fields["code"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, f"{terms.title(code)}（{code}）") for code in codes]
