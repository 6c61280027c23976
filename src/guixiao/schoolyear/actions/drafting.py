"""A preview is begun and edited, by several people over days: each edit names the version it was made on."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guixiao.facts import By, happenings
from guixiao.journal.append import Stated, append
from guixiao.places.models import Place
from guixiao.schoolyear.draft import look, propose
from guixiao.schoolyear.models import State, YearOpening
from guixiao.schoolyear.naming import year_name
from guixiao.schoolyear.plan import Plan


def begin(*, by: By, now: datetime, school: Place, year: int) -> YearOpening:
    """The school's preview of ``year``: the one there is, or one with every class promoted as it stands.

    Raises ``ValidationError`` when the year is open already, or the school has no class to promote.
    """
    found = YearOpening.objects.filter(school=school, year=year).exclude(state=State.UNDONE).first()
    if found is not None:
        if found.state == State.OPENED:
            raise ValidationError(
                _("%(school)s的%(year)s已经开了。") % {"school": school.name, "year": year_name(year)}
            )
        return found
    standing = look(school, year)
    if not standing.classes:
        raise ValidationError(
            _("%(school)s没有%(year)s以前的班，没有什么可以升的。")
            % {"school": school.name, "year": year_name(year)}
        )
    plan = propose(standing)
    try:
        with transaction.atomic():
            made = YearOpening.objects.create(school=school, year=year, plan=plan.write(), changed_at=now)
            append([_stated(made, "begun")], by=by, now=now)
    except IntegrityError:  # somebody else began at the same moment
        return YearOpening.objects.exclude(state=State.UNDONE).get(school=school, year=year)
    return made


def change(
    *, by: By, now: datetime, opening: YearOpening, version: int, plan: Plan, what: str
) -> YearOpening:
    """The preview becomes ``plan``; the one before is kept for a step back.

    Raises ``ValidationError`` when it is no draft any more or somebody changed it since ``version``.
    """
    with transaction.atomic():
        row = _draft(opening.pk, version)
        row.before, row.plan = row.plan, plan.write()
        return _saved(by, now, row, what)


def step_back(*, by: By, now: datetime, opening: YearOpening, version: int) -> YearOpening:
    """Take back the last change."""
    with transaction.atomic():
        row = _draft(opening.pk, version)
        if row.before is None:
            raise ValidationError(_("没有可以撤回的改动。"))
        row.before, row.plan = None, row.before
        return _saved(by, now, row, "back")


def _saved(by: By, now: datetime, row: YearOpening, what: str) -> YearOpening:
    row.version += 1
    row.changed_at = now
    row.save()
    append([_stated(row, what)], by=by, now=now)
    return row


def _draft(pk: int, version: int) -> YearOpening:
    row = YearOpening.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=pk)
    check_draft(row, version)
    return row


def check_draft(row: YearOpening, version: int) -> None:
    """Raises ``ValidationError`` for a preview that is decided, or that somebody has changed meanwhile."""
    if row.state != State.DRAFT:
        raise ValidationError(_("这份安排已经定了，不能再改。请刷新看看现在的情况。"))
    if row.version != version:
        raise ValidationError(_("别人刚刚改过这份安排，您的这一步没有存。请看过最新的再改。"))


def _stated(row: YearOpening, what: str) -> Stated:
    fact = happenings.YearDrafted(
        opening=row.pk, school=row.school_id, year=row.year, version=row.version, change=what
    )
    return Stated(fact, records=[row])
