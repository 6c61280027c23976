"""One row and nothing else: what a submission's cost is held against."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from guixiao.duties.models import Pass
from guixiao.facts import By
from guixiao.facts.clock import day_of


def insert_one(*, by: By, now: datetime) -> int:
    """Insert one row of a table without a journal, in a transaction of its own. Returns its id."""
    return Pass.objects.create(name=f"bench-{uuid4().hex}", day=day_of(now)).pk
