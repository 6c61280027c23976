"""The import at work beside the web server: small ones at once, large ones in a thread of their own.

A thread that dies with its process loses nothing: the cursor stands in the database, and whoever looks at
the progress page (or ``guixiao import --resume``) sets it going again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import close_old_connections, connection
from django.utils.translation import gettext as _

from guixiao.people.models import BatchState, ImportBatch

from . import actions
from .author import author
from .guard import Unreadable
from .reading import read

SMALL_FILE, FEW_ROWS = 256 * 1024, 300
BREATH = 0.005  # seconds between two batches; a batch is also prepared outside its transaction
SILENT = timedelta(seconds=30)
WORKING = (BatchState.APPLYING, BatchState.UNDOING)

Clock = Callable[[], datetime]
_alive: set[int] = set()
_guard = threading.Lock()


def running_from(now: datetime) -> Clock:
    """A clock that shows ``now`` and runs on from there; the wall clock is not read again."""
    began = time.monotonic()
    return lambda: now + timedelta(seconds=int(time.monotonic() - began))


def check(batch: ImportBatch, data: bytes, clock: Clock) -> None:
    """Read and stage a file; a file that cannot be read fails the batch with its reason."""
    by = author(batch)
    try:
        actions.stage(by=by, now=clock(), batch=batch, register=read(data))
    except Unreadable as refused:
        actions.fail(by=by, now=clock(), batch_id=batch.pk, message=str(refused))


def carry_on(batch_id: int, clock: Clock, breath: float = BREATH) -> None:
    """Apply or undo a batch to its end, letting others write in between."""
    by = author(ImportBatch.objects.get(pk=batch_id))
    while actions.apply_next(by=by, now=clock(), batch_id=batch_id) or actions.undo_next(
        by=by, now=clock(), batch_id=batch_id
    ):
        time.sleep(breath)


def start_check(batch: ImportBatch, data: bytes, now: datetime) -> None:
    """Check now, or in the background when the file is large."""
    if len(data) <= SMALL_FILE:
        check(batch, data, running_from(now))
    else:
        _background(batch.pk, lambda clock: check(batch, data, clock), now)


def start_work(batch: ImportBatch, now: datetime) -> None:
    """Apply or undo now, or in the background when there is much to do."""
    if batch.new + batch.changed <= FEW_ROWS:
        carry_on(batch.pk, running_from(now), breath=0)
    else:
        _background(batch.pk, lambda clock: carry_on(batch.pk, clock), now)


def revive(batch: ImportBatch, now: datetime) -> None:
    """Set going again what stands still: its process was killed. A check cannot go on, its file is gone."""
    if batch.pk in _alive or now - batch.beat_at < SILENT:
        return
    if batch.state in WORKING:
        start_work(batch, now)
    elif batch.state == BatchState.CHECKING:
        message = _("检查时系统停过，文件没有留下。请重新上传。")
        actions.fail(by=author(batch), now=now, batch_id=batch.pk, message=message)


def revive_all(now: datetime) -> int:
    """Every import that stands still; for a worker or ``tick``."""
    still = ImportBatch.objects.filter(state__in=(*WORKING, BatchState.CHECKING), beat_at__lt=now - SILENT)
    batches = list(still)
    for batch in batches:
        revive(batch, now)
    return len(batches)


def _background(batch_id: int, work: Callable[[Clock], None], now: datetime) -> None:
    with _guard:
        if batch_id in _alive:
            return
        _alive.add(batch_id)
    clock = running_from(now)

    def run() -> None:
        close_old_connections()
        try:
            work(clock)
        finally:
            with _guard:
                _alive.discard(batch_id)
            connection.close()

    threading.Thread(target=run, name=f"import-{batch_id}", daemon=True).start()
