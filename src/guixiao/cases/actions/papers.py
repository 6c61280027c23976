"""Papers of a case, beside the evidence of a closing; and lists that leave the house."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guixiao.cases.checks import still_open
from guixiao.cases.models import Case
from guixiao.facts import By, happenings
from guixiao.files import actions as files
from guixiao.files.intake import Intake
from guixiao.files.models import Purpose
from guixiao.journal.append import Stated, append


def add_papers(*, by: By, now: datetime, case: Case, papers: Sequence[Intake]) -> None:
    """Put papers or photos into the file of a case."""
    still_open(case)
    if not papers:
        raise ValidationError({"papers": _("请选要存的文件。")})
    with transaction.atomic():
        stored = files.keep(
            by=by, now=now, student=case.student, purpose=Purpose.CASE_PAPER, owner=case.pk, intakes=papers
        )
        append(stored, by=by, now=now)


def export(*, by: By, now: datetime, rows: int) -> None:
    """Put on record that a list of cases went out as a file."""
    with transaction.atomic():
        append([Stated(happenings.Exported(what="cases", rows=rows))], by=by, now=now)
