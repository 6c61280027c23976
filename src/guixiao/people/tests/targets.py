"""What the routes of this app are about, for the generated access tests: route → kwargs, inside or outside."""

from __future__ import annotations

from collections.abc import Callable

from guixiao.facts import SYSTEM
from guixiao.people import actions
from guixiao.people.models import BatchState, ImportBatch, Student
from guixiao.testing.cast import FIRST, Cast

Target = Callable[[Cast, bool], dict[str, object]]


def child(cast: Cast, inside: bool) -> Student:
    return cast.child if inside else cast.children["石远"]


def of_child(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": child(cast, inside).pk}


def of_class(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": (cast.klass if inside else cast.places["一（1）班"]).pk}


def of_field(cast: Cast, inside: bool) -> dict[str, object]:
    return {**of_child(cast, inside), "field": "phone"}


def of_group(cast: Cast, inside: bool) -> dict[str, object]:
    student = child(cast, inside)
    row = student.groups.first() or actions.set_group(
        by=SYSTEM, now=cast.now, student=student, group="left_behind", first=FIRST
    )
    return {"pk": student.pk, "row": row.pk}


def of_assignment(cast: Cast, inside: bool) -> dict[str, object]:
    student = child(cast, inside)
    person = cast.holdings["morning_teacher"].person
    row = student.assignments.filter(last=None).first() or actions.assign(
        by=SYSTEM, now=cast.now, student=student, person_id=person.pk, role="pairing", first=FIRST
    )
    return {"pk": student.pk, "row": row.pk}


def of_import(cast: Cast, inside: bool) -> dict[str, object]:
    """A batch waiting to be applied."""
    school = cast.school if inside else cast.places["双河小学"]
    batch = ImportBatch.objects.filter(school=school).first() or ImportBatch.objects.create(
        school=school,
        state=BatchState.CHECKED,
        file_name="学籍.xlsx",
        first=FIRST,
        account=0,
        post="registrar",
        org=school.org_id,
        started_at=cast.now,
        beat_at=cast.now,
    )
    return {"pk": batch.pk}


IMPORTS = ("show", "progress", "apply", "undo", "discard", "bad")
TARGETS: dict[str, Target] = {
    "people:roster": of_class,
    "people:show": of_child,
    "people:reveal": of_field,
    "people:edit": of_child,
    "people:leave": of_child,
    "people:add_group": of_child,
    "people:end_group": of_group,
    "people:assign": of_child,
    "people:end_assignment": of_assignment,
    **{f"people:import_{name}": of_import for name in IMPORTS},
}
