"""Every write to accounts, reveals and break-glass grants."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from guixiao.facts import By, happenings
from guixiao.journal.append import Stated, append
from guixiao.places.models import Person

from .models import Account


def open_account(
    *,
    by: By,
    now: datetime,
    person: Person,
    username: str,
    password: str | None = None,
    must_change: bool = True,
) -> Account:
    """Give a person a way in. Without a password the account cannot sign in until one is set."""
    with transaction.atomic():
        account = Account.objects.create(
            username=username,
            person=person,
            password=make_password(password),
            must_change_password=must_change,
            password_changed_at=now,
        )
        fact = happenings.AccountChanged(account=account.pk, change="opened")
        append([Stated(fact, records=[account])], by=by, now=now)
    return account
