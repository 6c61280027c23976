"""To outside channels goes a bare link: "there is something new, sign in". No name ever leaves the house.

``GUIXIAO_CHANNELS`` lists apprise addresses, separated by spaces (``dingtalk://…``, ``wecombot://…``,
``mailto://…``); without it everything stays in the app. Failures are tried again with longer pauses.
"""

from __future__ import annotations

import logging
import os
from datetime import datetime
from hashlib import sha256

from django.utils.translation import gettext as _

from guixiao.facts import By

from . import actions, queries

log = logging.getLogger("guixiao.notify")


def channels() -> dict[str, str]:
    """The configured channels by a name that gives nothing away."""
    found = os.environ.get("GUIXIAO_CHANNELS", "").split()
    return {f"{url.partition(':')[0]}-{sha256(url.encode()).hexdigest()[:8]}": url for url in found}


def deliver(*, by: By, now: datetime) -> int:
    """Queue news for every channel, send what is due. Returns how many were sent."""
    configured = channels()
    if not configured:
        return 0
    for name in configured:
        actions.queue(by=by, now=now, channel=name)
    sent = 0
    for row in queries.due_deliveries(list(configured), now):
        if not actions.claim(by=by, now=now, delivery=row):
            continue  # another worker is at it
        ok, why = _send(configured[row.channel], row.count)
        actions.delivered(by=by, now=now, delivery=row, ok=ok, error=why)
        sent += ok
    return sent


def _send(url: str, count: int) -> tuple[bool, str]:
    import apprise

    site = os.environ.get("GUIXIAO_SITE", "")
    body = _("归校：有 %(n)s 条新通知，请登录查看。%(site)s") % {"n": count, "site": site}
    robot = apprise.Apprise()
    if not robot.add(url):
        return False, "the channel's address cannot be read"
    try:
        return bool(robot.notify(body=body)), ""
    except Exception as failed:  # a channel of any make may fail in any way: tried again later
        log.warning("a channel failed: %s", type(failed).__name__)
        return False, type(failed).__name__
