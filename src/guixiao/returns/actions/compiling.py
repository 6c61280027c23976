"""Compiling a return: the lists are frozen, the figures follow (A11-15)."""

from __future__ import annotations

import json
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guixiao.facts import By, happenings
from guixiao.facts.clock import day_of
from guixiao.facts.codes import SignStep
from guixiao.journal.append import Stated, append
from guixiao.places.models import Place
from guixiao.returns.cells import gather, lists
from guixiao.returns.fields import fields_of
from guixiao.returns.models import MonthlyReturn, ReturnLine, Signature, State
from guixiao.returns.periods import cut_off


def compile_return(
    *, by: By, now: datetime, school: Place, period: str, person_id: int | None = None
) -> MonthlyReturn:
    """Freeze the month's lists as of its cut-off and sign the first step (学生科统计).

    Raises ``ValidationError`` before the cut-off, and while a version is on its way that nobody sent back.
    """
    last = cut_off(period)
    if day_of(now) < last:
        raise ValidationError(
            _("%(period)s 的口径日是 %(day)s，到那天才能编制。")
            % {"period": period, "day": f"{last:%Y-%m-%d}"}
        )
    with transaction.atomic():
        earlier = MonthlyReturn.objects.select_for_update().filter(
            school=school, period=period, superseded=False
        )
        old = earlier.first()
        if old is not None and old.state != State.SENT_BACK:
            raise ValidationError(
                _("%(period)s 的月报已经编制（%(state)s）。要重编，请先由核对或签发的人退回。")
                % {"period": period, "state": old.get_state_display()}
            )
        if old is not None:
            old.superseded = True
            old.save(update_fields=["superseded"])
        month = gather(school, period, now)
        found = lists(month)
        report = MonthlyReturn.objects.create(
            school=school,
            period=period,
            version=old.version + 1 if old else 1,
            cut_off=last,
            compiled_at=now,
            roll=len(found["roll"]),
            path=school.path,
        )
        lines = _freeze(report, found, month.last)
        first = Signature.objects.create(
            report=report, step=SignStep.PREPARED, person_id=person_id, post=by.post, at=now
        )
        compiled = happenings.ReturnCompiled(
            report=report.pk, school=school.pk, period=period, version=report.version
        )
        step = happenings.ReturnStep(
            report=report.pk, school=school.pk, period=period, version=report.version, step=SignStep.PREPARED
        )
        changed = [report, *lines, *([old] if old else [])]
        append([Stated(compiled, records=changed), Stated(step, records=[first])], by=by, now=now)
    return report


def _freeze(report: MonthlyReturn, found: dict[str, list[tuple[int, int]]], last: object) -> list[ReturnLine]:
    details = fields_of({student for rows in found.values() for student, _klass in rows}, report)
    return ReturnLine.objects.bulk_create(
        ReturnLine(
            report=report,
            cell=cell,
            student=student,
            klass_id=klass,
            fields=json.dumps(details(cell, student), ensure_ascii=False),
        )
        for cell, rows in found.items()
        for student, klass in rows
    )
