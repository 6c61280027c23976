"""What a measurement found: named figures with their units, each beside the baseline of the same run."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. ``baseline`` is the same unit measured in the same run; ``limit`` is what we promised of
    the value or, with ``of_ratio``, of value ÷ baseline; ``at_least`` turns the promise round."""

    name: str
    value: float
    unit: str
    baseline: float | None = None
    baseline_is: str = ""
    limit: float | None = None
    of_ratio: bool = False
    at_least: bool = False

    @property
    def ratio(self) -> float | None:
        """Value ÷ baseline, None without a baseline."""
        return self.value / self.baseline if self.baseline else None

    @property
    def kept(self) -> bool | None:
        """Whether the promise held; None where none was made."""
        judged = self.ratio if self.of_ratio else self.value
        if self.limit is None or judged is None:
            return None
        return judged >= self.limit if self.at_least else judged <= self.limit

    @property
    def promise(self) -> str:
        """``≤ 1.3 ×`` or ``≤ 1000 ms``, empty without one."""
        if self.limit is None:
            return ""
        unit = "×" if self.of_ratio else self.unit
        return f"{'≥' if self.at_least else '≤'} {shown(self.limit)} {unit}".rstrip()

    def row(self) -> dict[str, Any]:
        """The figure as JSON carries it."""
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "baseline": self.baseline,
            "baseline_is": self.baseline_is,
            "ratio": self.ratio,
            "limit": self.limit,
            "limit_of": "ratio" if self.of_ratio else "value",
            "at_least": self.at_least,
            "kept": self.kept,
        }


@dataclass(frozen=True, slots=True)
class Result:
    """What one bench printed. ``setting`` says what it was measured over: sizes, engine, rates."""

    what: str
    figures: Sequence[Figure]
    setting: Mapping[str, str | int | float] = field(default_factory=dict)

    def as_json(self, machine: Mapping[str, str | int]) -> str:
        rows = [figure.row() for figure in self.figures]
        return json.dumps(
            {"what": self.what, "setting": dict(self.setting), "machine": dict(machine), "figures": rows},
            ensure_ascii=False,
        )

    @staticmethod
    def from_row(row: Mapping[str, Any]) -> Result:
        """The result that :meth:`as_json` wrote down."""
        figures = [
            Figure(
                one["name"],
                one["value"],
                one["unit"],
                one["baseline"],
                one["baseline_is"],
                one["limit"],
                of_ratio=one["limit_of"] == "ratio",
                at_least=one["at_least"],
            )
            for one in row["figures"]
        ]
        return Result(row["what"], figures, row["setting"])

    def table(self) -> str:
        """A table for people: name, value, baseline, ratio, promise and whether it was kept."""
        head = ("", "value", "baseline", "ratio", "promise", "")
        rows = [head, *(_cells(figure) for figure in self.figures)]
        widths = [max(len(row[n]) for row in rows) for n in range(len(head))]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
        ]
        said = ", ".join(f"{name} {shown(value)}" for name, value in self.setting.items())
        return "\n".join([f"{self.what}: {said}", *(f"  {line}".rstrip() for line in lines)])


def _cells(figure: Figure) -> tuple[str, ...]:
    base = "" if figure.baseline is None else f"{shown(figure.baseline)} {figure.unit}"
    if figure.baseline_is:
        base += f" ({figure.baseline_is})"
    ratio = "" if figure.ratio is None else f"{shown(figure.ratio)} ×"
    kept = {None: "", True: "kept", False: "MISSED"}[figure.kept]
    return figure.name, f"{shown(figure.value)} {figure.unit}", base.strip(), ratio, figure.promise, kept


def shown(value: str | float) -> str:
    """Three figures where they matter, thousands apart."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` (0…1) of ``values`` do not exceed: nearest rank, 0 for none."""
    ordered = sorted(values)
    if not ordered:
        return 0.0
    return ordered[min(len(ordered) - 1, max(0, int(-(-share * len(ordered) // 1)) - 1))]


def machine() -> dict[str, str | int]:
    """What it ran on: processor, cores, memory in GiB, system, Python."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as text:
            return next(line.partition(":")[2].strip() for line in text if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "unknown"
