"""Signed-in people, without the password that would cost more than all the rest: hashing is slow on purpose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import token_hex

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from guixiao.access.models import Account
from guixiao.facts import By


def open_sessions(*, by: By, now: datetime, accounts: Sequence[Account], wall: datetime) -> dict[int, str]:
    """A session for each account, as if it had signed in a minute ago by the clock on the wall (``now`` may be a
    demo's). Returns ``{account: session key}``."""
    store = SessionStore()
    keys = {account.pk: token_hex(16) for account in accounts}
    rows = [
        Session(
            session_key=keys[account.pk],
            session_data=store.encode(
                {
                    SESSION_KEY: str(account.pk),
                    BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
                    HASH_SESSION_KEY: account.get_session_auth_hash(),
                    "seen": (wall - timedelta(minutes=1)).timestamp(),
                }
            ),
            expire_date=wall + timedelta(hours=12),
        )
        for account in accounts
    ]
    Session.objects.bulk_create(rows, batch_size=1000)
    return keys
