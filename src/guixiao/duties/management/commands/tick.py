"""``guixiao tick``: duties for everything not yet settled, and for deadlines that passed. Safe from cron."""

from typing import Any

from django.core.management.base import BaseCommand

from guixiao.conf import edge
from guixiao.duties.tick import tick


class Command(BaseCommand):
    help = "Settle what was not settled, deadlines that passed, calendar duties, reminders; write anchors."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(str(tick(edge.now())))
