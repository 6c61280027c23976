"""Signing somebody of the cast in, with the clock two days after the cut-off."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from guixiao.conf import edge
from guixiao.testing.cast import Cast

from .tools import LATER

SignIn = Callable[[str], Client]


@pytest.fixture
def sign_in(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> SignIn:
    cast.now = LATER
    monkeypatch.setattr(edge, "now", lambda: cast.now)

    def enter(post: str) -> Client:
        client = Client()
        client.force_login(cast.account(post), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter
