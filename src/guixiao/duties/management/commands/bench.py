"""``guixiao bench engine``: how long one child takes, printed with what it was measured over."""

import json
import platform
import time
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from guixiao.facts.clock import at
from guixiao.packs import load_all
from guixiao.packs.stage import calendar, standing
from guixiao.policy import AdoptedPack
from guixiao.policy.bench import measure

FIRST, LAST = date(2026, 9, 1), date(2026, 11, 20)


class Command(BaseCommand):
    help = "Measure and print; nothing is asserted and nothing is written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", nargs="?", choices=["engine"], default="engine")
        parser.add_argument("--subjects", type=int, default=10_000)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        packs = [AdoptedPack(pack, 1, FIRST) for pack in load_all().values()]
        speed = measure(
            time.perf_counter,
            packs,
            standing({}, student=True),
            calendar({"term_start": FIRST}),
            FIRST,
            at(LAST, 12),
            subjects=options["subjects"],
        )
        if options["json"]:
            row = {
                "what": "engine",
                "packs": len(packs),
                "subjects": speed.subjects,
                "outcomes": speed.outcomes,
            }
            row |= {"p50_ms": speed.p50 * 1000, "p99_ms": speed.p99 * 1000, "worst_ms": speed.worst * 1000}
            self.stdout.write(
                json.dumps(row | {"python": platform.python_version(), "machine": platform.machine()})
            )
            return
        self.stdout.write(f"engine, {len(packs)} packs, a term of roll calls each: {speed}")
