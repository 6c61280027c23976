"""What was ordered for a day and that day has come."""

from __future__ import annotations

from datetime import datetime

from guixiao.facts.clock import day_of
from guixiao.people.imports.runner import SILENT

from .actions import carry_out
from .models import StaffBatch, Transfer, TransferState
from .sheets import runner


def carry_out_due(now: datetime) -> int:
    """Carry out the changes of class whose day has come, oldest order first; returns how many were looked at."""
    waiting = Transfer.objects.filter(state=TransferState.PLANNED, day__lte=day_of(now)).order_by("day", "pk")
    found = list(waiting.select_related("student", "school", "was", "klass"))
    for transfer in found:
        carry_out(by=transfer.by, now=now, transfer=transfer)
    return len(found)


def revive_sheets(now: datetime) -> int:
    """Set going again the staff sheets whose process was killed; returns how many stood still."""
    still = list(StaffBatch.objects.filter(state__in=runner.WORKING, beat_at__lt=now - SILENT))
    for batch in still:
        runner.revive(batch, now)
    return len(still)
