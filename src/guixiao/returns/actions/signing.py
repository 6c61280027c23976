"""The four steps: 学生科 → 班主任核对 → 分管副校长复核 → 校长签发并锁定 (A11-15…17)."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guixiao.facts import By, happenings
from guixiao.facts.codes import SignStep
from guixiao.journal.append import Stated, append
from guixiao.journal.records import Recorded
from guixiao.places.models import Place
from guixiao.returns.models import MonthlyReturn, SendBack, Signature, State
from guixiao.returns.queries import is_zero, unchecked_classes

AWAITS = {SignStep.CHECKED: State.PREPARED, SignStep.REVIEWED: State.CHECKED, SignStep.SIGNED: State.REVIEWED}


def sign(
    *,
    by: By,
    now: datetime,
    report: MonthlyReturn,
    step: SignStep,
    klass: Place | None = None,
    person_id: int | None = None,
) -> MonthlyReturn:
    """Take one step. Class teachers sign for their class; the last of them moves the return on.

    Raises ``ValidationError`` out of turn, twice, or after the lock.
    """
    with transaction.atomic():
        held = MonthlyReturn.objects.select_for_update().get(pk=report.pk)
        _in_turn(held, step)
        if step is SignStep.CHECKED:
            _one_of_its_classes(held, klass)
        signature, made = Signature.objects.get_or_create(
            report=held, step=step, klass=klass, defaults={"person_id": person_id, "post": by.post, "at": now}
        )
        if not made:
            raise ValidationError(_("这一步已经签过了，不用再签。"))
        records: list[Recorded] = [signature]
        if step is not SignStep.CHECKED or not unchecked_classes(held):
            held.state = State(step.value)
            held.save(update_fields=["state"])
            records.append(held)
        append(_facts(held, step, klass, records), by=by, now=now)
    return held


def send_back(
    *, by: By, now: datetime, report: MonthlyReturn, reason: str, person_id: int | None = None
) -> MonthlyReturn:
    """Return it for correction. The version stays as it is; the next compile makes a new one."""
    if len(reason.strip()) < 4:
        raise ValidationError({"reason": _("请写明退回的原因（至少 4 个字），学生科才知道改哪里。")})
    with transaction.atomic():
        held = MonthlyReturn.objects.select_for_update().get(pk=report.pk)
        if held.state in (State.SIGNED, State.SENT_BACK) or held.superseded:
            raise ValidationError(_("已签发锁定或已退回的月报不能再退回。"))
        step = SignStep(held.state)
        row = SendBack.objects.create(report=held, person_id=person_id, post=by.post, reason=reason, at=now)
        held.state = State.SENT_BACK
        held.save(update_fields=["state"])
        fact = happenings.ReturnSentBack(
            report=held.pk, school=held.school_id, period=held.period, version=held.version, step=step
        )
        append([Stated(fact, records=[held, row])], by=by, now=now)
    return held


def _in_turn(report: MonthlyReturn, step: SignStep) -> None:
    if report.locked:
        raise ValidationError(_("这份月报已由校长签发锁定，不能再改。"))
    if report.superseded or report.state == State.SENT_BACK:
        raise ValidationError(_("这一版已退回，请签新编的一版。"))
    if AWAITS.get(step) != report.state:
        raise ValidationError(_("还没轮到这一步：这份月报现在%s。") % report.get_state_display())


def _one_of_its_classes(report: MonthlyReturn, klass: Place | None) -> None:
    if klass is None or not klass.path.startswith(report.school.path):
        raise ValidationError(_("请选本校的一个班来核对。"))


def _facts(
    report: MonthlyReturn, step: SignStep, klass: Place | None, records: list[Recorded]
) -> list[Stated]:
    stated = [
        Stated(
            happenings.ReturnStep(
                report=report.pk,
                school=report.school_id,
                period=report.period,
                version=report.version,
                step=step,
                class_id=klass.pk if klass else None,
            ),
            records=records,
        )
    ]
    if step is SignStep.SIGNED:
        stated.append(
            Stated(
                happenings.ReturnSubmitted(
                    report=report.pk,
                    school=report.school_id,
                    period=report.period,
                    version=report.version,
                    zero=is_zero(report),
                )
            )
        )
    return stated
