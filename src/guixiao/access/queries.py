"""Reads of accounts, sign-ins and looks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guixiao.facts import happenings
from guixiao.journal.models import Entry
from guixiao.places.wording import title_of

from .matrix import actions
from .models import Account, BreakGlass, Reveal

SIGNING_IN = (happenings.SignedIn.kind, happenings.SignInFailed.kind)


def last_sign_ins(account: int, limit: int = 10) -> list[tuple[datetime, bool]]:
    """When somebody signed in to this account, or failed to, latest first."""
    entries = Entry.objects.filter(account=account, kind__in=SIGNING_IN).order_by("-pk")[:limit]
    return [(entry.recorded_at, entry.kind == happenings.SignedIn.kind) for entry in entries]


def open_glasses(now: datetime) -> QuerySet[BreakGlass]:
    """The emergency looks that are open at ``now``; whoever tells the principals reads this."""
    return BreakGlass.objects.filter(until__gte=now).select_related("account__person").order_by("-opened_at")


GLASS_MISS = "glass.miss"


def glass_misses(account: int, now: datetime) -> int:
    """How often this account asked for a number that is nobody's, in the last hour."""
    since = now - timedelta(hours=1)
    entries = Entry.objects.filter(account=account, kind=happenings.Looked.kind, recorded_at__gt=since)
    return sum(entry.payload.get("what") == GLASS_MISS for entry in entries)


def looks_at(student: int) -> QuerySet[Entry]:
    """Every look at this child on record, latest first."""
    return Entry.objects.filter(student=student, chain__name__startswith="looks:").order_by("-pk")


@dataclass(frozen=True, slots=True)
class Look:
    """One look as a person reads it."""

    at: datetime
    who: str
    post: str
    what: str
    reason: str = ""


def told_looks(entries: Iterable[Entry]) -> list[Look]:
    """Who, in which post, looked at what, and the reason where one was asked for."""
    rows = list(entries)
    names = dict(
        Account.objects.filter(pk__in={row.account for row in rows}).values_list("pk", "person__name")
    )
    reasons = _reasons(rows)
    return [
        Look(
            row.recorded_at,
            names.get(row.account, _("系统")),
            title_of(row.post),
            _what(row),
            reasons.get(row.pk, ""),
        )
        for row in rows
    ]


def _reasons(rows: list[Entry]) -> dict[int, str]:
    revealed = {row.payload.get("reveal"): row.pk for row in rows if row.kind == happenings.Revealed.kind}
    opened = {
        row.payload.get("grant"): row.pk for row in rows if row.kind == happenings.BreakGlassOpened.kind
    }
    found = {
        revealed[pk]: why for pk, why in Reveal.objects.filter(pk__in=revealed).values_list("pk", "reason")
    }
    more = BreakGlass.objects.filter(pk__in=opened).values_list("pk", "reason")
    return found | {opened[pk]: why for pk, why in more}


PAGES = {"access.looks": gettext_noop("谁看过")}
FIELDS = {
    "id_number": gettext_noop("身份证件号"),
    "student_number": gettext_noop("学籍号"),
    "phone": gettext_noop("联系电话"),
    "address": gettext_noop("现住址"),
}


def _what(row: Entry) -> str:
    if row.kind == happenings.Revealed.kind:
        field = str(row.payload.get("field", ""))
        return _("隐藏信息：%(field)s") % {"field": _(FIELDS.get(field, field))}
    if row.kind == happenings.BreakGlassOpened.kind:
        return _("紧急查看，两小时")
    what = str(row.payload.get("what", ""))
    return actions().get(what) or _(PAGES.get(what, what))
