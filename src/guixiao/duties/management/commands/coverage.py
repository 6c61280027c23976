"""``guixiao coverage``: which rule of which regulation is modelled, and where."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guixiao.packs.coverage import outdated, write_all


class Command(BaseCommand):
    help = "Write each pack's COVERAGE.md anew; with --check only say which are out of date."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        names = outdated() if options["check"] else write_all()
        self.stdout.write("\n".join(names) or "every COVERAGE.md is current")
        if options["check"] and names:
            raise CommandError("run `guixiao coverage` and commit what it wrote")
