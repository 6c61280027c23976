"""The second factor: optional, asked in every session once it is on."""

from __future__ import annotations

import pytest
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from guixiao.access.models import Account
from guixiao.testing.cast import Cast


def code_of(account: Account, drift: int = 0) -> str:
    device = TOTPDevice.objects.get(user=account)
    return f"{totp(device.bin_key, drift=drift):06d}"


@pytest.fixture
def teacher(cast: Cast) -> Account:
    return cast.account("class_teacher")


@pytest.fixture
def recovery(client: Client, teacher: Account) -> list[str]:
    """Switched on by the teacher; what was shown once."""
    client.force_login(teacher)
    page = client.get("/access/second-factor/begin/").content.decode()
    assert "<svg" in page
    answer = client.post("/access/second-factor/confirm/", {"code": code_of(teacher)})
    assert answer.status_code == 200
    codes: list[str] = answer.context["codes"]
    return codes


def test_a_wrong_first_code_switches_nothing_on(client: Client, teacher: Account) -> None:
    client.force_login(teacher)
    client.get("/access/second-factor/begin/")
    right = code_of(teacher)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    assert client.post("/access/second-factor/confirm/", {"code": wrong}).status_code == 422
    teacher.refresh_from_db()
    assert not teacher.second_factor


def test_every_session_gives_the_code(client: Client, teacher: Account, recovery: list[str]) -> None:
    assert client.get("/access/me/").status_code == 200, "the session that switched it on goes on"
    other = Client()
    other.force_login(teacher)
    for page in ("/access/me/", "/access/password/", "/access/second-factor/"):
        assert other.get(page).headers["Location"] == "/access/verify/"
    assert other.post("/access/verify/", {"code": "000000"}).status_code == 422
    assert other.get("/access/me/").status_code == 302


def test_a_recovery_code_opens_once(teacher: Account, recovery: list[str]) -> None:
    assert len(set(recovery)) == 10
    session = Client()
    for expected in (302, 422):
        session = Client()
        session.force_login(teacher)
        assert session.post("/access/verify/", {"code": recovery[0]}).status_code == expected
    assert session.get("/access/me/").status_code == 302


def test_switching_off_takes_a_code(
    client: Client, teacher: Account, recovery: list[str], settings: Settings
) -> None:
    settings.OTP_STATIC_THROTTLE_FACTOR = settings.OTP_TOTP_THROTTLE_FACTOR = 0  # else: wait a second
    assert client.post("/access/second-factor/off/", {"code": "111111"}).status_code == 422
    assert client.post("/access/second-factor/off/", {"code": recovery[1]}).status_code == 302
    session = Client()
    session.force_login(teacher)
    assert session.get("/access/me/").status_code == 200


def test_administrators_may_be_made_to_have_one(client: Client, cast: Cast, settings: Settings) -> None:
    settings.GUIXIAO_ADMIN_SECOND_FACTOR = True
    client.force_login(cast.account("audit_admin"))
    assert client.get("/access/me/").headers["Location"] == "/access/second-factor/"
    assert client.get("/access/second-factor/begin/").status_code == 200
    client.force_login(cast.account("class_teacher"))
    assert client.get("/access/me/").status_code == 200
