"""``guixiao bench WHAT``: measure one thing and print it beside the baseline of the same run."""

from argparse import ArgumentParser
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.core.management.base import BaseCommand

from guixiao.bench.result import Result, machine
from guixiao.conf import edge

# what → (module, what it measures). Each module has ``add_arguments(parser)`` and ``run(options) -> Result``;
# options also hold ``now`` and ``say``, a callable that tells the waiting user a line.
BENCHES = {
    "rush": ("guixiao.bench.rush", "roll-call pages and submissions as the whole county sends them"),
    "tick": ("guixiao.bench.tick", "one tick at one size of county and at ten times that size"),
    "import": ("guixiao.bench.importing", "the national register's spreadsheet, read and written"),
    "pages": ("guixiao.bench.pages", "home, roll call and county board beside an empty page"),
    "engine": ("guixiao.bench.engine", "one child's evaluation under every pack"),
}


class Command(BaseCommand):
    help = "Measure and print, with the baseline of the same run; nothing is asserted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = parser.add_subparsers(dest="what", required=True, metavar="|".join(BENCHES))
        for what, (module, says) in BENCHES.items():
            if find_spec(module) is None:
                continue
            one = kinds.add_parser(what, help=says, description=says)
            one.add_argument("--json", action="store_true", help="one JSON object instead of a table")
            import_module(module).add_arguments(one)

    def handle(self, *args: Any, **options: Any) -> None:
        module = import_module(BENCHES[options["what"]][0])
        result: Result = module.run({**options, "now": edge.now(), "say": self._say})
        self.stdout.write(result.as_json(machine()) if options["json"] else result.table())

    def _say(self, line: str) -> None:
        self.stderr.write(line)
        self.stderr.flush()
