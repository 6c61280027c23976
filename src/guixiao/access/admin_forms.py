"""Forms of the administrators and of those who appoint."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guixiao.facts.posts import POSTS
from guixiao.journal.models import Chain
from guixiao.places.models import Place
from guixiao.places.wording import title_of

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class OpenAccountForm(forms.Form):
    username = forms.RegexField(
        r"^[A-Za-z0-9._-]{3,40}$",
        label=_("账号"),
        help_text=_("3 到 40 位字母、数字、点、横线；用工号最好记。"),
        error_messages={
            "required": _("请填账号。"),
            "invalid": _("账号只能用字母、数字、点、横线，3 到 40 位。"),
        },
    )


class AppointForm(forms.Form):
    """Who takes which post here, from when. A staff number that nobody has yet makes a new person."""

    post = forms.ChoiceField(label=_("岗位"), error_messages={"required": _("请选岗位。")})
    name = forms.CharField(label=_("姓名"), max_length=40, error_messages={"required": _("请填姓名。")})
    staff_number = forms.CharField(
        label=_("工号"),
        max_length=30,
        required=False,
        help_text=_("同名时必填。新来的人填新工号，会自动建档。"),
    )
    first = forms.DateField(label=_("任职起"), widget=DAY, error_messages={"required": _("请填任职起日。")})
    last = forms.DateField(label=_("任职止"), widget=DAY, required=False, help_text=_("没定就不填。"))

    def __init__(self, place: Place, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, title_of(code)) for code, post in POSTS.items() if post.level.value == place.kind]
        field = self.fields["post"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *choices]


class DeputyForm(forms.Form):
    """Who acts for the holder, from when to when."""

    name = forms.CharField(
        label=_("代理人姓名"), max_length=40, error_messages={"required": _("请填代理人姓名。")}
    )
    staff_number = forms.CharField(
        label=_("工号"), max_length=30, required=False, help_text=_("同名时必填。")
    )
    first = forms.DateField(label=_("代理起"), widget=DAY, error_messages={"required": _("请填代理起日。")})
    last = forms.DateField(label=_("代理止"), widget=DAY, required=False)


class EndForm(forms.Form):
    last = forms.DateField(
        label=_("最后一天"),
        widget=DAY,
        help_text=_("这一天结束后就没有这个岗位的权限了。"),
        error_messages={"required": _("请填最后一天。")},
    )


class AuditForm(forms.Form):
    """What to look for in the journal."""

    chain = forms.CharField(max_length=40, required=False)
    kind = forms.CharField(max_length=40, required=False)
    account = forms.CharField(max_length=40, required=False)
    first = forms.DateField(label=_("从"), widget=DAY, required=False)
    last = forms.DateField(label=_("到"), widget=DAY, required=False)


def chain_label(chain: Chain, names: dict[int, str]) -> str:
    """``石板河初级中学 · 办事`` for ``org:7``."""
    sort, _colon, org = chain.name.partition(":")
    place = names.get(int(org), str(_("系统")))
    what = _("查看") if sort == "looks" else _("办事")
    return f"{place} · {what}"
