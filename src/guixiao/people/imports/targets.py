"""What a checked row says a child should look like, and how that differs from what is stored.

An empty cell never erases: what the sheet leaves out stays as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from guixiao.people.models import ON_THE_ROLL, Guardian, RegisterSheet, Student
from guixiao.places.models import Place

from .columns import Column, by_key, columns

GUARDIAN_FIELDS = ("name", "relation", "phone", "id_type", "id_number", "address", "workplace", "is_guardian")
BOARDS = "2"
NOT_KEPT = {"grade", "klass", "boarding"}
Change = list[Any]  # [field, old, new], as JSON holds it


@dataclass(slots=True)
class Target:
    """Columns of the child, of its register sheet and of its guardians by order; only what the row says."""

    student: dict[str, Any] = field(default_factory=dict)
    sheet: dict[str, str] = field(default_factory=dict)
    guardians: dict[int, dict[str, Any]] = field(default_factory=dict)


def target_of(values: Mapping[str, str], home: int | None = None, registered: int | None = None) -> Target:
    """The columns a row fills; ``home`` and ``registered`` are the villages its addresses mean."""
    made = Target()
    known = by_key()
    for key, text in values.items():
        column = known[key]
        if column.to:
            made.student[column.to] = date.fromisoformat(text) if column.kind == "date" else text
        elif key[:3] in ("g1.", "g2.") and key[3:] in GUARDIAN_FIELDS:
            made.guardians.setdefault(int(key[1]), {})[key[3:]] = _guardian_value(column, key[3:], text)
        elif key not in NOT_KEPT:
            made.sheet[key] = text
    if "boarding" in values:
        made.student["boarding"] = values["boarding"] == BOARDS
    if home:
        made.student["village_id"] = home
    if registered:
        made.student["registered_village_id"] = registered
    return made


def _guardian_value(column: Column, name: str, text: str) -> str | bool:
    if name == "is_guardian":
        return text == "1"
    return column.label(text) if name == "relation" else text


def differences(
    student: Student, sheet: RegisterSheet | None, wanted: Target, klass: Place | None
) -> list[Change]:
    """Every field that would change, with the old and the new value as text."""
    found: list[Change] = []
    for name, value in wanted.student.items():
        was = getattr(student, name)
        if was != value and not (name.endswith("village_id") and was is not None):
            found.append([name, _text(was), _text(value)])
    kept: dict[str, str] = json.loads(sheet.columns) if sheet else {}
    found += [
        [f"sheet.{key}", kept.get(key, ""), text]
        for key, text in wanted.sheet.items()
        if kept.get(key) != text
    ]
    here = {guardian.order: guardian for guardian in student.guardians.all()}
    for order, row in wanted.guardians.items():
        guardian = here.get(order) or Guardian(order=order)
        for name, value in row.items():
            if getattr(guardian, name) != value:
                found.append([f"g{order}.{name}", _text(getattr(guardian, name)), _text(value)])
    back = student.status not in ON_THE_ROLL
    if klass is None or student.klass_id != klass.pk or back:
        found.append(["klass", student.klass_id, klass.pk if klass else 0])
    return found


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def field_header(name: str) -> str:
    """The sheet's word for a changed field."""
    key = {"klass": "klass", "village_id": "address", "registered_village_id": "registered_area"}.get(
        name, name.removeprefix("sheet.")
    )
    by_target = {column.to: column for column in columns() if column.to}
    column = by_key().get(key) or by_target.get(key)
    return column.header if column else key
