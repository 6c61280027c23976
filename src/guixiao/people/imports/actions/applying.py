"""Staged rows become children, at most two hundred at a time.

Each batch is one short transaction: the cursor moves, the rows are written, the journal is told. A killed
import goes on where the cursor stands; a row that was written is never written again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from guixiao.facts import By, happenings
from guixiao.journal.append import Stated, append
from guixiao.people.imports.classes import GRADES
from guixiao.people.imports.common import Versions
from guixiao.people.models import BatchState, ImportBatch, ImportRow, RowKind, RowState
from guixiao.places import paths
from guixiao.places.actions import add_place
from guixiao.places.models import Kind, Place

from .changing import Changing
from .making import Making

AT_MOST, CLASSES_AT_ONCE = 200, 50
WANTED = (RowKind.NEW, RowKind.CHANGED)


def begin_applying(*, by: By, now: datetime, batch_id: int) -> ImportBatch:
    """Order the batch to be written. Raises ``ValidationError`` when it is not waiting to be applied."""
    moved = ImportBatch.objects.filter(pk=batch_id, state=BatchState.CHECKED).update(
        state=BatchState.APPLYING, beat_at=now, cursor=0, done=0
    )
    if not moved:
        raise ValidationError(_("这一批不在等待确认，可能别人已经点过了。请刷新看看。"))
    return ImportBatch.objects.select_related("school").get(pk=batch_id)


def _make_places(by: By, now: datetime, batch: ImportBatch) -> bool:
    """Make some of the classes the batch needs and has not got yet; whether there were any."""
    missing = [key for key in batch.classes if key not in batch.made_places][:CLASSES_AT_ONCE]
    if not missing:
        return False
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update(no_key=True).select_related("school").get(pk=batch.pk)
        if batch.state == BatchState.APPLYING:
            missing = [key for key in missing if key not in batch.made_places]
            made = batch.made_places | _make_classes(by, now, batch, missing)
            ImportBatch.objects.filter(pk=batch.pk).update(made_places=made, beat_at=now)
    return True


def _make_classes(by: By, now: datetime, batch: ImportBatch, wanted: Sequence[str]) -> dict[str, int]:
    """``grade|name`` → id of the classes made, and ``grade`` → id of the grades made for them."""
    made: dict[str, int] = {}
    school_year = batch.first.year if batch.first.month >= 8 else batch.first.year - 1
    for key in wanted:
        number, _bar, name = key.partition("|")
        grade = Place.objects.filter(
            paths.beneath("path", batch.school.path), kind=Kind.GRADE, grade=int(number), closed_on=None
        ).first()
        if grade is None:
            grade = add_place(
                by=by,
                now=now,
                parent=batch.school,
                kind=Kind.GRADE,
                name=GRADES[int(number)],
                grade=int(number),
            )
            made[number] = grade.pk
        klass = add_place(
            by=by,
            now=now,
            parent=grade,
            kind=Kind.CLASS,
            name=name,
            grade=int(number),
            school_year=school_year,
        )
        made[key] = klass.pk
    return made


def apply_next(*, by: By, now: datetime, batch_id: int, at_most: int = AT_MOST) -> bool:
    """Write the next rows of a batch, the classes they need first; whether there may be more.

    Safe to call from two places at once: the cursor moves under one of them only.
    """
    batch = ImportBatch.objects.select_related("school").get(pk=batch_id)
    if batch.state != BatchState.APPLYING:
        return False
    if _make_places(by, now, batch):
        return True
    waiting = ImportRow.objects.filter(batch=batch, number__gt=batch.cursor, kind__in=WANTED)
    rows = list(waiting.order_by("number")[: min(at_most, AT_MOST)])
    if not rows:
        ImportBatch.objects.filter(pk=batch.pk, state=BatchState.APPLYING).update(
            state=BatchState.APPLIED, beat_at=now
        )
        return False
    versions = Versions()
    making = Making(batch, [row for row in rows if row.kind == RowKind.NEW], versions)
    changing = Changing(batch, [row for row in rows if row.kind == RowKind.CHANGED], versions)
    with transaction.atomic():
        moved = ImportBatch.objects.filter(
            pk=batch.pk, state=BatchState.APPLYING, cursor=batch.cursor
        ).update(cursor=rows[-1].number, done=F("done") + len(rows), beat_at=now)
        if not moved:
            return True
        stated = making.write() + changing.write()
        applied = happenings.ImportBatchApplied(
            batch=batch.pk,
            first_row=rows[0].number,
            last_row=rows[-1].number,
            made=len(making.made),
            changed=len(changing.changed),
        )
        entries = append([*stated, Stated(applied)], by=by, now=now)
        _remember(making, changing, {entry.student: entry.pk for entry in entries})
    return True


def _remember(making: Making, changing: Changing, last: dict[int | None, int]) -> None:
    """Each row says what became of it, and which entry was the last the import wrote of its child."""
    for row in (*making.made, *changing.changed):
        row.state, row.entry = RowState.APPLIED, last[row.student]
    refused = [*making.refused, *changing.refused]
    for row in refused:
        row.state = RowState.SKIPPED
    _note(making.made)
    if changing.changed:
        ImportRow.objects.bulk_update(changing.changed, ["state", "student", "entry", "before"])
    if refused:
        ImportRow.objects.bulk_update(refused, ["state", "payload"])


def _note(made: list[ImportRow]) -> None:
    """Two plain columns of two hundred rows: ``bulk_update`` takes a third of the whole batch for that."""
    if not made:
        return
    table = ImportRow._meta.db_table
    marks = ", ".join(["(%s, %s, %s)"] * len(made))
    values = [value for row in made for value in (row.pk, row.student, row.entry)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET state = %s, student = told.column2, entry = told.column3 "  # noqa: S608 - constant names
            f"FROM (VALUES {marks}) AS told WHERE {table}.id = told.column1",
            [RowState.APPLIED.value, *values],
        )
