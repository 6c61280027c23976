"""A decision about a regulation: from when, by whom, on what paper, and every number in a field of its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixiao.places.models import Holding
from guixiao.places.wording import title_of
from guixiao.policy import AdoptedPack, Pack
from guixiao.policy.law import Parameter
from guixiao.policy.parameters import resolve

from .numbers import UNITS, choices, direction, editable, split, spoken, together, ways

KIND, AMOUNT = "k-", "n-"


@dataclass(frozen=True, slots=True)
class Number:
    """One parameter in the form: what the regulation says, what holds here now, which way it may move."""

    code: str
    title: str
    note: str
    says: str
    clause: str
    direction: str
    unit: str
    kind: forms.BoundField | None
    amount: forms.BoundField | None


class SigningForm(forms.Form):
    """Who signs, from when, on what paper."""

    first = forms.DateField(
        label=gettext_lazy("从哪天起"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("那天以前的事不会产生待办。"),
        error_messages={
            "required": gettext_lazy("请选日期。"),
            "invalid": gettext_lazy("日期不对。请从日历里选。"),
        },
    )
    signer = forms.ChoiceField(
        label=gettext_lazy("谁签发"),
        error_messages={
            "required": gettext_lazy("请选谁签发。"),
            "invalid_choice": gettext_lazy("请选谁签发。"),
        },
    )
    number = forms.CharField(
        label=gettext_lazy("文号"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("例如“青教发〔2026〕12 号”。"),
    )
    number_day = forms.DateField(
        label=gettext_lazy("发文日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("日期不对。请从日历里选。")},
    )
    note = forms.CharField(label=gettext_lazy("说明"), max_length=300, required=False)

    def __init__(
        self, data: Any = None, *, signers: Sequence[Holding], initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.seats = {str(row.pk): row for row in signers}
        field = self.fields["signer"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (pk, f"{title_of(row.post)}{row.person.name}（{row.place.name}）")
            for pk, row in self.seats.items()
        ]

    @property
    def paper(self) -> list[forms.BoundField]:
        return [self[name] for name in ("first", "signer", "number", "number_day", "note")]

    def given(self) -> dict[str, Any]:
        """What the action asks for, beside the numbers."""
        data = self.cleaned_data
        seat = self.seats[data["signer"]]
        return {
            "first": data["first"],
            "signer": seat.person,
            "signer_post": seat.post,
            "number": data["number"],
            "number_day": data["number_day"],
            "note": data["note"],
        }


class NumbersForm(SigningForm):
    """The same, with every number of the regulation."""

    def __init__(
        self,
        data: Any = None,
        *,
        pack: Pack,
        above: Sequence[AdoptedPack],
        day: date,
        chosen: Mapping[str, Any],
        signers: Sequence[Holding],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, signers=signers, initial=initial)
        self.pack, self.above, self.day = pack, above, day
        for code, parameter in pack.parameters.items():
            if editable(parameter):
                self._add(code, parameter, chosen.get(code))

    def _add(self, code: str, parameter: Parameter, raw: Any) -> None:
        kind, amount = split(raw, parameter.unit)
        options = choices(parameter)
        if options:
            asked: list[tuple[str, Any]] = [("", _("不另定")), *options.items()]
            self.fields[KIND + code] = forms.ChoiceField(
                label=_("怎么定"), choices=asked, required=False, initial=kind
            )
        if not options or any(about for _word, about in ways(parameter).values()):
            self.fields[AMOUNT + code] = forms.CharField(
                label=_("数"), required=False, max_length=8, initial=amount,
                widget=forms.TextInput(attrs={"inputmode": "numeric" if not options else "text", "size": 6}),
            )  # fmt: skip

    @property
    def numbers(self) -> list[Number]:
        return [self._number(code, parameter) for code, parameter in self.pack.parameters.items()]

    def _number(self, code: str, parameter: Parameter) -> Number:
        value, chosen = resolve(code, self.pack, self.above, self.day, refuse=False)
        said = spoken(value, parameter.unit)
        if chosen is not None:
            says = _("%(place)s已定：%(value)s") % {"place": chosen.place_name, "value": said}
        elif parameter.written:
            says = _("按原文：%(value)s") % {"value": said}
        else:
            says = _("原文没有写，暂按：%(value)s") % {"value": said}
        clause = parameter.clause
        return Number(
            code, parameter.title, parameter.note, says, f"《{clause.title}》{clause.article}" if clause else "",
            direction(parameter, chosen is not None), str(UNITS.get(parameter.unit, "")),
            self[KIND + code] if KIND + code in self.fields else None,
            self[AMOUNT + code] if AMOUNT + code in self.fields else None,
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        chosen: dict[str, Any] = {}
        for code, parameter in self.pack.parameters.items():
            if not editable(parameter):
                continue
            try:
                raw = together(data.get(KIND + code, ""), data.get(AMOUNT + code, "").strip(), parameter)
            except ValidationError as wrong:
                self.add_error(AMOUNT + code, wrong)
                continue
            if raw is not None:
                chosen[code] = raw
        data["overrides"] = chosen
        return data

    def refuse(self, error: ValidationError) -> None:
        """Put what the action refused at its field: a number's, a field's, or on top."""
        named = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, said in named.items():
            at = next((key for key in (name, AMOUNT + name, KIND + name) if key in self.fields), None)
            for text in said:
                self.add_error(at, text)
