"""``guixiao verify``: is the journal, and the state it led to, as it was written?"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guixiao.conf import edge
from guixiao.journal import anchors, results
from guixiao.journal.verify import verify


class Command(BaseCommand):
    help = "Check every chain, its anchors, and every recorded row. Exit 1 names what was found."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchors", type=Path, default=None, help="the anchor file (default: in the home folder)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify(options["anchors"] or anchors.default_file())
        results.keep(report, edge.now())
        self.stdout.write(
            f"{report.chains} chains, {report.entries} entries, {report.records} records, "
            f"{len(report.problems)} problems"
        )
        for problem in report.problems:
            self.stdout.write(f"  {problem}")
        if report.problems:
            raise CommandError("the journal does not hold: see above, and compare with your last backup")
