"""Writing Excel files: plain tables whose cells can never start a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def harmless(value: Any) -> str:
    """Text that a spreadsheet program will not run, also after it was saved as CSV and opened again."""
    text = value.isoformat() if isinstance(value, date) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(DANGEROUS) else text


class Book:
    """A workbook in memory, every cell text."""

    def __init__(self) -> None:
        self.buffer = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book = xlsxwriter.Workbook(self.buffer, options)
        self.head = self.style({"bold": True, "bg_color": "#ECEFEB", "text_wrap": True, "valign": "vcenter"})
        self.text = self.style({"num_format": "@"})
        self.wrap = self.style({"num_format": "@", "text_wrap": True, "valign": "top"})

    def style(self, what: dict[str, Any]) -> Format:
        return self.book.add_format({"font_name": "SimSun", **what})

    def sheet(
        self, name: str, headers: Sequence[str], rows: Iterable[Sequence[Any]], wide: int = 14
    ) -> Worksheet:
        """Add a sheet with a frozen head; returns it for what else it needs."""
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, max(len(headers) - 1, 0), wide, self.text)
        for column, header in enumerate(headers):
            sheet.write_string(0, column, header, self.head)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                sheet.write_string(number, column, harmless(value), self.text)
        return sheet

    def bytes(self) -> bytes:
        self.book.close()
        return self.buffer.getvalue()


def download(data: bytes, name: str) -> HttpResponse:
    """An answer that the browser saves under ``name``."""
    response = HttpResponse(data, content_type=XLSX, headers={"Cache-Control": "no-store"})
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
