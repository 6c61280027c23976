"""What making, changing and undoing share. Writes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from guixiao.people.imports.payload import Payload
from guixiao.people.models import ImportBatch, ImportRow
from guixiao.people.rosters import next_version, next_versions
from guixiao.places.models import Place


def classes_of(batch: ImportBatch, payloads: Iterable[Payload]) -> dict[int | str, Place]:
    """The classes staged rows belong to, the new ones by the ids they got."""
    keys = {payload.klass for payload in payloads if payload.klass}
    ids: dict[int | str, int] = {key: key if isinstance(key, int) else batch.made_places[key] for key in keys}
    found = Place.objects.in_bulk(ids.values())
    return {key: found[pk] for key, pk in ids.items()}


def meanwhile(row: ImportRow) -> None:
    """Somebody changed the child between the check and the writing: the row says so and is left out."""
    payload = Payload.of(row)
    payload.faults = [("name", "meanwhile", "")]
    row.payload = payload.pack()


def sheet_text(columns: Mapping[str, str]) -> str:
    """The register sheet of a child as it is stored."""
    return json.dumps(dict(sorted(columns.items())), ensure_ascii=False, separators=(",", ":"))


class Versions:
    """The roster of a class advances once for each batch, however many of its children change."""

    def __init__(self) -> None:
        self.known: dict[int, int] = {}

    def advance(self, classes: Iterable[int]) -> None:
        """Take the versions of some classes at once; :meth:`of` then knows them."""
        self.known |= next_versions(set(classes) - self.known.keys())

    def of(self, klass: int) -> int:
        if klass not in self.known:
            self.known[klass] = next_version(klass)
        return self.known[klass]
