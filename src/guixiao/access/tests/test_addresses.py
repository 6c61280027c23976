"""Whose wrong passwords count against whom: the address the proxy saw, and no header without a proxy."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from guixiao.access.addresses import client_address
from guixiao.testing.cast import Cast


@pytest.mark.parametrize(
    ("https", "header", "expected"),
    [
        (True, "10.1.2.3", "10.1.2.3"),
        (True, "6.6.6.6, 10.1.2.3", "10.1.2.3"),
        (True, "2001:db8::7", "2001:db8::7"),
        (True, "nonsense", "127.0.0.1"),
        (True, "", "127.0.0.1"),
        (False, "10.1.2.3", "127.0.0.1"),
    ],
)
def test_the_last_address_is_the_proxys_word(
    settings: Settings, https: bool, header: str, expected: str
) -> None:
    settings.HTTPS = https
    request = RequestFactory().get("/", headers={"X-Forwarded-For": header} if header else {})
    assert client_address(request) == expected


def test_a_stranger_locks_nobody_else_out(cast: Cast, settings: Settings) -> None:
    settings.HTTPS = settings.AXES_ENABLED = True
    account = cast.account("class_teacher")
    account.set_password("Qinghe-2026")
    account.save()
    door = reverse("access:sign_in")
    wrong = {"username": account.username, "password": "not-it-2026"}
    for _try in range(6):
        Client().post(door, wrong, headers={"X-Forwarded-For": "10.9.9.9"})
    right = wrong | {"password": "Qinghe-2026"}
    assert Client().post(door, right, headers={"X-Forwarded-For": "10.9.9.9"}).status_code == 429
    assert Client().post(door, right, headers={"X-Forwarded-For": "10.1.1.1"}).status_code == 302
