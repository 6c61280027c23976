"""Signing in at a fixed moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from guixiao.conf import edge
from guixiao.testing.cast import Cast

from .tools import EIGHT

SignIn = Callable[..., Client]


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Let the clock at the edge stand at a moment."""
    return lambda now: monkeypatch.setattr(edge, "now", lambda: now)


@pytest.fixture
def sign_in(cast: Cast, moment: Callable[[datetime], None]) -> SignIn:
    """A client signed in as whoever holds a post, on 2026-09-28 08:12."""
    moment(EIGHT)

    def signed(post: str) -> Client:
        client = Client()
        client.force_login(cast.account(post), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed
