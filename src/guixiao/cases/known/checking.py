"""Whom a row means, and what is wrong with it. Nothing is written; a constant number of queries for a sheet."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from guixiao.access.vault import blind_index
from guixiao.cases.models import Case
from guixiao.facts.codes import Stage
from guixiao.people.imports.cells import _day
from guixiao.people.imports.reading import Cell
from guixiao.people.models import ON_THE_ROLL, Student
from guixiao.places import wording
from guixiao.rollcall.queries.days import State, day_states

from .sheet import plain
from .words import CONFIRMED, NO_CAUSE, cause_of

LOOK_BACK = timedelta(days=60)
EARLIEST = 12  # years: longer than compulsory schooling lasts
CAME = (State.PRESENT, State.LATE)


@dataclass
class Checked:
    """A row as understood: the child, the values as text, and its faults as (code, value)."""

    number: int
    given: dict[str, str]
    left_on: date | None = None
    causes: list[str] = field(default_factory=list)
    student: Student | None = None
    faults: list[list[str]] = field(default_factory=list)

    def wrong(self, code: str, value: object = "") -> None:
        self.faults.append([code, str(value)[:60]])

    @property
    def payload(self) -> dict[str, Any]:
        return {
            **self.given,
            "left_on": self.left_on.isoformat() if self.left_on else "",
            "causes": self.causes,
        }


def check(
    rows: Iterable[tuple[int, dict[str, Cell]]], students: QuerySet[Student], today: date
) -> list[Checked]:
    """Every row of a sheet, the children looked for among ``students``."""
    found = [_read(number, cells, today) for number, cells in rows]
    _match(found, students)
    seen: dict[int, int] = {}
    for row in found:
        if row.student is not None:
            if row.student.pk in seen:
                row.wrong("twice", seen[row.student.pk])
            seen.setdefault(row.student.pk, row.number)
    stand([row for row in found if row.student is not None], today)
    return found


def _read(number: int, cells: dict[str, Cell], today: date) -> Checked:
    given, lost = plain(cells)
    row = Checked(number, given)
    if not given["name"]:
        row.wrong("name")
    if lost:
        row.wrong("lost")
    for key, most in (("name", 60), ("where", 200), ("done", 500)):
        if len(given[key]) > most:
            row.wrong("long", given[key][:20])
    day = _day(cells.get("left", ""))
    if not given["left"]:
        row.wrong("no_day")
    elif day is None:
        row.wrong("day", given["left"])
    row.left_on = day
    _cause(row)
    if given["stage"] not in CONFIRMED:
        row.wrong("stage", given["stage"])
    return row


def _cause(row: Checked) -> None:
    parts = [part for part in re.split("[、，,；;]", row.given["cause"]) if part.strip()]
    if not parts:
        row.wrong("no_cause")
    for part in parts:
        code = cause_of(part)
        if part.strip() in NO_CAUSE:
            row.wrong("contact", part)
        elif not code:
            row.wrong("cause", part)
        elif code not in row.causes:
            row.causes.append(code)


def _match(rows: list[Checked], students: QuerySet[Student]) -> None:
    """By number; without one by name and school, and by class where that leaves several."""
    indexes = {row.number: blind_index(row.given["number"]) for row in rows if row.given["number"]}
    wanted = list(indexes.values())
    numbered: dict[str, Student] = {}
    shown = students.select_related("school", "klass")
    for student in shown.filter(Q(number_index__in=wanted) | Q(id_index__in=wanted)):
        numbered.update({index: student for index in (student.number_index, student.id_index) if index})
    named: dict[str, list[Student]] = {}
    names = {row.given["name"] for row in rows if not row.given["number"] and row.given["name"]}
    for student in shown.filter(name__in=names):
        named.setdefault(student.name, []).append(student)
    schools = set(students.values_list("school__name", flat=True).distinct())
    for row in rows:
        if row.number in indexes:
            _numbered(row, numbered.get(indexes[row.number]))
        elif row.given["name"] and ["lost", ""] not in row.faults:
            _named(row, named.get(row.given["name"], []), schools)


def _numbered(row: Checked, student: Student | None) -> None:
    if student is None:
        row.wrong("no_number", f"…{row.given['number'][-4:]}")
    elif row.given["name"] and student.name != row.given["name"]:
        row.wrong("other_name", student.name[:1] + "×" * (len(student.name) - 1))
    else:
        row.student = student


def _named(row: Checked, found: list[Student], schools: set[str]) -> None:
    school = row.given["school"]
    if not school:
        row.wrong("needs_school")
        return
    if school not in schools:
        row.wrong("no_school", school)
        return
    here = [student for student in found if student.school and student.school.name == school]
    klass = _plain(row.given["klass"])
    if len(here) > 1 and klass:
        here = [student for student in here if student.klass and _plain(student.klass.name) == klass] or here
    if not here:
        row.wrong("nobody", row.given["name"])
    elif len(here) > 1:
        row.wrong("several", len(here))
    else:
        row.student = here[0]


def _plain(text: str) -> str:
    """八（3）班, 八(3) and 八3班 are one class."""
    return "".join(sign for sign in text if sign not in "（）() ").removesuffix("班")


def stand(rows: list[Checked], today: date) -> None:
    """What speaks against a child's row: not on the roll, a case already, presence after leaving, a wrong day."""
    ids = [row.student.pk for row in rows if row.student]
    cases = {
        case.student_id: case for case in Case.objects.filter(student__in=ids).exclude(stage=Stage.CLOSED)
    }
    states = day_states(ids, today - LOOK_BACK, today) if ids else {}
    for row in rows:
        student = row.student
        assert student is not None
        if student.status not in ON_THE_ROLL:
            row.wrong("not_on_roll", student.get_status_display())
        if student.pk in cases:
            row.wrong("has_case", cases[student.pk].number)
        if row.left_on is None:
            continue
        if row.left_on > today:
            row.wrong("ahead")
        elif row.left_on.year < today.year - EARLIEST or row.left_on <= student.birth:
            row.wrong("long_ago", row.left_on.year)
        came = [one.day for one in states.get(student.pk, []) if one.state in CAME and one.day >= row.left_on]
        if came:
            row.wrong("present", wording.day(came[-1]))
