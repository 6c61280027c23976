"""``guixiao import FILE --school CODE --as USERNAME``: the register's spreadsheet from the command line."""  # noqa: N999 - the verb is called so

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from guixiao.access.actor import Actor, actor_of
from guixiao.access.models import Account
from guixiao.access.scopes import visible_places
from guixiao.conf import edge
from guixiao.facts.clock import day_of
from guixiao.people.imports import actions, runner
from guixiao.people.imports.payload import Payload
from guixiao.people.imports.reasons import explain
from guixiao.people.imports.workbooks import bad_rows
from guixiao.people.models import BatchState, ImportBatch, ImportRow, RowKind
from guixiao.places.models import Kind, Place


class Command(BaseCommand):
    help = "check a register's spreadsheet and write it, with the rights of an account"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--school", help="the school's code or name")
        parser.add_argument("--as", dest="username", help="the account that answers for it")
        parser.add_argument("--from", dest="first", type=date.fromisoformat, help="first day on the roll")
        parser.add_argument("--check", action="store_true", help="check only, write nothing")
        parser.add_argument("--bad", type=Path, help="write the refused rows to this Excel file")
        parser.add_argument("--resume", action="store_true", help="carry on every import that was cut off")
        parser.add_argument("--undo", type=int, metavar="BATCH", help="take a whole import back")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["resume"]:
            return self._resume()
        actor = self._actor(options["username"])
        if options["undo"]:
            return self._undo(actor, options["undo"])
        if not options["file"]:
            raise CommandError("which file? guixiao import FILE --school CODE --as USERNAME")
        return self._import(actor, options)

    def _import(self, actor: Actor, options: dict[str, Any]) -> None:
        try:
            data = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        school = self._school(actor, options["school"])
        now = edge.now()
        batch = actions.open_batch(
            by=actor.by("import.run", school.path),
            now=now,
            school=school,
            file_name=options["file"].name,
            first=options["first"] or day_of(now),
        )
        runner.check(batch, data, edge.now)
        batch.refresh_from_db()
        if batch.state == BatchState.FAILED:
            raise CommandError(batch.message)
        self._tell(batch, options["bad"])
        if not options["check"]:
            actions.begin_applying(by=actor.by("import.run", school.path), now=edge.now(), batch_id=batch.pk)
            runner.carry_on(batch.pk, edge.now)
            batch.refresh_from_db()
            self.stdout.write(f"batch {batch.pk}: {batch.get_state_display()}, {batch.done} rows")

    def _tell(self, batch: ImportBatch, bad: Path | None) -> None:
        self.stdout.write(
            f"batch {batch.pk}: {batch.total} rows: {batch.new} new, {batch.changed} changed, "
            f"{batch.unchanged} unchanged, {batch.bad} refused"
        )
        for row in ImportRow.objects.filter(batch=batch, kind=RowKind.BAD).order_by("number")[:20]:
            for reason in explain(Payload.of(row).faults):
                self.stdout.write(f"  row {row.number}: {reason}")
        if bad is not None and batch.bad:
            bad.write_bytes(bad_rows(batch)[0])

    def _undo(self, actor: Actor, pk: int) -> None:
        schools = visible_places(actor, "import.run", Kind.SCHOOL)
        batch = ImportBatch.objects.select_related("school").filter(pk=pk, school__in=schools).first()
        if batch is None:
            raise CommandError(f"no import {pk} that this account may undo")
        try:
            by = actor.by("import.run", batch.school.path)
            actions.begin_undoing(by=by, now=edge.now(), batch_id=pk)
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        runner.carry_on(pk, edge.now)
        batch.refresh_from_db()
        self.stdout.write(f"batch {pk}: {batch.get_state_display()} {batch.message}")

    def _resume(self) -> None:
        for batch in ImportBatch.objects.filter(state__in=runner.WORKING):
            runner.carry_on(batch.pk, edge.now)
            self.stdout.write(f"batch {batch.pk}: carried on to the end")

    def _actor(self, username: str | None) -> Actor:
        account = Account.objects.select_related("person").filter(username=username or "").first()
        if account is None:
            raise CommandError(f"--as: no account {username!r}; whose rights shall it use?")
        actor = actor_of(account, edge.now())
        if not actor.may("import.run"):
            raise CommandError(f"--as: {username} holds no post that may import")
        return actor

    def _school(self, actor: Actor, asked: str | None) -> Place:
        schools = visible_places(actor, "import.run", Kind.SCHOOL)
        if asked:
            found = list(schools.filter(code=asked)[:2]) or list(schools.filter(name=asked)[:2])
        else:
            found = list(schools[:2])
        if len(found) != 1:
            raise CommandError(
                f"--school: {asked!r} names {len(found)} schools this account may import to; say one"
            )
        return found[0]
