"""What a term may look like: its code, its season, its length, and its place among the others."""

from __future__ import annotations

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from . import paths, wording
from .calendars import calendar_of
from .models import Place, SchoolTerm

SHORTEST, LONGEST = 60, 200
GAP = 100  # no vacation is longer
CODE = re.compile(r"^(20\d{2})-([12])$")


def title(code: str) -> str:
    """2026-1 in words: 2026—2027 学年第一学期."""
    found = CODE.match(code)
    if found is None:
        return code
    first = int(found[1])
    words = {"first": first, "last": first + 1}
    if found[2] == "1":
        return _("%(first)s—%(last)s 学年第一学期") % words
    return _("%(first)s—%(last)s 学年第二学期") % words


def following(code: str) -> str:
    year, term = int(code[:4]), code[5:]
    return f"{year}-2" if term == "1" else f"{year + 1}-1"


def check_term(place: Place, code: str, first: date, last: date, today: date) -> None:
    """Raises ``ValidationError`` at the field that must be mended."""
    found = CODE.match(code)
    if found is None:
        raise ValidationError({"code": _("请从表里选学期。")})
    if last <= first:
        raise ValidationError({"last": _("最后一天要晚于第一天。")})
    if first.year != int(found[1]) + (found[2] == "2"):
        raise ValidationError(
            {
                "first": _("%(term)s不会从 %(year)s 年开始。请核对年份。")
                % {"term": title(code), "year": first.year}
            }
        )
    length = (last - first).days + 1
    if not SHORTEST <= length <= LONGEST:
        raise ValidationError(
            {"last": _("这个学期有 %(n)s 天，不像一个学期。请核对两个日期。") % {"n": length}}
        )
    _check_past(place, code, first, last, today)
    _check_others(place, code, first, last)


def _check_past(place: Place, code: str, first: date, last: date, today: date) -> None:
    """A term that is over stays as it was; one that runs keeps its first day and ends no earlier than today."""
    known = next((term for term in calendar_of(place).terms if term.code == code), None)
    if known is None or (known.first, known.last) == (first, last):
        return
    if known.last < today:
        raise ValidationError({"code": _("%(term)s已经结束，不能再改。") % {"term": title(code)}})
    if known.first <= today and first != known.first:
        raise ValidationError(
            {"first": _("学期已经从%(day)s开始，第一天不能再改。") % {"day": wording.day(known.first)}}
        )
    if known.first > today >= first:
        raise ValidationError({"first": _("第一天不能改到已经过去的日子。请从明天起选。")})
    if last < today:
        raise ValidationError({"last": _("最后一天不能改到已经过去的日子。")})


def _check_others(place: Place, code: str, first: date, last: date) -> None:
    """No two terms on one day, here or beneath; no hole between neighbours that no vacation explains."""
    for other in calendar_of(place).terms:
        if other.code == code:
            continue
        words = {
            "term": title(other.code),
            "first": wording.day_year(other.first),
            "last": wording.day_year(other.last),
        }
        if other.first <= last and first <= other.last:
            at = "first" if first >= other.first else "last"
            raise ValidationError({at: _("和%(term)s（%(first)s—%(last)s）重叠。请改日期。") % words})
        if following(other.code) == code and (first - other.last).days > GAP:
            raise ValidationError(
                {"first": _("离%(term)s结束（%(last)s）太远，中间的日子都不算上课。请核对。") % words}
            )
        if following(code) == other.code and (other.first - last).days > GAP:
            raise ValidationError(
                {"last": _("离%(term)s开始（%(first)s）太远，中间的日子都不算上课。请核对。") % words}
            )
        if (other.code < code) != (other.first < first):
            raise ValidationError(
                {"first": _("和%(term)s（%(first)s—%(last)s）前后颠倒了。请核对。") % words}
            )
    beneath = SchoolTerm.objects.filter(
        paths.beneath("place__path", place.path), first__lte=last, last__gte=first
    )
    clash = beneath.exclude(code=code).exclude(place=place).select_related("place").first()
    if clash is not None:
        raise ValidationError(
            {
                "last": _("和%(place)s自己定的%(term)s重叠。请先改那里的。")
                % {"place": clash.place.name, "term": title(clash.code)}
            }
        )
