"""Hold every chain against its key, its anchors, and the state it led to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps

from guixiao.facts import REGISTRY

from . import anchors
from .append import subjects_of
from .models import Chain, Entry
from .reading import Unreadable, each
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
    chains: int = 0
    entries: int = 0
    records: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class State:
    """The last digest the journal gave for each record, by the order in which entries were committed.

    Two chains may vouch for one record. An entry gets its id last in the transaction that changed the record,
    so of two entries about one record the higher id is the later one; :func:`_walk` holds ids against numbers.
    """

    digests: dict[tuple[str, int], str] = field(default_factory=dict)
    by: dict[tuple[str, int], int] = field(default_factory=dict)

    def take(self, entry: Entry) -> None:
        for key, seen in _traces(entry):
            if self.by.get(key, 0) < entry.pk:
                self.digests[key], self.by[key] = seen, entry.pk


def verify(anchor_file: Path | None = None) -> Report:
    """Read every entry once, in order, then every recorded row once. Nothing is written."""
    report = Report()
    state = State()
    anchored = anchors.read(anchor_file) if anchor_file else anchors.Anchors()
    report.problems += [Problem("anchor altered", f"line {number}") for number in anchored.altered]
    if anchor_file:
        report.problems += [
            Problem("anchor missing", f"{name}#{seq}", "the database remembers anchoring it")
            for name, seq in anchors.unseen(anchored)
        ]
    names = set()
    for chain in Chain.objects.order_by("name"):
        names.add(chain.name)
        report.chains += 1
        _check_chain(chain, anchored.heads.get(chain.name, {}), report, state)
    report.problems += [
        Problem("chain missing", name, "anchored but not in the database")
        for name in anchored.heads
        if name not in names
    ]
    strays = Entry.objects.exclude(chain__in=Chain.objects.all()).values_list("pk", flat=True)
    report.problems += [Problem("chain missing", f"entry id {pk}", "its chain is gone") for pk in strays]
    _check_state(state.digests, report)
    return report


def _check_chain(chain: Chain, anchored: dict[int, str], report: Report, state: State) -> None:
    number: object = chain.seq
    if not isinstance(number, int):  # SQLite keeps whatever it is given
        report.problems.append(Problem("head altered", chain.name, "its number is not a number"))
        return
    wanted = {*anchored, chain.seq}
    macs: dict[int, str] = {}
    last = 0
    for entry, found in _walk(chain):
        report.entries += 1
        report.problems += found
        if entry is not None:
            last = entry.seq
            if last in wanted:
                macs[last] = entry.mac
            state.take(entry)
    report.problems += _check_head(chain, last, macs)
    report.problems += _check_anchors(chain, last, macs, anchored)


def _walk(chain: Chain) -> Iterator[tuple[Entry | None, list[Problem]]]:
    """Every entry of a chain in order, with what is wrong with it."""
    before: Entry | None = Entry(seq=0, mac="", pk=0)
    for entry in each(Entry.objects.filter(chain=chain).order_by("seq")):
        if isinstance(entry, Unreadable) or not isinstance(entry.seq, int):
            where = f"{chain.name}, entry id {entry.pk}"
            yield None, [Problem("entry altered", where, "it cannot be read")]
            before = None
            continue
        where = f"{chain.name}#{entry.seq}"
        found = _place(entry, before, chain.name) if before else []
        if entry.mac != _mac(chain, entry) or (entry.student, entry.place) != _subjects(entry):
            found.append(Problem("entry altered", where, f"{entry.kind}, entry id {entry.pk}"))
        if entry.kind not in REGISTRY:
            found.append(Problem("unknown fact", where, entry.kind))
        yield entry, found
        before = entry


def _place(entry: Entry, before: Entry, chain: str) -> list[Problem]:
    """What is wrong with where an entry stands."""
    where = f"{chain}#{entry.seq}"
    if entry.seq != before.seq + 1:
        return [Problem("entry missing", f"{chain}#{before.seq + 1}…{entry.seq - 1}")]
    if entry.prev != before.mac:
        return [Problem("broken link", where, "it does not follow the entry before it")]
    if entry.pk < before.pk:
        return [Problem("entry renumbered", where, f"entry id {entry.pk} after {before.pk}")]
    return []


def _mac(chain: Chain, entry: Entry) -> str:
    """The seal it ought to have; none, where a column holds what it never could have held."""
    try:
        return mac_of(chain.name, entry)
    except (AttributeError, TypeError, ValueError):
        return "none"


def _subjects(entry: Entry) -> tuple[int | None, int | None]:
    payload: Any = entry.payload
    return subjects_of(payload) if isinstance(payload, dict) else (None, None)


def _check_head(chain: Chain, last: int, macs: dict[int, str]) -> list[Problem]:
    found: list[Problem] = []
    if (chain.seq or last) and chain.seal != seal_of(chain.name, chain.seq, chain.head):
        found.append(Problem("head altered", chain.name, "its seal is not ours"))
    if last < chain.seq:
        found.append(Problem("tail cut", f"{chain.name}#{last + 1}…{chain.seq}"))
    elif last > chain.seq:
        found.append(Problem("head altered", chain.name, f"it says {chain.seq}, entries go on to {last}"))
    elif last and chain.head != macs.get(last):
        found.append(Problem("head altered", f"{chain.name}#{last}"))
    return found


def _check_anchors(chain: Chain, last: int, macs: dict[int, str], anchored: dict[int, str]) -> list[Problem]:
    found: list[Problem] = []
    for seq, head in sorted(anchored.items()):
        if seq > last:
            found.append(Problem("tail cut", f"{chain.name}#{last + 1}…{seq}", "the anchor file has seen it"))
        elif macs.get(seq) != head:
            found.append(Problem("chain rewritten", f"{chain.name}#{seq}", "it differs from the anchor file"))
    return found


def _traces(entry: Entry) -> Iterator[tuple[tuple[str, int], str]]:
    rows: Any = entry.records
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, list) and len(row) == 3 and isinstance(row[1], int):
            yield (str(row[0]), row[1]), str(row[2])


def _check_state(state: dict[tuple[str, int], str], report: Report) -> None:
    for model in recorded_models():
        name = label(model)
        for row in each(model._base_manager.order_by("pk")):
            report.records += 1
            seen = state.pop((name, row.pk), None)
            if isinstance(row, Unreadable):
                report.problems.append(
                    Problem("state altered", f"{name} {row.pk}", f"cannot be read: {row.why}")
                )
            elif seen is None or seen == GONE:
                report.problems.append(Problem("row without an entry", f"{name} {row.pk}"))
            elif seen != digest(row):
                report.problems.append(
                    Problem("state altered", f"{name} {row.pk}", "it differs from the journal")
                )
    report.problems += [
        Problem("row missing", f"{name} {pk}") for (name, pk), seen in state.items() if seen != GONE
    ]


def recorded_models() -> list[type[Recorded]]:
    """Every model whose rows the journal vouches for."""
    return [model for model in apps.get_models() if issubclass(model, Recorded)]
