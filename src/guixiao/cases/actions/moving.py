"""The one way a case changes its stage. Used by every verb; never called by a view."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from guixiao.cases.models import Case, StageStep
from guixiao.cases.stages import may, refusal
from guixiao.facts import By, happenings
from guixiao.facts.codes import Stage
from guixiao.journal.append import Stated


def move(
    *, by: By, now: datetime, case: Case, to: Stage, day: date, reason: str = "", **columns: Any
) -> Stated:
    """Move ``case`` inside the caller's transaction and return the fact to append.

    Raises ``ValidationError`` when the step is not allowed, or when somebody else moved the case meanwhile.
    """
    was = case.stage
    if not may(was, to):
        raise ValidationError(refusal(was, to))
    moved = Case.objects.filter(pk=case.pk, stage=was).update(stage=to.value, **columns)
    if not moved:
        raise ValidationError(_("这个个案刚被别人改过。请重新打开，看过再做。"))
    case.refresh_from_db()
    step = StageStep.objects.create(case=case, stage=to.value, day=day, reason=reason[:300])
    fact = happenings.CaseStageChanged(student=case.student_id, case=case.pk, was=Stage(was), now=to, day=day)
    return Stated(fact, records=[case, step])
