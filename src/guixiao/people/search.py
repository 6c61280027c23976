"""The list of children: what is asked for, and the scoped query that answers it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Replace

from guixiao.access.actor import Actor
from guixiao.access.scopes import visible_places
from guixiao.access.vault import blind_index
from guixiao.facts.clock import day_of
from guixiao.places import paths
from guixiao.places.models import Kind, Place
from guixiao.places.queries import on

from .idnumbers import clean
from .models import Group, KeyGroup, Status, Student
from .scopes import visible

SORTS = {
    "class": ("path", "seat", "pinyin", "pk"),
    "name": ("pinyin", "pk"),
    "birth": ("birth", "pk"),
    "status": ("status", "path", "pk"),
}
MANY_CLASSES = 80  # beyond this a school is chosen first


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks the list for; unknown values are dropped, never an error."""

    q: str = ""
    school: int | None = None
    klass: int | None = None
    status: str = ""
    group: str = ""
    sort: str = ""

    @property
    def narrowed(self) -> bool:
        return bool(self.q or self.school or self.klass or self.status or self.group)


def wanted(given: Mapping[str, str]) -> Wanted:
    """Read the query string."""
    status, group = given.get("status", ""), given.get("group", "")
    sort = given.get("sort", "")
    return Wanted(
        q=given.get("q", "").replace("\x00", "").strip()[:60],
        school=_number(given.get("school", "")),
        klass=_number(given.get("class", "")),
        status=status if status in Status.values else "",
        group=group if group in Group.values else "",
        sort=sort if sort.removeprefix("-") in SORTS else "",
    )


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,15}", text) else None


def students(actor: Actor, action: str, asked: Wanted) -> QuerySet[Student]:
    """The children ``actor`` may list that match. Key groups narrow only where tags may be seen."""
    found = visible(actor, action).select_related("klass", "school", "village")
    if asked.q:
        found = _matching(found, asked.q)
    if asked.school:
        found = found.filter(school_id=asked.school)
    if asked.klass:
        found = found.filter(klass_id=asked.klass)
    if asked.status:
        found = found.filter(status=asked.status)
    if asked.group:
        member = KeyGroup.objects.filter(on(day_of(actor.now)), student=OuterRef("pk"), group=asked.group)
        found = found.filter(Exists(member), pk__in=visible(actor, "student.tags").values("pk"))
    return found.order_by(*_order(asked.sort))


def _order(sort: str) -> tuple[str, ...]:
    fields = SORTS[sort.removeprefix("-") or "class"]
    return tuple(f"-{name}" for name in fields) if sort.startswith("-") else fields


def _matching(found: QuerySet[Student], q: str) -> QuerySet[Student]:
    """A name, its pinyin (whole, without spaces or initials), or an exact ID or student number."""
    number = clean(q)
    if re.fullmatch(r"[GJL]?\d{17}[\dX]", number, re.ASCII):
        index = blind_index(number)
        return found.filter(Q(id_index=index) | Q(number_index=index))
    name = Q(name__icontains="".join(q.split()))
    letters = "".join(q.lower().split())
    if not re.fullmatch(r"[a-zü]{1,40}", letters):
        return found.filter(name)
    found = found.annotate(run=Replace(F("pinyin"), Value(" "), Value("")))
    spelt = Q(run__startswith=letters)
    if 2 <= len(letters) <= 4:
        spelt |= Q(pinyin__regex="^" + " ".join(f"{letter}[a-z]*" for letter in letters))
    return found.filter(name | spelt)


def choices(actor: Actor, asked: Wanted) -> tuple[list[Place], list[Place]]:
    """Schools and classes to choose from in the filters; classes only once there are not too many."""
    schools = list(visible_places(actor, "student.list", Kind.SCHOOL).order_by("path")[:400])
    classes = visible_places(actor, "student.list", Kind.CLASS).filter(closed_on=None)
    chosen = next((school for school in schools if school.pk == asked.school), None)
    if chosen:
        classes = classes.filter(paths.beneath("path", chosen.path))
    listed = list(classes.order_by("grade", "path")[: MANY_CLASSES + 1])
    return schools if len(schools) > 1 else [], listed if len(listed) <= MANY_CLASSES else []


def tags_of(actor: Actor, shown: list[Student]) -> dict[int, list[str]]:
    """The key groups of these children today, only for those whose tags the actor may see."""
    ids = [student.pk for student in shown]
    if not ids or not actor.may("student.tags"):
        return {}
    seen = set(visible(actor, "student.tags").filter(pk__in=ids).values_list("pk", flat=True))
    found: dict[int, list[str]] = {}
    for row in KeyGroup.objects.filter(on(day_of(actor.now)), student_id__in=seen).order_by("first", "pk"):
        found.setdefault(row.student_id, []).append(row.get_group_display())
    return found


def without_page(asked: Wanted) -> dict[str, str]:
    """The filters as hidden fields of the export form."""
    plain = replace(asked, sort="")
    pairs = (("q", plain.q), ("school", plain.school), ("class", plain.klass), ("status", plain.status))
    return {name: str(value) for name, value in (*pairs, ("group", plain.group)) if value}
