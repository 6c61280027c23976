"""Daily heads in a file outside the database: who cuts or rewrites a chain must also reach this file.

One JSON line a chain and day, each sealed together with the line before it, so that the file cannot lose or
change a line unnoticed either; a cursor in the database remembers how far each chain was anchored, so that it
cannot lose its end. Copy the file to another machine: what the holder of both database and file could do,
only a copy elsewhere shows.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from .models import Chain, Cursor
from .queries import mark_read
from .sealing import line_seal_of, seal_of

READER = "anchors"


@dataclass(slots=True)
class Anchors:
    """What the file says: ``{chain: {seq: head}}``, the number of each line that is not as written, the tip."""

    heads: dict[str, dict[int, str]] = field(default_factory=dict)
    altered: list[int] = field(default_factory=list)
    tip: str = ""

    def last(self, chain: str) -> int:
        return max(self.heads.get(chain, {}), default=0)


def default_file() -> Path:
    return Path(settings.HOME) / "anchors.jsonl"


def write(day: date, path: Path) -> int:
    """Append today's heads that are not yet in the file. Returns how many lines were written.

    A head whose seal is not ours is left out: an anchor must not vouch for it. One writer a file at a time.
    """
    with _alone(path):
        return _write(day, path)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Others of this machine wait; the lock ends with whoever holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _write(day: date, path: Path) -> int:
    known = read(path)
    tip = known.tip
    lines: list[str] = []
    written: list[Chain] = []
    for chain in Chain.objects.order_by("name"):
        if chain.seq <= known.last(chain.name) or chain.seal != seal_of(chain.name, chain.seq, chain.head):
            continue
        row = {"day": day.isoformat(), "chain": chain.name, "seq": chain.seq, "head": chain.head, "prev": tip}
        tip = line_seal_of(row)
        lines.append(json.dumps({**row, "seal": tip}, ensure_ascii=False))
        written.append(chain)
    if lines:
        _append(path, lines)
        for chain in written:
            mark_read(READER, chain, chain.seq)
    return len(lines)


def _append(path: Path, lines: list[str]) -> None:
    """Add whole lines; the torn end that a crash left behind was never a line and goes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        file.seek(0)
        whole = file.read().rfind(b"\n") + 1
        file.truncate(whole)
        file.write(("\n".join(lines) + "\n").encode())
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> Anchors:
    """Every line that carries our seal and follows the line before it; the numbers of those that do not."""
    found = Anchors()
    if not path.exists():
        return found
    for number, row in _rows(path):
        if row is None or row["prev"] != found.tip:
            found.altered.append(number)
        if row is not None:
            found.heads.setdefault(row["chain"], {})[row["seq"]] = row["head"]
            found.tip = row["seal"]
    return found


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | None]]:
    text = path.read_bytes().decode(errors="replace")
    whole = text[: text.rfind("\n") + 1]
    for number, line in enumerate(whole.splitlines(), start=1):
        try:
            row = json.loads(line)
            seal = row.pop("seal")
            sound = seal == line_seal_of(row) and isinstance(row["seq"], int)
            yield number, {**row, "seal": seal} if sound else None
        except (ValueError, KeyError, TypeError, AttributeError):
            yield number, None


def unseen(found: Anchors) -> list[tuple[str, int]]:
    """Chains that were anchored further than the file says: its end was cut off, or it is not our file."""
    marks = Cursor.objects.filter(reader=READER).values_list("chain__name", "seq")
    return [(name, seq) for name, seq in marks if found.last(name) < seq]
