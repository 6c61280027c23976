"""One line of the health page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class Mood(StrEnum):
    """How a thing is. ``BAD`` makes ``guixiao health`` end with 1."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    UNKNOWN = "unknown"

    @property
    def kind(self) -> str:
        """The page's own name for it: icon and colour."""
        return {"good": "done", "warn": "today", "bad": "overdue", "unknown": "unknown"}[self.value]

    @property
    def icon(self) -> str:
        return "alert-circle" if self is Mood.WARN else ""

    @property
    def word(self) -> str:
        return {"good": _("正常"), "warn": _("要留意"), "bad": _("要处理"), "unknown": _("不清楚")}[
            self.value
        ]


@dataclass(frozen=True, slots=True)
class Line:
    """What is looked at, how it is, what is the matter, and what to do about it (empty when nothing is)."""

    code: str
    title: str
    mood: Mood
    says: str
    remedy: str = ""


def ago(moment: datetime, now: datetime) -> str:
    """How long since, in words; what lies ahead is said to."""
    minutes = int((now - moment) / timedelta(minutes=1))
    if minutes < 0:
        return _("在将来")
    if minutes < 1:
        return _("刚才")
    if minutes < 120:
        return ngettext("%(n)s 分钟前", "%(n)s 分钟前", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return ngettext("%(n)s 小时前", "%(n)s 小时前", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)s 天前", "%(n)s 天前", minutes // 1440) % {"n": minutes // 1440}


def size(octets: int) -> str:
    """Bytes as people say them."""
    amount = float(octets)
    for unit in ("B", "KB", "MB", "GB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}" if amount >= 10 or unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} TB"
