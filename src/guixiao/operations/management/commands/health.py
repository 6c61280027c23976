"""``guixiao health``: the lines of the health page; exit 1 when something is bad."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from guixiao.conf import edge
from guixiao.operations.health import Mood, look, worst

MARKS = {Mood.GOOD: "✓", Mood.WARN: "!", Mood.BAD: "✗", Mood.UNKNOWN: "?"}


class Command(BaseCommand):
    help = (
        "How the installation is: each line with what is wrong and what to do. Exit 1 when something is bad."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for a monitor")

    def handle(self, *args: Any, **options: Any) -> None:
        now = edge.now()
        lines = look(now, edge.offset())
        if options["json"]:
            rows = [
                {"code": one.code, "state": one.mood.value, "says": one.says, "remedy": one.remedy}
                for one in lines
            ]
            told = {"at": now.isoformat(), "state": worst(lines).value, "lines": rows}
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
        else:
            for one in lines:
                self.stdout.write(f"{MARKS[one.mood]} {one.title}: {one.says}")
                if one.remedy:
                    self.stdout.write(f"    → {one.remedy}")
        if worst(lines) is Mood.BAD:
            sys.exit(1)
