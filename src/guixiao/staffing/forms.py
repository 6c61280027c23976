"""Forms of this room. What they check is form; what may happen is the actions' affair."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guixiao.people.forms import day_field
from guixiao.people.imports.classes import GRADES
from guixiao.places.models import Kind, Place, SchoolKind
from guixiao.places.wording import word

from .kinds import beneath, stage_of
from .models import StaffBatch
from .sheets.columns import COLUMNS

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
        help_text=_("选了“暂时空缺”就不填。"),
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


class StaffSheetForm(forms.Form):
    """A staff sheet for one unit and everything beneath it."""

    place = forms.ModelChoiceField(
        label=_("哪个单位的表"),
        queryset=Place.objects.none(),
        help_text=_("选县就可以一张表写全县的学校；表里的单位都要在它下面。"),
        error_messages={
            "required": _("请选一个单位。"),
            "invalid_choice": _("您不能给这个单位导入，请重新选。"),
        },
    )
    file = forms.FileField(
        label=_("教职工和任职表"),
        help_text=_(".xlsx，最多 2 万行。先检查，您看过再写入。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": _("请选教职工表。"),
            "empty": _("文件是空的。请打开原表另存一份再传。"),
            "invalid": _("文件没有传上来，请再选一次。"),
        },
    )
    first = day_field(_("没写任职日的从哪天起"), _("表里写了任职日的，以表为准。"))

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["place"]
        field.queryset = places
        field.label_from_instance = lambda place: f"{place.name}（{place.get_kind_display()}）"
        only = list(places[:2])
        if len(only) == 1:
            field.initial, field.empty_label = only[0].pk, None


class ColumnsForm(forms.Form):
    """Which column of the sheet is what; guessed, and corrected by hand."""

    def __init__(self, batch: StaffBatch, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [
            (index, header or gettext("第 %(n)d 列") % {"n": index + 1})
            for index, header in enumerate(batch.headers)
        ]
        for column in COLUMNS:
            self.fields[column.key] = forms.TypedChoiceField(
                label=word(column.header),
                choices=[("", "—"), *shown],
                coerce=int,
                empty_value=None,
                required=False,
                initial=batch.mapping.get(column.key),
            )

    def mapping(self) -> dict[str, int]:
        return {key: index for key, index in self.cleaned_data.items() if index is not None}


class PlaceForm(forms.Form):
    """A place beneath another; only the fields that its kind needs."""

    kind = forms.ChoiceField(
        label=_("加什么"), widget=forms.RadioSelect, error_messages={"required": _("请选加什么。")}
    )
    name = forms.CharField(label=_("名称"), max_length=60, required=False)
    grade = forms.TypedChoiceField(label=_("年级"), coerce=int, empty_value=None, required=False)
    school_year = forms.IntegerField(
        label=_("学年"),
        min_value=2000,
        max_value=2099,
        required=False,
        help_text=_("秋季开学的那一年，例如 2026。"),
    )
    school_kind = forms.ChoiceField(
        label=_("学校类别"), choices=[("", "—"), *SchoolKind.choices], required=False
    )
    code = forms.CharField(
        label=_("代码"), max_length=20, required=False, help_text=_("区划代码或学校标识码；没有就不填。")
    )

    def __init__(self, parent: Place, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = beneath(parent)
        kind: Any = self.fields["kind"]
        kind.choices = [(one.value, one.label) for one in kinds]
        kind.initial = kinds[0].value if len(kinds) == 1 else None
        grade: Any = self.fields["grade"]
        grade.choices = [("", "—"), *((number, GRADES[number]) for number in stage_of(parent))]
        wanted = {"kind"}
        if Kind.GRADE in kinds:
            wanted |= {"grade"}
        else:
            wanted |= {"name"}
        if Kind.CLASS in kinds:
            wanted |= {"school_year"}
            self.fields["name"].help_text = gettext("例如：八（3）班。")
        if Kind.SCHOOL in kinds:
            wanted |= {"school_kind"}
        if set(kinds) - {Kind.GRADE, Kind.CLASS, Kind.HAMLET}:
            wanted |= {"code"}
        for field in [field for field in self.fields if field not in wanted]:
            del self.fields[field]
