"""The places between two steps where a process is made to die: module, attribute, before or after, its name.

A process that runs with ``points/`` on its path wraps these attributes (``sitecustomize.py``). It dies by its
own ``SIGKILL`` exactly there once a file with the point's name lies in ``$KILL_POINTS``; the product itself
knows nothing of it.
"""

from __future__ import annotations

from typing import NamedTuple


class Point(NamedTuple):
    """Where: ``module.attribute``, ``before`` or ``after`` it runs. ``who`` usually gets there."""

    name: str
    who: str
    module: str
    attribute: str
    when: str


POINTS = (
    # a submission, from its bytes to its answer
    Point("photo-half-written", "web", "pathlib", "Path.replace", "before"),
    Point("photo-without-row", "web", "guixiao.files.blobs", "put", "after"),
    Point("roll-not-committed", "web", "guixiao.rollcall.actions.taking", "append", "after"),
    Point("visit-not-committed", "web", "guixiao.visits.actions", "append", "after"),
    Point("committed-not-settled", "web", "guixiao.cases.settle", "settle", "before"),
    Point("duties-not-committed", "web", "guixiao.duties.actions.reconcile", "append", "after"),
    Point("duties-without-case", "web", "guixiao.cases.settle", "after_duties", "before"),
    Point("settled-not-answered", "web", "guixiao.cases.settle", "settle", "after"),
    # an import
    Point("import-half-checked", "import", "guixiao.people.imports.actions.staging", "_mark", "after"),
    Point("import-ordered", "import", "guixiao.people.imports.runner", "start_work", "before"),
    Point("import-in-a-batch", "import", "guixiao.people.imports.actions.applying", "_remember", "after"),
    Point("import-between-batches", "import", "guixiao.people.imports.actions", "apply_next", "after"),
    # a round of the worker
    Point("tick-between-subjects", "worker", "guixiao.duties.settle", "_settle_batch", "after"),
    Point("tick-not-followed", "worker", "guixiao.duties.shares", "followed", "before"),
    Point("tick-not-marked-read", "worker", "guixiao.journal.queries", "mark_read", "before"),
    Point("tick-not-folded", "worker", "guixiao.notify.actions", "fold", "before"),
    Point("day-stored", "day", "guixiao.duties.actions.sharing", "begin", "after"),
    Point("day-share-not-noted", "day", "guixiao.duties.actions.sharing", "finish_share", "before"),
    Point("day-anchors-written", "day", "guixiao.journal.anchors", "_append", "after"),
    Point("day-noted", "day", "guixiao.duties.actions.passes", "ran", "after"),
    Point("day-not-closed", "day", "guixiao.duties.actions.sharing", "close", "before"),
    # a backup
    Point("backup-half-written", "backup", "guixiao.operations.writing", "tables", "after"),
    Point("backup-not-proven", "backup", "guixiao.operations.proving", "put_back", "before"),
    Point("backup-half-proven", "backup", "guixiao.operations.proving", "verify", "before"),
    Point("backup-without-name", "backup", "guixiao.operations.shelf", "sync", "before"),
    Point("backup-not-reported", "backup", "guixiao.operations.shelf", "report", "before"),
)
