"""A batch begins, fails, or is thrown away before it touched anybody."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guixiao.facts import By
from guixiao.people.models import BatchState, ImportBatch, ImportRow
from guixiao.places.models import Place


def open_batch(*, by: By, now: datetime, school: Place, file_name: str, first: date) -> ImportBatch:
    """An empty batch, about to be checked. No child is touched before it is applied."""
    return ImportBatch.objects.create(
        school=school,
        file_name=file_name[-120:],
        first=first,
        account=by.account,
        post=by.post,
        org=by.org,
        for_account=by.for_account,
        started_at=now,
        beat_at=now,
    )


def fail(*, by: By, now: datetime, batch_id: int, message: str) -> None:
    """The file could not be read or its check was cut off: nothing of it is kept."""
    with transaction.atomic():
        ImportRow.objects.filter(batch_id=batch_id).delete()
        ImportBatch.objects.filter(pk=batch_id, state=BatchState.CHECKING).update(
            state=BatchState.FAILED, message=message, beat_at=now
        )


def discard(*, by: By, now: datetime, batch_id: int) -> None:
    """Throw a checked batch away; its rows, which hold children's data, go with it."""
    with transaction.atomic():
        moved = ImportBatch.objects.filter(pk=batch_id, state=BatchState.CHECKED).update(
            state=BatchState.DISCARDED, beat_at=now
        )
        if not moved:
            raise ValidationError(_("这一批已经写入或已经放弃，不能再放弃。"))
        ImportRow.objects.filter(batch_id=batch_id).delete()
