"""Signing in, and failing to, is on record like everything else."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from guixiao.access.models import Account
from guixiao.facts import By, happenings
from guixiao.journal.append import Stated, append


def signed_in(*, by: By, now: datetime, account: Account) -> None:
    with transaction.atomic():
        append([Stated(happenings.SignedIn(account=account.pk))], by=by, now=now)


def sign_in_failed(*, by: By, now: datetime, account: Account | None) -> None:
    """``account`` is whose name was typed, if anybody's; what was typed is not kept."""
    with transaction.atomic():
        fact = happenings.SignInFailed(account=account.pk if account else None)
        append([Stated(fact)], by=by, now=now)
