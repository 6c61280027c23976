"""Adopting a regulation, amending what a place chose, and giving it up.

Numbers are never overwritten: another number is another row with its own first day, and the row before it ends the
day before. What was demanded until then stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guixiao.duties.adopted import Adopted, as_value, packs
from guixiao.duties.models import Adoption, Signing
from guixiao.duties.words import Names
from guixiao.facts import By, happenings
from guixiao.journal.append import Stated, append
from guixiao.journal.records import Recorded
from guixiao.places import paths, wording
from guixiao.places.models import Person, Place
from guixiao.policy import Pack
from guixiao.policy.parameters import LooseningRefused, check_adoption
from guixiao.policy.say import say

DAY = timedelta(days=1)


def adopt(
    *,
    by: By,
    now: datetime,
    place: Place,
    pack: str,
    first: date,
    overrides: Mapping[str, Any] | None = None,
    signed_by: Person | None = None,
    signing: Signing | None = None,
) -> Adoption:
    """Bind ``place`` and everything beneath it by a pack from ``first`` on.

    ``overrides`` in the pack files' notation. Raises ``ValidationError`` for an unknown pack, a level at which
    it may not be adopted, one that binds the place already, a value that cannot be read, or a loosening
    (naming both clauses).
    """
    found = adoptable(place, pack)
    with transaction.atomic():
        row = _bind(place, found, first, overrides or {}, signed_by)
        append([_stated(row, "adopted", signing)], by=by, now=now)
    return row


def amend(
    *,
    by: By,
    now: datetime,
    adoption: Adoption,
    first: date,
    overrides: Mapping[str, Any],
    signed_by: Person | None = None,
    signing: Signing | None = None,
) -> Adoption:
    """Other numbers from ``first`` on: the adoption ends the day before and goes on in a new row."""
    if first <= adoption.first:
        raise ValidationError(
            {
                "first": _("现在的数从%(day)s起算，新的要从那以后的一天起。")
                % {"day": wording.day_year(adoption.first)}
            }
        )
    found = adoptable(adoption.place, adoption.pack)
    with transaction.atomic():
        _end(adoption, first - DAY)
        row = _bind(adoption.place, found, first, overrides, signed_by)
        append([_stated(adoption, "amended", signing), _stated(row, "adopted", signing)], by=by, now=now)
    return row


def give_up(
    *, by: By, now: datetime, adoption: Adoption, last: date, signing: Signing | None = None
) -> Adoption:
    """End an adoption on ``last``; what it demanded until then stands."""
    with transaction.atomic():
        _end(adoption, last)
        append([_stated(adoption, "ended", signing)], by=by, now=now)
    return adoption


def adoptable(place: Place, pack: str) -> Pack:
    """The pack, if this place may adopt it. Raises ``ValidationError``."""
    found = packs().get(pack)
    if found is None:
        raise ValidationError(_("没有叫“%(pack)s”的制度包。请从列表里选。") % {"pack": pack})
    if place.kind not in {level.value for level in found.levels}:
        raise ValidationError(
            _("《%(title)s》不能由“%(place)s”采用：级别不对。") % {"title": found.title, "place": place.name}
        )
    return found


def check(place: Place, pack: str, first: date, overrides: Mapping[str, Any]) -> None:
    """Whether these numbers may be chosen here from that day on; nothing may be loosened.

    Raises ``ValidationError`` naming the parameter as field, with both clauses.
    """
    _check(Adoption(place=place, pack=pack, first=first, overrides=dict(overrides)))


def _bind(
    place: Place, pack: Pack, first: date, overrides: Mapping[str, Any], signed_by: Person | None
) -> Adoption:
    rows = Adoption.objects.filter(place=place, pack=pack.code)
    standing = next((row for row in rows if row.last is None or row.last >= first), None)
    if standing is not None:
        raise ValidationError(
            {
                "first": _("“%(place)s”从%(day)s起已经采用这部制度。要换数请改数，不用再采用。")
                % {"place": place.name, "day": wording.day_year(standing.first)}
            }
        )
    row = Adoption.objects.create(
        place=place,
        pack=pack.code,
        version=pack.version,
        first=first,
        overrides=dict(overrides),
        signed_by=signed_by,
    )
    _check(row)
    return row


def _check(row: Adoption) -> None:
    """The new adoption among those above it that are in force on its first day: nothing may be loosened."""
    above = [
        one
        for one in Adopted.along(paths.ids(row.place.path)).over(row.place.path)
        if one.pack.code == row.pack and one.place_id != row.place_id
        and (one.last_day is None or one.last_day >= row.first)
    ]  # fmt: skip
    wrong: dict[str, str] = {}
    for code, raw in row.overrides.items():
        single = Adoption(place=row.place, pack=row.pack, first=row.first, overrides={code: raw})
        try:
            check_adoption([*above, as_value(single)])
        except LooseningRefused as refused:
            wrong[code] = say(refused.message, Names())
        except KeyError:
            raise ValidationError(_("这部制度没有参数“%(name)s”。") % {"name": code}) from None
        except ValueError as bad:
            wrong[code] = _("参数写得不对：%(why)s") % {"why": str(bad)}
    if wrong:
        raise ValidationError(wrong)


def _end(adoption: Adoption, last: date) -> None:
    changed = Adoption.objects.filter(pk=adoption.pk, last=adoption.last).update(
        last=max(last, adoption.first - DAY)
    )
    if not changed:
        raise ValidationError(_("这次采用刚被别人改过。请刷新再看。"))
    adoption.refresh_from_db()


def _stated(row: Adoption, change: str, signing: Signing | None) -> Stated:
    fact = happenings.PackAdopted(
        place=row.place_id,
        pack=row.pack,
        version=row.version,
        first=row.first,
        change=change,
        last=row.last,
        signing=signing.pk if signing else None,
    )
    records: Sequence[Recorded] = [row]
    return Stated(fact, records=records)
