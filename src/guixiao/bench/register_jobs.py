"""What ``guixiao bench import`` does inside its empty county: the bare way, ours, and a writer beside it."""

from __future__ import annotations

import io
import resource
import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from guixiao.facts import SYSTEM, By
from guixiao.facts.clock import at
from guixiao.people.imports import actions as imports
from guixiao.people.imports import runner
from guixiao.people.models import BatchState, Student
from guixiao.places import actions as places
from guixiao.places.models import Kind, Place, SchoolKind

from . import actions
from .registers import VILLAGE_CODE, VILLAGES, WIDTH

NOW = at(date(2026, 9, 28), 8)
AT_ONCE = 500
PAUSE = 0.1  # seconds between two writes of the writer beside the import
SCHOOL = "青禾县实验学校"


def import_bare(file: Path) -> dict[str, float]:
    """Read every cell; then ``bulk_create`` rows of text columns, nothing checked, sealed or journaled."""
    data = file.read_bytes()
    cells, read = _timed(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0))
    table, walked = _timed(cells.to_python)
    rows = iter(table[1:])
    store = actions.bare_table(by=SYSTEM, now=NOW, width=WIDTH)

    def insert() -> None:
        while some := list(islice(rows, AT_ONCE)):
            store(some)

    _nothing, inserted = _timed(insert)
    return {"read": read + walked, "insert": inserted, "memory": _memory()}


def import_ours(file: Path) -> dict[str, float | int]:
    """The product's own way, from the bytes of the file to the last child; raises when a row was refused."""
    school = _school()
    by = By(account=1, post="registrar", org=school.pk)
    data = file.read_bytes()
    batch = imports.open_batch(by=by, now=NOW, school=school, file_name=file.name, first=date(2026, 9, 1))
    clock = runner.running_from(NOW)
    _nothing, checked = _timed(lambda: runner.check(batch, data, clock))
    batch.refresh_from_db()
    if batch.bad or batch.state != BatchState.CHECKED:
        raise RuntimeError(f"the bench's own sheet was refused: {batch.bad} rows, {batch.message}")

    def write() -> None:
        imports.begin_applying(by=by, now=clock(), batch_id=batch.pk)
        runner.carry_on(batch.pk, clock)

    _nothing, written = _timed(write)
    return {"check": checked, "write": written, "memory": _memory(), "children": Student.objects.count()}


def beside(stop: Path) -> Iterator[float]:
    """How long each small journaled write of the same school took until ``stop`` exists, in seconds."""
    while not stop.exists():
        school = Place.objects.filter(name=SCHOOL).first()
        if school is not None:
            began = time.perf_counter()
            places.add_person(by=By(account=2, post="principal", org=school.pk), now=NOW, name="某人")
            yield time.perf_counter() - began
        time.sleep(PAUSE)


def _school() -> Place:
    """A county with one township, its villages and one school without a class."""
    top = places.add_place(by=SYSTEM, now=NOW, parent=None, kind=Kind.COUNTY, name="青禾县", code="999999")
    town = places.add_place(
        by=SYSTEM, now=NOW, parent=top, kind=Kind.TOWNSHIP, name="石板河镇", code="999999001"
    )
    for n in range(VILLAGES):
        places.add_place(
            by=SYSTEM, now=NOW, parent=town, kind=Kind.VILLAGE, name=f"第{n + 1}村", code=VILLAGE_CODE % n
        )
    return places.add_place(
        by=SYSTEM, now=NOW, parent=town, kind=Kind.SCHOOL, name=SCHOOL, school_kind=SchoolKind.NINE_YEAR
    )


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    return work(), time.perf_counter() - began


def _memory() -> float:
    """The most this process ever held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
