"""The first place and the first three people of an installation, who make everything else from the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from guixiao.access.actions import open_account, reset_password
from guixiao.facts import SYSTEM
from guixiao.facts.clock import day_of
from guixiao.facts.posts import POSTS
from guixiao.places.actions import add_person, add_place, hold_post
from guixiao.places.models import Kind, Place

from .refusals import Refused

USERNAMES = {"system_admin": "sysadmin", "security_admin": "secadmin", "audit_admin": "auditor"}


@dataclass(frozen=True, slots=True)
class Login:
    post: str
    name: str
    username: str
    password: str


def found(county: str, above: tuple[str, str], administrators: dict[str, str], now: datetime) -> list[Login]:
    """A county beneath its province and prefecture, with its three administrators, each with a one-time password.

    ``administrators`` names the person of each of the three posts. Raises :class:`Refused` where a place exists.
    """
    if len({name.strip() for name in administrators.values()}) < len(USERNAMES):
        raise Refused("the three administrators are three different people: each sees what the others do")
    with transaction.atomic():
        if Place.objects.exists():
            raise Refused("this installation has its county already: sign in as its system administrator")
        parent: Place | None = None
        for kind, name in ((Kind.PROVINCE, above[0]), (Kind.PREFECTURE, above[1]), (Kind.COUNTY, county)):
            if name:
                parent = add_place(by=SYSTEM, now=now, parent=parent, kind=kind, name=name)
        assert parent is not None
        return [_administrator(post, name, parent, now) for post, name in administrators.items()]


def _administrator(post: str, name: str, place: Place, now: datetime) -> Login:
    person = add_person(by=SYSTEM, now=now, name=name)
    hold_post(by=SYSTEM, now=now, person=person, place=place, post=post, first=day_of(now))
    account = open_account(by=SYSTEM, now=now, person=person, username=USERNAMES[post])
    return Login(POSTS[post].zh, name, account.username, reset_password(by=SYSTEM, now=now, account=account))
