"""What people fill in about duties."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guixiao.facts.clock import local
from guixiao.facts.posts import POSTS
from guixiao.places.wording import title_of

from .models import Duty, How


class ReportForm(forms.Form):
    """Who told whom when, and how."""

    to = forms.MultipleChoiceField(label=_("报告给了谁"), widget=forms.CheckboxSelectMultiple)
    at = forms.DateTimeField(
        label=_("什么时候"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    how = forms.ChoiceField(label=_("怎样报的"), choices=How.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("说了什么"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    client_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, duty: Duty, now: datetime) -> None:
        posts = [who["asked"] for who in duty.report_to if who["asked"] in POSTS]
        initial = {"to": posts, "at": local(now).replace(tzinfo=None), "how": How.IN_PERSON}
        super().__init__(data, initial=initial)
        field = self.fields["to"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(post, title_of(post)) for post in dict.fromkeys(posts)]


class WaiveForm(forms.Form):
    """Why a duty need not be done."""

    reason = forms.CharField(
        label=_("为什么可以不办"),
        min_length=4,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "min_length": _("请写清楚一些，至少四个字。"),
            "required": _("请写明为什么可以不办。"),
        },
    )
