"""From a sheet to staged rows: checked, compared, counted. Touches no child."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction

from guixiao.facts import By, happenings
from guixiao.facts.clock import day_of
from guixiao.journal.append import Stated, append
from guixiao.journal.bulk import insert_all
from guixiao.people.imports.classes import Classes, NewClass
from guixiao.people.imports.matching import Keys, Matcher, mark_twice, sheet_of, twice
from guixiao.people.imports.payload import Payload, class_key
from guixiao.people.imports.reading import Cell, Register
from guixiao.people.imports.rows import Checked, RowChecker, raw
from guixiao.people.imports.targets import differences, target_of
from guixiao.people.imports.villages import Villages
from guixiao.people.models import BatchState, ImportBatch, ImportRow, RowKind
from guixiao.places.models import Place

AT_ONCE = 500
KEYS = ("id_number", "student_number", "name", "birth", "g1.name")


def stage(*, by: By, now: datetime, batch: ImportBatch, register: Register) -> ImportBatch:
    """Check every row and stage it. Rows are written in short transactions, so others get their turn."""
    staging = _Staging(batch, register, now)
    total = sum(1 for _row in register.rows())
    _mark(batch, now, total=total, headers=register.headers)
    done = 0
    for some in _chunks(register):
        rows = staging.rows(some)
        done += len(rows)
        with transaction.atomic():
            insert_all(rows)
            _mark(batch, now, done=done)
    counts = staging.counts
    with transaction.atomic():
        _mark(
            batch,
            now,
            state=BatchState.CHECKED,
            done=0,
            new=counts[RowKind.NEW],
            changed=counts[RowKind.CHANGED],
            unchanged=counts[RowKind.UNCHANGED],
            bad=counts[RowKind.BAD],
            classes=sorted(staging.proposed),
        )
        fact = happenings.ImportStaged(batch=batch.pk, rows=total, bad=counts[RowKind.BAD])
        append([Stated(fact)], by=by, now=now)
    batch.refresh_from_db()
    return batch


def _mark(batch: ImportBatch, now: datetime, **values: object) -> None:
    ImportBatch.objects.filter(pk=batch.pk, state=BatchState.CHECKING).update(beat_at=now, **values)


def _chunks(register: Register) -> Iterator[list[tuple[int, Sequence[Cell]]]]:
    some: list[tuple[int, Sequence[Cell]]] = []
    for item in register.rows():
        some.append(item)
        if len(some) == AT_ONCE:
            yield some
            some = []
    if some:
        yield some


class _Staging:
    """What is known while one sheet is staged."""

    def __init__(self, batch: ImportBatch, register: Register, now: datetime) -> None:
        self.batch = batch
        self.checker = RowChecker(register.columns, Classes.of(batch.school), day_of(now))
        self.villages = Villages.around(batch.school)
        keys = [column if column and column.key in KEYS else None for column in register.columns]
        reader = RowChecker(keys, self.checker.classes, day_of(now))
        self.doubled: Keys = twice(reader.read(number, cells) for number, cells in register.rows())
        self.counts: Counter[str] = Counter()
        self.proposed: set[str] = set()
        self.taken: dict[int, int] = {}

    def rows(self, some: list[tuple[int, Sequence[Cell]]]) -> list[ImportRow]:
        checked = [self.checker.check(number, cells) for number, cells in some]
        for row in checked:
            mark_twice(row, self.doubled)
        matcher = Matcher(self.batch.school, checked)
        return [self._row(row, matcher, cells) for row, (_number, cells) in zip(checked, some, strict=True)]

    def _row(self, row: Checked, matcher: Matcher, cells: Sequence[Cell]) -> ImportRow:
        payload = Payload(values=row.values, notes=row.notes)
        kind = RowKind.BAD
        student = matcher.find(row)
        taken = student is not None and self.taken.setdefault(student.pk, row.number) != row.number
        if student is not None and taken and not row.bad:
            row.faults.append(("name", "twice", str(self.taken[student.pk])))
        if row.bad or row.klass is None:
            payload.faults, payload.raw = row.faults, raw(cells)
        else:
            payload.klass = class_key(row.klass)
            payload.home = _pk(self.villages.in_address(row.get("address")))
            payload.registered = _pk(self.villages.by_code(row.get("registered_area")))
            kind = RowKind.NEW
            if student is not None:
                target = target_of(row.values, payload.home, payload.registered)
                klass = row.klass if isinstance(row.klass, Place) else None
                payload.match = student.pk
                payload.changes = differences(student, sheet_of(student), target, klass)
                kind = RowKind.CHANGED if payload.changes else RowKind.UNCHANGED
            if isinstance(row.klass, NewClass):
                self.proposed.add(str(payload.klass))
        self.counts[kind] += 1
        return ImportRow(batch=self.batch, number=row.number, kind=kind, payload=payload.pack())


def _pk(place: Place | None) -> int | None:
    return place.pk if place else None
