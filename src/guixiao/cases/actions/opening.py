"""Opening a case, and opening the next one when a closed child leaves again."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from guixiao.cases.checks import not_ahead, written
from guixiao.cases.models import Case, StageStep
from guixiao.facts import By, happenings
from guixiao.facts.clock import day_of
from guixiao.facts.codes import Stage
from guixiao.journal.append import Stated, append
from guixiao.people.models import ON_THE_ROLL, Student
from guixiao.places import paths
from guixiao.places.models import Kind, Place


def open_case(*, by: By, now: datetime, student: Student, ground: str, day: date, by_rule: str = "") -> Case:
    """Open a case for a child. ``by_rule`` names the rule that demanded it (``pack/rule``)."""
    return _open(by, now, student, ground, day, by_rule, None)


def reopen(*, by: By, now: datetime, case: Case, ground: str, day: date, by_rule: str = "") -> Case:
    """The child left again: a new case, linked to the closed one, whose history stays."""
    if case.is_open:
        raise ValidationError(_("这个个案还没有销号，不用重开，接着办就行。"))
    return _open(by, now, case.student, ground, day, by_rule, case)


def _open(
    by: By, now: datetime, student: Student, ground: str, day: date, by_rule: str, previous: Case | None
) -> Case:
    ground = written(ground, "ground", _("请写为什么立案，例如“连续三天没来，家里说去了县城”。"), 300)
    not_ahead(day, day_of(now))
    if student.status not in ON_THE_ROLL:
        raise ValidationError(
            _("这个孩子的学籍是“%(status)s”，不在册。请先请学籍管理员核对学籍。")
            % {"status": student.get_status_display()}
        )
    with transaction.atomic():
        county = _county(student)
        if Case.objects.filter(student=student).exclude(stage=Stage.CLOSED).exists():
            raise ValidationError(_("这个孩子已有没销号的个案，请在原来的个案里接着办。"))
        last = Case.objects.filter(county=county, year=day.year).aggregate(last=Max("serial"))["last"] or 0
        case = Case.objects.create(
            student=student,
            county=county,
            year=day.year,
            serial=last + 1,
            ground=ground,
            by_rule=by_rule,
            previous=previous,
            opened_day=day,
            opened_at=now,
            opened_by=by.account,
            opened_post=by.post,
        )
        step = StageStep.objects.create(case=case, stage=Stage.OPEN.value, day=day, reason=ground)
        opened = happenings.CaseOpened(student=student.pk, case=case.pk, day=day, by_rule=by_rule or None)
        stated = [Stated(opened, records=[case, step])]
        if previous is not None:
            fact = happenings.CaseReopened(student=student.pk, case=case.pk, previous=previous.pk, day=day)
            stated.append(Stated(fact))
        append(stated, by=by, now=now)
    return case


def _county(student: Student) -> Place:
    """The county whose numbers are used, locked so that two cases cannot take the same number."""
    ids = paths.ids(student.path or student.home_path)
    county = Place.objects.select_for_update(no_key=True).filter(pk__in=ids, kind=Kind.COUNTY).first()
    if county is None:
        raise ValidationError(_("这个孩子没有登记在哪个县的学校或村。请先补上学校或住地，再立案。"))
    return county
