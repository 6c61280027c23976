"""An opening taken back: everything as before, until the first roll call of any new class."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guixiao.facts import By, happenings
from guixiao.facts.clock import day_of
from guixiao.journal.append import Stated, append
from guixiao.people.actions.promoting import take_back_graduation, take_back_promotion
from guixiao.places import paths
from guixiao.places.actions.turning import (
    reopen_places,
    restore_posts,
    take_back_classes,
    take_back_posts,
)
from guixiao.places.models import Place
from guixiao.schoolyear.models import State, YearOpening
from guixiao.schoolyear.undoable import first_roll, later_changes


def undo_year(*, by: By, now: datetime, opening: YearOpening) -> YearOpening:
    """Children, posts and classes stand as before the opening; the preview is a draft again, edits and all.

    Returns that new draft. Raises ``ValidationError`` after the first roll call of a new class (naming it, who
    took it and when), and when somebody has joined, left or changed class in between (naming the children).
    """
    try:
        with transaction.atomic():
            row = (
                YearOpening.objects.select_for_update(of=("self",), no_key=True)
                .select_related("school")
                .get(pk=opening.pk)
            )
            if row.state != State.OPENED:
                raise ValidationError(_("这个学年没有开，或者已经撤销了。请刷新看看现在的情况。"))
            list(
                Place.objects.select_for_update(no_key=True)
                .filter(paths.beneath("path", row.school.path))
                .order_by("pk")
            )
            held = [*first_roll(row), *later_changes(row)]
            if held:
                raise ValidationError(held)
            _put_back(by, now, row)
            return _drafted_again(by, now, row)
    except IntegrityError as error:
        raise ValidationError(
            _("开学年以后，原来的班级名已经给了别的班，不能恢复。请先改掉那个班名。")
        ) from error


def _put_back(by: By, now: datetime, row: YearOpening) -> None:
    made, today = row.made, day_of(now)
    first = row.first or today
    old = list(Place.objects.filter(pk__in=made["closed"]).order_by("pk"))
    new = list(Place.objects.filter(pk__in=made["classes"].values()).order_by("pk"))
    grades = list(Place.objects.filter(pk__in=made["grades"]).order_by("pk"))
    reopen_places(by=by, now=now, places=old)
    pairs = [(before, after) for before, after in made["moved"]]
    take_back_promotion(by=by, now=now, pairs=pairs, day=today)
    take_back_graduation(by=by, now=now, enrolments=made["graduated"], day=today)
    take_back_posts(by=by, now=now, places=new, day=today)
    restore_posts(by=by, now=now, holdings=dict(_days(made["ended"])), deputies=dict(_days(made["deputies"])))
    take_back_classes(by=by, now=now, places=[*new, *grades], day=first)


def _drafted_again(by: By, now: datetime, row: YearOpening) -> YearOpening:
    row.state, row.undone_at, row.changed_at = State.UNDONE, now, now
    row.save()
    again = YearOpening.objects.create(
        school=row.school, year=row.year, plan=row.plan, version=row.version + 1, changed_at=now
    )
    undone = happenings.YearUndone(opening=row.pk, school=row.school_id, year=row.year)
    drafted = happenings.YearDrafted(
        opening=again.pk, school=row.school_id, year=row.year, version=again.version, change="undone"
    )
    append([Stated(undone, records=[row]), Stated(drafted, records=[again])], by=by, now=now)
    return again


def _days(kept: dict[str, str | None]) -> Iterator[tuple[int, date | None]]:
    for pk, day in kept.items():
        yield int(pk), date.fromisoformat(day) if day else None
