"""Forms of this room. What they check is form; what may happen is the actions' affair."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guixiao.people.forms import day_field
from guixiao.places.models import Place

REASON = {"required": _("请写明原因。")}


class TransferForm(forms.Form):
    """Another class for one child. The list offers its grade; any other class is refused with the reason."""

    klass = forms.ModelChoiceField(
        label=_("调到"),
        queryset=Place.objects.none(),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一个班。"), "invalid_choice": _("本校没有这个班，请重新选。")},
    )
    day = day_field(_("从哪天起"), _("今天就是马上调；以后的日子，到那天自动调。已经点过名的日子不能选。"))
    reason = forms.CharField(
        label=_("原因"),
        max_length=200,
        help_text=_("例如：均衡班额、双胞胎同班、家长申请。"),
        error_messages=REASON,
    )

    def __init__(self, *args: Any, classes: Any, offered: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["klass"]
        field.queryset = classes
        field.choices = offered


class TogetherForm(forms.Form):
    """The day and the reason of a change of several children; who goes is ticked in the lists."""

    day = day_field(_("从哪天起"), _("今天就是马上调；以后的日子，到那天自动调。"))
    reason = forms.CharField(label=_("原因"), max_length=200, error_messages=REASON)
