"""``guixiao import-staff FILE --place CODE_OR_ID --as ACCOUNT [--yes]``: a staff sheet from the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from guixiao.access.actor import Actor, actor_of
from guixiao.access.models import Account
from guixiao.conf import edge
from guixiao.facts.clock import day_of
from guixiao.places.models import Place
from guixiao.staffing import actions
from guixiao.staffing.models import BatchState, RowKind, RowState, StaffBatch, StaffRow
from guixiao.staffing.scopes import EDIT, batches, units
from guixiao.staffing.sheets import runner, workbooks
from guixiao.staffing.sheets.reading import missing
from guixiao.staffing.sheets.reasons import explain

SHOWN = 30


class Command(BaseCommand):
    help = "check a staff sheet and, with --yes, write it, with the rights of an account"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--place", help="code or id of the unit the sheet is for")
        parser.add_argument("--as", dest="username", help="the account that answers for it")
        parser.add_argument("--yes", action="store_true", help="write what can be written")
        parser.add_argument(
            "--hand-over", action="store_true", help="hand taken posts over on the day of the row"
        )
        parser.add_argument(
            "--accounts", action="store_true", help="open accounts (account administrators only)"
        )
        parser.add_argument(
            "--passwords", type=Path, help="write the one-time passwords to this new Excel file"
        )
        parser.add_argument("--bad", type=Path, help="write the rows left out to this Excel file")
        parser.add_argument("--undo", type=int, metavar="BATCH", help="take a whole sheet back")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = self._actor(options["username"])
        if options["undo"]:
            return self._undo(actor, options["undo"])
        if not options["file"]:
            raise CommandError("which file? guixiao import-staff FILE --place CODE_OR_ID --as ACCOUNT")
        return self._import(actor, options)

    def _import(self, actor: Actor, options: dict[str, Any]) -> None:
        try:
            data = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        place = self._place(actor, options["place"])
        if options["accounts"] and not actor.may_at("account.manage", place):
            raise CommandError("--accounts: accounts are opened by the account administrator")
        if options["accounts"] and options["passwords"] is None:
            raise CommandError("--accounts needs --passwords FILE: they are shown once")
        now, by = edge.now(), actor.by(EDIT, place.path)
        batch = actions.open_staff_batch(
            by=by, now=now, place=place, file_name=options["file"].name, first=day_of(now)
        )
        runner.take_in(batch, data, now)
        batch.refresh_from_db()
        if batch.state == BatchState.FAILED:
            raise CommandError(batch.message)
        if batch.state == BatchState.MAPPING:
            lacking = "、".join(missing(batch.mapping))
            actions.discard_staff(by=by, now=edge.now(), batch_id=batch.pk)
            raise CommandError(f"no column is headed {lacking}; headers: {'、'.join(batch.headers)}")
        if options["hand_over"]:
            actions.decide_clash(by=by, now=now, batch_id=batch.pk, numbers=None, hand_over=True)
            batch.refresh_from_db()
        self._tell(batch)
        if options["yes"]:
            self._write(actor, batch, options)
        else:
            self.stdout.write(f"batch {batch.pk}: nothing written; say --yes to write {batch.to_write} rows")
        if options["bad"] is not None:
            options["bad"].write_bytes(workbooks.bad_rows(batch)[0])

    def _write(self, actor: Actor, batch: StaffBatch, options: dict[str, Any]) -> None:
        by = actor.by(EDIT, batch.place.path)
        actions.begin_staff(by=by, now=edge.now(), batch_id=batch.pk, accounts=options["accounts"])
        runner.carry_on(batch.pk, edge.now)
        batch.refresh_from_db()
        skipped = StaffRow.objects.filter(batch=batch, state=RowState.SKIPPED).order_by("number")
        for row in skipped[:SHOWN]:
            self._row(row)
        written = StaffRow.objects.filter(batch=batch, state=RowState.APPLIED).count()
        self.stdout.write(
            f"batch {batch.pk}: {batch.get_state_display()}, {written} rows written, {skipped.count()} left out, "
            f"{len(batch.made_people)} people, {len(batch.made_places)} places, {len(batch.opened)} accounts"
        )
        if options["passwords"] is not None and batch.passwords:
            by = actor.by("account.manage", batch.place.path)
            rows = actions.fetch_passwords(by=by, now=edge.now(), batch_id=batch.pk)
            options["passwords"].write_bytes(workbooks.passwords(rows))
            options["passwords"].chmod(0o600)

    def _tell(self, batch: StaffBatch) -> None:
        numbers = ", ".join(f"{batch.counts.get(kind.value, 0)} {kind.value}" for kind in RowKind)
        self.stdout.write(
            f"batch {batch.pk}: {batch.total} rows: {numbers}; to be made: {len(batch.classes)} places"
        )
        for row in StaffRow.objects.filter(batch=batch, kind=RowKind.BAD).order_by("number")[:SHOWN]:
            self._row(row)

    def _row(self, row: StaffRow) -> None:
        for reason in explain(row.meant.get("faults", [])):
            self.stdout.write(f"  row {row.number}: {reason}")

    def _undo(self, actor: Actor, pk: int) -> None:
        batch = batches(actor).filter(pk=pk).first()
        if batch is None:
            raise CommandError(f"no sheet {pk} that this account may undo")
        try:
            by = actor.by(EDIT, batch.place.path)
            actions.begin_undoing_staff(by=by, now=edge.now(), batch_id=pk)
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        runner.carry_on(pk, edge.now)
        batch.refresh_from_db()
        self.stdout.write(f"batch {pk}: {batch.get_state_display()} {batch.message}")

    def _actor(self, username: str | None) -> Actor:
        account = Account.objects.select_related("person").filter(username=username or "").first()
        if account is None:
            raise CommandError(f"--as: no account {username!r}; whose rights shall it use?")
        actor = actor_of(account, edge.now())
        if not actor.may(EDIT):
            raise CommandError(f"--as: {username} holds no post that gives posts")
        return actor

    def _place(self, actor: Actor, asked: str | None) -> Place:
        found = units(actor)
        if asked:
            rows = list(found.filter(code=asked)[:2])
            if not rows and asked.isascii() and asked.isdigit() and len(asked) < 18:
                rows = list(found.filter(pk=int(asked)))
        else:
            rows = list(found[:2])
        if len(rows) != 1:
            raise CommandError(
                f"--place: {asked!r} names {len(rows)} units this account may import to; say one"
            )
        return rows[0]
