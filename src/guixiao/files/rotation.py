"""Moving stored files to the current key, some at a time (``guixiao rotate-keys``)."""

from __future__ import annotations

import logging

from guixiao.conf.keys import ring

from . import blobs
from .models import StoredFile

log = logging.getLogger(__name__)


def reseal(limit: int = 500) -> int:
    """Encrypt up to ``limit`` files again with the current key. Returns how many were moved; 0 when done.

    A file that cannot be opened is named in the log and left as it is.
    """
    current, moved = ring().current, 0
    for store in StoredFile.objects.order_by("pk").values_list("store", flat=True).iterator():
        if moved >= limit:
            break
        try:
            if blobs.sealed_by(store) != current:
                blobs.reseal(store)
                moved += 1
        except blobs.CannotOpen as problem:
            log.warning("not moved to the new key: %s", problem)
    return moved


def unopenable() -> list[str]:
    """Files whose bytes are gone, altered or sealed with an unknown key, for ``guixiao verify``."""
    found: list[str] = []
    for row in StoredFile.objects.order_by("pk").iterator():
        try:
            blobs.get(row.store)
        except blobs.CannotOpen as problem:
            found.append(f"file {row.pk}: {problem}")
    return found
