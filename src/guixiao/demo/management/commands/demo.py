"""``guixiao demo``: the practice county, built once, then served."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from guixiao.demo.accounts import PASSWORD
from guixiao.demo.build import prepare


class Command(BaseCommand):
    help = "Build the made-up county 青禾县 (one to two minutes, once) and serve it. Prints the logins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--prepare", action="store_true", help="build it and exit")

    def handle(self, *args: Any, **options: Any) -> None:
        logins = prepare(lambda line: self.stdout.write(f"  {line}", ending="\n"))
        if options["prepare"]:
            return
        self.stdout.write(f"\n归校 · 青禾县  http://127.0.0.1:{options['port']}/")
        self.stdout.write(f"密码都是 {PASSWORD}\n")
        for username, name, title in logins:
            self.stdout.write(f"  {username:<13} {name}  {title}")
        self.stdout.write("")
        call_command("serve", port=options["port"])
