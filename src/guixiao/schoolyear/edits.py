"""The edits of a preview as a form sends them: each reads its fields and gives the next plan.

An edit raises ``ValidationError`` saying what is wrong and what to do; nothing is stored then.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from guixiao.facts.posts import SHARED
from guixiao.places.models import Person

from . import plan as plans
from .draft import Now, caught_up, idle, propose
from .naming import MOST, another, starting_names
from .plan import PERSONAL, NewClass, Plan
from .preview import seat_order, staff

MOST_PARTS, MOST_CLASSES = 6, 60


@dataclass(frozen=True, slots=True)
class Edit:
    """What a form asks for, with what is needed to judge it."""

    given: QueryDict
    plan: Plan
    now: Now
    today: date

    def number(self, name: str, least: int, most: int) -> int:
        text = self.given.get(name, "").strip()
        if not re.fullmatch(r"[0-9]{1,4}", text) or not least <= int(text) <= most:
            raise ValidationError(
                _("请填 %(least)s 到 %(most)s 之间的整数。") % {"least": least, "most": most}
            )
        return int(text)

    def room(self, name: str = "key") -> NewClass:
        one = self.plan.find(self.given.get(name, ""))
        if one is None:
            raise ValidationError(_("这个班已经不在安排里了。请刷新再选。"))
        return one

    def ids(self, name: str) -> list[int]:
        return [int(text) for text in self.given.getlist(name) if re.fullmatch(r"[0-9]{1,15}", text)]


def start(edit: Edit) -> Plan:
    """How many classes the starting grade gets."""
    first, _last = edit.now.span
    taken = [one.name for one in edit.now.standing if one.grade == first]
    taken += [one.name for one in edit.plan.in_grade(first) if one.sources]
    count = edit.number("count", 0, MOST_CLASSES)
    kept = [one.name for one in edit.plan.in_grade(first) if not one.sources][:count]
    names = [one.name for one in edit.now.classes if one.grade == first]
    more = starting_names(names[len(kept) + len(taken) :], first, count - len(kept), [*taken, *kept])
    return plans.beginners(edit.plan, first, [*kept, *more])


def rename(edit: Edit) -> Plan:
    one, name = edit.room(), "".join(edit.given.get("name", "").split())
    if not name or len(name) > MOST:
        raise ValidationError(_("班名不能空着，也不能超过 %(n)s 个字。") % {"n": MOST})
    if any(other.name == name for other in edit.plan.in_grade(one.grade) if other.key != one.key):
        raise ValidationError(_("这个年级已经有“%(name)s”。请换一个班名。") % {"name": name})
    return plans.with_class(edit.plan, replace(one, name=name))


def seat(edit: Edit) -> Plan:
    """Who leads the class: somebody of the school, nobody, or a newcomer by staff number."""
    one, post = edit.room(), edit.given.get("post", "")
    if post not in PERSONAL:
        raise ValidationError(_("这里只定班主任和副班主任。"))
    number = edit.given.get("staff_number", "").strip()[:30]
    if number:
        return plans.seat(edit.plan, one.key, post, _newcomer(number))
    chosen = edit.given.get("person", "")
    if not chosen:
        return plans.seat(edit.plan, one.key, post, None)
    if not re.fullmatch(r"[0-9]{1,15}", chosen) or int(chosen) not in staff(edit.now.school, edit.today):
        raise ValidationError(_("这位老师不在本校任职。新来的老师请填工号。"))
    return plans.seat(edit.plan, one.key, post, int(chosen))


def _newcomer(number: str) -> int:
    found = list(Person.objects.filter(staff_number=number).values_list("pk", flat=True)[:2])
    if len(found) != 1:
        raise ValidationError(
            _("没有工号是 %(n)s 的老师。请核对；新来的老师要先导入教职工名单。") % {"n": number}
        )
    return found[0]


def fill(edit: Edit) -> Plan:
    """Class teachers whose class graduates take the beginners' classes, in order: the usual round of three or six
    years."""
    first, _last = edit.now.span
    vacant = [one for one in edit.plan.in_grade(first) if not one.sources and not one.holder(PERSONAL[0])]
    free = idle(edit.now, edit.plan)
    if not vacant or not free:
        raise ValidationError(_("没有空缺的起始班，或没有空出来的班主任。"))
    plan = edit.plan
    for one, person in zip(vacant, free, strict=False):
        plan = plans.seat(plan, one.key, PERSONAL[0], person)
    return plan


def split(edit: Edit) -> Plan:
    one = edit.room()
    parts = edit.number("parts", 2, MOST_PARTS)
    sitting = edit.plan.sitting(one.key)
    if len(sitting) < parts:
        raise ValidationError(_("%(name)s只有 %(n)s 人，分不成 %(parts)s 个班。") % {
            "name": one.name, "n": len(sitting), "parts": parts,
        })  # fmt: skip
    names = [other.name for other in edit.plan.in_grade(one.grade)]
    taken = [*names, *(place.name for place in edit.now.standing if place.grade == one.grade)]
    made: list[str] = []
    for _part in range(parts - 1):
        made.append(another([one.name, *names], one.grade, [*taken, *made]))
    deal = edit.given.get("how") != "hand"
    return plans.split(edit.plan, one.key, made, seat_order(sitting), deal)


def merge(edit: Edit) -> Plan:
    one = edit.room()
    others = [key for key in edit.given.getlist("with") if key != one.key]
    rooms = [room for key in others if (room := edit.plan.find(key))]
    if not rooms or any(room.grade != one.grade for room in rooms):
        raise ValidationError(_("请勾选要并进来的班，要同一个年级的。"))
    return plans.merge(edit.plan, [one.key, *(room.key for room in rooms)], sorted(SHARED))


def move(edit: Edit) -> Plan:
    """Single children to another class of the same grade."""
    one, to = edit.room(), edit.room("to")
    if to.grade != one.grade:
        raise ValidationError(
            _("只能调到同一个年级的班。义务教育阶段随班升级；个别情况请在开学年以后由学籍管理员办学籍变动。")
        )
    wanted = set(edit.ids("child")) & set(edit.plan.sitting(one.key))
    if not wanted:
        raise ValidationError(_("请先勾选要调的学生。"))
    return plans.move(edit.plan, dict.fromkeys(wanted, to.key))


def take_over(edit: Edit) -> Plan:
    return caught_up(edit.plan, edit.now)


def reset(edit: Edit) -> Plan:
    return propose(edit.now)


EDITS: dict[str, Callable[[Edit], Plan]] = {
    "start": start,
    "rename": rename,
    "seat": seat,
    "fill": fill,
    "split": split,
    "merge": merge,
    "move": move,
    "take_over": take_over,
    "reset": reset,
}


def edited(do: str, edit: Edit) -> Plan:
    """The plan after one edit; ``do`` is a key of :data:`EDITS`."""
    if do not in EDITS:
        raise ValidationError(_("没有这样的操作。请刷新页面再试。"))
    return EDITS[do](edit)
