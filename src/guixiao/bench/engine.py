"""``guixiao bench engine``: how long one child takes under every regulation there is at once.

Judged by processor time, with wall time beside it: the machine may be busy with other things, the engine is pure
arithmetic. The baseline is one walk over the same facts that counts the longest row of missed roll calls.
"""

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
from guixiao.policy.bench import Speed, measure

from .result import Figure, Result

FIRST, LAST = date(2026, 9, 1), date(2026, 11, 20)
LIMIT = 3.0
MS = 1000
BASELINE = "one walk over the facts"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--subjects", type=int, default=100_000, help="made-up children (default 100,000)")
    parser.add_argument("--pack", action="append", default=[], help="only these packs (default: all)")


def run(options: Mapping[str, Any]) -> Result:
    """Evaluate made-up children under every pack: p50, p99 and the worst, in milliseconds."""
    chosen = [pack for code, pack in load_all().items() if not options["pack"] or code in options["pack"]]
    say = options["say"]
    speed = measure(
        time.process_time,
        [AdoptedPack(pack, 1, FIRST) for pack in chosen],
        standing({}, student=True),
        calendar({"term_start": FIRST}),
        FIRST,
        at(LAST, 12),
        subjects=options["subjects"],
        also=time.perf_counter,
        tell=lambda done: say(f"{done:,} children"),
    )
    setting = {
        "packs": len(chosen),
        "rules": sum(len(pack.rules) for pack in chosen),
        "subjects": speed.subjects,
        "outcomes": speed.outcomes,
    }
    return Result("engine", _figures(speed), setting)


def _figures(speed: Speed) -> list[Figure]:
    plain, wall = speed.plain, speed.also
    return [
        Figure("p50, processor", speed.p50 * MS, "ms", plain.p50 * MS, BASELINE),
        Figure("p99, processor", speed.p99 * MS, "ms", plain.p99 * MS, BASELINE, limit=LIMIT),
        Figure("worst, processor", speed.worst * MS, "ms", plain.worst * MS, BASELINE),
        Figure("p50, wall", wall.p50 * MS, "ms"),
        Figure("p99, wall", wall.p99 * MS, "ms"),
        Figure("worst, wall", wall.worst * MS, "ms"),
    ]
