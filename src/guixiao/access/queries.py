"""Reads of accounts, sign-ins and looks."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from guixiao.facts import happenings
from guixiao.journal.models import Entry

from .models import BreakGlass

SIGNING_IN = (happenings.SignedIn.kind, happenings.SignInFailed.kind)


def last_sign_ins(account: int, limit: int = 10) -> list[tuple[datetime, bool]]:
    """When somebody signed in to this account, or failed to, latest first."""
    entries = Entry.objects.filter(account=account, kind__in=SIGNING_IN).order_by("-pk")[:limit]
    return [(entry.recorded_at, entry.kind == happenings.SignedIn.kind) for entry in entries]


def open_glasses(now: datetime) -> QuerySet[BreakGlass]:
    """The emergency looks that are open at ``now``; whoever tells the principals reads this."""
    return BreakGlass.objects.filter(until__gte=now).select_related("account__person").order_by("-opened_at")
