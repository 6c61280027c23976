"""Register spreadsheets made for tests: made-up children, ID numbers of nobody's area."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import xlsxwriter

from guixiao.facts import By
from guixiao.people import idnumbers
from guixiao.people.imports import actions, runner
from guixiao.people.imports.columns import columns
from guixiao.people.imports.workbooks import SAMPLE
from guixiao.people.models import ImportBatch
from guixiao.places.models import Place
from guixiao.testing.cast import Cast

BIRTH = date(2013, 3, 4)
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈", "安宁平和顺利明亮春秋"


def number(sequence: int, birth: date = BIRTH) -> str:
    return idnumbers.make(idnumbers.UNASSIGNED, birth, sequence)


def child(sequence: int, **changes: Any) -> dict[str, Any]:
    """A valid row; a guardian's column is given as ``g1_name``."""
    made: dict[str, Any] = {
        **SAMPLE,
        "name": f"{SURNAMES[sequence // 10 % 10]}{GIVEN[sequence % 10]}{GIVEN[sequence // 100 % 10]}",
        "sex": "男" if sequence % 2 else "女",
        "id_number": number(sequence),
        "student_number": f"G{number(sequence)}",
        "seat": f"{sequence:02d}",
    }
    made.update({key.replace("g1_", "g1.").replace("g2_", "g2."): value for key, value in changes.items()})
    return made


def book(
    rows: Iterable[Mapping[str, Any]], above: int = 0, sheet: str = "学籍表", drop: tuple[str, ...] = ()
) -> bytes:
    """An .xlsx with the register's headers; ``above`` title rows, ``drop`` columns left out."""
    kept = [column for column in columns() if column.key not in drop]
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    page = made.add_worksheet(sheet)
    day = made.add_format({"num_format": "yyyy-mm-dd"})
    for line in range(above):
        page.merge_range(line, 0, line, 10, "某县某校学生基本信息表（2026年秋）")
    for at, column in enumerate(kept):
        page.write_string(above, at, column.header)
    for line, row in enumerate(rows, start=above + 1):
        for at, column in enumerate(kept):
            value = row.get(column.key)
            if isinstance(value, date):
                page.write_datetime(line, at, value, day)
            elif isinstance(value, int | float):
                page.write_number(line, at, value)
            elif value:
                page.write_string(line, at, value)
    made.close()
    return buffer.getvalue()


def by_registrar(cast: Cast, school: Place | None = None) -> By:
    return cast.actor("registrar").by("import.run", (school or cast.school).path)


def staged(cast: Cast, data: bytes, school: Place | None = None) -> ImportBatch:
    """A batch checked for a school of the cast."""
    batch = actions.open_batch(
        by=by_registrar(cast),
        now=cast.now,
        school=school or cast.school,
        file_name="学籍.xlsx",
        first=date(2026, 9, 1),
    )
    runner.check(batch, data, lambda: cast.now)
    batch.refresh_from_db()
    return batch


def applied(cast: Cast, data: bytes, at_most: int = 200) -> ImportBatch:
    """A batch checked and written."""
    batch = staged(cast, data)
    by = by_registrar(cast)
    actions.begin_applying(by=by, now=cast.now, batch_id=batch.pk)
    while actions.apply_next(by=by, now=cast.now, batch_id=batch.pk, at_most=at_most):
        pass
    batch.refresh_from_db()
    return batch


def undone(cast: Cast, batch: ImportBatch, at_most: int = 200) -> ImportBatch:
    by = by_registrar(cast)
    actions.begin_undoing(by=by, now=cast.now, batch_id=batch.pk)
    while actions.undo_next(by=by, now=cast.now, batch_id=batch.pk, at_most=at_most):
        pass
    batch.refresh_from_db()
    return batch
