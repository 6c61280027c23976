"""Reading what was sent. Every mistake is a ``ValidationError`` keyed by its field; nothing raises else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from django.utils.translation import gettext as _

from guixiao.facts.clock import SHANGHAI, at, local
from guixiao.facts.codes import Mark, Session

BIGGEST = 2**31 - 1
E = TypeVar("E", bound=StrEnum)
Sent = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Submission:
    """A roll-call sheet as it arrived."""

    client_id: UUID | None
    roster_version: int
    device_time: datetime | None
    sent_at: datetime | None
    session: Session
    day: date
    marks: dict[int, Mark]
    leaves: dict[int, tuple[date, date]]


def read_submission(sent: Sent, headers: Mapping[str, str]) -> Submission:
    """The sheet of a POST. ``X-Device-Now`` is what the device's clock showed when it sent."""
    day = read_day(sent, "day")
    marks = read_marks(sent)
    return Submission(
        client_id=read_id(sent),
        roster_version=read_number(sent, "roster_version"),
        device_time=read_moment(sent.get("device_time", ""), "device_time"),
        sent_at=read_moment(headers.get("X-Device-Now", ""), "device_time"),
        session=read_choice(sent, "session", Session),
        day=day,
        marks=marks,
        leaves={child: _period(sent, child, day) for child in marks if f"first-{child}" in sent},
    )


def read_marks(sent: Sent) -> dict[int, Mark]:
    """Every ``mark-<id>`` field."""
    marks: dict[int, Mark] = {}
    for field in sent:
        name, _dash, number = field.partition("-")
        if name != "mark":
            continue
        if not (number.isascii() and number.isdigit()) or int(number) > BIGGEST:
            raise ValidationError({"marks": _("表里有一行不是学生。请重新打开点名页。")})
        marks[int(number)] = read_choice(sent, field, Mark)
    return marks


def _period(sent: Sent, child: int, day: date) -> tuple[date, date]:
    first, last = f"first-{child}", f"last-{child}"
    return (
        read_day(sent, first) if sent.get(first) else day,
        read_day(sent, last) if sent.get(last) else day,
    )


def read_choice(sent: Sent, field: str, kind: type[E]) -> E:
    try:
        return kind(sent.get(field, ""))
    except ValueError:
        raise ValidationError({field: _("这一项没有选，或选的不是页面上的。请再选一次。")}) from None


def read_day(sent: Sent, field: str) -> date:
    try:
        found = parse_date(sent.get(field, ""))
    except ValueError:
        found = None
    if found is None or not 1970 <= found.year <= 2200:
        raise ValidationError({field: _("日期不对，请按 2026-09-28 这样填。")})
    return found


def read_moment(text: str, field: str) -> datetime | None:
    """A moment with or without its zone (then Asia/Shanghai); nothing for an empty text."""
    if not text:
        return None
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or not 1971 <= found.year <= 2200:
        raise ValidationError({field: _("手机时间看不懂。请核对手机的日期和时间，再报一次。")})
    return (found if found.tzinfo else found.replace(tzinfo=SHANGHAI)).astimezone(UTC)


def read_clock_time(sent: Sent, field: str, day: date, now: datetime) -> datetime:
    """An hour of ``day``, to the second when it is this very minute; empty means now."""
    text = sent.get(field, "")
    if not text:
        return now
    try:
        found = parse_time(text)
    except ValueError:
        found = None
    if found is None:
        raise ValidationError({field: _("时间不对，请按 10:20 这样填。")})
    if local(now).date() == day and (found.hour, found.minute) == (local(now).hour, local(now).minute):
        return now
    return at(day, found.hour, found.minute, found.second)


def read_number(sent: Sent, field: str) -> int:
    text = sent.get(field, "")
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise ValidationError({field: _("名单版本不对。请重新打开点名页再报。")})
    return int(text)


def read_id(sent: Sent) -> UUID | None:
    """The client-made id; a form without script has none."""
    text = sent.get("client_id", "")
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise ValidationError({"client_id": _("这次提交的编号不对。请重新打开这一页再交。")}) from None
