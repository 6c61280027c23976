"""After a life: is everything there that was acknowledged, once, whole, and nothing besides?"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.db import connection

from guixiao.access.vault import blind_index
from guixiao.files import blobs, pictures, sweep
from guixiao.files.models import Purpose, StoredFile
from guixiao.journal import anchors
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.notify.models import Notice
from guixiao.people.models import BatchState, Enrolment, ImportBatch, ImportRow, RowState, Student
from guixiao.rollcall.models import Leave, RollCall, RollMark
from guixiao.visits.models import Visit, Went

from .jobs import Job

ONCE = ("opened", "due", "escalated")


def everything(jobs: list[Job]) -> Iterator[str]:
    """What is wrong, in words; nothing, if all is well."""
    answered = [job for job in jobs if job.answer is not None]
    yield from (f"{job.kind} {job.key} never got an answer" for job in jobs if job.answer is None)
    yield from _rolls([job for job in answered if job.kind == "roll"])
    yield from _visits([job for job in answered if job.kind == "visit"])
    for job in answered:
        if job.kind == "import":
            yield from _import(job)
    yield from _nothing_else(answered)
    yield from (str(problem) for problem in verify(anchors.default_file()).problems)
    yield from _database()
    yield from _notices()


def _rolls(jobs: list[Job]) -> Iterator[str]:
    for job in jobs:
        rows = list(RollCall.objects.filter(client_id=job.key))
        if len(rows) != 1:
            yield f"acknowledged roll call {job.key} is there {len(rows)} times"
            continue
        row, told = rows[0], job.told
        if (row.klass_id, row.day, row.session) != (told["klass"], told["day"], told["session"]):
            yield f"roll call {job.key} is of another class, day or session"
        if job.answer and job.answer["receipt"] != row.receipt:
            yield f"roll call {job.key}: the receipt said {job.answer['receipt']}, the row says {row.receipt}"
        marks = dict(RollMark.objects.filter(roll_call=row).values_list("student", "mark"))
        if marks != told["marks"]:
            yield f"roll call {job.key}: marked {told['marks']}, stored {marks}"
        facts = Counter(
            Entry.objects.filter(kind="roll_call_taken", client_id=job.key).values_list("place", flat=True)
        )
        if facts != {row.klass_id: 1}:
            yield f"roll call {job.key} is journaled {facts}"


def _visits(jobs: list[Job]) -> Iterator[str]:
    for job in jobs:
        rows = list(Visit.objects.filter(client_id=job.key))
        if len(rows) != 1:
            yield f"acknowledged visit {job.key} is there {len(rows)} times"
            continue
        visit = rows[0]
        if visit.student_id != job.told["child"] or visit.child_words != job.fields["child_words"]:
            yield f"visit {job.key} is not what was handed in"
        if Went.objects.filter(visit=visit).count() != 1:
            yield f"visit {job.key}: {Went.objects.filter(visit=visit).count()} people went instead of one"
        yield from _photos(job, visit)


def _photos(job: Job, visit: Visit) -> Iterator[str]:
    stored = list(StoredFile.objects.filter(purpose=Purpose.VISIT_PHOTO, owner=visit.pk).order_by("pk"))
    sent = [hashlib.sha256(pictures.redraw(one.data, one.name)).hexdigest() for one in job.uploads]
    if [one.sha256 for one in stored] != sent:
        yield f"visit {job.key}: {len(sent)} photos were sent, {len(stored)} are stored, or others"
    for one in stored:
        try:
            opened = hashlib.sha256(blobs.get(one.store)).hexdigest()
        except blobs.CannotOpen as problem:
            yield f"visit {job.key}: {problem}"
            continue
        if opened != one.sha256:
            yield f"visit {job.key}: photo {one.store} is not what was handed in"


def _import(job: Job) -> Iterator[str]:
    batches = list(ImportBatch.objects.filter(file_name=job.key, state=BatchState.APPLIED))
    if len(batches) != 1:
        yield f"import {job.key} was written {len(batches)} times"
        return
    batch, ids = batches[0], job.told["ids"]
    indexes = [blind_index(one) for one in ids]
    here = Counter(Student.objects.filter(id_index__in=indexes).values_list("id_index", flat=True))
    if sorted(here.values()) != [1] * len(ids):
        yield f"import {job.key}: {len(ids)} rows, children by number: {Counter(here.values())}"
    enrolled = Enrolment.objects.filter(student__id_index__in=indexes).count()
    if enrolled != len(ids) or batch.done != len(ids):
        yield f"import {job.key}: {len(ids)} rows, {enrolled} enrolments, {batch.done} said to be done"
    left = ImportRow.objects.filter(batch=batch).exclude(state=RowState.APPLIED).count()
    if left:
        yield f"import {job.key}: {left} rows are not marked as written"
    facts = Entry.objects.filter(kind="import_batch_applied", payload__batch=batch.pk).order_by("pk")
    spans = [(fact.payload["first_row"], fact.payload["last_row"], fact.payload["made"]) for fact in facts]
    if any(after[0] <= before[1] for before, after in pairwise(spans)):
        yield f"import {job.key}: rows were journaled twice: {spans}"
    if sum(made for _first, _last, made in spans) != len(ids):
        yield f"import {job.key}: {len(ids)} rows, journaled {spans}"


def _nothing_else(jobs: list[Job]) -> Iterator[str]:
    """Nothing that nobody handed in; no child marked away by two hands, no leave granted twice."""
    counts = Counter(job.kind for job in jobs)
    photos = sum(len(job.uploads) for job in jobs if job.kind == "visit")
    for name, there, wanted in (
        ("roll calls", RollCall.objects.count(), counts["roll"]),
        ("visits", Visit.objects.count(), counts["visit"]),
        ("photos", StoredFile.objects.count(), photos),
        ("imports written", ImportBatch.objects.filter(state=BatchState.APPLIED).count(), counts["import"]),
        ("imports at work", ImportBatch.objects.filter(state=BatchState.APPLYING).count(), 0),
    ):
        if there != wanted:
            yield f"{there} {name} where {wanted} were acknowledged"
    leaves = Counter(Leave.objects.values_list("roll_call", "student"))
    yield from (f"leave granted {n} times: {key}" for key, n in leaves.items() if n > 1)


def _database() -> Iterator[str]:
    """What the engine itself can check."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for pragma in ("integrity_check", "foreign_key_check"):
            cursor.execute(f"PRAGMA {pragma}")
            rows = [row for row in cursor.fetchall() if row != ("ok",)]
            if rows:
                yield f"{pragma}: {rows[:3]}"


