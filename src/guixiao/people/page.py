"""What the page of one child shows, and to whom. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guixiao.access.actor import Actor
from guixiao.access.matrix import may_open
from guixiao.facts.clock import day_of
from guixiao.places import paths
from guixiao.places.models import Holding
from guixiao.places.queries import on

from .masking import label, masked
from .models import Assignment, Guardian, KeyGroup, Student
from .roles import title
from .scopes import visible

CHILD_FIELDS = ("id_number", "student_number", "phone", "address")
GUARDIAN_FIELDS = ("phone", "id_number", "address")
BY_POST = (
    "class_teacher",
    "deputy_class_teacher",
    "liaison_leader",
    "class_leader",
    "village_head",
    "village_backer",
)
RECORD = (
    ("duties:of_student", gettext_noop("待办")),
    ("cases:of_student", gettext_noop("个案")),
    ("rollcall:history", gettext_noop("出勤")),
    ("visits:of_student", gettext_noop("家访和联系")),
)


@dataclass(frozen=True, slots=True)
class Rights:
    """What this actor may do with this child, decided once."""

    reveal: bool
    call: bool
    tags: bool
    edit: bool
    transfer: bool
    assign: bool


def rights(actor: Actor, student: Student) -> Rights:
    def over(action: str) -> bool:
        return actor.may(action) and visible(actor, action).filter(pk=student.pk).exists()

    return Rights(
        reveal=over("student.reveal"),
        call=over("visit.record"),
        tags=over("student.tags"),
        edit=over("student.edit"),
        transfer=over("student.transfer"),
        assign=over("student.assign"),
    )


@dataclass(frozen=True, slots=True)
class Hidden:
    """A masked value and where its reveal is asked for; no address where the actor may not."""

    label: str
    value: str
    url: str


def hidden(student: Student, owner: Student | Guardian, field: str, may: bool) -> Hidden:
    """One sealed field of the child or of a guardian, as the page shows it."""
    value = str(getattr(owner, field))
    name = f"guardian{owner.order}-{field}" if isinstance(owner, Guardian) else field
    url = reverse("people:reveal", args=[student.pk, name]) if may and value else ""
    return Hidden(label(owner, field), masked(field, value) or _("没有登记"), url)


def sealed_value(student: Student, name: str) -> tuple[str, str] | None:
    """The label and plain value behind a reveal's field name; ``None`` for a name nobody declared."""
    if name in CHILD_FIELDS:
        return label(Student, name), str(getattr(student, name))
    owner, _dash, field = name.partition("-")
    if not owner.startswith("guardian") or field not in GUARDIAN_FIELDS:
        return None
    guardian = next((g for g in student.guardians.all() if owner == f"guardian{g.order}"), None)
    if guardian is None:
        return None
    whose = _("%(who)s的%(what)s") % {"who": guardian.name, "what": label(Guardian, field)}
    return whose, str(getattr(guardian, field))


def family(student: Student, may: Rights) -> list[dict[str, Any]]:
    """The guardians; the number to call is given to those who visit and call this family."""
    return [
        {
            "name": guardian.name,
            "relation": guardian.relation,
            "is_guardian": guardian.is_guardian,
            "workplace": guardian.workplace,
            "call": guardian.phone if may.call else "",
            "phone": hidden(student, guardian, "phone", may.reveal and not may.call),
            "more": [hidden(student, guardian, name, may.reveal) for name in ("id_number", "address")],
        }
        for guardian in student.guardians.order_by("order")
    ]


def groups(student: Student, may: Rights) -> QuerySet[KeyGroup]:
    found = student.groups.order_by("-first", "-pk")
    return found if may.tags else found.none()


@dataclass(frozen=True, slots=True)
class Answers:
    """Somebody who answers for the child, by post or by assignment."""

    name: str
    what: str
    assignment: int | None = None
    first: date | None = None
    last: date | None = None


def answers_for(student: Student, day: date) -> tuple[list[Answers], list[Answers]]:
    """By post (the class teacher, the head of the village) and by dated assignment, today's first."""
    seats = [student.klass_id] if student.klass_id else []
    if student.village_id:
        seats.append(student.village_id)
    posts = (
        "class_teacher",
        "deputy_class_teacher",
        "liaison_leader",
        "class_leader",
        "village_head",
        "village_backer",
    )
    holdings = Holding.objects.filter(on(day), place_id__in=seats, post__in=posts).select_related(
        "person", "place"
    )
    by_post = [
        Answers(h.person.name, f"{h.place.name} {h.get_post_display()}")
        for h in holdings.order_by("place__kind", "pk")
    ]
    rows = Assignment.objects.filter(student=student).select_related("person").order_by("-first", "-pk")
    assigned = [Answers(row.person.name, title(row.role), row.pk, row.first, row.last) for row in rows]
    return by_post, assigned


def on_the_line(student: Student, day: date) -> QuerySet[Holding]:
    """Who could be asked to answer for the child: posts of its school, and of its village's and school's line."""
    above = {*paths.ids(student.path), *paths.ids(student.home_path)}
    found = Holding.objects.filter(on(day)).select_related("person", "place").exclude(post__endswith="_admin")
    here = paths.beneath("place__path", student.school.path) if student.school else None
    line = found.filter(place_id__in=above)
    return (found.filter(here) | line if here is not None else line).order_by("place__path", "pk")


def record_of(actor: Actor, student: Student) -> list[dict[str, str]]:
    """The sections other parts of the house fill in: title and address, only those that are open."""
    found = []
    for route, word in RECORD:
        if may_open(actor, route):
            try:
                found.append({"title": _(word), "url": reverse(route, args=[student.pk])})
            except NoReverseMatch:
                continue
    return found


def context(actor: Actor, student: Student) -> dict[str, Any]:
    """Everything the page of one child shows to ``actor``."""
    day = day_of(actor.now)
    may = rights(actor, student)
    by_post, assigned = answers_for(student, day)
    return {
        "student": student,
        "may": may,
        "age": age(student.birth, day),
        "numbers": [hidden(student, student, name, may.reveal) for name in CHILD_FIELDS],
        "family": family(student, may),
        "groups": groups(student, may),
        "enrolments": student.enrolments.select_related("klass", "school").order_by("-first", "-pk"),
        "by_post": by_post,
        "assigned": assigned,
        "record": record_of(actor, student),
        "today": day,
    }


def age(birth: date, day: date) -> int:
    """Full years on ``day``."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
