"""A plan as its pages show it: classes by grade with names and figures, children of a class, who may lead it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from guixiao.access.actor import Actor
from guixiao.people.models import Status, Student
from guixiao.people.scopes import visible
from guixiao.places import paths
from guixiao.places.models import Holding, Person, Place

from .checks import people, several
from .draft import News, Now
from .naming import grade_name
from .plan import OUT, PERSONAL, STAY, NewClass, Plan


@dataclass(frozen=True, slots=True)
class Row:
    """One class of the coming year."""

    one: NewClass
    sources: str
    size: int
    teacher: str
    deputy: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Grade:
    name: str
    grade: int
    rows: list[Row]
    beginners: bool

    @property
    def size(self) -> int:
        return sum(row.size for row in self.rows)


def grades(plan: Plan, now: Now) -> list[Grade]:
    """The classes by grade, the starting grade first."""
    first, last = now.span
    sizes, names = plan.sizes(), {one.pk: one.name for one in now.classes}
    teachers = people({pk for one in plan.classes for post in PERSONAL for pk in one.seats.get(post, ())})
    wanted = {one.grade for one in plan.classes} | {first}
    return [
        Grade(
            grade_name(grade),
            grade,
            [_row(one, sizes, names, teachers, now) for one in in_order(plan.in_grade(grade))],
            grade == first,
        )
        for grade in sorted(wanted)
        if grade <= last
    ]


def in_order(classes: Iterable[NewClass]) -> list[NewClass]:
    return sorted(classes, key=lambda one: (len(one.name), one.name))


def _row(
    one: NewClass, sizes: dict[str, int], names: dict[int, str], teachers: dict[int, str], now: Now
) -> Row:
    teacher, deputy = one.holder(PERSONAL[0]), one.holder(PERSONAL[1])
    were = {person for pk in one.sources for person in now.seats.get(pk, {}).get(PERSONAL[0], ())}
    return Row(
        one,
        "、".join(names.get(pk, "") for pk in one.sources),
        sizes.get(one.key, 0),
        teachers.get(teacher or 0, ""),
        teachers.get(deputy or 0, ""),
        bool(teacher and one.sources and teacher not in were),
    )


@dataclass(frozen=True, slots=True)
class Child:
    pk: int
    name: str
    seat: str
    source: str
    status: str
    word: str

    @property
    def away(self) -> bool:
        return self.status != Status.ENROLLED


def children(actor: Actor, plan: Plan, key: str, now: Now) -> list[Child]:
    """The children who go to ``key``, in seat order; those the actor may list."""
    names = {one.pk: one.name for one in now.classes}
    found = visible(actor, "student.list").filter(pk__in=plan.sitting(key)).order_by("seat", "pinyin", "pk")
    return [
        Child(
            one.pk,
            one.name,
            one.seat,
            names.get(plan.children[one.pk].source, ""),
            one.status,
            one.get_status_display(),
        )
        for one in found
    ]


def seat_order(ids: Iterable[int]) -> list[int]:
    """Children in the order in which they are dealt: by class, seat and pinyin."""
    found = Student.objects.filter(pk__in=list(ids)).order_by("path", "seat", "pinyin", "pk")
    return list(found.values_list("pk", flat=True))


def staff(school: Place, day: date) -> dict[int, str]:
    """Everybody who holds a post in the school on or after ``day``: person → name."""
    live = Q(last=None) | Q(last__gte=day)
    held = Holding.objects.filter(live, paths.beneath("place__path", school.path)).values("person")
    return dict(Person.objects.filter(pk__in=held).order_by("name").values_list("pk", "name"))


def candidates(plan: Plan, key: str, post: str, people_here: dict[int, str]) -> list[dict[str, Any]]:
    """Whom one may choose, those without a class first, each with the class led so far."""
    leads: dict[int, str] = {}
    for one in plan.classes:
        for person in one.seats.get(post, ()):
            if one.key != key:
                leads.setdefault(person, one.name)
    rows = [{"pk": pk, "name": name, "leads": leads.get(pk, "")} for pk, name in people_here.items()]
    return sorted(rows, key=lambda row: bool(row["leads"]))


def vacant_beginners(plan: Plan, grade: int) -> int:
    """How many classes of the starting grade have no class teacher yet."""
    return sum(not one.sources and not one.holder(PERSONAL[0]) for one in plan.in_grade(grade))


def told_news(since: News, now: Now) -> list[tuple[str, str]]:
    """What happened since the preview: (kind, names)."""
    ids = {*since.joined, *since.gone, *since.moved, *since.standing}
    names = dict(Student.objects.filter(pk__in=ids).values_list("pk", "name"))
    rooms = {one.pk: one.name for one in now.classes}
    rooms |= dict(Place.objects.filter(pk__in=since.closed).values_list("pk", "name"))
    groups = (
        ("joined", since.joined, names),
        ("gone", since.gone, names),
        ("moved", since.moved, names),
        ("standing", since.standing, names),
        ("classes", since.classes, rooms),
        ("closed", since.closed, rooms),
    )
    return [(kind, several([known.get(pk, "") for pk in ids])) for kind, ids, known in groups if ids]


def figures(plan: Plan, now: Now) -> dict[str, int]:
    """The turn in numbers."""
    sizes = plan.sizes()
    leaving = sum(1 for one in now.classes if one.pk in plan.leaving)
    away = sum(pupil.status != Status.ENROLLED for pupil in now.pupils.values())
    return {
        "classes": len(plan.classes),
        "promoted": sum(bool(one.sources) for one in plan.classes),
        "beginning": sum(not one.sources for one in plan.classes),
        "closing": len(now.classes),
        "leaving": leaving,
        "moved": len(plan.children) - sizes.get(OUT, 0) - sizes.get(STAY, 0),
        "graduating": sizes.get(OUT, 0),
        "staying": sizes.get(STAY, 0),
        "away": away,
        "led": sum(bool(one.holder(PERSONAL[0])) for one in plan.classes),
        "vacant": sum(not one.holder(PERSONAL[0]) for one in plan.classes),
    }
