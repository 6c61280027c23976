"""Who can have gone: those of the child's school and village line, each in a post they held that day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.translation import gettext as _

from guixiao.facts.posts import POSTS, VILLAGE_POSTS
from guixiao.people.models import Student
from guixiao.places import paths
from guixiao.places.models import Deputy, Holding
from guixiao.places.queries import on
from guixiao.places.wording import title_of

from .content import Companion

TOO_FAR = frozenset(
    {"prefecture_officer", "province_officer", "system_admin", "security_admin", "audit_admin"}
)


# Who usually goes along; everybody else of the line is one tap further.
NEAR = VILLAGE_POSTS | {
    "class_teacher", "deputy_class_teacher", "subject_teacher", "class_backer", "liaison_leader", "class_leader",
    "grade_head", "counsellor", "student_affairs", "dean", "vice_principal", "principal", "township_education",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """A person in a post who may have gone with the visitor."""

    person_id: int
    name: str
    post: str
    place: str

    @property
    def key(self) -> str:
        return f"{self.person_id}:{self.post}"

    @property
    def title(self) -> str:
        return title_of(self.post)

    @property
    def label(self) -> str:
        return f"{self.name} {self.title}"


def near_and_far(field: BoundField) -> tuple[list[BoundWidget], list[BoundWidget]]:
    """The tick boxes of a field of people: those who usually go and those already ticked, then the rest."""
    boxes = list(field.subwidgets)
    near = [box for box in boxes if box.data["selected"] or box.data["value"].split(":")[-1] in NEAR]
    return near, [box for box in boxes if box not in near]


def choices(student: Student, day: date) -> list[Choice]:
    """The holders and deputies along the child's school line and village line, lowest post first.

    Two queries. Hamlets beneath the child's village count: their group leaders know every house.
    """
    above = {number for line in (student.path, student.home_path) for number in paths.ids(line)}
    near = Q(place_id__in=above)
    if student.home_path:
        near |= paths.beneath("place__path", student.home_path)
    held = Holding.objects.filter(on(day), near).select_related("person", "place")
    acting = Deputy.objects.filter(on(day), holding__in=held.values("pk")).select_related(
        "person", "holding__place"
    )
    found = {Choice(h.person_id, h.person.name, h.post, h.place.name) for h in held}
    found |= {Choice(d.person_id, d.person.name, d.holding.post, d.holding.place.name) for d in acting}
    known = [one for one in found if one.post not in TOO_FAR]
    return sorted(known, key=lambda one: (POSTS[one.post].rank, one.post, one.person_id))


class InPost(Protocol):
    """A holding, or anything else that says who in which post."""

    person_id: int
    post: str


def resolved(going: Sequence[Companion | InPost], day: date) -> list[Companion]:
    """The same people with their names. Raises ``ValidationError`` for a post somebody did not hold that day."""
    went = [one if isinstance(one, Companion) else Companion(one.person_id, one.post) for one in going]
    if not went:
        raise ValidationError({"went": _("请选是谁去的，至少一个人。")})
    if len(went) > 30:
        raise ValidationError({"went": _("最多选 30 个人。")})
    names = _names(went, day)
    done: list[Companion] = []
    for one in dict.fromkeys(went):
        if one.person_id is None:
            done.append(_outsider(one))
            continue
        name = names.get((one.person_id, one.post))
        if name is None:
            raise ValidationError(
                {
                    "went": _("选的人里有人那天不任这个职务（%(post)s）。请重新选。")
                    % {"post": _title(one.post)}
                }
            )
        done.append(Companion(one.person_id, one.post, name))
    return done


def _outsider(one: Companion) -> Companion:
    name, role = one.name.strip(), one.role.strip()
    if not name or not role or len(name) > 40 or len(role) > 60:
        raise ValidationError({"went": _("系统外的人，请写姓名和身份，例如“王五，网格员”。")})
    return Companion(None, "", name, role)


def _names(went: Iterable[Companion], day: date) -> dict[tuple[int, str], str]:
    ids = {one.person_id for one in went if one.person_id}
    held = Holding.objects.filter(on(day), person_id__in=ids).values_list("person_id", "post", "person__name")
    acting = Deputy.objects.filter(on(day), on(day, "holding__"), person_id__in=ids).values_list(
        "person_id", "holding__post", "person__name"
    )
    return {(person, post): name for person, post, name in [*held, *acting]}


def _title(post: str) -> str:
    return title_of(post)[:20] if post not in POSTS else title_of(post)
