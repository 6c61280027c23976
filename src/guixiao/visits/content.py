"""What a visit says, as one frozen value, and what is wrong with it in words a teacher can act on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from guixiao.facts.clock import day_of
from guixiao.facts.codes import Means, Outcome, VisitContent
from guixiao.people.models import Enrolment, Student

from .words import CAUSES, MET

LONGEST = 2000
EARLIEST_YEAR = 2000


@dataclass(frozen=True, slots=True)
class Companion:
    """Who went: a person in a post, or (``person_id`` none) somebody outside the system by name and role."""

    person_id: int | None = None
    post: str = ""
    name: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """Everything a visit says beside means, purpose, outcome, day and who went."""

    child_words: str = ""
    child_absent_why: str = ""
    guardian_words: str = ""
    contents: Mapping[str, str] = field(default_factory=dict)
    causes: Sequence[str] = ()
    met: Sequence[str] = ()
    place: str = ""
    prepared: str = ""
    appointment: str = ""
    next_step: str = ""
    next_day: date | None = None
    started: datetime | None = None
    device_time: datetime | None = None


def check(
    *,
    student: Student,
    means: Means,
    purpose: str,
    outcome: Outcome,
    day: date,
    content: Content,
    now: datetime,
) -> None:
    """Raises ``ValidationError`` with one message for each field that is wrong."""
    wrong: dict[str, str] = {}
    if not purpose.strip():
        wrong["purpose"] = _("请先写这次要弄清什么，再去家访。")
    _check_days(wrong, student, day, content, now)
    _check_words(wrong, outcome, content)
    _check_codes(wrong, content)
    _check_lengths(wrong, purpose, content)
    if wrong:
        raise ValidationError(wrong)


def _check_days(wrong: dict[str, str], student: Student, day: date, content: Content, now: datetime) -> None:
    today = day_of(now)
    if day > today:
        wrong["day"] = _("日期在今天之后。请填实际去的那一天；还没去的，先存着，去了再交。")
    elif day.year < EARLIEST_YEAR:
        wrong["day"] = _("日期太早，请检查年份。")
    else:
        first = (
            Enrolment.objects.filter(student=student)
            .order_by("first")
            .values_list("first", flat=True)
            .first()
        )
        if first is not None and day < first:
            wrong["day"] = _(
                "这一天孩子还没有入学（%(first)s 入学）。请检查日期；入学日期有误的，请学籍管理员先改。"
            ) % {"first": first.isoformat()}
    if content.started is not None and "day" not in wrong:
        if content.started > now:
            wrong["started"] = _("到达时间在现在之后，请改一下。")
        elif day_of(content.started) != day:
            wrong["started"] = _("到达时间和日期不是同一天，请改一下。")
    if content.next_day is not None and content.next_day < day:
        wrong["next_day"] = _("下一步的日期早于这次家访，请改一下。")


def _check_words(wrong: dict[str, str], outcome: Outcome, content: Content) -> None:
    absent = outcome == Outcome.NOBODY or bool(content.child_absent_why.strip())
    if not content.child_words.strip() and not absent:
        wrong["child_words"] = _("请写下孩子自己的话。没见到孩子的，在下面写明为什么。")
    if outcome == Outcome.NOBODY and not (content.child_absent_why.strip() or content.next_step.strip()):
        wrong["child_absent_why"] = _("没见到人，请写明去了哪里、问了谁。")
    if "child" in content.met and not content.child_words.strip() and "child_words" not in wrong:
        wrong["child_words"] = _("见到了孩子，请写下孩子自己的话。")


def _check_codes(wrong: dict[str, str], content: Content) -> None:
    if unknown := set(content.contents) - {code.value for code in VisitContent}:
        wrong["contents"] = _("没有“%(code)s”这一项，请刷新页面再填。") % {"code": min(unknown)[:20]}
    if set(content.causes) - set(CAUSES):
        wrong["causes"] = _("选的原因不在表里，请刷新页面再选。")
    if set(content.met) - set(MET):
        wrong["met"] = _("选的人不在表里，请刷新页面再选。")


def _check_lengths(wrong: dict[str, str], purpose: str, content: Content) -> None:
    limits = {
        "purpose": (purpose, 300),
        "prepared": (content.prepared, LONGEST),
        "appointment": (content.appointment, 100),
        "place": (content.place, 100),
        "child_words": (content.child_words, LONGEST),
        "child_absent_why": (content.child_absent_why, 300),
        "guardian_words": (content.guardian_words, LONGEST),
        "next_step": (content.next_step, 500),
        "contents": (max(content.contents.values(), key=len, default=""), LONGEST),
    }
    for name, (text, most) in limits.items():
        if len(text) > most:
            wrong.setdefault(name, _("最多写 %(most)d 个字，请写短一点。") % {"most": most})
