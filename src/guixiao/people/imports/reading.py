"""From the bytes of a workbook to rows of the register: the sheet is found by its headers."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _
from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError

from .columns import Column, by_header, columns, plain
from .guard import MOST_ROWS, Unreadable, guard, too_many

Cell = str | int | float | bool | date | datetime | time | timedelta
LOOK_AT_ROWS, LOOK_AT_SHEETS, AT_LEAST, WIDEST = 15, 20, 4, 104


@dataclass(frozen=True, slots=True)
class Register:
    """The sheet of a workbook that holds the register, its header found."""

    name: str
    headers: list[str]
    columns: list[Column | None]
    head: int  # the Excel number of the header row
    total: int
    sheet: CalamineSheet

    def rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Excel row number and cells of every row with content. May be walked more than once."""
        for number, row in enumerate(self.sheet.iter_rows(), start=1):
            if number > self.head and any(cell != "" for cell in row):
                yield number, row


def read(data: bytes) -> Register:
    """Find the register in a workbook. Raises :class:`Unreadable` with what is wrong and what to do."""
    guard(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return _find(book)
    except PasswordError:
        raise Unreadable(_("文件加了密码，系统打不开。请在 Excel 里取消密码，另存一份再传。")) from None
    except Unreadable:
        raise
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise Unreadable(_("文件坏了，读不出表格。请在电脑上打开看看，另存一份再传。")) from error
        raise


def _find(book: CalamineWorkbook) -> Register:
    best: Register | None = None
    for name in book.sheet_names[:LOOK_AT_SHEETS]:
        found = _head(book.get_sheet_by_name(name))
        if found and (best is None or _matched(found) > _matched(best)):
            best = found
    if best is None or _matched(best) < AT_LEAST:
        seen = "、".join(book.sheet_names[:LOOK_AT_SHEETS]) or _("（没有工作表）")
        raise Unreadable(
            _("没有找到学籍表的表头。文件里的工作表有：%(seen)s。请用模板的表头，“姓名”“性别”等要各占一列。")
            % {"seen": seen}
        )
    _complete(best)
    if best.total > MOST_ROWS or best.sheet.width > WIDEST:
        raise Unreadable(too_many())
    if best.total < 1:
        raise Unreadable(
            _("工作表“%(sheet)s”只有表头，没有学生。请从表头下一行填起。") % {"sheet": best.name}
        )
    return best


def _head(sheet: CalamineSheet) -> Register | None:
    """The row among the first fifteen that names most columns; titles above it do not disturb."""
    best: Register | None = None
    height = len_of(sheet)
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > LOOK_AT_ROWS:
            break
        headers = [cell if isinstance(cell, str) else "" for cell in row]
        found: list[Column | None] = [by_header().get(plain(header)) for header in headers]
        made = Register(sheet.name, [h.strip() for h in headers], found, number, height - number, sheet)
        if best is None or _matched(made) > _matched(best):
            best = made
    return best


def len_of(sheet: CalamineSheet) -> int:
    """The Excel number of the last row."""
    return sheet.end[0] + 1 if sheet.end else 0


def _matched(found: Register) -> int:
    return len({column.key for column in found.columns if column})


def _complete(found: Register) -> None:
    keys = [column.key for column in found.columns if column]
    missing = [column.header for column in columns() if column.required and column.key not in keys]
    if missing:
        raise Unreadable(
            _("工作表“%(sheet)s”缺这些列：%(columns)s。请照模板补上列名再传，列的先后不限。")
            % {"sheet": found.name, "columns": "、".join(missing)}
        )
    twice = sorted({c.header for c in found.columns if c and keys.count(c.key) > 1})
    if twice:
        raise Unreadable(
            _("这些列出现了两次：%(columns)s。请每列只留一份再传。") % {"columns": "、".join(twice)}
        )
