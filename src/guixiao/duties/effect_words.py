"""The lines of an effect as a reader may see them: names only of children he or she may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from guixiao.access.actor import Actor
from guixiao.people.models import Student
from guixiao.people.scopes import student_q
from guixiao.places.models import Person, Place
from guixiao.policy import SubjectKind

from .effect import Line
from .words import act_of


@dataclass(frozen=True, slots=True)
class Shown:
    """Whom it is about, what, and what becomes of it."""

    what: str
    who: str
    note: str
    act: str
    title: str
    article: str
    was: datetime | None
    will: datetime | None
    student: int | None


def listed(lines: Sequence[Line], actor: Actor) -> list[Shown]:
    """Three queries, however many lines."""
    ids = {
        kind: {line.outcome.subject.id for line in lines if line.outcome.subject.kind is kind}
        for kind in SubjectKind
    }
    seen = Student.objects.filter(student_q(actor, "student.view"), pk__in=ids[SubjectKind.STUDENT])
    names = dict(seen.values_list("pk", "name"))
    people = dict(Person.objects.filter(pk__in=ids[SubjectKind.PERSON]).values_list("pk", "name"))
    wanted = {line.place for line in lines if line.place} | ids[SubjectKind.CLASS] | ids[SubjectKind.SCHOOL]
    places = dict(Place.objects.filter(pk__in=wanted).values_list("pk", "name"))
    return [_shown(line, names, people, places) for line in lines]


def _shown(line: Line, names: dict[int, str], people: dict[int, str], places: dict[int, str]) -> Shown:
    outcome, place = line.outcome, places.get(line.place or 0, "")
    number, student = outcome.subject.id, None
    if outcome.subject.kind is SubjectKind.STUDENT:
        who, note = names.get(number, _("一名学生")), place
        student = number if number in names else None
    elif outcome.subject.kind is SubjectKind.PERSON:
        who, note = people.get(number, ""), place
    else:
        who, note = places.get(number, ""), ""
    return Shown(
        line.what,
        who,
        note,
        act_of(outcome.act, outcome.title),
        outcome.clause.title,
        outcome.clause.article,
        line.was,
        line.will,
        student,
    )
