"""Adopting a regulation, amending what a place chose, and giving it up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guixiao.duties.adopted import Adopted, as_value, packs
from guixiao.duties.models import Adoption
from guixiao.facts import By, happenings
from guixiao.journal.append import Stated, append
from guixiao.places import paths
from guixiao.places.models import Person, Place
from guixiao.policy.parameters import LooseningRefused, check_adoption
from guixiao.policy.say import say


def adopt(
    *,
    by: By,
    now: datetime,
    place: Place,
    pack: str,
    first: date,
    overrides: Mapping[str, Any] | None = None,
    signed_by: Person | None = None,
) -> Adoption:
    """Bind ``place`` and everything beneath it by a pack from ``first`` on.

    ``overrides`` in the pack files' notation. Raises ``ValidationError`` for an unknown pack, a level at which
    it may not be adopted, a value that cannot be read, or a loosening (naming both clauses).
    """
    found = packs().get(pack)
    if found is None:
        raise ValidationError(_("没有叫“%(pack)s”的制度包。请从列表里选。") % {"pack": pack})
    if place.kind not in {level.value for level in found.levels}:
        raise ValidationError(
            _("《%(title)s》不能由“%(place)s”采用：级别不对。") % {"title": found.title, "place": place.name}
        )
    with transaction.atomic():
        row = Adoption.objects.create(
            place=place,
            pack=pack,
            version=found.version,
            first=first,
            overrides=dict(overrides or {}),
            signed_by=signed_by,
        )
        _check(row)
        fact = happenings.PackAdopted(place=place.pk, pack=pack, version=found.version, first=first)
        append([Stated(fact, records=[row])], by=by, now=now)
    return row


def _check(row: Adoption) -> None:
    """The new adoption among those above it: nothing may be loosened."""
    above = Adopted.along(paths.ids(row.place.path))
    try:
        as_value(row)
        check_adoption([one for one in above.over(row.place.path) if one.pack.code == row.pack])
    except LooseningRefused as refused:
        raise ValidationError(say(refused.message)) from None
    except KeyError as unknown:
        raise ValidationError(_("这部制度没有参数“%(name)s”。") % {"name": unknown.args[0]}) from None
    except ValueError as wrong:
        raise ValidationError(_("参数写得不对：%(why)s") % {"why": str(wrong)}) from None


def give_up(*, by: By, now: datetime, adoption: Adoption, last: date) -> Adoption:
    """End an adoption on ``last``; what it demanded until then stands."""
    with transaction.atomic():
        Adoption.objects.filter(pk=adoption.pk).update(last=max(last, adoption.first - timedelta(days=1)))
        adoption.refresh_from_db()
        fact = happenings.PackAdopted(
            place=adoption.place_id, pack=adoption.pack, version=adoption.version, first=adoption.first
        )
        append([Stated(fact, records=[adoption])], by=by, now=now)
    return adoption
