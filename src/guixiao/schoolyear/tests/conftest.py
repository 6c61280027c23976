"""The scene, and signing somebody of the cast in at a moment of one's choice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from guixiao.conf import edge
from guixiao.testing.cast import Cast

from .scene import SUMMER, Scene, set_scene

SignIn = Callable[..., Client]


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return set_scene(cast)


@pytest.fixture
def sign_in(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> SignIn:
    """``sign_in("principal")`` or ``sign_in("principal", at=moment)``."""

    def enter(post: str, at: datetime = SUMMER) -> Client:
        monkeypatch.setattr(edge, "now", lambda: at)
        client = Client()
        client.force_login(cast.account(post), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter
