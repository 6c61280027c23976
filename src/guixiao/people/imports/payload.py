"""What a staged row holds, sealed, between the check and the writing."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from guixiao.people.models import ImportRow
from guixiao.places.models import Place

from .cells import Faults
from .classes import NewClass
from .columns import by_header, plain


@dataclass(slots=True)
class Payload:
    """``klass`` is a class id, or ``grade|name`` of one to be made; ``match`` the known child."""

    values: dict[str, str] = field(default_factory=dict)
    faults: Faults = field(default_factory=list)
    notes: Faults = field(default_factory=list)
    klass: int | str | None = None
    home: int | None = None
    registered: int | None = None
    match: int | None = None
    changes: list[list[Any]] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)

    def pack(self) -> str:
        kept = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps({name: value for name, value in kept.items() if value}, ensure_ascii=False)

    @classmethod
    def of(cls, row: ImportRow) -> Payload:
        found = cls(**json.loads(row.payload))
        found.faults = [(key, code, was) for key, code, was in found.faults]
        found.notes = [(key, code, was) for key, code, was in found.notes]
        return found

    def cells(self, headers: list[str]) -> list[str]:
        """The row in the shape of the sheet it came from."""
        if self.raw:
            return self.raw
        found = [by_header().get(plain(header)) for header in headers]
        return [self.values.get(column.key, "") if column else "" for column in found]


def class_key(klass: Place | NewClass) -> int | str:
    return klass.pk if isinstance(klass, Place) else f"{klass.grade}|{klass.name}"
