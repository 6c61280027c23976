"""The first three people of an empty installation."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from guixiao.access.models import Account
from guixiao.journal.verify import verify
from guixiao.places.models import Holding, Place

NAMES = {"system_admin": "甲", "security_admin": "乙", "audit_admin": "丙"}


@pytest.mark.django_db
def test_they_can_sign_in_once_with_what_was_printed(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("found_county", "青禾县", province="青禾省", **NAMES)
    said = [line.split() for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    assert list(Place.objects.order_by("pk").values_list("name", flat=True)) == ["青禾省", "青禾县"]
    assert Holding.objects.count() == 3
    assert not verify().problems
    for _, _, username, password in said:
        assert Account.objects.get(username=username).must_change_password
        answer = Client().post(reverse("access:sign_in"), {"username": username, "password": password})
        assert answer.status_code == 302
    assert [line[2] for line in said] == ["sysadmin", "secadmin", "auditor"]
    assert authenticate(username="sysadmin", password="wrong") is None


@pytest.mark.django_db
def test_only_once_and_only_three_people() -> None:
    with pytest.raises(CommandError, match="three different people"):
        call_command("found_county", "青禾县", **{**NAMES, "audit_admin": "甲"})
    assert not Place.objects.exists()
    call_command("found_county", "青禾县", **NAMES)
    with pytest.raises(CommandError, match="already"):
        call_command("found_county", "青禾县", **NAMES)
    assert Place.objects.count() == 1
