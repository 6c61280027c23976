"""Where a case stands: marked by hand, confirmed as dropout, come back, enrolled again; and its risk."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guixiao.cases.checks import not_ahead, still_open, written
from guixiao.cases.models import Case
from guixiao.cases.stages import BY_HAND, refusal
from guixiao.facts import By, happenings
from guixiao.facts.clock import day_of
from guixiao.facts.codes import EnrolmentChange, Risk, Stage
from guixiao.journal.append import Stated, append
from guixiao.people import actions as people
from guixiao.people.models import Status

from .moving import move

WHY = 300


def change_stage(*, by: By, now: datetime, case: Case, to: Stage, reason: str, day: date) -> Case:
    """A person moves the case and says why. Stages with a verb of their own are refused here."""
    still_open(case)
    if to not in BY_HAND:
        raise ValidationError(refusal(case.stage, to))
    if to is Stage.PERSUADING and not case.plans.exclude(approved_day=None).exists():
        raise ValidationError(_("还没有批准的方案。请先拟定方案并批准，再开始劝返。"))
    reason = written(reason, "reason", _("请写理由。"), WHY)
    not_ahead(day, day_of(now), case.opened_day)
    with transaction.atomic():
        append([move(by=by, now=now, case=case, to=to, day=day, reason=reason)], by=by, now=now)
    return case


def confirm_dropout(*, by: By, now: datetime, case: Case, reason: str, day: date) -> Case:
    """Register a dropout (未成年人保护法 §28). The child stays on the roll and in the count."""
    still_open(case)
    reason = written(reason, "reason", _("请写凭什么确认辍学，例如几次家访的结果。"), WHY)
    not_ahead(day, day_of(now), case.opened_day)
    with transaction.atomic():
        stated = move(by=by, now=now, case=case, to=Stage.CONFIRMED, day=day, reason=reason)
        if case.student.status != Status.DROPPED_OUT:
            people.set_status(
                by=by,
                now=now,
                student=case.student,
                status=Status.DROPPED_OUT,
                change=EnrolmentChange.DROPPED_OUT,
                day=day,
            )
        append([stated], by=by, now=now)
    return case


def state_returned(*, by: By, now: datetime, case: Case, day: date) -> Case:
    """State that the child came back on ``day``. A statement: the stage moves when a roll call agrees."""
    still_open(case)
    not_ahead(day, day_of(now), case.opened_day)
    with transaction.atomic():
        Case.objects.filter(pk=case.pk).update(returned_on=day)
        case.refresh_from_db()
        fact = happenings.Returned(student=case.student_id, day=day)
        append([Stated(fact, records=[case])], by=by, now=now)
    return case


def re_enrol(*, by: By, now: datetime, case: Case, reason: str, day: date) -> Case:
    """Take a registered dropout back into class, so that roll calls count again."""
    still_open(case)
    if case.student.status != Status.DROPPED_OUT:
        raise ValidationError(
            _("这个孩子的学籍是“%(status)s”，不用恢复。") % {"status": case.student.get_status_display()}
        )
    written(reason, "reason", _("请写理由，例如家长哪天送来、安排在哪个班。"), WHY)
    not_ahead(day, day_of(now), case.opened_day)
    with transaction.atomic():
        people.set_status(
            by=by,
            now=now,
            student=case.student,
            status=Status.ENROLLED,
            change=EnrolmentChange.RESUMED,
            day=day,
        )
        Case.objects.filter(pk=case.pk).update(returned_on=day)
        case.refresh_from_db()
        fact = happenings.Returned(student=case.student_id, day=day)
        append([Stated(fact, records=[case])], by=by, now=now)
    return case


def found_present(*, by: By, now: datetime, case: Case, day: date) -> Case:
    """A roll call found the child at school on ``day``: the case stands at "returned"."""
    with transaction.atomic():
        first = case.returned_on or day
        stated = move(by=by, now=now, case=case, to=Stage.RETURNED, day=day, returned_on=first)
        append([stated], by=by, now=now)
    return case


def left_again(*, by: By, now: datetime, case: Case, day: date) -> Case:
    """A child that had come back is absent again: the case goes on where it began."""
    with transaction.atomic():
        reason = _("返校后又没来")
        stated = move(by=by, now=now, case=case, to=Stage.OPEN, day=day, reason=reason, returned_on=None)
        append([stated], by=by, now=now)
    return case


def set_risk(*, by: By, now: datetime, case: Case, risk: Risk, reason: str) -> Case:
    """A person judges the risk and says why (C01-11…14). Nothing computes it."""
    still_open(case)
    reason = written(reason, "reason", _("请写理由：离校多久、什么原因、家里支不支持。"), WHY)
    with transaction.atomic():
        Case.objects.filter(pk=case.pk).update(risk=risk.value, risk_reason=reason)
        case.refresh_from_db()
        fact = happenings.RiskSet(student=case.student_id, case=case.pk, risk=risk)
        append([Stated(fact, records=[case])], by=by, now=now)
    return case
