"""``guixiao found-county``: the first county and its three administrators, once, in an empty installation."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guixiao.conf import edge
from guixiao.operations.founding import found
from guixiao.operations.refusals import Refused


class Command(BaseCommand):
    help = "Make the county and the accounts of its system, security and audit administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("county", help="its name, such as 青禾县")
        parser.add_argument("--province", default="")
        parser.add_argument("--prefecture", default="")
        parser.add_argument("--system-admin", required=True, help="who runs it: places, posts, settings")
        parser.add_argument("--security-admin", required=True, help="who opens accounts and unlocks them")
        parser.add_argument("--audit-admin", required=True, help="who reads what was looked at and done")

    def handle(self, *args: Any, **options: Any) -> None:
        names = {post: options[post] for post in ("system_admin", "security_admin", "audit_admin")}
        try:
            logins = found(options["county"], (options["province"], options["prefecture"]), names, edge.now())
        except Refused as why:
            raise CommandError(str(why)) from None
        self.stdout.write(f"{options['county']}: one-time passwords, to be changed at the first sign-in")
        for login in logins:
            self.stdout.write(f"  {login.post}  {login.name}  {login.username}  {login.password}")
