"""Writes to accounts and their passwords."""

from __future__ import annotations

import secrets
from datetime import datetime

from axes.models import AccessAttempt
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from guixiao.access.models import Account, PastPassword
from guixiao.facts import By, happenings
from guixiao.journal.append import Stated, append
from guixiao.places.models import Person

EASY_TO_READ = "abcdefghjkmnpqrstuvwxyz23456789"


def open_account(
    *,
    by: By,
    now: datetime,
    person: Person,
    username: str,
    password: str | None = None,
    must_change: bool = True,
    phone: str = "",
) -> Account:
    """Give a person a way in. Without a password the account cannot sign in until one is set."""
    hashed = make_password(password)  # slow on purpose, so before the transaction
    with transaction.atomic():
        if Account.objects.filter(username=username).exists():
            raise ValidationError(_("账号“%(name)s”已有人用。请换一个。") % {"name": username})
        account = Account.objects.create(
            username=username,
            person=person,
            password=hashed,
            phone=phone,
            must_change_password=must_change,
            password_changed_at=now,
        )
        if password:
            PastPassword.objects.create(account=account, hash=account.password, at=now)
        _journal(by, now, account, "opened")
    return account


def change_password(*, by: By, now: datetime, account: Account, password: str) -> Account:
    """Replace the password by one that its owner chose. The form has held it against the rules."""
    with transaction.atomic():
        _set_password(account, password, now, must_change=False)
        _journal(by, now, account, "password")
    return account


def reset_password(*, by: By, now: datetime, account: Account) -> str:
    """Set a one-time password and return it: shown once, to be changed at the next sign-in."""
    password = one_time_password()
    with transaction.atomic():
        _set_password(account, password, now, must_change=True)
        _journal(by, now, account, "password_reset")
    return password


def one_time_password() -> str:
    """A password that is read out over the telephone."""
    password = "-".join("".join(secrets.choice(EASY_TO_READ) for _n in range(4)) for _m in range(3))
    return f"G{password}{secrets.randbelow(10)}"


def _set_password(account: Account, password: str, now: datetime, must_change: bool) -> None:
    hashed = make_password(password)
    Account.objects.filter(pk=account.pk).update(
        password=hashed, must_change_password=must_change, password_changed_at=now
    )
    account.refresh_from_db()
    PastPassword.objects.create(account=account, hash=hashed, at=now)


def set_active(*, by: By, now: datetime, account: Account, active: bool) -> Account:
    """Disable an account (its sessions end at once) or let it in again."""
    with transaction.atomic():
        if Account.objects.filter(pk=account.pk, is_active=not active).update(is_active=active):
            account.refresh_from_db()
            _journal(by, now, account, "enabled" if active else "disabled")
    return account


def set_second_factor(*, by: By, now: datetime, account: Account, on: bool) -> Account:
    """Ask for a code at every sign-in from now on, or no longer; switching off forgets the devices."""
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(second_factor=on)
        if not on:
            TOTPDevice.objects.filter(user=account).delete()
            StaticDevice.objects.filter(user=account).delete()
        account.refresh_from_db()
        _journal(by, now, account, "second_factor_on" if on else "second_factor_off")
    return account


def unlock(*, by: By, now: datetime, account: Account) -> None:
    """Forget the failed sign-ins of an account before its thirty minutes are over."""
    with transaction.atomic():
        if AccessAttempt.objects.filter(username=account.username).delete()[0]:
            _journal(by, now, account, "unlocked")


def use_language(*, by: By, now: datetime, account: Account, language: str) -> None:
    """Remember the language a person reads; a preference, not journaled."""
    Account.objects.filter(pk=account.pk).update(language=language)


def _journal(by: By, now: datetime, account: Account, change: str) -> None:
    fact = happenings.AccountChanged(account=account.pk, change=change)
    append([Stated(fact, records=[account])], by=by, now=now)
