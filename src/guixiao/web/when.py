"""Days, hours and what is left of them, in words. ``frontend/js/timeleft.js`` says the same in the browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from guixiao.facts.clock import day_of, local
from guixiao.places import wording

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Left:
    """A deadline as the reader sees it: what is left first, the hour after it."""

    kind: str  # overdue, today, later: names of states
    text: str
    by: str
    exact: str
    due: str
    today: bool


def spell(span: timedelta) -> str:
    """The two largest units of ``span``: 3 天 8 小时, 15 小时 28 分, 48 分钟."""
    days, rest = divmod(abs(span), DAY)
    hours, rest = divmod(rest, HOUR)
    minutes = rest // MINUTE
    if days >= 7 or (days and not hours):
        return _("{d} 天").format(d=days)
    if days:
        return _("{d} 天 {h} 小时").format(d=days, h=hours)
    if hours and minutes:
        return _("{h} 小时 {m} 分").format(h=hours, m=minutes)
    if hours:
        return _("{h} 小时").format(h=hours)
    return _("{m} 分钟").format(m=minutes) if minutes else _("不到 1 分钟")


def left(due: datetime, now: datetime) -> Left:
    """How a deadline stands at ``now``. A duty due at 23:59:59 is met up to and including that second."""
    late = now > due
    today = day_of(due) == day_of(now)
    kind = "overdue" if late else "today" if today or due - now < HOUR else "later"
    text = _("逾期 {span}") if late else _("还剩 {span}")
    return Left(
        kind, text.format(span=spell(now - due)), by(due, now, late), exact(due), due.isoformat(), today
    )


def by(due: datetime, now: datetime, late: bool) -> str:
    """The hour after what is left: 今天 24:00 前; once late, the day and hour it was due."""
    if late:
        return _("应于 {day} {clock}").format(day=day(due), clock=clock(due))
    gap = (day_of(due) - day_of(now)).days
    sentence = {0: _("今天 {clock} 前"), 1: _("明天 {clock} 前")}.get(gap) or _("{day} {clock} 前")
    return sentence.format(day=day(due), clock=clock(due))


def as_day(value: date | datetime) -> date:
    """The local day of a moment; a day as it is."""
    return day_of(value) if isinstance(value, datetime) else value


def day(value: date | datetime) -> str:
    """9月28日."""
    return wording.day(as_day(value))


def day_year(value: date | datetime) -> str:
    """2026年9月28日."""
    return wording.day_year(as_day(value))


def weekday(value: date | datetime, short: bool = False) -> str:
    """星期一, or 周一."""
    return wording.weekday(as_day(value), short)


def clock(moment: datetime) -> str:
    """08:16; the last second of a day reads 24:00."""
    return wording.clock(moment)


def exact(moment: datetime) -> str:
    """To the second, for a tap and for print: 2026年9月28日 23:59:59."""
    return f"{day_year(moment)} {local(moment):%H:%M:%S}"
