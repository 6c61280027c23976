"""From a submitted page to the values of an action. Shapes only; what a visit must hold is said in ``content``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixiao.facts.clock import at, local
from guixiao.facts.codes import Means, Outcome, VisitContent

from .companions import Choice, near_and_far
from .content import Companion, Content
from .models import Visit
from .words import CAUSES, CONTENTS, MEANS, MET, OUTCOMES, TOLD, Harm

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Text = str | _StrPromise

OUTSIDERS = 2
Chips = forms.CheckboxSelectMultiple


def _area(rows: int, label: Text, required: bool = False, most: int = 2000, **attrs: str) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": most, **attrs})
    return forms.CharField(label=label, required=required, widget=widget, max_length=most * 2, strip=True)


class VisitForm(forms.Form):
    """Know before going, on site, after: the three parts of one page."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    device_time = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)
    purpose = _area(2, gettext_lazy("这次要弄清什么"), required=True, most=300)
    prepared = _area(3, gettext_lazy("准备跟家里说的在校情况"))
    appointment = forms.CharField(label=gettext_lazy("电话约好的时间"), required=False, max_length=100)
    means = forms.ChoiceField(
        label=gettext_lazy("怎么联系的"),
        widget=forms.RadioSelect,
        choices=[(c.value, text) for c, text in MEANS.items()],
    )
    day = forms.DateField(label=gettext_lazy("日期"), widget=forms.DateInput(attrs={"type": "date"}))
    started = forms.TimeField(
        label=gettext_lazy("几点到的"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    place = forms.CharField(label=gettext_lazy("在哪里"), required=False, max_length=100)
    met = forms.MultipleChoiceField(
        label=gettext_lazy("见到了谁"), required=False, widget=Chips, choices=list(MET.items())
    )
    went = forms.MultipleChoiceField(label=gettext_lazy("谁去的"), required=False, widget=Chips)
    child_words = _area(3, gettext_lazy("孩子自己怎么说"))
    child_absent_why = forms.CharField(
        label=gettext_lazy("没见到孩子，为什么"), required=False, max_length=300
    )
    guardian_words = _area(3, gettext_lazy("家长怎么说"))
    outcome = forms.ChoiceField(
        label=gettext_lazy("谈下来怎么样"), choices=[(c.value, text) for c, (text, _note) in OUTCOMES.items()]
    )
    causes = forms.MultipleChoiceField(
        label=gettext_lazy("为什么不来"), required=False, widget=Chips, choices=list(CAUSES.items())
    )
    main_cause = forms.ChoiceField(
        label=gettext_lazy("主要原因"),
        required=False,
        choices=[("", gettext_lazy("还说不准")), *CAUSES.items()],
    )
    next_step = _area(2, gettext_lazy("下一步"), most=500)
    next_day = forms.DateField(
        label=gettext_lazy("下一步的日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(
        self,
        *args: Any,
        people: Sequence[Choice],
        day: date,
        me: int = 0,
        visit: Visit | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = list(people)
        self.fields["went"].choices = [(one.key, one.label) for one in people]  # type: ignore[attr-defined]  # a choice field
        for code, (text, note) in CONTENTS.items():
            self.fields[f"told_{code}"] = forms.BooleanField(label=text, required=False)
            self.fields[f"content_{code}"] = _area(1, text, placeholder=str(note))
        for number in range(1, OUTSIDERS + 1):
            self.fields[f"outsider_name_{number}"] = forms.CharField(
                label=_("姓名"), required=False, max_length=40
            )
            self.fields[f"outsider_role_{number}"] = forms.CharField(
                label=_("身份"), required=False, max_length=60
            )
        self.initial.update(self._of(visit) if visit else self._fresh(day, me))

    def _fresh(self, day: date, me: int) -> dict[str, Any]:
        mine = [one.key for one in self.people if one.person_id == me][:1]
        return {"client_id": uuid4(), "day": day.isoformat(), "means": Means.VISIT.value, "went": mine}

    def _of(self, visit: Visit) -> dict[str, Any]:
        rows = list(visit.went.order_by("pk"))
        values: dict[str, Any] = {
            name: getattr(visit, name)
            for name in (
                "purpose", "prepared", "appointment", "means", "place", "met", "child_words", "child_absent_why",
                "guardian_words", "outcome", "causes", "next_step",
            )
        }  # fmt: skip
        values["client_id"] = uuid4()
        values["day"] = visit.day.isoformat()
        values["next_day"] = visit.next_day.isoformat() if visit.next_day else ""
        values["started"] = local(visit.started).time() if visit.started else None
        values["main_cause"] = visit.causes[0] if visit.causes else ""
        values["went"] = [f"{row.person_id}:{row.post}" for row in rows if row.person_id]
        for code, text in json.loads(visit.contents).items():
            values[f"content_{code}"], values[f"told_{code}"] = text, bool(text)
        for number, row in enumerate([row for row in rows if not row.person_id][:OUTSIDERS], start=1):
            values[f"outsider_name_{number}"], values[f"outsider_role_{number}"] = row.name, row.role
        return values

    # --- for the template ---

    @property
    def content_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"told_{code}"], self[f"content_{code}"]) for code in VisitContent]

    @property
    def company(self) -> tuple[list[forms.boundfield.BoundWidget], list[forms.boundfield.BoundWidget]]:
        return near_and_far(self["went"])

    @property
    def outsider_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"outsider_name_{n}"], self[f"outsider_role_{n}"]) for n in range(1, OUTSIDERS + 1)]

    # --- for the action ---

    def values(self) -> dict[str, Any]:
        """The keyword arguments of ``visits.actions.record`` (and ``correct``) that come from the page."""
        data = self.cleaned_data
        return {
            "means": Means(data["means"]),
            "purpose": data["purpose"],
            "outcome": Outcome(data["outcome"]),
            "day": data["day"],
            "went": self._went(),
            "content": self._content(),
        }

    def _went(self) -> list[Companion]:
        data = self.cleaned_data
        found = [Companion(int(key.split(":")[0]), key.split(":")[1]) for key in data["went"]]
        for number in range(1, OUTSIDERS + 1):
            name, role = data[f"outsider_name_{number}"], data[f"outsider_role_{number}"]
            if name or role:
                found.append(Companion(None, "", name, role))
        return found

    def _content(self) -> Content:
        data = self.cleaned_data
        told = {
            code.value: data[f"content_{code}"] or (_("谈到了") if data[f"told_{code}"] else "")
            for code in VisitContent
        }
        main = data["main_cause"]
        causes = [main] if main else []
        causes += [cause for cause in data["causes"] if cause != main]
        return Content(
            child_words=data["child_words"],
            child_absent_why=data["child_absent_why"],
            guardian_words=data["guardian_words"],
            contents={code: text for code, text in told.items() if text},
            causes=causes,
            met=data["met"],
            place=data["place"],
            prepared=data["prepared"],
            appointment=data["appointment"],
            next_step=data["next_step"],
            next_day=data["next_day"],
            started=at(data["day"], data["started"].hour, data["started"].minute)
            if data["started"]
            else None,
            device_time=device_moment(data["device_time"]),
        )

    def add_errors(self, error: ValidationError) -> None:
        """The action's refusal, each message at its field."""
        told = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, messages in told.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, message)

    def by_field(self) -> dict[str, str]:
        """For the script: field → message."""
        return {name: " ".join(map(str, messages)) for name, messages in self.errors.items()}


class CorrectForm(VisitForm):
    """The same page for putting a record right."""

    why = forms.CharField(label=gettext_lazy("为什么更正"), max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)


class HarmForm(forms.Form):
    """A report of harm, as short as it can be."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("发现了什么"), widget=forms.RadioSelect, choices=Harm.choices)
    account = _area(5, gettext_lazy("看到、听到的事实"), required=True, most=4000)
    told = forms.MultipleChoiceField(
        label=gettext_lazy("已经报告给谁"), required=False, widget=Chips, choices=list(TOLD.items())
    )
    told_how = forms.CharField(label=gettext_lazy("什么时候、打给谁"), required=False, max_length=500)


def device_moment(text: str) -> datetime | None:
    """The device's clock as it was handed in; nonsense counts as nothing."""
    try:
        found = parse_datetime(text)
    except (ValueError, OverflowError):
        return None
    return found if found is not None and found.tzinfo is not None else None
