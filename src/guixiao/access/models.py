"""Accounts, remembered passwords, reveals of hidden fields, break-glass grants."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.db import models
from django.utils.translation import gettext_lazy as _

from guixiao.journal.records import Recorded
from guixiao.places.models import Person

from .vault import SealedField


class AccountManager(BaseUserManager["Account"]):
    """Look-ups only: accounts are made by ``access.actions``. The person comes along: every page asks for it."""

    def get_queryset(self) -> models.QuerySet[Account]:
        return super().get_queryset().select_related("person")

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username=username)


class Account(AbstractBaseUser, Recorded):
    """One person's way in. Accounts are never shared; what they may do follows from the posts held."""

    username = models.CharField(_("账号"), max_length=40, unique=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    phone = SealedField(blank=True, default="")
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=True)
    password_changed_at = models.DateTimeField(null=True)
    second_factor = models.BooleanField(default=False)
    language = models.CharField(max_length=10, default="zh-hans")

    objects: ClassVar[AccountManager] = AccountManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = ""
    unrecorded: ClassVar[tuple[str, ...]] = ("last_login", "language")

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        return self.person.name

    def check_password(self, raw_password: str | None) -> bool:
        """Without Django's silent rehashing: the journal vouches for the hash, so only an action changes it."""
        return check_password(raw_password, self.password)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's permissions grant nothing here; the access matrix does."""
        return False


class PastPassword(models.Model):
    """Hashes of earlier passwords: the last five are not used again."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="past_passwords")
    hash = models.CharField(max_length=200)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.account_id} {self.at:%F}"


class Reveal(Recorded):
    """A hidden field was shown to somebody, and why."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    post = models.CharField(max_length=40)
    student = models.PositiveBigIntegerField(db_index=True)
    field = models.CharField(max_length=40)
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.account_id} {self.field} of {self.student}"


class BreakGlass(Recorded):
    """Emergency access to one child outside one's scope: a reason, a time limit, a notice to the principal."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    student = models.PositiveBigIntegerField(db_index=True)
    reason = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.account_id} → {self.student}"
