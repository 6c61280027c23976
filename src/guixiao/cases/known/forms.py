"""One known dropout by hand, and the sheet of many."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from guixiao.people.forms import day_field

from .sheet import cause_choices


class KnownForm(forms.Form):
    left_on = day_field(_("哪天离校"), _("记不清就填最后一次到校的后一天。"))
    causes = forms.MultipleChoiceField(
        label=_("为什么离校"),
        choices=cause_choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请选原因。")},
    )
    whereabouts = forms.CharField(label=_("目前去向"), max_length=200, required=False)
    done = forms.CharField(
        label=_("已做的工作"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("表格文件（.xlsx）"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": _("请选文件。"), "empty": _("文件是空的。请打开原表另存一份再传。")},
    )
