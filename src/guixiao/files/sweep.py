"""What a killed process left in the files folder: bytes whose record was never written, and half-written ones.

A file is put down before the transaction that points at it (nothing slow inside a transaction), so a process that
dies in between leaves it behind. Nobody can open it; it is only in the way.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from . import blobs
from .models import StoredFile

log = logging.getLogger(__name__)
HOUR, WEEK = 3600.0, 7 * 86400.0
AT_ONCE = 500


def sweep(nameless: float = WEEK, half: float = HOUR) -> int:
    """Remove files without a record after ``nameless`` seconds, half-written ones after ``half``; how many.

    A week, so that a database put back from an earlier backup and then the later one again still finds all of its
    files. Ages go by the folder's own clock, which may be another machine's.
    """
    folder = blobs.folder()
    if not folder.is_dir():
        return 0
    with tempfile.NamedTemporaryFile(dir=folder, prefix="clock-") as fresh:
        moment = Path(fresh.name).stat().st_mtime
    files = _files(folder, moment)
    gone = 0
    while some := list(islice(files, AT_ONCE)):
        names = [path.name for path, _age in some]
        kept = set(StoredFile.objects.filter(store__in=names).values_list("store", flat=True))
        for path, age in some:
            if age >= (half if path.suffix else nameless) and path.name not in kept:
                path.unlink(missing_ok=True)
                gone += 1
    if gone:
        log.warning("%d files that no record points at were removed from %s", gone, folder)
    return gone


def _files(folder: Path, moment: float) -> Iterator[tuple[Path, float]]:
    """Every blob and half-written blob with its age in seconds."""
    for path in folder.glob("[0-9a-f][0-9a-f]/*"):
        try:
            yield path, moment - path.stat().st_mtime
        except FileNotFoundError:  # somebody finished or discarded it just now
            continue
