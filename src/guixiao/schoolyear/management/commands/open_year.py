"""``guixiao open-year YEAR [--place CODE] [--preview|--open|--undo] --as ACCOUNT``: one school, or all beneath."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from guixiao.access.actor import Actor, actor_of
from guixiao.access.models import Account
from guixiao.cases.settle import settle
from guixiao.conf import edge
from guixiao.journal.append import collecting
from guixiao.places import paths
from guixiao.places.models import Place
from guixiao.schoolyear.rights import DRAFT, OPEN, VIEW, schools
from guixiao.schoolyear.runs import Line, run

NEEDS = {"preview": DRAFT, "open": OPEN, "undo": OPEN}


class Command(BaseCommand):
    help = "preview, open or take back a school year: one school, or every school beneath a place"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int, help="the year in which the school year begins: 2027")
        parser.add_argument("--place", help="code, id or name of a school or of a place above schools")
        parser.add_argument("--as", dest="username", required=True, help="the account that answers for it")
        what = parser.add_mutually_exclusive_group()
        for name, said in (
            ("preview", "begin the preview where there is none and say what is undecided (default)"),
            ("open", "open every school whose preview is decided"),
            ("undo", "take the opening back, where no new class has taken a roll yet"),
        ):
            what.add_argument(f"--{name}", dest="do", action="store_const", const=name, help=said)
        parser.set_defaults(do="preview")

    def handle(self, *args: Any, **options: Any) -> None:
        now = edge.now()
        if not 2000 <= options["year"] <= 2099:
            raise CommandError(
                f"{options['year']}: which school year? Write the year it begins in, such as 2027"
            )
        actor = self._actor(options["username"], NEEDS[options["do"]])
        places = self._schools(actor, NEEDS[options["do"]], options["place"])
        self.stdout.write(f"{'school':<24}{'state':<16}{'classes':>8}{'moved':>8}{'left':>8}{'stay':>8}")
        lines: list[Line] = []
        for place in places:
            with collecting() as touched:
                lines += run(options["do"], actor, now, [place], options["year"])
            if touched:
                settle(touched, now)
            self._tell(lines[-1])
        skipped = sum(line.skipped for line in lines)
        self.stdout.write(f"{len(lines)} schools, {skipped} with something undecided")
        if skipped:
            raise CommandError(f"{skipped} of {len(lines)} schools need somebody's decision", returncode=1)

    def _tell(self, line: Line) -> None:
        self.stdout.write(
            f"{line.school.name:<24}{line.word:<16}{line.classes:>8}{line.moved:>8}"
            f"{line.graduated:>8}{line.staying:>8}"
        )
        for point in line.points:
            self.stdout.write(f"    {point}")

    def _actor(self, username: str, action: str) -> Actor:
        account = Account.objects.select_related("person").filter(username=username).first()
        if account is None:
            raise CommandError(f"--as: no account {username!r}; whose rights shall it use?")
        actor = actor_of(account, edge.now())
        if not actor.may(action):
            raise CommandError(f"--as: {username} holds no post that may do this ({action})")
        return actor

    def _schools(self, actor: Actor, action: str, asked: str | None) -> list[Place]:
        found = schools(actor, action).order_by("path")
        if asked:
            number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else 0
            named = list(Place.objects.filter(Q(code=asked) | Q(name=asked) | Q(pk=number))[:2])
            if len(named) != 1:
                raise CommandError(f"--place: {asked!r} names {len(named)} places; give its code or its id")
            found = found.filter(paths.beneath("path", named[0].path))
        places = list(found)
        if not places:
            raise CommandError(f"--place: no school beneath it that this account may turn ({VIEW}, {action})")
        return places
