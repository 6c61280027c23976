"""From the bytes of a workbook to rows of text. The header is looked for beneath title rows."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError

from guixiao.people.imports.cells import text_of
from guixiao.people.imports.guard import Unreadable, guard
from guixiao.places.wording import word

from .columns import BY_KEY, guess

LOOK_AT_ROWS, LOOK_AT_SHEETS, WIDEST, MOST_ROWS = 15, 20, 60, 20_000
Cells = list[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet of a workbook that looks most like a staff list."""

    name: str
    headers: list[str]
    mapping: dict[str, int]
    rows: list[tuple[int, Cells]]  # Excel row number and cells, rows without content left out


def read(data: bytes) -> Sheet:
    """Find the staff list in a workbook. Raises :class:`Unreadable` with what is wrong and what to do."""
    guard(data)
    try:
        return _find(CalamineWorkbook.from_filelike(io.BytesIO(data)))
    except PasswordError:
        raise Unreadable(_("文件加了密码，系统打不开。请在 Excel 里取消密码，另存一份再传。")) from None
    except Unreadable:
        raise
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise Unreadable(_("文件坏了，读不出表格。请在电脑上打开看看，另存一份再传。")) from error
        raise


def _find(book: CalamineWorkbook) -> Sheet:
    best: tuple[int, CalamineSheet, int, list[str]] | None = None
    for name in book.sheet_names[:LOOK_AT_SHEETS]:
        sheet = book.get_sheet_by_name(name)
        for number, row in enumerate(sheet.iter_rows(), start=1):
            if number > LOOK_AT_ROWS:
                break
            headers = [text_of(cell) for cell in row[:WIDEST]]
            score = len(guess(headers))
            if score and (best is None or score > best[0]):
                best = (score, sheet, number, headers)
    if best is None or best[0] < 2:
        seen = "、".join(book.sheet_names[:LOOK_AT_SHEETS]) or _("（没有工作表）")
        raise Unreadable(
            _("没有找到教职工表的表头。文件里的工作表有：%(seen)s。请用模板的表头，“姓名”“岗位”要各占一列。")
            % {"seen": seen}
        )
    _score, sheet, head, headers = best
    rows = list(_rows(sheet, head))
    if not rows:
        raise Unreadable(_("工作表“%(sheet)s”只有表头，没有人。请从表头下一行填起。") % {"sheet": sheet.name})
    if len(rows) > MOST_ROWS:
        raise Unreadable(_("一份表最多 %(n)d 行。请按学校分成几份再传。") % {"n": MOST_ROWS})
    return Sheet(sheet.name, headers, guess(headers), rows)


def _rows(sheet: CalamineSheet, head: int) -> Iterator[tuple[int, Cells]]:
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > head:
            cells = [text_of(cell)[:200] for cell in row[:WIDEST]]
            if any(cells):
                yield number, cells


def missing(mapping: dict[str, int]) -> list[str]:
    """The headers that must be there and were not found."""
    return [word(column.header) for column in BY_KEY.values() if column.must and column.key not in mapping]
