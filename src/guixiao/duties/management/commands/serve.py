"""``guixiao serve``: the web server, and a worker process beside it."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from guixiao.conf import running
from guixiao.duties.beside import Beside, keep_serving
from guixiao.duties.worker import EVERY

MOST_WORKERS = 4


class Command(BaseCommand):
    help = "Serve the pages and run the worker beside them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("GUIXIAO_HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=int(os.environ.get("GUIXIAO_PORT", "8000")))
        parser.add_argument(
            "--workers", type=int, default=_workers(), help="web processes; one a core, at most four"
        )
        parser.add_argument("--threads", type=int, default=4, help="threads in each")
        parser.add_argument("--no-worker", action="store_true", help="the worker runs elsewhere")
        parser.add_argument("--every", type=float, default=EVERY, help="seconds between the worker's rounds")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            running.hold()
        except running.AtWork as why:
            raise CommandError(str(why)) from None
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError("the database is not up to date: run `guixiao init`")
        connection.close()
        collect(Path(settings.STATIC_ROOT))
        worker = (
            None if options["no_worker"] else Beside(["worker", "--beside", "--every", str(options["every"])])
        )
        self.stdout.write(f"http://{options['host']}:{options['port']}/")
        if worker is not None:
            worker.start()
        try:
            keep_serving(lambda: _server(options).serve())
        finally:
            if worker is not None:
                worker.stop()


def collect(folder: Path) -> None:
    """Styles and scripts in one folder, for a proxy to serve. A start that was cut off may have left half a file
    that looks newer than its source: then everything is copied anew."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = folder / ".whole"
    cut_off = not whole.exists()
    whole.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0, clear=cut_off)
    whole.touch()


def _workers() -> int:
    """Python runs one thread of a process at a time: a web process for each core (docs/performance.md)."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MOST_WORKERS)


def _server(options: dict[str, Any]) -> Any:
    return Server(
        "guixiao.web.wsgi:application",
        address=options["host"],
        port=options["port"],
        interface=Interfaces.WSGI,
        workers=options["workers"],
        blocking_threads=options["threads"],
        websockets=False,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
        process_name=None,
    )