def _notices() -> Iterator[str]:
    """Nobody is told the same of one duty twice."""
    rows = Counter(
        (
            row["duty"],
            row["person"],
            row["kind"],
            row["key"].split(":")[1] if row["kind"] == "escalated" else "",
        )
        for row in Notice.objects.filter(kind__in=ONCE)
        .exclude(duty=None)
        .values("duty", "person", "kind", "key")
    )
    yield from (f"told {n} times: {key}" for key, n in rows.items() if n > 1)


def swept() -> int:
    """What the worker would sweep when it is old enough: how many files killed processes left behind."""
    return sweep.sweep(nameless=0, half=0)


def leftovers() -> Iterator[str]:
    """After the sweep: files that nothing points to, half-written ones, and rows whose file is gone."""
    home, media = Path(settings.HOME), blobs.folder()
    on_disk = {file.name for file in media.rglob("*") if file.is_file()}
    rows = set(StoredFile.objects.values_list("store", flat=True))
    if on_disk - rows:
        yield f"{len(on_disk - rows)} files in the folder that no row points to: {sorted(on_disk - rows)[:3]}"
    if rows - on_disk:
        yield f"{len(rows - on_disk)} rows whose file is gone"
    scratch = [str(one.relative_to(home)) for one in home.rglob("*.new")]
    if scratch:
        yield f"half-written files: {scratch}"
