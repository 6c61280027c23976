"""Forms of signing in and of one's own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import Account


class SignInForm(forms.Form):
    username = forms.CharField(
        label=gettext_lazy("账号"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": gettext_lazy("请填账号。")},
    )
    password = forms.CharField(
        label=gettext_lazy("密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": gettext_lazy("请填密码。")},
    )


class ChangePasswordForm(forms.Form):
    """The old password, and a new one twice, held against the rules of ``passwords.py``."""

    old = forms.CharField(
        label=gettext_lazy("现在的密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": gettext_lazy("请填现在的密码。")},
    )
    new = forms.CharField(
        label=gettext_lazy("新密码"),
        strip=False,
        max_length=128,
        help_text=gettext_lazy("至少 8 位，小写字母、大写字母、数字、符号中至少三种，不用最近 5 次的密码。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": gettext_lazy("请填新密码。")},
    )
    again = forms.CharField(
        label=gettext_lazy("再填一次新密码"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": gettext_lazy("请再填一次新密码。")},
    )

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if not self.account.check_password(old):
            raise ValidationError(_("现在的密码不对。首次登录请填管理员给的一次性密码。"))
        return old

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        validate_password(new, self.account)
        if self.account.check_password(new):
            raise ValidationError(_("新密码不能和现在的一样。"))
        return new

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if self.cleaned_data.get("new") not in (None, again):
            raise ValidationError(_("两次填的新密码不一样。请再填一次。"))
        return again


class CodeForm(forms.Form):
    """Six digits from the authenticator, or a recovery code."""

    code = forms.CharField(
        label=gettext_lazy("动态码"),
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": gettext_lazy("请填动态码。")},
    )


class GlassForm(forms.Form):
    """An exact number and a reason."""

    number = forms.CharField(
        label=gettext_lazy("学籍号或身份证件号"),
        max_length=30,
        help_text=gettext_lazy("要完整的号码；不能按姓名查。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("请填完整的学籍号或身份证件号。")},
    )
    reason = forms.CharField(
        label=gettext_lazy("为什么现在要看"),
        max_length=200,
        help_text=gettext_lazy("至少 10 个字，会留在记录里，校长看得到。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("请写清为什么现在要看。")},
    )
