"""A decision about a regulation: drafted, put in force by whoever may, or dropped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from guixiao.duties.models import Adoption, Signing, Stand, What
from guixiao.facts import By, happenings
from guixiao.facts.clock import day_of
from guixiao.journal.append import Stated, append
from guixiao.journal.models import Entry
from guixiao.places import paths, wording
from guixiao.places.models import Holding, Kind, Person, Place
from guixiao.places.queries import on

from .adopt import adopt, adoptable, amend, check, give_up

SIGNERS = (
    "principal", "central_school_head", "township_head", "township_secretary", "deputy_director", "bureau_director",
)  # fmt: skip


def signers(place: Place, day: date) -> list[Holding]:
    """Who may sign for a place on a day: its own head and those above it, nearest first."""
    rows = Holding.objects.filter(on(day), place__in=paths.ids(place.path), post__in=SIGNERS)
    return sorted(rows.select_related("person", "place"), key=lambda row: (-len(row.place.path), row.pk))


def draft(
    *,
    by: By,
    now: datetime,
    place: Place,
    what: What,
    pack: str,
    first: date,
    signer: Person,
    signer_post: str,
    overrides: Mapping[str, Any] | None = None,
    adoption: Adoption | None = None,
    number: str = "",
    number_day: date | None = None,
    note: str = "",
) -> Signing:
    """Prepare a decision. It binds nobody until it is put in force; everything is checked already."""
    row = Signing(
        place=place,
        what=what,
        pack=pack,
        first=first,
        overrides=dict(overrides or {}),
        adoption=adoption,
        signer=signer,
        signer_post=signer_post,
        number=number.strip(),
        number_day=number_day,
        note=note.strip(),
        drafted_by=by.account,
        drafted_post=by.post,
        drafted_at=now,
    )
    with transaction.atomic():
        check_signing(row, day_of(now))
        waiting = Signing.objects.filter(place=place, pack=pack, state=Stand.DRAFT)
        if waiting.exists():
            raise ValidationError(_("这部制度在这里已经有一份等签发的。请先签发那一份，或者不用它。"))
        row.save()
        append([_drafted(row, "drafted")], by=by, now=now)
    return row


def put_in_force(*, by: By, now: datetime, signing: Signing) -> Adoption:
    """Sign: from now on it binds, or will from its first day. Checked again as of today."""
    with transaction.atomic():
        _decide(signing, Stand.IN_FORCE, by, now)
        check_signing(signing, day_of(now))
        made = _do(signing, by, now)
        Signing.objects.filter(pk=signing.pk).update(adoption=made)
        signing.refresh_from_db()
        append([_drafted(signing, "signed")], by=by, now=now)
    return made


def drop(*, by: By, now: datetime, signing: Signing) -> Signing:
    """A draft is not wanted any more; it stays on record."""
    with transaction.atomic():
        _decide(signing, Stand.DROPPED, by, now)
        append([_drafted(signing, "dropped")], by=by, now=now)
    return signing


def check_signing(row: Signing, today: date) -> None:
    """Raises ``ValidationError`` at the field: a day in the past, a number loosened, a paper dated ahead, …"""
    adoptable(row.place, row.pack)
    if row.signer_post not in SIGNERS:
        raise ValidationError({"signer": _("请选谁签发。")})
    if row.number_day and row.number_day > today:
        raise ValidationError({"number_day": _("发文日期还没到。请核对。")})
    if bool(row.number) != bool(row.number_day):
        field = "number_day" if row.number else "number"
        raise ValidationError({field: _("文号和发文日期要一起填，或者都不填。")})
    if row.first < today:
        _check_past(row, today)
    if row.what == What.END or row.what == What.AMEND:
        _check_standing(row)
    if row.what != What.END:
        check(row.place, row.pack, row.first, row.overrides)


def _check_past(row: Signing, today: date) -> None:
    """An earlier first day would make duties of the past; it harms nobody where no roll was called since."""
    remedy = _("请从今天（%(day)s）或以后起。") % {"day": wording.day(today)}
    if row.what != What.ADOPT:
        raise ValidationError({"first": _("已经过去的日子不能改。") + remedy})
    if row.first < today - timedelta(days=200):
        raise ValidationError({"first": _("起始日太早了，最早可以从这学期开始。") + remedy})
    classes = Place.objects.filter(paths.beneath("path", row.place.path), kind=Kind.CLASS).values("pk")
    called = Entry.objects.filter(
        Q(kind="roll_call_taken"), place__in=classes, payload__day__gte=row.first.isoformat()
    )
    if called.exists():
        raise ValidationError({"first": _("从那天起已经点过名，倒着采用会凭空生出过去的逾期。") + remedy})


def _check_standing(row: Signing) -> None:
    adoption = row.adoption
    if adoption is None or (adoption.last is not None and adoption.last < row.first):
        raise ValidationError({"first": _("到那一天这部制度已经停用。请核对日期。")})
    if row.what == What.AMEND and row.first <= adoption.first:
        raise ValidationError(
            {
                "first": _("现在的数从%(day)s起算，新的要从那以后的一天起。")
                % {"day": wording.day_year(adoption.first)}
            }
        )
    if row.what == What.AMEND and row.overrides == adoption.overrides:
        raise ValidationError(_("一个数也没有改。"))


def _do(signing: Signing, by: By, now: datetime) -> Adoption:
    if signing.what == What.ADOPT:
        return adopt(
            by=by, now=now, place=signing.place, pack=signing.pack, first=signing.first,
            overrides=signing.overrides, signed_by=signing.signer, signing=signing,
        )  # fmt: skip
    assert signing.adoption is not None
    if signing.what == What.AMEND:
        return amend(
            by=by, now=now, adoption=signing.adoption, first=signing.first, overrides=signing.overrides,
            signed_by=signing.signer, signing=signing,
        )  # fmt: skip
    last = signing.first - timedelta(days=1)
    return give_up(by=by, now=now, adoption=signing.adoption, last=last, signing=signing)


def _decide(signing: Signing, to: Stand, by: By, now: datetime) -> None:
    changed = Signing.objects.filter(pk=signing.pk, state=Stand.DRAFT).update(
        state=to, decided_by=by.account, decided_post=by.post, decided_at=now
    )
    if not changed:
        raise ValidationError(_("这一份刚被别人签发或不用了。请刷新再看。"))
    signing.refresh_from_db()


def _drafted(row: Signing, change: str) -> Stated:
    fact = happenings.AdoptionDrafted(
        place=row.place_id, pack=row.pack, first=row.first, signing=row.pk, change=change
    )
    return Stated(fact, records=[row])
