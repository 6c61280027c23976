"""A staff sheet at work beside the web server: small ones at once, large ones in a thread of their own.

A thread that dies with its process loses nothing: what was written stands in the database, and whoever looks
at the page sets it going again.
"""

from __future__ import annotations

import threading
import time
from datetime import datetime

from django.db import close_old_connections, connection

from guixiao.people.imports.guard import Unreadable
from guixiao.people.imports.runner import BREATH, SILENT, Clock, running_from
from guixiao.staffing import actions
from guixiao.staffing.models import BatchState, StaffBatch

from .reading import read

FEW_ROWS = 120
WORKING = (BatchState.APPLYING, BatchState.UNDOING)
_alive: set[int] = set()
_guard = threading.Lock()


def take_in(batch: StaffBatch, data: bytes, now: datetime) -> None:
    """Read and check a file; one that cannot be read fails the batch with its reason."""
    try:
        actions.stage_staff(by=batch.by, now=now, batch=batch, sheet=read(data))
    except Unreadable as refused:
        actions.fail_staff(by=batch.by, now=now, batch_id=batch.pk, message=str(refused))


def carry_on(batch_id: int, clock: Clock, breath: float = BREATH) -> None:
    """Write or take back a batch to its end, letting others write in between."""
    by = StaffBatch.objects.get(pk=batch_id).by
    while actions.write_next(by=by, now=clock(), batch_id=batch_id) or actions.unwrite_next(
        by=by, now=clock(), batch_id=batch_id
    ):
        time.sleep(breath)


def start_work(batch: StaffBatch, now: datetime) -> None:
    """Write or undo now, or in the background when there is much to do (accounts take their time)."""
    if batch.to_write <= FEW_ROWS and not batch.accounts:
        carry_on(batch.pk, running_from(now), breath=0)
        return
    with _guard:
        if batch.pk in _alive:
            return
        _alive.add(batch.pk)
    clock = running_from(now)

    def run() -> None:
        close_old_connections()
        try:
            carry_on(batch.pk, clock)
        finally:
            with _guard:
                _alive.discard(batch.pk)
            connection.close()

    threading.Thread(target=run, name=f"staff-{batch.pk}", daemon=True).start()


def revive(batch: StaffBatch, now: datetime) -> None:
    """Set going again what stands still: its process was killed."""
    if batch.state in WORKING and batch.pk not in _alive and now - batch.beat_at >= SILENT:
        start_work(batch, now)
