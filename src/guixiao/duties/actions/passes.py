"""When the recurring passes of the tick last ran; reminders; how long a pass is the worker's own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from guixiao.duties.messages import AFTER, BEFORE, doers, message
from guixiao.duties.models import Duty, Pass
from guixiao.facts import By
from guixiao.notify import actions as notify
from guixiao.notify.models import Kind as Notice


def ran(*, by: By, now: datetime, name: str, day: date) -> None:
    """Remember that a pass has dealt with everything up to ``day``; never backwards."""
    row, _made = Pass.objects.get_or_create(name=name, defaults={"day": day})
    Pass.objects.filter(Q(pk=row.pk), day__lt=day).update(day=day)


def remind_before(*, by: By, now: datetime, duties: Iterable[Duty]) -> int:
    """Tell the doers that a deadline is near; each once."""
    with transaction.atomic():
        return notify.tell(
            by=by,
            now=now,
            messages=[
                message(duty, person, Notice.BEFORE, BEFORE, f"before:{duty.due.isoformat()}")
                for duty in duties
                for person in doers(duty)
            ],
        )


def remind_after(*, by: By, now: datetime, duties: Iterable[Duty], day: date) -> int:
    """Tell the holder, once a school day, what is still not done."""
    with transaction.atomic():
        return notify.tell(
            by=by,
            now=now,
            messages=[
                message(duty, duty.holder_id, Notice.AFTER, AFTER, f"after:{day.isoformat()}")
                for duty in duties
                if duty.holder_id is not None
            ],
        )
