"""What the bench does inside its own county, in a process of its own. Called by ``guixiao bench``, not by hand."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from guixiao.bench import inside, living
from guixiao.bench.spec import Spec
from guixiao.conf import edge


class Command(BaseCommand):
    help = "A part of `guixiao bench`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("job", choices=["build", "migrate", "dawn", "ticks"])
        parser.add_argument("--reported", type=float, default=0.0, help="share of classes that have reported")
        parser.add_argument("--rounds", type=int, default=3)
        Spec.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        spec = Spec.of(options)
        found: Any = None
        match options["job"]:
            case "build":
                living.build(spec, self._say)
            case "migrate":
                call_command("migrate", verbosity=0)
            case "dawn":
                found = inside.dawn(spec, options["reported"], edge.now() - edge.offset())
            case _:
                found = inside.ticks(spec, options["rounds"], self._say)
        self.stdout.write(json.dumps(found))

    def _say(self, line: str) -> None:
        self.stderr.write(line)
        self.stderr.flush()
