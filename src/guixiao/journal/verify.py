"""Hold every chain against its key, its anchors, and the state it led to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps

from guixiao.facts import REGISTRY

from . import anchors
from .models import Chain, Entry
from .records import GONE, Recorded, digest, label
from .sealing import mac_of, seal_of


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it was written. ``what`` is a code, ``where`` names it."""

    what: str
    where: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.what}: {self.where}" + (f" ({self.detail})" if self.detail else "")


@dataclass(slots=True)
class Report:
    chains: int
    entries: int
    records: int
    problems: list[Problem]


def verify(anchor_file: Path | None = None) -> Report:
    """Read every entry once, in order, then every recorded row once. Nothing is written."""
    state: dict[tuple[str, int], str] = {}
    problems: list[Problem] = []
    entries = 0
    chains = list(Chain.objects.order_by("name"))
    anchored = anchors.read(anchor_file) if anchor_file else {}
    for chain in chains:
        macs: dict[int, str] = {}
        for entry, found in _walk(chain):
            problems += found
            entries += 1
            macs[entry.seq] = entry.mac
            state.update({(name, pk): seen for name, pk, seen in _traces(entry)})
        problems += _check_head(chain, macs)
        problems += _check_anchors(chain, macs, anchored.pop(chain.name, {}))
    problems += [Problem("chain missing", name, "anchored but not in the database") for name in anchored]
    checked, found = _check_state(state)
    return Report(len(chains), entries, checked, problems + found)


def _walk(chain: Chain) -> Iterator[tuple[Entry, list[Problem]]]:
    expected, prev = 1, ""
    for entry in Entry.objects.filter(chain=chain).order_by("seq").iterator(chunk_size=2000):
        where = f"{chain.name}#{entry.seq}"
        found: list[Problem] = []
        if entry.seq != expected:
            found.append(Problem("entry missing", f"{chain.name}#{expected}…{entry.seq - 1}"))
        elif entry.prev != prev:
            found.append(Problem("broken link", where, "it does not follow the entry before it"))
        if entry.mac != mac_of(chain.name, entry):
            found.append(Problem("entry altered", where, f"{entry.kind}, entry id {entry.pk}"))
        if entry.kind not in REGISTRY:
            found.append(Problem("unknown fact", where, entry.kind))
        yield entry, found
        expected, prev = entry.seq + 1, entry.mac


def _check_head(chain: Chain, macs: dict[int, str]) -> list[Problem]:
    last = max(macs, default=0)
    found: list[Problem] = []
    if chain.seq and chain.seal != seal_of(chain.name, chain.seq, chain.head):
        found.append(Problem("head altered", chain.name, "its seal is not ours"))
    if last < chain.seq:
        found.append(Problem("tail cut", f"{chain.name}#{last + 1}…{chain.seq}"))
    elif last > chain.seq:
        found.append(Problem("tail cut", chain.name, f"the head says {chain.seq}, entries go on to {last}"))
    elif last and chain.head != macs[last]:
        found.append(Problem("head altered", f"{chain.name}#{last}"))
    return found


def _check_anchors(chain: Chain, macs: dict[int, str], anchored: dict[int, str]) -> list[Problem]:
    found: list[Problem] = []
    for seq, head in sorted(anchored.items()):
        if seq > max(macs, default=0):
            found.append(Problem("tail cut", f"{chain.name}#{seq}", "the anchor file has seen it"))
        elif macs.get(seq) != head:
            found.append(Problem("chain rewritten", f"{chain.name}#{seq}", "it differs from the anchor file"))
    return found


def _traces(entry: Entry) -> Iterator[tuple[str, int, str]]:
    rows: Any = entry.records
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, list) and len(row) == 3:
            yield row[0], row[1], row[2]


def _check_state(state: dict[tuple[str, int], str]) -> tuple[int, list[Problem]]:
    found: list[Problem] = []
    checked = 0
    for model in recorded_models():
        name = label(model)
        for row in model._base_manager.order_by("pk").iterator(chunk_size=2000):
            checked += 1
            seen = state.pop((name, row.pk), None)
            if seen is None:
                found.append(Problem("row without an entry", f"{name} {row.pk}"))
            elif seen != digest(row):
                found.append(Problem("state altered", f"{name} {row.pk}", "it differs from the journal"))
    found += [Problem("row missing", f"{name} {pk}") for (name, pk), seen in state.items() if seen != GONE]
    return checked, found


def recorded_models() -> list[type[Recorded]]:
    """Every model whose rows the journal vouches for."""
    return [model for model in apps.get_models() if issubclass(model, Recorded)]
