"""A plain table as Excel whose cells can never start a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """Text that a spreadsheet program will not run, also after it went through CSV."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def table(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """One sheet as a download called ``name.xlsx``."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    sheet = book.add_worksheet(name[:31])
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(heads) - 1, 18)
    bold = book.add_format({"bold": True})
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            sheet.write_string(number, column, harmless(str(value)))
    book.close()
    answer = HttpResponse(buffer.getvalue(), content_type=XLSX, headers={"Cache-Control": "no-store"})
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    return answer
