"""The sheet of known dropouts: its columns, the template, reading it, and the refused rows with their reasons."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineWorkbook, PasswordError

from guixiao.people import idnumbers
from guixiao.people.imports.cells import EXACT, text_of
from guixiao.people.imports.guard import Unreadable, guard
from guixiao.people.imports.reading import Cell
from guixiao.people.sheets import Book

from .words import CAUSES, WRITTEN, explain

MOST, HEAD_ROWS = 500, 10
COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "学生姓名"),
    "number": ("学籍号/身份证号", "学籍号", "身份证号", "身份证件号", "学籍号或身份证号"),
    "school": ("学校", "学校名称", "就读学校"),
    "klass": ("班级", "班", "年级班级"),
    "left": ("离校日期", "离校时间", "辍学日期", "辍学时间"),
    "cause": ("原因", "辍学原因", "离校原因"),
    "where": ("目前去向", "去向", "现在去向"),
    "done": ("已做的工作", "已做工作", "劝返情况"),
    "stage": ("阶段", "目前阶段"),
}
MUST = ("name", "left", "cause")
HEADERS = tuple(names[0] for names in COLUMNS.values())
SAMPLE = {
    "name": "样例学生", "school": "某某中学", "klass": "八（3）班", "left": "2026-03-05", "cause": "厌学、外出打工",
    "where": "在县城打工，电话打不通", "done": "家访 3 次，镇里发过限期复学通知书", "stage": "辍学登记",
}  # fmt: skip


def read(data: bytes) -> list[tuple[int, dict[str, Cell]]]:
    """Excel row number and cells by column. Raises :class:`Unreadable` with what is wrong and what to do."""
    guard(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [list(book.get_sheet_by_name(name).iter_rows()) for name in book.sheet_names[:5]]
    except PasswordError:
        raise Unreadable(_("文件加了密码，系统打不开。请在 Excel 里取消密码，另存一份再传。")) from None
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise Unreadable(_("文件坏了，读不出表格。请在电脑上打开看看，另存一份再传。")) from error
        raise
    for rows in sheets:
        for number, row in enumerate(rows[:HEAD_ROWS], start=1):
            columns = _columns(row)
            if len(columns) >= len(MUST):
                return _rows(rows, number, columns)
    raise Unreadable(_("没有找到表头。请用模板：“姓名”“离校日期”“原因”各占一列。"))


def _columns(row: Sequence[Cell]) -> dict[int, str]:
    known = {name: key for key, names in COLUMNS.items() for name in names}
    plain = [str(cell).strip().rstrip("★*").replace(" ", "") for cell in row]
    return {at: known[header] for at, header in enumerate(plain) if header in known}


def _rows(rows: list[list[Cell]], head: int, columns: dict[int, str]) -> list[tuple[int, dict[str, Cell]]]:
    missing = [COLUMNS[key][0] for key in MUST if key not in columns.values()]
    if missing:
        raise Unreadable(_("表里缺这些列：%(columns)s。请照模板补上。") % {"columns": "、".join(missing)})
    twice = sorted({COLUMNS[key][0] for key in columns.values() if list(columns.values()).count(key) > 1})
    if twice:
        raise Unreadable(
            _("这些列出现了两次：%(columns)s。请每列只留一份再传。") % {"columns": "、".join(twice)}
        )
    found = [
        (number, {key: row[at] for at, key in columns.items() if at < len(row)})
        for number, row in enumerate(rows, start=1)
        if number > head and any(cell != "" for cell in row)
    ]
    if not found:
        raise Unreadable(_("表里只有表头，没有学生。请从表头下一行填起。"))
    if len(found) > MOST:
        raise Unreadable(
            _("表里有 %(n)s 行，一次最多 %(most)s 行。请分成几份再传。") % {"n": len(found), "most": MOST}
        )
    return found


def plain(cells: dict[str, Cell]) -> tuple[dict[str, str], bool]:
    """The cells as text; whether a number lost its last digits on the way through Excel."""
    number = cells.get("number", "")
    lost = isinstance(number, float) and abs(number) >= EXACT
    given = {key: text_of(cells.get(key, "")) for key in COLUMNS}
    given["number"] = idnumbers.clean(given["number"]).lstrip("'")
    return given, lost


def template() -> bytes:
    """Headers, one sample row to be overwritten, and a sheet of notes."""
    book = Book()
    number = idnumbers.make(idnumbers.UNASSIGNED, date(2013, 3, 4), 2)
    row = {**SAMPLE, "number": number}
    headers = [names[0] + ("★" if key in MUST else "") for key, names in COLUMNS.items()]
    book.sheet(_("既有辍学"), headers, [[row[key] for key in COLUMNS]])
    notes = [
        [_("姓名★"), _("照证件填。")],
        [_("学籍号/身份证号"), _("单元格设成“文本”再填。没有就留空，填学校和班级。")],
        [_("离校日期★"), _("如 2026-03-05。记不清就填最后一次到校的后一天。")],
        [_("原因★"), _("主要的在前，用“、”隔开：%(all)s") % {"all": "、".join(WRITTEN)}],
        [_("阶段"), _("留空或填“辍学登记”。劝返要有批准的方案，立案后再办。")],
    ]
    book.sheet(_("说明"), [_("列名"), _("怎么填")], notes, wide=40)
    return book.bytes()


def refused(rows: Sequence[tuple[dict[str, Any], list[list[str]]]]) -> bytes:
    """The refused rows as they came, with the reason beside them."""
    book = Book()
    table = [[given.get(key, "") for key in COLUMNS] + ["\n".join(explain(faults))] for given, faults in rows]
    book.sheet(_("既有辍学"), [*HEADERS, _("原因和办法")], table)
    return book.bytes()


def cause_choices() -> list[tuple[str, Any]]:
    return [(code, text) for code, (text, _others) in CAUSES.items()]
