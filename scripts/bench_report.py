"""Reads what ``guixiao bench … --json`` wrote: tables for people, or with ``--markdown`` the table of the docs."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from guixiao.bench.result import Result, shown


def read(path: Path) -> tuple[Result, dict[str, str | int]]:
    """The result in a file, and the machine it ran on."""
    found = json.loads(path.read_text())
    return Result.from_row(found), found["machine"]


def markdown(results: list[tuple[Path, Result]]) -> str:
    """One table of every figure that has a promise or a baseline."""
    lines = [
        "| bench | on | figure | value | baseline | ratio | promise | |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for path, result in results:
        engine = str(
            result.setting.get("engine", path.stem.split("-")[1] if result.what != "engine" else "—")
        )
        for one in result.figures:
            if one.baseline is None and one.limit is None:
                continue
            base = "" if one.baseline is None else f"{shown(one.baseline)} {one.unit} ({one.baseline_is})"
            ratio = "" if one.ratio is None else f"{shown(one.ratio)} ×"
            kept = {None: "", True: "kept", False: "**missed**"}[one.kept]
            cells = [
                result.what,
                engine,
                one.name,
                f"{shown(one.value)} {one.unit}",
                base,
                ratio,
                one.promise,
                kept,
            ]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    paths = [Path(one) for one in arguments if not one.startswith("--")]
    read_in = [(path, *read(path)) for path in paths]
    if "--markdown" in arguments:
        print(markdown([(path, result) for path, result, _machine in read_in]))
        return
    for _path, result, machine in read_in:
        print(result.table())
        print("  " + ", ".join(f"{name} {value}" for name, value in machine.items()))


if __name__ == "__main__":
    main(sys.argv[1:])
