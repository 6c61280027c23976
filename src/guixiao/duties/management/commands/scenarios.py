"""``guixiao scenarios``: every scenario of every pack, as it reads."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guixiao.packs.scenarios import run_all


class Command(BaseCommand):
    help = "Run the scenarios of the regulation packs. Exit 1 shows what differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="only what differs, and the sum")

    def handle(self, *args: Any, **options: Any) -> None:
        results = run_all()
        failed = [result for result in results if not result.passed]
        for result in failed if options["quiet"] else results:
            self.stdout.write(f"{'✓' if result.passed else '✗'} {result.scenario.name}")
            for problem in result.problems:
                self.stdout.write(f"    {problem}")
        self.stdout.write(f"{len(results)} scenarios, {len(failed)} failed")
        if failed:
            raise CommandError("a pack does not say what its scenarios expect: see above")
