"""Compiling a return: the lists are frozen, the figures follow (A11-15)."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from guixiao.facts import By, happenings
from guixiao.facts.clock import day_of
from guixiao.facts.codes import SignStep
from guixiao.journal.append import Stated, append
from guixiao.journal.records import Recorded
from guixiao.places.models import Place
from guixiao.returns.cells import Month, gather, lists
from guixiao.returns.fields import fields_of
from guixiao.returns.models import MonthlyReturn, ReturnLine, Signature, State
from guixiao.returns.periods import cut_off, spoken
from guixiao.returns.who import Seat, acting, names, staff

Row = tuple[str, int, int, str]  # cell, student, class, fields


def compile_return(*, by: By, now: datetime, school: Place, period: str, person_id: int) -> MonthlyReturn:
    """Freeze the month's lists as of its cut-off and sign the first step (学生科统计).

    Raises ``ValidationError`` before the cut-off day, by the wrong person, for a school without children, and
    while a version is on its way that nobody sent back. ``ValueError`` for a malformed period.
    """
    last = cut_off(period)
    if day_of(now) < last:
        raise ValidationError(
            _("%(period)s的月报以 %(day)s 为准，到那天才能编制。")
            % {"period": spoken(period), "day": f"{last:%Y-%m-%d}"}
        )
    seat = _seat(school, person_id, now)
    month = gather(school, period, now)
    found = lists(month)
    if not found["roll"]:
        raise ValidationError(
            _("%(school)s在 %(day)s 没有在册学生，编不出月报。请先导入学籍，或换一个月份。")
            % {"school": school.name, "day": f"{last:%Y-%m-%d}"}
        )
    rows = _rows(found, month)
    try:
        with transaction.atomic():
            return _freeze(by, now, school, period, seat, rows)
    except IntegrityError as error:  # another compiled it in the same moment
        raise ValidationError(_("刚刚有人编好了同一份月报，请刷新后查看。")) from error


def _seat(school: Place, person_id: int, now: datetime) -> Seat:
    team = staff([school.path], day_of(now))
    seat = team.seat(SignStep.PREPARED, school.path, person_id)
    if seat is None:
        whose = names(team.of(SignStep.PREPARED, school.path)) or _("还没有任命的人")
        raise ValidationError(_("月报由 %(whose)s 来编制，请联系本人。") % {"whose": whose})
    return seat


def _rows(found: dict[str, list[tuple[int, int]]], month: Month) -> list[Row]:
    """Every line with its fields, in the language of the regulation whoever compiles it reads."""
    with translation.override("zh-hans"):
        details = fields_of(found, month)
        return [
            (cell, student, klass, json.dumps(details(cell, student), ensure_ascii=False))
            for cell, children in found.items()
            for student, klass in children
        ]


def _freeze(by: By, now: datetime, school: Place, period: str, seat: Seat, rows: list[Row]) -> MonthlyReturn:
    old = MonthlyReturn.objects.filter(school=school, period=period, superseded=False).first()
    if old is not None:
        _supersede(old)
    report = MonthlyReturn.objects.create(
        school=school,
        period=period,
        version=old.version + 1 if old else 1,
        cut_off=cut_off(period),
        compiled_at=now,
        path=school.path,
        classes=_classes(rows),
    )
    lines = ReturnLine.objects.bulk_create(
        ReturnLine(report=report, cell=cell, student=student, klass_id=klass, fields=fields)
        for cell, student, klass, fields in rows
    )
    first = Signature.objects.create(
        report=report,
        step=SignStep.PREPARED,
        person_id=seat.person,
        acting_for_id=seat.acting_for,
        post=seat.post,
        at=now,
    )
    changed: list[Recorded] = [report, *lines, *([old] if old else [])]
    append(_facts(report, changed, first), by=acting(by, seat), now=now)
    return report


def _facts(report: MonthlyReturn, changed: list[Recorded], first: Signature) -> list[Stated]:
    compiled = happenings.ReturnCompiled(
        report=report.pk, school=report.school_id, period=report.period, version=report.version
    )
    step = happenings.ReturnStep(
        report=report.pk,
        school=report.school_id,
        period=report.period,
        version=report.version,
        step=SignStep.PREPARED,
    )
    return [Stated(compiled, records=changed), Stated(step, records=[first])]


def _supersede(old: MonthlyReturn) -> None:
    """Only a version that was sent back makes room for the next."""
    moved = MonthlyReturn.objects.filter(pk=old.pk, state=State.SENT_BACK, superseded=False).update(
        superseded=True
    )
    if not moved:
        raise ValidationError(
            _("%(period)s的月报已经编好（%(state)s）。要重编，请先由核对、复核或签发的人退回。")
            % {"period": spoken(old.period), "state": old.get_state_display()}
        )
    old.refresh_from_db()


def _order(klass: Place) -> tuple[int, list[tuple[int, str]]]:
    """By grade, then as people count: 八（2）班 before 八（10）班."""
    parts = re.split(r"([0-9]+)", klass.name)
    return klass.grade or 0, [
        (int(part), "") if part.isascii() and part.isdigit() else (0, part) for part in parts
    ]


def _classes(rows: list[Row]) -> list[dict[str, object]]:
    """For each class with a child in a list, the lengths of its lists."""
    counts: dict[int, Counter[str]] = {}
    for cell, _student, klass, _fields in rows:
        counts.setdefault(klass, Counter())[cell] += 1
    places = sorted(Place.objects.filter(pk__in=counts).select_related("parent"), key=_order)
    names = Counter(place.name for place in places)
    return [
        {
            "id": place.pk,
            "name": place.name if names[place.name] == 1 else f"{place.parent}{place.name}",
            "path": place.path,
            "counts": dict(counts[place.pk]),
        }
        for place in places
    ]
