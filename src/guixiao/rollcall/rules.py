"""What a submission must satisfy before a roll call is written: its day, its clock, its roster, its leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from guixiao.facts import By, Calendar, DayKind
from guixiao.facts.clock import day_of, whole_second
from guixiao.facts.codes import Mark
from guixiao.facts.posts import POSTS
from guixiao.places import wording

from .models import RollCall

CLOCK_SLACK = timedelta(minutes=5)
LONGEST_LEAVE = 120  # natural days; longer is a suspension (休学), which the register knows
ON_LEAVE = (Mark.SICK, Mark.PERSONAL)


class AlreadyTaken(Exception):
    """Somebody has taken this class's roll for this session. ``roll_call`` is theirs."""

    def __init__(self, roll_call: RollCall, message: str) -> None:
        super().__init__(message)
        self.roll_call = roll_call
        self.message = message


class Stale(Exception):
    """The page showed something that has changed meanwhile."""


@dataclass(frozen=True, slots=True)
class DeviceClock:
    """How far the device's clock can be believed. ``at`` is the moment that counts for the reporter's own
    deadline; ``None`` means the entry counts from when it was received (policy.md, semantics 5)."""

    offset: int
    at: datetime | None

    @property
    def late(self) -> bool:
        return self.at is None


def read_clock(device_time: datetime, sent_at: datetime | None, now: datetime) -> DeviceClock:
    """Judge a device's clock. ``sent_at`` is what it showed when it sent; a device that kept the sheet while
    offline may have marked it hours before, so only ``sent_at`` tells how wrong its clock runs."""
    shown = sent_at if sent_at is not None else device_time
    ahead = shown - now
    believed = abs(ahead) < CLOCK_SLACK and device_time <= shown + timedelta(seconds=1)
    at = whole_second(min(device_time, now)) if believed else None
    return DeviceClock(max(-(2**31), min(2**31 - 1, round(ahead.total_seconds()))), at)


def late_days() -> int:
    """How many days back a class may still hand in a roll it has not taken."""
    days: int = getattr(settings, "GUIXIAO_ROLLCALL_LATE_DAYS", 7)
    return days


def check_day(*, by: By, day: date, now: datetime, calendar: Calendar) -> None:
    """Raises ``ValidationError`` for a day to come, one too long ago for this post, or no school day.

    A year the State Council has not announced is no reason to refuse: the children are there. It is said
    aloud on the page and on the receipt (:func:`say_day`).
    """
    today = day_of(now)
    if day > today:
        raise ValidationError(
            {"day": _("%(day)s还没到，不能提前点名。请核对手机上的日期。") % {"day": spoken(day)}}
        )
    rank = POSTS[by.post].rank if by.post in POSTS else POSTS["principal"].rank
    if (today - day).days > late_days() and rank < POSTS["dean"].rank:
        raise ValidationError(
            {
                "day": _("%(day)s过去超过 %(n)s 天，班主任不能再补。请教导处在“点名进度”里选那一天补。")
                % {"day": spoken(day), "n": late_days()}
            }
        )
    if calendar.is_school_day(day) is False:
        raise ValidationError({"day": say_day(calendar, day)})


def say_day(calendar: Calendar, day: date) -> str:
    """Which decision of the calendar makes ``day`` no school day, or leaves it open; empty for a school day."""
    note, told = wording.word(calendar.note(day)), spoken(day)
    match calendar.kind(day):
        case DayKind.WEEKEND:
            if note:
                return _(
                    "%(day)s是国家%(note)s的日子，但校历没有定为上课日，不用点名。要上课，请校长先在校历里定。"
                ) % {"day": told, "note": note}
            return _("%(day)s是周末，不用点名。要上课，请校长先在校历里定为上课日。") % {"day": told}
        case DayKind.HOLIDAY:
            return _("%(day)s放假（%(note)s），不用点名。") % {"day": told, "note": note}
        case DayKind.CLOSED:
            return _("%(day)s停课（%(note)s），是校历定的，不用点名。") % {"day": told, "note": note}
        case DayKind.VACATION:
            return _("%(day)s不在学期里，不用点名。学期日期不对的话，请校长改校历。") % {"day": told}
        case DayKind.UNKNOWN:
            return _(
                "%(year)s年的放假安排还没有公布，%(day)s算不算上课日现在不能定。到校的照常点名，公布后再算。"
            ) % {"year": day.year, "day": told}
        case _:
            return ""


def check_leaves(
    *, marks: Mapping[int, Mark], leaves: Mapping[int, tuple[date, date]], day: date
) -> dict[int, tuple[date, date]]:
    """The leave period of each child marked sick or personal, ``day`` unless one was chosen."""
    periods: dict[int, tuple[date, date]] = {}
    for child, mark in marks.items():
        if mark not in ON_LEAVE:
            continue
        first, last = leaves.get(child, (day, day))
        if first < day:
            raise ValidationError(
                {f"first-{child}": _("点名时准假从这一天算起。以前的假请到“请假”里补，要教导处以上的人补。")}
            )
        check_period(first, last, f"last-{child}")
        if first > day:
            raise ValidationError({f"first-{child}": _("请假的日子不包括点名这一天，请改第一天。")})
        periods[child] = (first, last)
    return periods


def check_period(first: date, last: date, field: str = "last") -> None:
    """Raises ``ValidationError`` for a period that runs backwards or is no leave any more."""
    if last < first:
        raise ValidationError({field: _("最后一天早于第一天，请改一下。")})
    if (last - first).days >= LONGEST_LEAVE:
        raise ValidationError(
            {field: _("一次请假最多 %(n)s 天。更长的，请学籍管理员办休学。") % {"n": LONGEST_LEAVE}}
        )


def spoken(day: date) -> str:
    """2026年9月28日 星期一."""
    return f"{wording.day_year(day)} {wording.weekday(day)}"
