"""One row of the sheet against the rules: what it says, what is wrong with it, what to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from guixiao.people import idnumbers
from guixiao.places.models import Place

from .cells import READERS, Faults, Reader, text_of
from .classes import Classes, NewClass
from .columns import Column, by_key, columns
from .reading import Cell

OF_FEW_WORDS = frozenset({"code", "sex", "yes_no", "month", "grade", "class"})
RESIDENT = "1"  # 居民身份证
NO_DOCUMENT = ("", "Q")


@dataclass(slots=True)
class Checked:
    """A row after its own check. ``values`` is keyed by column; faults refuse it, notes only remark."""

    number: int
    values: dict[str, str]
    faults: Faults = field(default_factory=list)
    notes: Faults = field(default_factory=list)
    klass: Place | NewClass | None = None

    @property
    def bad(self) -> bool:
        return bool(self.faults)

    def get(self, key: str) -> str:
        return self.values.get(key, "")


class RowChecker:
    """Checks rows of one sheet: the columns are looked up once, not once a row."""

    def __init__(self, found: Sequence[Column | None], classes: Classes, today: date) -> None:
        self.plan = [(at, column, READERS[column.kind]) for at, column in enumerate(found) if column]
        self.required = [column.key for column in columns() if column.required]
        here = {column.key for _at, column, _reader in self.plan}
        self.expected = [c.key for c in columns() if c.must == "expected" and c.key in here]
        self.classes = classes
        self.today = today
        self.known: dict[tuple[str, str], Place | NewClass | None] = {}
        self.seen: dict[tuple[int, str], str] = {}

    def read(self, number: int, cells: Sequence[Cell]) -> Checked:
        """The row's values, each cell by itself."""
        row = Checked(number, {})
        for at, column, reader in self.plan:
            cell = cells[at]
            if cell != "":
                text = self._cell(at, column, reader, cell, row.faults)
                if text:
                    row.values[column.key] = text
        return row

    def _cell(self, at: int, column: Column, reader: Reader, cell: Cell, faults: Faults) -> str:
        """A column of codes holds the same few cells over and over: each good one is read once."""
        if column.kind not in OF_FEW_WORDS or not isinstance(cell, str):
            return reader(column, cell, faults, self.today)
        known = self.seen.get((at, cell))
        if known is None:
            before = len(faults)
            known = reader(column, cell, faults, self.today)
            if len(faults) == before:
                self.seen[at, cell] = known
        return known

    def check(self, number: int, cells: Sequence[Cell]) -> Checked:
        """The row's values, and everything that is wrong with it as a whole."""
        row = self.read(number, cells)
        values = row.values
        judged = {key for key, _code, _was in row.faults}
        row.faults += [(key, "empty", "") for key in self.required if key not in values and key not in judged]
        row.notes += [(key, "empty", "") for key in self.expected if key not in values and key not in judged]
        self._numbers(row)
        self._guardians(row)
        self._areas(row)
        self._class(row)
        return row

    def _numbers(self, row: Checked) -> None:
        """The child's own ID. Sex only warns; the student number need not equal it."""
        text, kind = row.get("id_number"), row.get("id_type")
        if not text:
            if not (row.get("g1.id_number") or row.get("g2.id_number")) and not _judged(row, "id_number"):
                row.faults.append(("g1.id_number", "guardian_document", ""))
            return
        if kind not in (RESIDENT, ""):
            return
        found = idnumbers.faults(text, self.today)
        row.faults += [("id_number", f"id_{code}", text) for code in found]
        if found:
            return
        born = idnumbers.birth_of(text)
        if row.get("birth") and born and row.get("birth") != born.isoformat():
            row.faults.append(("birth", "birth_differs", row.get("birth")))
        if row.get("sex") and idnumbers.sex_of(text) != row.get("sex"):
            row.notes.append(("sex", "sex_differs", by_key()["sex"].label(row.get("sex"))))

    def _guardians(self, row: Checked) -> None:
        for order in ("g1", "g2"):
            text = row.get(f"{order}.id_number")
            if text and row.get(f"{order}.id_type") in (RESIDENT, ""):
                found = idnumbers.faults(text, self.today)
                row.faults += [(f"{order}.id_number", f"id_{code}", text) for code in found]
        if row.get("g1.name") and row.get("g1.name") == row.get("g2.name"):
            row.notes.append(("g2.name", "same_guardian", row.get("g2.name")))

    def _areas(self, row: Checked) -> None:
        for key in ("birthplace", "origin", "registered_area"):
            text = row.get(key)
            if text.isdigit() and len(text) not in (6, 9, 12):
                row.notes.append((key, "area", text[:20]))

    def _class(self, row: Checked) -> None:
        grade, text = row.get("grade"), row.get("klass")
        if not grade or not text:
            return
        asked = (grade, text)
        if asked not in self.known:
            self.known[asked] = self.classes.find(int(grade), text)
        row.klass = self.known[asked]
        if row.klass is None:
            row.faults.append(("klass", "class", text[:40]))


def _judged(row: Checked, key: str) -> bool:
    return any(found == key for found, _code, _was in row.faults)


def raw(cells: Sequence[Cell]) -> list[str]:
    """The cells as text, for the Excel of rows that were refused."""
    return [text_of(cell) if cell != "" else "" for cell in cells]
