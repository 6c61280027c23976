"""``guixiao bench engine``: how long one child takes, printed with what it was measured over."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import date
from typing import Any

from guixiao.facts.clock import at
from guixiao.packs import load_all
from guixiao.packs.stage import calendar, standing
from guixiao.policy import AdoptedPack
from guixiao.policy.bench import measure

from .result import Figure, Result

FIRST, LAST = date(2026, 9, 1), date(2026, 11, 20)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--subjects", type=int, default=10_000)


def run(options: Mapping[str, Any]) -> Result:
    """Evaluate made-up children under every pack: p50, p99 and the worst, in milliseconds."""
    packs = [AdoptedPack(pack, 1, FIRST) for pack in load_all().values()]
    days = calendar({"term_start": FIRST})
    speed = measure(
        time.perf_counter,
        packs,
        standing({}, student=True),
        days,
        FIRST,
        at(LAST, 12),
        subjects=options["subjects"],
    )
    figures = [
        Figure("p50", speed.p50 * 1000, "ms"),
        Figure("p99", speed.p99 * 1000, "ms", limit=3.0),
        Figure("worst", speed.worst * 1000, "ms"),
    ]
    return Result(
        "engine", figures, {"packs": len(packs), "subjects": speed.subjects, "outcomes": speed.outcomes}
    )
