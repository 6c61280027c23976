"""The nightly backup: the worker starts it when its time has come, as a process of its own.

``GUIXIAO_BACKUP_AT`` (02:30 unless said otherwise, ``off`` for never; a demo has none). A night that was slept
through is made up for when the worker runs again; a try that failed is repeated an hour later.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.utils.timezone import get_default_timezone

from . import shelf

log = logging.getLogger("guixiao.backup")
AGAIN = timedelta(hours=1)


class Nightly:
    """What one worker knows: since when it runs, and the backup it started, if any."""

    def __init__(self) -> None:
        self._since: datetime | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start_if_due(self, now: datetime) -> bool:
        """Called between rounds; costs a look at one small file."""
        self._since = self._since or now
        if self._process is not None and self._process.poll() is None:
            return False
        self._process = None
        if not due(now, self._since, shelf.last()):
            return False
        log.info("the nightly backup starts")
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "guixiao", "backup", "--json"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        except OSError:
            log.exception("the nightly backup could not be started")
            return False
        return True


def due(now: datetime, since: datetime, status: dict[str, Any]) -> bool:
    """Is a backup wanted? ``since`` stands in for the last one where there has been none."""
    at: time | None = settings.GUIXIAO_BACKUP_AT
    tried = _moment(status.get("failed", {}).get("at"))
    if at is None or (tried is not None and tried <= now < tried + AGAIN):
        return False
    return (_moment(status.get("at")) or since) < last_time(now, at)


def last_time(now: datetime, at: time) -> datetime:
    """The last moment at which a backup was to start."""
    here = now.astimezone(get_default_timezone())
    today = here.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return today if today <= here else today - timedelta(days=1)


def _moment(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
