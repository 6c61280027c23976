"""One row of a staff sheet as it is understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from guixiao.staffing.models import RowKind

from .reasons import Faults


@dataclass
class Meant:
    """One row as it is understood. ``place`` is an id, or ``school|grade|name`` of a place to be made."""

    number: int
    cells: dict[str, str]
    faults: Faults = field(default_factory=list)
    notes: Faults = field(default_factory=list)
    kind: str = RowKind.BAD
    person: int | None = None
    who: str = ""  # the key of the person inside the sheet
    place: int | str | None = None
    place_name: str = ""
    post: str = ""
    first: date | None = None
    last: date | None = None
    holding: int | None = None
    holder: str = ""
    deputy: dict[str, Any] | None = None

    def fault(self, key: str, code: str, value: str = "") -> None:
        self.faults.append([key, code, value])

    def note(self, key: str, code: str, value: str = "") -> None:
        self.notes.append([key, code, value])

    def pack(self) -> dict[str, Any]:
        """What the row keeps: ids, codes, days and the name. The rest stays in the sealed cells."""
        return {
            "name": self.cells.get("name", ""),
            "faults": self.faults,
            "notes": self.notes,
            "person": self.person,
            "who": self.who,
            "place": self.place,
            "place_name": self.place_name,
            "post": self.post,
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
            "holding": self.holding,
            "holder": self.holder,
            "deputy": self.deputy,
        }
