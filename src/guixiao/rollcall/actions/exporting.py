"""A list leaves the house: that is on record."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from guixiao.facts import By, happenings
from guixiao.journal.append import Stated, append


def exported(*, by: By, now: datetime, what: str, rows: int) -> None:
    """Record that a list went out as a file, and how long it was."""
    with transaction.atomic():
        append([Stated(happenings.Exported(what=what, rows=rows))], by=by, now=now)
