"""What several verbs ask before they write."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from guixiao.facts import By
from guixiao.facts.posts import outranks
from guixiao.places.wording import title_of

from .models import Case
from .stages import word


def written(text: str, field: str, missing: str, most: int) -> str:
    """``text`` without its edges. Raises ``ValidationError`` at ``field`` when it is empty or too long."""
    plain = text.strip()
    if not plain:
        raise ValidationError({field: missing})
    if len(plain) > most:
        raise ValidationError({field: _("最多写 %(most)d 个字，请写短一点。") % {"most": most}})
    return plain


def not_ahead(day: date, today: date, earliest: date | None = None) -> None:
    """Raises ``ValidationError`` for a day after today or before the case was opened."""
    if day > today:
        raise ValidationError({"day": _("日期在今天之后，请填实际发生的那一天。")})
    if earliest is not None and day < earliest:
        raise ValidationError(
            {"day": _("日期早于立案的日子（%(day)s），请检查。") % {"day": earliest.isoformat()}}
        )


def still_open(case: Case) -> None:
    """Raises ``ValidationError`` for a closed case."""
    if not case.is_open:
        raise ValidationError(_("这个个案已经销号。孩子又没来的，请用“重开”。"))


def second_person(by: By, account: int, post: str) -> None:
    """The one who decides is another person, in a post above the one who proposed."""
    if by.account == account:
        raise ValidationError(_("提出的人不能自己核准。请由上一级的另一个人来办。"))
    if not outranks(by.post, post):
        raise ValidationError(
            _("你的职务（%(mine)s）不高于提出人的职务（%(theirs)s），不能核准。请由更高一级的人来办。")
            % {"mine": title_of(by.post), "theirs": title_of(post)}
        )


def stands(case: Case) -> str:
    return _("个案现在是“%(stage)s”。") % {"stage": word(case.stage)}
