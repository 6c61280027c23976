"""Hidden fields shown for a reason, and emergency looks outside one's scope. Both in the chain of looks."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guixiao.access.hooks import glass_opened
from guixiao.access.models import BreakGlass, Reveal
from guixiao.facts import By, happenings
from guixiao.journal.append import Stated, append

REVEAL_REASON, GLASS_REASON, LONGEST = 4, 10, 200
GLASS_LASTS = timedelta(hours=2)


def reveal(*, by: By, now: datetime, student: int, field: str, reason: str) -> Reveal:
    """Put on record that a hidden field is about to be shown, and why. The caller has checked the scope.

    Raises ``ValidationError`` for a reason of fewer than four characters.
    """
    why = _reason(reason, REVEAL_REASON)
    with transaction.atomic():
        row = Reveal.objects.create(
            account_id=by.account, post=by.post, student=student, field=field, reason=why, at=now
        )
        fact = happenings.Revealed(student=student, field=field, reveal=row.pk)
        append([Stated(fact, records=[row])], by=by, now=now, looks=True)
    return row


def open_glass(*, by: By, now: datetime, student: int, reason: str) -> BreakGlass:
    """Open one child's page for two hours to somebody outside whose scope it lies.

    The principal is told in the same transaction (``access.hooks``). Raises ``ValidationError`` for a reason of fewer
    than ten characters. A second request while the first is open returns the first.
    """
    why = _reason(reason, GLASS_REASON)
    with transaction.atomic():
        rows = BreakGlass.objects.filter(account_id=by.account, student=student, until__gte=now)
        row = rows.first()
        if row is not None:
            return row
        row = BreakGlass.objects.create(
            account_id=by.account, student=student, reason=why, opened_at=now, until=now + GLASS_LASTS
        )
        glass_opened(row, by, now)
        fact = happenings.BreakGlassOpened(student=student, grant=row.pk, until=row.until)
        append([Stated(fact, records=[row])], by=by, now=now, looks=True)
    return row


def _reason(text: str, least: int) -> str:
    why = " ".join(text.split())
    if len("".join(why.split())) < least:
        raise ValidationError(_("请写清为什么要看，至少 %(n)d 个字。这句话会留在记录里。") % {"n": least})
    if len(why) > LONGEST:
        raise ValidationError(_("理由最多 %(n)d 个字，请写短一些。") % {"n": LONGEST})
    return why
