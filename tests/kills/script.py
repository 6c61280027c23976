"""From what a life recorded to what its clean replay has to do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from guixiao.journal.models import Entry
from guixiao.people.models import ImportBatch
from guixiao.rollcall.models import RollCall

from .jobs import Job
from .life import Turned
from .replay import Step


def steps_of(jobs: list[Job], turned: list[Turned], end: datetime) -> list[Step]:
    """Every acknowledged submission at the moment the journal recorded it; a round of the worker before and
    after each turn of the clock and at the end."""
    placed: list[tuple[datetime, int, int, Step]] = []
    for job in jobs:
        if job.answer is None:
            continue
        entry = _entry(job)
        placed.append((entry.recorded_at, 1, entry.pk, _step(job, entry)))
        if job.kind == "import":
            ordered = _ordered(job)
            step = Step(ordered.recorded_at, job.who, order=job.key)
            placed.append((ordered.recorded_at, 1, ordered.pk, step))
    for turn in turned:
        placed.append((turn.old, 2, 0, Step(turn.old)))
        placed.append((turn.new, 0, 0, Step(turn.new)))
    placed.append((end, 3, 0, Step(end)))
    return [step for _moment, _rank, _pk, step in sorted(placed, key=lambda one: one[:3])]


def _entry(job: Job) -> Entry:
    if job.kind == "import":
        assert job.answer is not None
        return Entry.objects.get(kind="import_staged", payload__batch=job.answer["batch"])
    return Entry.objects.get(client_id=job.key)


def _step(job: Job, entry: Entry) -> Step:
    files = tuple((one.field, one.name, one.data) for one in job.uploads)
    fields, device_now = dict(job.fields), ""
    if job.kind == "roll":  # a clock turned between two tries moves the device's time: as the product saw it
        row = RollCall.objects.get(client_id=job.key)
        fields["device_time"] = row.device_time.astimezone(UTC).isoformat()
        device_now = (entry.recorded_at + timedelta(seconds=row.clock_offset)).isoformat()
    return Step(entry.recorded_at, job.who, job.path, fields, files, device_now, job.key)


def _ordered(job: Job) -> Entry:
    """When an import was ordered: its classes are made in the same transaction. Every sheet needs one."""
    assert job.answer is not None
    made = ImportBatch.objects.get(pk=job.answer["batch"]).made_places
    return Entry.objects.filter(kind="place_changed", place=max(made.values())).earliest("pk")
