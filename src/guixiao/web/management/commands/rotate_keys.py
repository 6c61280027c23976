"""``guixiao rotate-keys``: a fresh field key, and every sealed column and stored file moved to it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guixiao.access.actions import reseal
from guixiao.access.actions.keys import waiting
from guixiao.conf import edge
from guixiao.conf.home import keys_file
from guixiao.conf.keys import ring
from guixiao.facts import SYSTEM
from guixiao.files import rotation

FILES_A_ROUND = 500


class Command(BaseCommand):
    help = "Make a new field key and move everything to it. Interrupted, run it again: it goes on where it stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--new-key",
            action="store_true",
            help="a new key even though an earlier rotation left something over",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        left = waiting()
        if left and not options["new_key"]:
            self.stdout.write(
                f"going on with key {ring().current}: {left} values left from the last rotation"
            )
        else:
            ring().with_new_field_key().save(keys_file())
            ring.cache_clear()
            self.stdout.write(
                f"new key {ring().current} in {keys_file().name}: copy the key ring to its safe place"
            )
        done = reseal(by=SYSTEM, now=edge.now(), tell=self.stdout.write)
        files = self._files()
        self.stdout.write(f"{done.moved} values and {files} files are sealed with {ring().current}")
        self.stdout.write(
            "Restart the service, so that it seals with the new key too. Keep the old keys: backups need them."
        )
        if done.stuck:
            for stuck in done.stuck:
                self.stderr.write(f"  {stuck}")
            raise CommandError(
                f"{len(done.stuck)} values could not be opened and stay as they were: see above"
            )

    def _files(self) -> int:
        total = 0
        while moved := rotation.reseal(FILES_A_ROUND):
            total += moved
            self.stdout.write(f"files: {total}")
        return total
