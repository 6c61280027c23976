"""That something was taken out as a file is on record."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from guixiao.facts import By, happenings
from guixiao.journal.append import Stated, append


def exported(*, by: By, now: datetime, what: str, rows: int) -> None:
    with transaction.atomic():
        append([Stated(happenings.Exported(what=what, rows=rows))], by=by, now=now, looks=True)
