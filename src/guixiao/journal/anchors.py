"""Daily heads in a file outside the database: who cuts or rewrites a chain must also reach this file.

One JSON line a chain and day. The file is append-only; copy it to another machine.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from django.conf import settings

from .models import Chain
from .sealing import seal_of


def default_file() -> Path:
    return Path(settings.HOME) / "anchors.jsonl"


def write(day: date, path: Path) -> int:
    """Append today's heads that are not yet in the file. Returns how many lines were written."""
    known = read(path)
    lines = [
        json.dumps(
            {
                "day": day.isoformat(),
                "chain": chain.name,
                "seq": chain.seq,
                "head": chain.head,
                "seal": chain.seal,
            }
        )
        for chain in Chain.objects.order_by("name")
        if chain.seq and chain.seq not in known.get(chain.name, {})
    ]
    if lines:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a") as file:
            file.write("\n".join(lines) + "\n")
    return len(lines)


def read(path: Path) -> dict[str, dict[int, str]]:
    """``{chain: {seq: head}}`` of every line that carries our seal; foreign lines are ignored."""
    found: dict[str, dict[int, str]] = {}
    if not path.exists():
        return found
    for line in path.read_text().splitlines():
        try:
            row = json.loads(line)
            if row["seal"] == seal_of(row["chain"], row["seq"], row["head"]):
                found.setdefault(row["chain"], {})[row["seq"]] = row["head"]
        except (ValueError, KeyError, TypeError):
            continue
    return found
