"""``guixiao restore``: a backup becomes an installation again."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guixiao.conf import edge, home
from guixiao.conf.keys import KeysMissing
from guixiao.operations.refusals import Refused
from guixiao.operations.restore import Restored, Target, restore, undo


class Command(BaseCommand):
    help = "Check a backup, build it aside, prove it equal, and only then put it in place."
    requires_system_checks = []  # there may be no database yet

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="the backup")
        parser.add_argument("--home", type=Path, help="another home folder (its keys.json, if it has one)")
        parser.add_argument("--database", default="", help="postgresql://… to restore into")
        parser.add_argument(
            "--replace", action="store_true", help="put aside what is there and take its place"
        )
        parser.add_argument(
            "--undo", action="store_true", help="bring back what the last --replace put aside"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            target = _target(options["home"], options["database"])
            if options["undo"]:
                aside = undo(target, edge.now())
                self.stdout.write(f"what was replaced is back; what had replaced it lies in {aside}")
                return
            if options["file"] is None:
                raise Refused("name the backup: guixiao restore FILE (guixiao backup --list shows them)")
            done = restore(options["file"], target, edge.now(), self.stdout.write, replace=options["replace"])
        except (Refused, KeysMissing) as why:
            raise CommandError(str(why)) from None
        self._next(done, target)

    def _next(self, done: Restored, target: Target) -> None:
        if done.aside is not None:
            self.stdout.write(
                f"what was there before lies in {done.aside.name}; `guixiao restore --undo` brings it back"
            )
        for store in done.looked.manifest.missing:
            self.stdout.write(f"  stored file {store} was gone already when the backup was taken")
        if done.proof.problems:
            for problem in done.proof.problems:
                self.stderr.write(f"  {problem}")
            raise CommandError(
                "restored as it was, but the journal had problems when it was backed up: see above"
            )
        self.stdout.write(f"restored into {target.home}. Next:")
        if not (target.home / "keys.json").exists():
            self.stdout.write(f"  - the key ring {target.keys}: put it where that installation looks for it")
        if target.on_server:
            self.stdout.write("  - set DATABASE_URL to the database named here")
        for name, value in done.looked.manifest.settings.items():
            self.stdout.write(f"  - {name} was {value!r} there")
        self.stdout.write("  - start the service (guixiao serve), sign in, look at the health page")
        self.stdout.write(
            "  - what happened after the backup was taken is not in it: tell the schools from when on"
        )


def _target(folder: Path | None, database: str) -> Target:
    place = (folder or home.home()).resolve()
    keys = place / "keys.json"
    url = database or ("" if folder else home.database_url())
    if url == f"sqlite:///{place / 'guixiao.sqlite3'}":
        url = ""
    if url and not url.startswith(("postgres://", "postgresql://")):
        raise Refused(
            "--database and DATABASE_URL take postgresql://…; SQLite lives in the home folder (--home)"
        )
    return Target(place, keys if folder and keys.exists() else home.keys_file(), url)
