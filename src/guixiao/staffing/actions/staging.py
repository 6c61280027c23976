"""A staff sheet comes in: its rows are kept, its columns known, every row checked. Nobody gets a post here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guixiao.facts import By, happenings
from guixiao.facts.clock import day_of
from guixiao.journal.append import Stated, append
from guixiao.places.models import Place
from guixiao.staffing.models import BatchState, RowKind, RowState, StaffBatch, StaffRow
from guixiao.staffing.sheets.check import Checker
from guixiao.staffing.sheets.columns import BY_KEY
from guixiao.staffing.sheets.known import Known
from guixiao.staffing.sheets.payload import cells_of, pack
from guixiao.staffing.sheets.reading import Sheet, missing

AT_ONCE = 500
EARLIEST = date(2000, 1, 1)
BEFORE = (BatchState.MAPPING, BatchState.CHECKED)


def open_staff_batch(*, by: By, now: datetime, place: Place, file_name: str, first: date) -> StaffBatch:
    """An empty batch for the branch of ``place``; ``first`` stands in where a row names no day."""
    return StaffBatch.objects.create(
        place=place,
        file_name=file_name[-120:],
        first=first,
        account=by.account,
        post=by.post,
        org=by.org,
        for_account=by.for_account,
        started_at=now,
        beat_at=now,
    )


def stage_staff(*, by: By, now: datetime, batch: StaffBatch, sheet: Sheet) -> StaffBatch:
    """Keep the rows of a sheet, and check them where its columns are known."""
    with transaction.atomic():
        StaffBatch.objects.filter(pk=batch.pk).update(
            sheet_name=sheet.name[:60],
            headers=[header[:60] for header in sheet.headers],
            mapping=sheet.mapping,
            total=len(sheet.rows),
        )
        rows = [StaffRow(batch=batch, number=number, cells=pack(cells)) for number, cells in sheet.rows]
        StaffRow.objects.bulk_create(rows, batch_size=AT_ONCE)
    batch.refresh_from_db()
    if not missing(batch.mapping):
        return check_staff(by=by, now=now, batch_id=batch.pk)
    return batch


def map_columns(*, by: By, now: datetime, batch_id: int, mapping: Mapping[str, int]) -> StaffBatch:
    """Say which column of the sheet is what; every row is checked anew.

    Raises ``ValidationError`` when a column that must be there is not named, or one is named twice.
    """
    batch = StaffBatch.objects.get(pk=batch_id)
    lacking = missing(dict(mapping))
    if lacking:
        raise ValidationError(_("请指明哪一列是%(columns)s。") % {"columns": "、".join(lacking)})
    if len(set(mapping.values())) != len(mapping):
        raise ValidationError(_("有一列被选了两次。每列只能当一样用。"))
    if set(mapping) - set(BY_KEY) or not all(0 <= index < len(batch.headers) for index in mapping.values()):
        raise ValidationError(_("选的列不在表里，请刷新再选。"))
    moved = StaffBatch.objects.filter(pk=batch_id, state__in=BEFORE).update(
        mapping=dict(mapping), beat_at=now
    )
    if not moved:
        raise ValidationError(_("这份表已经写入或放弃，不能再改。"))
    return check_staff(by=by, now=now, batch_id=batch_id)


def check_staff(*, by: By, now: datetime, batch_id: int) -> StaffBatch:
    """Work out what each row means as things stand now. Earlier decisions about clashes are asked again."""
    batch = StaffBatch.objects.select_related("place").get(pk=batch_id)
    rows = list(StaffRow.objects.filter(batch=batch).order_by("number"))
    read = [(row.number, cells_of(row, batch.mapping)) for row in rows]
    names = {cells.get(key, "") for _n, cells in read for key in ("name", "deputy")}
    numbers = {cells.get(key, "") for _n, cells in read for key in ("number", "deputy_number")}
    plain = {"".join(name.split()) for name in names}
    known = Known.beneath(batch.place, names | plain, {"".join(text.split()) for text in numbers}, EARLIEST)
    checker = Checker(known, by, batch.first, day_of(now))
    found = checker.check(read)
    for row, meant in zip(rows, found, strict=True):
        row.kind, row.meant, row.hand_over = meant.kind, meant.pack(), False
        row.deputy = RowState.WAITING if meant.deputy and meant.kind != RowKind.BAD else ""
    counts = Counter(row.kind for row in rows)
    with transaction.atomic():
        StaffRow.objects.bulk_update(rows, ["kind", "meant", "hand_over", "deputy"], batch_size=AT_ONCE)
        StaffBatch.objects.filter(pk=batch.pk, state__in=BEFORE).update(
            state=BatchState.CHECKED,
            counts=dict(counts),
            classes=[[key, name] for key, name in sorted(checker.places.items())],
            beat_at=now,
            message="",
        )
        fact = happenings.StaffImportStaged(batch=batch.pk, rows=len(rows), bad=counts[RowKind.BAD])
        append([Stated(fact)], by=by, now=now)
    batch.refresh_from_db()
    return batch


def decide_clash(*, by: By, now: datetime, batch_id: int, numbers: list[int] | None, hand_over: bool) -> int:
    """Hand the post over on the day of the row, or leave the row out; ``None`` means every clash."""
    with transaction.atomic():
        batch = StaffBatch.objects.select_for_update(no_key=True).get(pk=batch_id)
        if batch.state != BatchState.CHECKED:
            raise ValidationError(_("这一批不在等待确认，可能别人已经点过了。请刷新看看。"))
        rows = StaffRow.objects.filter(batch=batch, kind=RowKind.CLASH)
        if numbers is not None:
            rows = rows.filter(number__in=numbers)
        changed = rows.update(hand_over=hand_over)
        decided = StaffRow.objects.filter(batch=batch, kind=RowKind.CLASH, hand_over=True).count()
        batch.counts["decided"] = decided
        batch.save(update_fields=["counts"])
    return changed


def fail_staff(*, by: By, now: datetime, batch_id: int, message: str) -> None:
    """The file could not be read: nothing of it is kept."""
    with transaction.atomic():
        StaffRow.objects.filter(batch_id=batch_id).delete()
        StaffBatch.objects.filter(pk=batch_id).update(state=BatchState.FAILED, message=message, beat_at=now)


def discard_staff(*, by: By, now: datetime, batch_id: int) -> None:
    """Throw a sheet away before it was written; its rows go with it."""
    with transaction.atomic():
        moved = StaffBatch.objects.filter(pk=batch_id, state__in=BEFORE).update(
            state=BatchState.DISCARDED, beat_at=now
        )
        if not moved:
            raise ValidationError(_("这一批已经写入或已经放弃，不能再放弃。"))
        StaffRow.objects.filter(batch_id=batch_id).delete()
