"""The cells of a row between reading and writing: sealed, and read through the columns' mapping."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from guixiao.staffing.models import StaffRow


def pack(cells: Sequence[str]) -> str:
    return json.dumps(list(cells), ensure_ascii=False)


def raw(row: StaffRow) -> list[str]:
    found: list[str] = json.loads(row.cells)
    return found


def cells_of(row: StaffRow, mapping: Mapping[str, int]) -> dict[str, str]:
    """The cells by what they fill."""
    cells = raw(row)
    return {key: cells[index] for key, index in mapping.items() if index < len(cells)}
