"""Staff sheets as schools send them, made for the tests."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import openpyxl

from guixiao.places.models import Place
from guixiao.staffing import actions
from guixiao.staffing.models import StaffBatch, StaffRow
from guixiao.staffing.sheets import runner
from guixiao.testing.cast import NOW, Cast

HEADERS = ("姓名", "工号", "手机", "学校/单位", "年级", "班级", "岗位", "任职日", "离任日", "代理人")


def row(name: str, number: str, post: str, **more: Any) -> list[Any]:
    """One row in the order of :data:`HEADERS`; the unit is the cast's school unless said."""
    return [
        name,
        number,
        more.get("phone", ""),
        more.get("unit", "石板河初级中学"),
        more.get("grade", ""),
        more.get("klass", ""),
        post,
        more.get("first", ""),
        more.get("last", ""),
        more.get("deputy", ""),
    ]


def book(
    rows: Sequence[Sequence[Any]], headers: Sequence[str] = HEADERS, titles: Sequence[str] = ()
) -> bytes:
    """A workbook; ``titles`` are rows above the header, each merged over the whole width."""
    made = openpyxl.Workbook()
    sheet: Any = made.active
    for title in titles:
        sheet.append([title])
        sheet.merge_cells(
            start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=len(headers)
        )
    sheet.append(list(headers))
    for cells in rows:
        sheet.append(list(cells))
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def take_in(
    cast: Cast, data: bytes, place: Place | None = None, post: str = "principal", now: datetime = NOW
) -> StaffBatch:
    """Upload a workbook as the holder of a post."""
    where = place or cast.school
    by = cast.actor(post).by("place.edit", where.path)
    batch = actions.open_staff_batch(by=by, now=now, place=where, file_name="教职工.xlsx", first=now.date())
    runner.take_in(batch, data, now)
    batch.refresh_from_db()
    return batch


def write(batch: StaffBatch, now: datetime = NOW, accounts: bool = False) -> StaffBatch:
    actions.begin_staff(by=batch.by, now=now, batch_id=batch.pk, accounts=accounts)
    runner.carry_on(batch.pk, lambda: now, breath=0)
    batch.refresh_from_db()
    return batch


def undo(batch: StaffBatch, now: datetime = NOW) -> StaffBatch:
    actions.begin_undoing_staff(by=batch.by, now=now, batch_id=batch.pk)
    runner.carry_on(batch.pk, lambda: now, breath=0)
    batch.refresh_from_db()
    return batch


def kinds(batch: StaffBatch) -> list[str]:
    return list(StaffRow.objects.filter(batch=batch).order_by("number").values_list("kind", flat=True))


def codes(batch: StaffBatch) -> list[list[str]]:
    """The faults of each row, by code."""
    rows = StaffRow.objects.filter(batch=batch).order_by("number")
    return [[fault[1] for fault in found.meant["faults"]] for found in rows]
