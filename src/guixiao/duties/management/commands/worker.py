"""``guixiao worker``: the background loop alone, for installations with several processes."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guixiao.conf import edge, running
from guixiao.duties.beside import end_with_standard_input
from guixiao.duties.worker import EVERY, loop


class Command(BaseCommand):
    help = "Run tick every 30 seconds until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, default=EVERY, help="seconds between rounds")
        parser.add_argument("--beside", action="store_true", help="end when standard input does (serve)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            running.hold()
        except running.AtWork as why:
            raise CommandError(str(why)) from None
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: stop.set())
        if options["beside"]:
            end_with_standard_input(stop)
        self.stdout.write(f"worker: a round every {options['every']:g} seconds; stop with Ctrl-C")
        loop(edge.now, stop, options["every"])
