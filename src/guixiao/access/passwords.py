"""Password rules (standards.md §11): at least eight signs of three kinds, not one of the last five."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

KINDS = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^A-Za-z0-9]")


class ThreeKindsValidator:
    """Three of: small letters, capitals, digits, other signs."""

    def validate(self, password: str, user: Any = None) -> None:
        if sum(bool(re.search(kind, password)) for kind in KINDS) < 3:
            raise ValidationError(self.get_help_text())

    def get_help_text(self) -> str:
        return _("密码要有小写字母、大写字母、数字、符号中的三种。")


class NotUsedBeforeValidator:
    """Not one of the last passwords of this account."""

    def validate(self, password: str, user: Any = None) -> None:
        if user is None or user.pk is None:
            return
        past = user.past_passwords.order_by("-at", "-pk")[: settings.GUIXIAO_PASSWORD_HISTORY]
        if any(check_password(password, row.hash) for row in past):
            raise ValidationError(self.get_help_text())

    def get_help_text(self) -> str:
        return _("不能用最近 5 次用过的密码。")
