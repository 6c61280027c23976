"""The forms of a case: shapes only; what is allowed is said by the actions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixiao.visits.companions import Choice, near_and_far

from .actions import NewRow
from .models import Plan
from .stages import RISKS

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Text = str | _StrPromise

ROWS = 8


def _area(label: Text, most: int, rows: int = 3, required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": most})
    return forms.CharField(label=label, required=required, max_length=most * 2, widget=widget)


def _day(label: Text) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}))


class OpenForm(forms.Form):
    ground = _area(gettext_lazy("为什么立案"), 300)
    day = _day(gettext_lazy("从哪天算起"))


class ReasonForm(forms.Form):
    """A step that a person takes on a day, for a reason."""

    reason = _area(gettext_lazy("理由"), 300)
    day = _day(gettext_lazy("日期"))


class DayForm(forms.Form):
    day = _day(gettext_lazy("哪天返校"))


class MarkForm(ReasonForm):
    to = forms.ChoiceField(
        label=gettext_lazy("改成"),
        choices=[("suspected", gettext_lazy("疑似辍学")), ("following", gettext_lazy("跟踪"))],
    )


class RiskForm(forms.Form):
    risk = forms.ChoiceField(
        label=gettext_lazy("风险等级"), choices=[(risk.value, text) for risk, text in RISKS.items()]
    )
    reason = _area(gettext_lazy("理由"), 300)


class ProposeForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("销号理由"), max_length=40
    )  # the action says which are lawful, and why not
    text = _area(gettext_lazy("孩子现在在哪里，怎么核实的"), 1000, rows=4)


class AnswerForm(forms.Form):
    answer = _area(gettext_lazy("核实了什么，凭什么"), 500)


class EmptyForm(forms.Form):
    pass


class DoneForm(forms.Form):
    day = _day(gettext_lazy("哪天做到的"))
    note = forms.CharField(label=gettext_lazy("怎么看得出做到了"), max_length=200, required=False)


class AssignForm(forms.Form):
    person = forms.TypedChoiceField(label=gettext_lazy("谁"), coerce=int)
    first = _day(gettext_lazy("从哪天起"))

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", _("请选")), *people]  # type: ignore[attr-defined]  # a choice field


class PlanForm(forms.Form):
    """The four of a plan, row by row (E01-27); rows left wholly empty are dropped."""

    people = forms.MultipleChoiceField(
        label=gettext_lazy("和谁一起研究的"), required=False, widget=forms.CheckboxSelectMultiple
    )
    note = _area(gettext_lazy("补充说明"), 500, rows=2, required=False)

    def __init__(
        self, *args: Any, choices: list[Choice], before: Plan | None = None, rows: int = ROWS, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        options = [(one.key, one.label) for one in choices]
        self.fields["people"].choices = options  # type: ignore[attr-defined]  # a choice field
        for number in range(1, rows + 1):
            self.fields[f"who_{number}"] = forms.CharField(label=_("人员"), required=False, max_length=60)
            self.fields[f"task_{number}"] = forms.CharField(label=_("任务"), required=False, max_length=200)
            self.fields[f"by_{number}"] = forms.DateField(
                label=_("时间"), required=False, widget=forms.DateInput(attrs={"type": "date"})
            )
            self.fields[f"standard_{number}"] = forms.CharField(
                label=_("标准"), required=False, max_length=200
            )
        self.count = rows
        self.names = {one.label: one.person_id for one in choices}
        if before is not None:
            self.initial.update(_of(before))

    @property
    def lines(self) -> list[list[forms.BoundField]]:
        parts = ("who", "task", "by", "standard")
        return [[self[f"{part}_{number}"] for part in parts] for number in range(1, self.count + 1)]

    @property
    def shown(self) -> list[list[forms.BoundField]]:
        """The filled rows and room for more; at least three."""
        filled = [number for number, line in enumerate(self.lines, 1) if any(one.value() for one in line)]
        return self.lines[: max(3, max(filled, default=0))]

    @property
    def hidden(self) -> list[list[forms.BoundField]]:
        return self.lines[len(self.shown) :]

    @property
    def company(self) -> tuple[list[forms.boundfield.BoundWidget], list[forms.boundfield.BoundWidget]]:
        return near_and_far(self["people"])

    def rows(self) -> list[NewRow]:
        data = self.cleaned_data
        found = []
        for n in range(1, self.count + 1):
            who, task, by, standard = (data[f"{part}_{n}"] for part in ("who", "task", "by", "standard"))
            if any((who, task, by, standard)):
                found.append(NewRow(who, task, by or date.min, standard, self.names.get(who)))
        return found

    def posts(self) -> list[str]:
        return sorted({key.split(":")[1] for key in self.cleaned_data["people"]})


def _of(plan: Plan) -> dict[str, Any]:
    values: dict[str, Any] = {"note": plan.note}
    for n, row in enumerate(plan.rows.order_by("order")[:ROWS], start=1):
        values |= {
            f"who_{n}": row.who,
            f"task_{n}": row.task,
            f"by_{n}": row.by_day.isoformat(),
            f"standard_{n}": row.standard,
        }
    return values
