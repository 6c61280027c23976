"""``guixiao backup``: a hot, encrypted copy of everything, verified by putting it back elsewhere."""

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from guixiao.conf import edge, running
from guixiao.operations import shelf
from guixiao.operations.backup import back_up
from guixiao.operations.drill import drill
from guixiao.operations.refusals import Refused
from guixiao.operations.shelf import Keep


class Command(BaseCommand):
    help = "Write a backup, put it back elsewhere, hold it against the original, and only then call it good."
    requires_system_checks = []  # a copy of what there is, whatever it is like

    def add_arguments(self, parser: ArgumentParser) -> None:
        days, weeks, months = settings.GUIXIAO_BACKUP_KEEP
        parser.add_argument(
            "--to", type=Path, help="the folder (GUIXIAO_BACKUP_DIR, or backups in the home folder)"
        )
        parser.add_argument("--keep-days", type=int, default=days, help="days of which one backup is kept")
        parser.add_argument("--keep-weeks", type=int, default=weeks, help="weeks of which one is kept")
        parser.add_argument("--keep-months", type=int, default=months, help="months of which one is kept")
        parser.add_argument("--list", action="store_true", help="what there is, the newest first")
        parser.add_argument(
            "--drill", action="store_true", help="then restore it elsewhere and compare everything"
        )
        parser.add_argument("--json", action="store_true", help="for a program to read")

    def handle(self, *args: Any, **options: Any) -> None:
        place = (options["to"] or shelf.folder()).resolve()
        if options["list"]:
            return self._list(place, as_json=options["json"])
        quiet = options["json"]
        os.nice(5)  # those who work come first
        keep = Keep(options["keep_days"], options["keep_weeks"], options["keep_months"])
        try:
            running.hold()
            if options["drill"]:
                return self._drill(place, keep, as_json=quiet)
            kept, _ = back_up(
                edge.now(), place, keep, lambda said: None if quiet else self.stdout.write(said)
            )
        except (Refused, running.AtWork) as why:
            raise CommandError(str(why)) from None
        if quiet:
            self.stdout.write(json.dumps({**kept.told(), "folder": str(place)}, ensure_ascii=False))
        else:
            self.stdout.write(
                f"{place / kept.file}: {kept.bytes} bytes, sealed with the key ring of this installation"
            )
            self.stdout.write(
                "The key ring is not in it: keep a copy of that elsewhere, apart from the backups."
            )
        if kept.problems:
            for problem in kept.problems:
                self.stderr.write(f"  {problem}")
            raise CommandError(
                "the backup is a true copy, but of an installation that has problems: see above"
            )
        return None

    def _drill(self, place: Path, keep: Keep, *, as_json: bool) -> None:
        done = drill(edge.now(), place, keep, lambda said: None if as_json else self.stdout.write(said))
        if as_json:
            self.stdout.write(json.dumps(done.told(), ensure_ascii=False))
        else:
            for name, rows, original, copy in done.lines:
                self.stdout.write(
                    f"  {'=' if original == copy else 'DIFFERS'}  {rows:>9}  {copy[:16]}  {name}"
                )
            self.stdout.write(f"{len(done.lines)} tables row by row, {done.files} files byte by byte")
            self.stdout.write("refused as it must be: " + ", ".join(done.noticed))
        if not done.good:
            raise CommandError("the drill failed: " + ", ".join([*done.differing, *done.kept.problems]))

    def _list(self, place: Path, *, as_json: bool) -> None:
        found = shelf.listing(place)
        if as_json:
            self.stdout.write(json.dumps([kept.told() for kept in found], ensure_ascii=False))
            return
        self.stdout.write(f"{place}: {len(found)} backups" if found else f"{place}: no backup yet")
        for kept in found:
            state = "verified" if kept.verified else "NOT VERIFIED"
            self.stdout.write(
                f"  {kept.file}  {kept.at:%Y-%m-%d %H:%M}  {kept.bytes:>12}  {kept.engine:<10}  "
                f"{kept.rows:>9} rows  {kept.files:>6} files  {state}"
            )
