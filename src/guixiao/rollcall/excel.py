"""The board as a workbook. Every text is written as text: nothing a cell holds is ever a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

import xlsxwriter

Cell = str | int
Sheet = tuple[str, Sequence[str], Iterable[Sequence[Cell]]]


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """A workbook of (name, heads, rows)."""
    out = BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold = book.add_format({"bold": True, "bottom": 1})
    for name, heads, rows in sheets:
        page = book.add_worksheet(name)
        page.freeze_panes(1, 0)
        page.set_column(0, max(len(heads) - 1, 0), 14)
        for column, head in enumerate(heads):
            page.write_string(0, column, head, bold)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    page.write_number(number, column, value)
                else:
                    page.write_string(number, column, value)
    book.close()
    return out.getvalue()
