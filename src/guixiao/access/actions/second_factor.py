"""Writes to the second factor: an authenticator (TOTP) and ten recovery codes."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from guixiao.access.models import Account
from guixiao.facts import By

from .accounts import set_second_factor

RECOVERY_CODES = 10


def begin_second_factor(*, by: By, now: datetime, account: Account) -> TOTPDevice:
    """The device waiting to be confirmed; the same one until it is, so that a reloaded page shows the same QR."""
    device: TOTPDevice
    device, _made = TOTPDevice.objects.get_or_create(user=account, confirmed=False, defaults={"name": "totp"})
    return device


def confirm_second_factor(
    *, by: By, now: datetime, account: Account, device: TOTPDevice, code: str
) -> list[str] | None:
    """Switch the second factor on when ``code`` is right, and return the recovery codes, shown once.

    ``None`` when the code is wrong: nothing has changed.
    """
    with transaction.atomic():
        if not device.verify_token(code):
            return None
        TOTPDevice.objects.filter(user=account).exclude(pk=device.pk).delete()
        TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
        set_second_factor(by=by, now=now, account=account, on=True)
        return new_recovery_codes(by=by, now=now, account=account)


def new_recovery_codes(*, by: By, now: datetime, account: Account) -> list[str]:
    """Ten codes, each good once; earlier ones no longer count."""
    with transaction.atomic():
        StaticDevice.objects.filter(user=account).delete()
        device = StaticDevice.objects.create(user=account, name="recovery")
        codes = [f"{secrets.token_hex(2)}-{secrets.token_hex(2)}" for _n in range(RECOVERY_CODES)]
        StaticToken.objects.bulk_create([StaticToken(device=device, token=code) for code in codes])
    return codes
