"""``guixiao move-to-postgres``: from the embedded SQLite file into an empty PostgreSQL."""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guixiao.conf import edge, home
from guixiao.operations.move import move
from guixiao.operations.refusals import Refused


class Command(BaseCommand):
    help = (
        "Copy the SQLite file into an empty PostgreSQL and verify it there. The file itself is not touched."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "url",
            nargs="?",
            default=os.environ.get("GUIXIAO_MOVE_TO", ""),
            help="postgresql://user@host/name (or GUIXIAO_MOVE_TO, so that a password is in no process list)",
        )
        parser.add_argument("--anyway", action="store_true", help="also a journal with problems")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            proof = move(options["url"], edge.now(), self.stdout.write, anyway=options["anyway"])
        except Refused as why:
            raise CommandError(str(why)) from None
        for problem in proof.problems:
            self.stderr.write(f"  {problem}")
        self.stdout.write("Next: set DATABASE_URL to that address for every service, then start them.")
        self.stdout.write(
            f"The SQLite file in {home.home()} is as it was. While DATABASE_URL is set nobody writes to it; "
            "put it away once the first backup from PostgreSQL is there."
        )
