"""Every write to stored files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from guixiao.facts import By, happenings
from guixiao.journal.append import Stated
from guixiao.people.models import Student

from .intake import Intake
from .models import Purpose, StoredFile


def keep(
    *, by: By, now: datetime, student: Student, purpose: Purpose, owner: int, intakes: Iterable[Intake]
) -> list[Stated]:
    """Write the rows of files that were taken in, inside the caller's transaction.

    Returns what the caller appends to the journal together with its own facts.
    """
    rows = [
        StoredFile.objects.create(
            student=student,
            purpose=purpose,
            owner=owner,
            title=one.title,
            mime=one.mime,
            size=one.size,
            sha256=one.sha256,
            store=one.store,
            uploaded_by=by.account,
            at=now,
        )
        for one in intakes
    ]
    return [Stated(happenings.FileStored(file=row.pk, student=student.pk), records=[row]) for row in rows]
