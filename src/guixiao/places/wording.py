"""Posts and days in the reader's language; every page and sentence says them the same way."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import dateformat
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guixiao.facts.clock import DAY_ENDS, local
from guixiao.facts.posts import POSTS


def title_of(post: str) -> str:
    """What a post is called; a word that is no post stays as it is."""
    found = POSTS.get(post)
    if found is None:
        return post
    return found.en if get_language() == "en" else found.zh


def word(chinese: str) -> str:
    """Text of the law, the engine or the data in the reader's language, where the catalogue has it."""
    return _(chinese) if chinese else ""


def called(post: str, name: str) -> str:
    """Somebody by post and name: 班主任李明."""
    return _("%(post)s%(name)s") % {"post": title_of(post), "name": name}


title_lazily = lazy(title_of, str)


def day(value: date) -> str:
    """9月28日."""
    return dateformat.format(value, _("n月j日"))


def day_year(value: date) -> str:
    """2026年9月28日."""
    return dateformat.format(value, _("Y年n月j日"))


def month(value: date) -> str:
    """2026年10月."""
    return dateformat.format(value, _("Y年n月"))


def weekday(value: date, short: bool = False) -> str:
    """星期一, or 周一."""
    full = (_("星期一"), _("星期二"), _("星期三"), _("星期四"), _("星期五"), _("星期六"), _("星期日"))
    brief = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
    return (brief if short else full)[value.weekday()]


def clock(moment: datetime, seconds: bool = False) -> str:
    """08:16; the last second of a day reads 24:00."""
    shown = local(moment)
    if shown.time().replace(microsecond=0) == DAY_ENDS:
        return "24:00"
    return f"{shown:%H:%M:%S}" if seconds else f"{shown:%H:%M}"


def moment(value: datetime) -> str:
    """9月28日 08:16:20, to the second: for reasons and notices."""
    return f"{day(local(value))} {clock(value, seconds=True)}"
