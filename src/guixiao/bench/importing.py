"""``guixiao bench import``: the register's spreadsheet, beside reading it and inserting its rows bare.

Ours checks every cell, matches every child, encrypts, journals and can be taken back; the baseline reads the sheet
with the same reader and puts its cells into a table of text columns. Somebody else writes all the while.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import county, registers
from .result import Figure, Result

ROWS = 100_000
TIMES = 6.0
PATIENCE = 2.0  # seconds another writer may have to wait


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--rows", type=int, default=ROWS)


def run(options: Mapping[str, Any]) -> Result:
    """Seconds for the baseline and for ours, the longest another writer waited, and the memory it took."""
    say = options["say"]
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "register.xlsx"
        say(f"import: writing a sheet of {options['rows']:,} rows × {registers.WIDTH} columns")
        registers.write(book, options["rows"])
        size = book.stat().st_size
        with county.empty("bench_import", say) as place:
            say("import: the bare way")
            bare = place.inside("import_bare", "--file", str(book))
            say("import: ours, with another writer beside it")
            with _beside(place, Path(folder) / "stop") as waited:
                ours = place.inside("import", "--file", str(book))
    base, total = bare["read"] + bare["insert"], ours["check"] + ours["write"]
    figures = [
        Figure(
            "the whole import", total, "s", base, "calamine read + bare bulk_create", TIMES, of_ratio=True
        ),
        Figure("of it, checking", ours["check"], "s", bare["read"], "calamine read"),
        Figure("of it, writing", ours["write"], "s", bare["insert"], "bare bulk_create"),
        Figure("another writer's longest wait", max(waited), "s", limit=PATIENCE),
        Figure("peak memory", ours["memory"], "MiB", bare["memory"], "the bare way"),
    ]
    said = {"rows": options["rows"], "columns": registers.WIDTH, "file_mb": round(size / 1e6, 1)}
    others = {"children": ours["children"], "others_writes": len(waited)}
    return Result("import", figures, {"engine": county.engine(), **said, **others})


@contextmanager
def _beside(place: county.County, stop: Path) -> Iterator[list[float]]:
    """Somebody of the same school who writes ten times a second until the end; the waits, when it is over."""
    command = [sys.executable, "-m", "guixiao", "bench_inside", "beside", "--file", str(stop)]
    writer = subprocess.Popen(command, env=place.environment(), stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own command, no shell
    waited: list[float] = []
    try:
        yield waited
    finally:
        stop.touch()
        said, _none = writer.communicate(timeout=120)
    waited += [float(line) for line in said.split()]
