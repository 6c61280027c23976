"""The last result of ``guixiao verify``, kept in the home folder for whoever audits."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from .verify import Report

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Result:
    at: datetime
    chains: int
    entries: int
    records: int
    problems: tuple[str, ...]
    count: int


def file() -> Path:
    return Path(settings.HOME) / "verify.json"


def keep(report: Report, now: datetime) -> None:
    """Remember a result; only the first problems are kept in full."""
    file().parent.mkdir(parents=True, exist_ok=True)
    said = {
        "at": now.isoformat(),
        "chains": report.chains,
        "entries": report.entries,
        "records": report.records,
        "problems": [str(problem) for problem in report.problems[:SHOWN]],
        "count": len(report.problems),
    }
    file().write_text(json.dumps(said, ensure_ascii=False))


def last() -> Result | None:
    """The last result, if there was one that can be read."""
    try:
        said = json.loads(file().read_text())
        return Result(
            datetime.fromisoformat(said["at"]),
            said["chains"],
            said["entries"],
            said["records"],
            tuple(said["problems"]),
            said["count"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
