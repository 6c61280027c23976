"""Putting posts back as they were: a holding that should not have been, an end that should not have been."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext as _

from guixiao.access.models import Account
from guixiao.facts import By, happenings
from guixiao.journal.append import Stated, append
from guixiao.journal.models import Entry
from guixiao.journal.records import label
from guixiao.people.models import Student
from guixiao.places import paths
from guixiao.places.models import Holding, Place

QUIET = ("signed_in", "sign_in_failed", "account_changed")  # what is done without any post


def take_back_post(*, by: By, now: datetime, holding: Holding) -> None:
    """Remove a holding under which nothing was done. Raises ``ValidationError`` naming what was."""
    with transaction.atomic():
        Place.objects.select_for_update(no_key=True).get(pk=holding.place_id)
        said = done_under(holding)
        if said:
            raise ValidationError(said)
        fact = happenings.PostTakenBack(
            holding=holding.pk, place=holding.place_id, post=holding.post, person=holding.person_id
        )
        gone = (label(holding), holding.pk)
        try:
            with transaction.atomic():
                Holding.objects.filter(pk=holding.pk).delete()
        except ProtectedError:
            words = {"who": holding.person.name, "post": holding.get_post_display()}
            raise ValidationError(
                _("%(who)s的%(post)s已经交接过或指定过代理，不能撤回。请改办离任。") % words
            ) from None
        append([Stated(fact, gone=[gone])], by=by, now=now)


def reopen_post(*, by: By, now: datetime, holding: Holding, last: date | None) -> Holding:
    """A holding ends on ``last`` again (``None``: open), because what ended it is taken back."""
    with transaction.atomic():
        Holding.objects.filter(pk=holding.pk).update(last=last)
        holding.refresh_from_db()
        fact = happenings.PostTakenBack(
            holding=holding.pk, place=holding.place_id, post=holding.post, person=holding.person_id
        )
        append([Stated(fact, records=[holding])], by=by, now=now)
    return holding


def done_under(holding: Holding) -> str:
    """What its holder did by virtue of this post at this place, in a sentence; nothing when nothing."""
    account = Account.objects.filter(person=holding.person_id).values_list("pk", flat=True).first()
    if account is None:
        return ""
    path = holding.place.path
    here = Place.objects.filter(paths.beneath("path", path)).values("pk")
    children = Student.objects.filter(paths.beneath("path", path) | paths.beneath("home_path", path)).values(
        "pk"
    )
    about = Q(place__in=here) | Q(student__in=children)
    entries = Entry.objects.filter(about, account=account, post=holding.post, pk__gt=_made(holding))
    if not entries.exclude(chain__name__startswith="looks:").exclude(kind__in=QUIET).exists():
        return ""
    words = {"who": holding.person.name, "post": holding.get_post_display()}
    return _("%(who)s已经以%(post)s的身份办过事，不能撤回。请改办离任。") % words


def _made(holding: Holding) -> int:
    """The journal's entry that made this holding."""
    found = Entry.objects.filter(kind="post_held", place=holding.place_id, payload__holding=holding.pk)
    return found.values_list("pk", flat=True).order_by("pk").first() or 0
