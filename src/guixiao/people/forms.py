"""Forms of the student pages. What they check is form; what may happen is the actions' affair."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixiao.access.vault import SealedField
from guixiao.facts.codes import EnrolmentChange
from guixiao.journal.records import digest
from guixiao.places.models import Holding, Place
from guixiao.places.wording import word

from . import idnumbers
from .imports.columns import by_key
from .masking import masked
from .models import Group, Guardian, Student
from .roles import Role

if TYPE_CHECKING:
    StudentModelForm = forms.ModelForm[Student]
    GuardianModelForm = forms.ModelForm[Guardian]
else:
    StudentModelForm = GuardianModelForm = forms.ModelForm

REQUIRED = {"required": gettext_lazy("这一项要填。"), "invalid": gettext_lazy("日期要写成 2026-09-28 这样。")}


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def day_field(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, help_text=help_text, widget=DayInput(), error_messages=REQUIRED)


class ReasonForm(forms.Form):
    """Why a hidden value must be seen."""

    reason = forms.CharField(
        label=gettext_lazy("为什么要看"),
        min_length=2,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("请写明为什么要看，例如：办转学手续。"),
            "min_length": gettext_lazy("请写明为什么要看，例如：办转学手续。"),
        },
    )


def keep_sealed(form: forms.ModelForm[Any], names: Iterable[str]) -> None:
    """Sealed fields stay empty in the form: what is not typed anew stays as it is, and nothing is revealed."""
    for name in names:
        shown = masked(name, getattr(form.instance, name))
        form.initial[name] = ""
        form.fields[name].widget = forms.TextInput(attrs={"autocomplete": "off", "placeholder": shown})
        if shown:
            form.fields[name].help_text = _("要改就填新的；留空就不变。")


def untouched(form: forms.ModelForm[Any], data: dict[str, Any]) -> dict[str, Any]:
    """``data`` with the stored value wherever a sealed field was left empty."""
    columns = {field.name for field in form.instance._meta.fields if isinstance(field, SealedField)}
    sealed = columns & data.keys()
    return data | {name: getattr(form.instance, name) for name in sealed if not data[name]}


class EditForm(StudentModelForm):
    """What the registrar may correct. ``seen`` is the state the page showed, so a stale page changes nothing."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Student
        fields = ("name", "sex", "birth", "id_type", "id_number", "student_number", "seat", "phone",
                  "address", "boarding", "village")  # fmt: skip
        widgets = {"birth": DayInput()}

    def __init__(self, *args: Any, villages: Iterable[Place], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.state = digest(self.instance)[:16]
        self.fields["seen"].initial = self.state
        village: Any = self.fields["village"]
        village.queryset = villages
        village.required = False
        village.label = _("现住村")
        kinds = [(code, word(name)) for code, name in by_key()["id_type"].codes.items()]
        self.fields["id_type"].widget = forms.Select(choices=[("", _("没有登记")), *kinds])
        keep_sealed(self, ("phone", "address", "id_number", "student_number"))

    def clean_id_number(self) -> str:
        text = idnumbers.clean(self.cleaned_data["id_number"])
        if text and self.data.get("id_type", "1") in ("", "1"):
            found = idnumbers.faults(text, self.today)
            if found:
                raise ValidationError(FAULTS[found[0]])
        return text

    def clean_student_number(self) -> str:
        text = idnumbers.clean(self.cleaned_data["student_number"])
        if text and not idnumbers.student_number_valid(text):
            raise ValidationError(_("学籍号是 G、J 或 L 加 18 位，末位要对得上。请照学籍卡填。"))
        return text

    def clean_birth(self) -> date:
        born: date = self.cleaned_data["birth"]
        if born > self.today:
            raise ValidationError(_("出生日期晚于今天，请照证件改。"))
        return born

    def clean(self) -> dict[str, Any]:
        data = untouched(self, super().clean() or self.cleaned_data)
        if data.get("seen") and data["seen"] != self.state:
            raise ValidationError(_("这页打开以后，别人改过这名学生的信息。请重新打开这页再改。"))
        return data

    def _post_clean(self) -> None:
        """The action writes, the form does not touch the instance."""


FAULTS = {
    "form": gettext_lazy("身份证号是 17 位数字加 1 位数字或 X。请照证件填。"),
    "check": gettext_lazy("身份证号末位对不上，多半是抄错了一位。请照证件核对。"),
    "date": gettext_lazy("身份证号里的出生日期不是真实日期。请照证件核对。"),
    "future": gettext_lazy("身份证号里的出生日期晚于今天。请照证件核对。"),
}


class GuardianForm(GuardianModelForm):
    class Meta:
        model = Guardian
        fields = ("name", "relation", "phone", "id_number", "address", "workplace", "is_guardian")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep_sealed(self, ("phone", "address", "id_number"))
        self.fields["is_guardian"].label = _("是监护人")

    def clean_id_number(self) -> str:
        return idnumbers.clean(self.cleaned_data["id_number"])

    def clean(self) -> dict[str, Any]:
        return untouched(self, super().clean() or self.cleaned_data)

    def _post_clean(self) -> None:
        """The action writes, the form does not touch the instance."""


class LeaveForm(forms.Form):
    """Off the roll, or off school for a while. A dropout stays on the roll: that is a case."""

    OFF = (
        (EnrolmentChange.TRANSFERRED_OUT.value, gettext_lazy("转出")),
        (EnrolmentChange.GRADUATED.value, gettext_lazy("毕业")),
        (EnrolmentChange.DIED.value, gettext_lazy("去世")),
        (EnrolmentChange.REMOVED.value, gettext_lazy("误建，撤销")),
        (EnrolmentChange.SUSPENDED.value, gettext_lazy("休学（仍在册）")),
        (EnrolmentChange.RESUMED.value, gettext_lazy("复学")),
    )
    change = forms.ChoiceField(
        label=gettext_lazy("学籍变动"),
        choices=OFF,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("请选一种变动。"),
            "invalid_choice": gettext_lazy("请选一种变动。"),
        },
    )
    day = day_field(gettext_lazy("从哪天起"))
    note = forms.CharField(
        label=gettext_lazy("凭据"),
        help_text=gettext_lazy("转出写转入学校的回执：学校、编号、日期。其他写证明文件。"),
        max_length=200,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        off = data.get("change") in (
            EnrolmentChange.TRANSFERRED_OUT,
            EnrolmentChange.DIED,
            EnrolmentChange.REMOVED,
        )
        if off and not data.get("note", "").strip():
            self.add_error("note", _("没有凭据不能离册。请写清回执或证明文件。"))
        return data


class GroupForm(forms.Form):
    group = forms.ChoiceField(label=gettext_lazy("人群"), choices=Group.choices, error_messages=REQUIRED)
    first = day_field(gettext_lazy("从哪天起"))
    ground = forms.CharField(label=gettext_lazy("依据"), max_length=200, required=False)


class AssignForm(forms.Form):
    holding = forms.ModelChoiceField(
        label=gettext_lazy("谁"),
        queryset=Holding.objects.none(),
        error_messages={
            "required": gettext_lazy("请选一个人。"),
            "invalid_choice": gettext_lazy("这个人不在这名学生的学校或村镇任职，请重新选。"),
        },
    )
    role = forms.ChoiceField(label=gettext_lazy("负什么责"), choices=Role.choices, error_messages=REQUIRED)
    first = day_field(gettext_lazy("从哪天起"))

    def __init__(self, *args: Any, holdings: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["holding"]
        field.queryset = holdings
        field.label_from_instance = lambda h: f"{h.person.name}（{h.place.name} {h.get_post_display()}）"


class EndForm(forms.Form):
    last = day_field(gettext_lazy("最后一天"))


class UploadForm(forms.Form):
    """A register's spreadsheet for one school."""

    school = forms.ModelChoiceField(
        label=gettext_lazy("哪所学校"),
        queryset=Place.objects.none(),
        error_messages={
            "required": gettext_lazy("请选一所学校。"),
            "invalid_choice": gettext_lazy("您不能给这所学校导入，请重新选。"),
        },
    )
    file = forms.FileField(
        label=gettext_lazy("学籍表"),
        help_text=gettext_lazy(".xlsx，最多 20 MB、20 万行。先检查，您看过再写入。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": gettext_lazy("请选学籍表。"),
            "empty": gettext_lazy("文件是空的。请打开原表另存一份再传。"),
            "invalid": gettext_lazy("文件没有传上来，请再选一次。"),
        },
    )
    first = day_field(gettext_lazy("新生从哪天起在册"), gettext_lazy("从这天起点名名单里有他们。"))

    def __init__(self, *args: Any, schools: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["school"]
        field.queryset = schools
        only = list(schools[:2])
        if len(only) == 1:
            field.initial, field.empty_label = only[0].pk, None
