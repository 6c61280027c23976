"""The return as a workbook: one sheet of figures, one sheet for each list; a figure is the count of its list."""

from __future__ import annotations

from io import BytesIO

import xlsxwriter
from django.utils.translation import gettext as _

from guixiao.facts.clock import local

from .cells import CELLS, DETAILED
from .models import MonthlyReturn, Signature
from .queries import is_zero, lines

HEAD = 3  # the row of the list's headers, from 0
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def safe(text: str) -> str:
    """Text that a spreadsheet program cannot take for a formula."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def workbook(report: MonthlyReturn) -> bytes:
    """The whole return as .xlsx. Figures are formulas over the lists with their values stored beside."""
    out = BytesIO()
    with xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        bold = book.add_format({"bold": True, "font_size": 14})
        head = book.add_format({"bold": True, "bottom": 1})
        front = book.add_worksheet(_("月报"))
        front.write(0, 0, f"{report.school.name} {report.period} " + _("控辍保学月报告单"), bold)
        front.write(
            1, 0, _("口径日 %s，第 %d 版，%s") % (report.cut_off, report.version, report.get_state_display())
        )
        front.write(2, 0, _("零报告") if is_zero(report) else "")
        front.write_row(HEAD, 0, [_("项目"), _("口径"), _("人数")], head)
        for number, cell in enumerate(CELLS, start=1):
            title = str(cell.title)
            count = _sheet(book, report, cell.code, title, head)
            front.write(HEAD + number, 0, title)
            front.write(HEAD + number, 1, _("时点数") if cell.kind == "stock" else _("当月发生数"))
            front.write_formula(
                HEAD + number, 2, f"=COUNTA('{title}'!B{HEAD + 2}:B{HEAD + 2 + max(count, 1)})", None, count
            )
        _signatures(front, report, HEAD + len(CELLS) + 2, head)
        front.set_column(0, 0, 26)
        front.set_column(1, 4, 18)
    return out.getvalue()


def _sheet(book: xlsxwriter.Workbook, report: MonthlyReturn, cell: str, title: str, head: object) -> int:
    sheet = book.add_worksheet(title)
    sheet.write(0, 0, title)
    columns = [("name", _("学生姓名")), ("sex", _("性别"))]
    if cell in DETAILED:
        columns += [
            ("guardian", _("家长姓名")),
            ("address", _("住址")),
            ("phone", _("电话")),
            ("reason", _("原因")),
            ("efforts", _("动员返校情况")),
        ]
    sheet.write_row(HEAD, 0, [_("班级"), *(label for _code, label in columns)], head)
    rows = lines(report, cell)
    for number, (line, fields) in enumerate(rows, start=1):
        sheet.write_string(HEAD + number, 0, safe(line.klass.name if line.klass else ""))
        for column, (code, _label) in enumerate(columns, start=1):
            sheet.write_string(HEAD + number, column, safe(fields.get(code, "")))
    sheet.set_column(0, len(columns), 16)
    return len(rows)


def _signatures(sheet: xlsxwriter.worksheet.Worksheet, report: MonthlyReturn, row: int, head: object) -> None:
    sheet.write_row(row, 0, [_("签核"), _("谁"), _("班级"), _("时间")], head)
    signed = Signature.objects.filter(report=report).select_related("person", "klass").order_by("at", "pk")
    for number, item in enumerate(signed, start=1):
        who = item.person.name if item.person else ""
        klass = item.klass.name if item.klass else ""
        sheet.write_row(
            row + number, 0, [item.step, safe(who), safe(klass), f"{local(item.at):%Y-%m-%d %H:%M:%S}"]
        )
