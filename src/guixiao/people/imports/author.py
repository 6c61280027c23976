"""Who an import acts for, after the request that ordered it is long answered."""

from __future__ import annotations

from guixiao.facts import By
from guixiao.people.models import ImportBatch


def author(batch: ImportBatch) -> By:
    return By(batch.account, batch.post, batch.org, batch.for_account)
