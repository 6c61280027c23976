"""What the bench does inside its own county, in a process of its own. Called by ``guixiao bench``, not by hand."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from guixiao.bench import inside, living, register_jobs
from guixiao.bench.spec import Spec
from guixiao.conf import edge

JOBS = ("build", "migrate", "dawn", "ticks", "import", "import_bare", "beside")


class Command(BaseCommand):
    help = "A part of `guixiao bench`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("job", choices=list(JOBS))
        parser.add_argument("--file", type=Path)
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
            case "import":
                found = register_jobs.import_ours(options["file"])
            case "import_bare":
                found = register_jobs.import_bare(options["file"])
            case "beside":
                for waited in register_jobs.beside(options["file"]):
                    self.stdout.write(str(waited))
                return
            case _:
                found = inside.ticks(spec, options["rounds"], self._say)
        self.stdout.write(json.dumps(found))

    def _say(self, line: str) -> None:
        self.stderr.write(line)
        self.stderr.flush()
