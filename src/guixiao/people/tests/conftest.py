"""Signing somebody of the cast in, with the clock at the cast's moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from guixiao.conf import edge
from guixiao.testing.cast import Cast

SignIn = Callable[[str], Client]


@pytest.fixture
def sign_in(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> SignIn:
    def now() -> datetime:
        return cast.now

    monkeypatch.setattr(edge, "now", now)

    def enter(post: str) -> Client:
        client = Client()
        client.force_login(cast.account(post), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter
