"""The return as a workbook: the figures, the classes, one sheet for each list.

A figure is a formula that counts its list, with its value stored beside, so that it reads alike in every
program and can be recounted. Who may not see names gets the figures alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from guixiao.access import masks
from guixiao.facts.clock import local
from guixiao.people.sheets import Book, harmless
from guixiao.places.wording import title_of

from . import overview, periods
from .cells import CELLS, Cell
from .models import MonthlyReturn
from .page import ORDER, signed_by, word
from .queries import Line, Sight, lines, signatures

MOST_SCHOOLS = 2_000
HEAD = 3  # the row of a list's headers, from 0
A4 = 9
WIDTHS = {"name": 10, "sex": 6, "guardian": 10, "address": 26, "phone": 14, "reason": 18, "efforts": 40}


@dataclass(frozen=True, slots=True)
class Paper:
    """The workbook being written, and its styles."""

    book: Book
    title: Format
    note: Format
    head: Format
    cell: Format
    number: Format

    @classmethod
    def blank(cls) -> Paper:
        book = Book()
        line = {"border": 1, "border_color": "#7F8C88", "valign": "vcenter", "text_wrap": True}
        return cls(
            book,
            book.style({"bold": True, "font_size": 16, "align": "center"}),
            book.style({"font_color": "#46534F"}),
            book.style({**line, "bold": True, "bg_color": "#ECEFEB"}),
            book.style({**line, "num_format": "@"}),
            book.style({**line, "align": "right", "num_format": "0"}),
        )

    def sheet(self, name: str, title: str, note: str, columns: int, landscape: bool = False) -> Worksheet:
        """A sheet that prints on A4, as wide as the page, its head on every page."""
        sheet = self.book.book.add_worksheet(name)
        sheet.merge_range(0, 0, 0, max(columns - 1, 1), harmless(title), self.title)
        sheet.write_string(1, 0, harmless(note), self.note)
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.5, 0.5, 0.6, 0.6)
        sheet.repeat_rows(HEAD)
        sheet.set_footer("&L&A&R&P / &N")
        if landscape:
            sheet.set_landscape()
        return sheet

    def row(self, sheet: Worksheet, number: int, values: Sequence[str], style: Format | None = None) -> None:
        for column, value in enumerate(values):
            sheet.write_string(number, column, harmless(value), style or self.cell)


def workbook(report: MonthlyReturn, seen: Sight, *, full: bool) -> tuple[bytes, int]:
    """The workbook, and how many lines about children it holds. ``full`` shows phones and addresses."""
    paper = Paper.blank()
    title = f"{report.school.name}{periods.spoken(report.period)}" + _("控辍保学月报告单")
    note = _("以 %(day)s 为准 · 第 %(version)d 版 · %(state)s") % {
        "day": f"{report.cut_off:%Y-%m-%d}",
        "version": report.version,
        "state": report.get_state_display(),
    }
    front = paper.sheet(_("月报"), title, note, 4)
    found = lines(report, [cell.code for cell in CELLS], seen)
    lists = {cell.code: [line for line in found if line.cell == cell.code] for cell in CELLS}
    paper.row(front, HEAD, [_("项目"), _("口径"), _("人数")], paper.head)
    for number, cell in enumerate(CELLS, start=HEAD + 1):
        paper.row(front, number, [str(cell.title), str(cell.basis)])
        _figure(paper, front, number, cell, seen.count(report, cell.code), seen.names)
    last = HEAD + len(CELLS) + 1
    if report.zero:
        front.write_string(last, 0, _("零报告：当月没有学生辍学，月末没有学生仍在辍学。"), paper.note)
    _signing(paper, front, report, last + 2)
    front.set_column(0, 0, 24)
    front.set_column(1, 3, 22)
    if seen.names:
        _checking(paper, report, lists)
        for cell in CELLS:
            _list(paper, cell, title, _rows(report, lists[cell.code], cell, full))
    return paper.book.bytes(), len(found)


def _figure(paper: Paper, sheet: Worksheet, row: int, cell: Cell, value: int, counted: bool) -> None:
    if not counted:
        sheet.write_number(row, 2, value, paper.number)
        return
    span = f"'{cell.title}'!$B${HEAD + 2}:$B${HEAD + 1 + max(value, 1)}"
    sheet.write_formula(row, 2, f"=COUNTA({span})", paper.number, value)


def _rows(report: MonthlyReturn, found: list[Line], cell: Cell, full: bool) -> list[list[str]]:
    labels = {row["id"]: row["name"] for row in report.classes}
    rows = []
    for line in found:
        shown = line.fields if full else masked(line.fields)
        rows.append([labels[line.klass.pk], *(shown.get(code, "") for code in columns_of(cell))])
    return rows


def _list(paper: Paper, cell: Cell, title: str, rows: list[list[str]]) -> None:
    columns = columns_of(cell)
    name = str(cell.title)
    note = _("%(basis)s，%(n)d 人") % {"basis": cell.basis, "n": len(rows)}
    sheet = paper.sheet(name, f"{title}：{name}", note, len(columns) + 1, cell.detailed)
    paper.row(sheet, HEAD, [_("班级"), *columns.values()], paper.head)
    sheet.freeze_panes(HEAD + 1, 2)
    sheet.set_column(0, 0, 12)
    for column, code in enumerate(columns, start=1):
        sheet.set_column(column, column, WIDTHS[code])
    for number, row in enumerate(rows, start=HEAD + 1):
        paper.row(sheet, number, row)


def columns_of(cell: Cell) -> dict[str, str]:
    """The columns of a list: the six fields of A11-18 where children are out or missed lessons."""
    columns = {"name": _("学生姓名"), "sex": _("性别")}
    if cell.detailed:
        columns |= {
            "guardian": _("家长姓名"),
            "address": _("住址"),
            "phone": _("电话"),
            "reason": _("原因"),
            "efforts": _("动员返校情况"),
        }
    return columns


def masked(fields: Mapping[str, str]) -> dict[str, str]:
    hidden = {
        "phone": masks.phone(fields.get("phone", "")),
        "address": masks.address(fields.get("address", "")),
    }
    return {**fields, **hidden}


def _checking(paper: Paper, report: MonthlyReturn, lists: Mapping[str, list[Line]]) -> None:
    """核对: every class's figures counted out of the same lists, and who checked them."""
    sheet = paper.sheet(_("核对"), _("各班核对"), _("每个数都从名单里数出来"), len(CELLS) + 2, landscape=True)
    paper.row(sheet, HEAD, [_("班级"), *(str(cell.title) for cell in CELLS), _("核对人")], paper.head)
    checked = {item.klass_id: signed_by(item) for item in signatures(report) if item.klass_id}
    for number, klass in enumerate(report.classes, start=HEAD + 1):
        paper.row(sheet, number, [klass["name"]])
        for column, cell in enumerate(CELLS, start=1):
            size = max(len(lists[cell.code]), 1)
            span = f"'{cell.title}'!$A${HEAD + 2}:$A${HEAD + 1 + size}"
            formula = f"=SUMPRODUCT(--({span}=$A{number + 1}))"
            sheet.write_formula(number, column, formula, paper.number, klass["counts"].get(cell.code, 0))
        sheet.write_string(
            number, len(CELLS) + 1, harmless(checked.get(klass["id"], _("还没核对"))), paper.cell
        )
    sheet.set_column(0, len(CELLS), 12)
    sheet.set_column(len(CELLS) + 1, len(CELLS) + 1, 26)
    sheet.freeze_panes(HEAD + 1, 1)


def _signing(paper: Paper, sheet: Worksheet, report: MonthlyReturn, row: int) -> None:
    """The four steps with who signed and when; class teachers are summed up, each stands on 核对."""
    paper.row(sheet, row, [_("签核"), _("签字人"), _("职务"), _("时间")], paper.head)
    signed = signatures(report)
    for number, step in enumerate(ORDER, start=row + 1):
        mine = [item for item in signed if item.step == step]
        values = [word(step), "", "", ""]
        if step == ORDER[1]:
            values[1] = _("%(n)d／%(all)d 个班已核对") % {"n": len(mine), "all": len(report.classes)}
        elif mine:
            item = mine[0]
            sole = _("（本校没有其他人任此职）") if item.sole else ""
            values[1:] = [item.person.name, title_of(item.post) + sole, f"{local(item.at):%Y-%m-%d %H:%M:%S}"]
        paper.row(sheet, number, values)


def overview_workbook(rows: list[overview.Row], period: str) -> bytes:
    """The schools of an area in a month: where each return stands, and its figures."""
    paper = Paper.blank()
    cells = overview.SHOWN
    title = periods.spoken(period) + _("控辍保学月报汇总")
    sheet = paper.sheet(_("汇总"), title, _("未编制和已退回的学校不计入合计"), len(cells) + 2)
    paper.row(sheet, HEAD, [_("学校"), _("状态"), *(str(cell.title) for cell in cells)], paper.head)
    for number, row in enumerate(rows, start=HEAD + 1):
        paper.row(sheet, number, [row.school.name, str(row.word)])
        for column, value in enumerate(row.counts or [None] * len(cells), start=2):
            _number(paper, sheet, number, column, value)
    last = HEAD + 1 + len(rows)
    paper.row(sheet, last, [_("合计"), ""], paper.head)
    for column in range(len(cells)):
        letter = chr(ord("C") + column)
        total = sum(row.counts[column] for row in rows if row.counts)
        span = f"{letter}{HEAD + 2}:{letter}{max(last, HEAD + 2)}"
        sheet.write_formula(last, column + 2, f"=SUM({span})", paper.number, total)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, len(cells) + 1, 16)
    return paper.book.bytes()


def _number(paper: Paper, sheet: Worksheet, row: int, column: int, value: Any) -> None:
    if value is None:
        sheet.write_blank(row, column, None, paper.number)
    else:
        sheet.write_number(row, column, value, paper.number)
