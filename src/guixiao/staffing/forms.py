"""Forms of this room. What they check is form; what may happen is the actions' affair."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
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


class HandOverForm(forms.Form):
    """To whom a post passes, and from which day; or that it is left vacant on purpose."""

    to = forms.ChoiceField(
        label=_("交给谁"),
        choices=[("person", _("接任人")), ("vacant", _("暂时空缺"))],
        initial="person",
        widget=forms.RadioSelect,
        help_text=_("空缺期间，待办按制度往上一级走，直到有人任职。"),
    )
    name = forms.CharField(
        label=_("接任人姓名"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"list": "staff-names", "autocomplete": "off"}),
    )
    staff_number = forms.CharField(
        label=_("工号"),
        max_length=30,
        required=False,
        help_text=_("同名时必填。新来的人填新工号，会自动建档。"),
    )
    day = day_field(_("接任日"), _("接任人从这天起任职；原任到前一天为止。"))
    reason = forms.CharField(
        label=_("原因"), max_length=200, required=False, help_text=_("例如：调动、产假、学期换班。")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("to") == "person" and not data.get("name"):
            self.add_error("name", gettext("请填接任人；暂时没有人就选“暂时空缺”。"))
        return data


class OwnDeputyForm(forms.Form):
    """Who acts for me while I am away. The end is asked for: an absence has one."""

    name = forms.CharField(
        label=_("代理人姓名"),
        max_length=40,
        widget=forms.TextInput(attrs={"list": "staff-names", "autocomplete": "off"}),
        error_messages={"required": _("请填代理人姓名。")},
    )
    staff_number = forms.CharField(
        label=_("工号"), max_length=30, required=False, help_text=_("同名时必填。")
    )
    first = day_field(_("代理起"))
    last = day_field(_("代理止"), _("回来得早，可以在这里提前结束。"))
