"""What the preview shows of a batch: rows by kind, faults in words, changes with old and new. Reads only."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import QuerySet

from guixiao.people.masking import masked
from guixiao.people.models import BatchState, ImportBatch, ImportRow, RowKind, RowState
from guixiao.places.models import Place

from .columns import by_key
from .payload import Payload
from .reasons import Reason, explain
from .targets import field_header

SEALED = ("id_number", "student_number", "phone", "address")


@dataclass(slots=True)
class Change:
    header: str
    old: str
    new: str


@dataclass(slots=True)
class Shown:
    """One row of the preview."""

    number: int
    name: str
    klass: str
    state: str
    student: int | None
    reasons: list[Reason] = field(default_factory=list)
    notes: list[Reason] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def working(batch: ImportBatch) -> bool:
    return batch.state in (BatchState.CHECKING, BatchState.APPLYING, BatchState.UNDOING)


def rows(batch: ImportBatch, kind: str) -> QuerySet[ImportRow]:
    """Rows of one kind; those left out while writing stand with the bad ones."""
    found = ImportRow.objects.filter(batch=batch)
    skipped = found.filter(state=RowState.SKIPPED)
    if kind == RowKind.BAD:
        return (found.filter(kind=kind) | skipped).order_by("number")
    return found.filter(kind=kind).exclude(state=RowState.SKIPPED).order_by("number")


def kinds(batch: ImportBatch) -> list[tuple[str, str, int]]:
    """(kind, word, number of rows) for the pills."""
    skipped = ImportRow.objects.filter(batch=batch, state=RowState.SKIPPED).count()
    numbers = {
        RowKind.BAD: batch.bad + skipped,
        RowKind.NEW: batch.new,
        RowKind.CHANGED: batch.changed,
        RowKind.UNCHANGED: batch.unchanged,
    }
    return [(kind.value, str(kind.label), number) for kind, number in numbers.items()]


def first_kind(batch: ImportBatch) -> str:
    """What to look at first: what is wrong, then what would change."""
    return next((kind for kind, _word, number in kinds(batch) if number), RowKind.NEW)


def shown(row: ImportRow) -> Shown:
    payload = Payload.of(row)
    values = payload.values
    grade, klass = values.get("grade", ""), values.get("klass", "")
    found = Shown(
        number=row.number,
        name=values.get("name", ""),
        klass=f"{grade} / {klass}" if grade else klass,
        state=row.state,
        student=row.student if row.state == RowState.APPLIED else payload.match,
        reasons=[
            _masked(reason, fault[0])
            for reason, fault in zip(explain(payload.faults), payload.faults, strict=True)
        ],
        notes=explain(payload.notes),
    )
    found.changes = [_change(name, old, new) for name, old, new in payload.changes]
    return found


def _masked(reason: Reason, key: str) -> Reason:
    """A wrong number is shown masked too, unless it is too short to be one."""
    name = key.rpartition(".")[2]
    if name in SEALED and len(reason.value) > 8:
        return Reason(reason.column, masked(name, reason.value), reason.reason, reason.remedy)
    return reason


def _change(name: str, old: object, new: object) -> Change:
    bare = name.rpartition(".")[2]
    if name in ("klass", "village_id", "registered_village_id"):
        return Change(field_header(name), _place(old), _place(new))
    was, will = str(old or ""), str(new or "")
    if bare in SEALED:
        return Change(field_header(name), masked(bare, was), masked(bare, will))
    column = by_key().get(name.removeprefix("sheet."))
    if column and column.codes:
        was, will = column.label(was), column.label(will)
    return Change(field_header(name), was, will)


def _place(pk: object) -> str:
    found = Place.objects.filter(pk=int(str(pk or 0) or 0)).first()
    return found.name if found else ""
