"""What is open in somebody's hands by virtue of one post. Reads only; the apps above register their own kinds.

A kind says which ids are open, and later what became of each: the list of a handover keeps ids, never names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from django.db.models import F, Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixiao.access.actor import Actor
from guixiao.cases.models import Case, PlanRow
from guixiao.cases.stages import WORDS
from guixiao.duties.models import Duty
from guixiao.duties.queries import visible as visible_duties
from guixiao.duties.tasks import subject_words
from guixiao.duties.words import act_of
from guixiao.facts.clock import day_of
from guixiao.facts.codes import Session, Stage
from guixiao.people.models import Assignment
from guixiao.people.roles import title as role_title
from guixiao.people.scopes import visible
from guixiao.places import paths, wording
from guixiao.places.calendars import calendar_of
from guixiao.places.models import Holding, Kind
from guixiao.places.queries import on
from guixiao.rollcall.models import RollCall

MOST = 200
BACK = 7  # natural days in which a missing roll call is still worth handing over
ROLL_POSTS = ("class_teacher", "deputy_class_teacher", "morning_teacher")
BY_HOME = (Kind.TOWNSHIP, Kind.VILLAGE, Kind.HAMLET)
Id = int | str


@dataclass(frozen=True, slots=True)
class Item:
    """One open matter. ``about`` names a child only to those who may read the name."""

    id: Id
    about: str
    what: str
    note: str = ""
    url: str = ""
    done: bool = False


@dataclass(frozen=True, slots=True)
class Matter:
    """The open matters of one kind; ``all`` counts also those that were not listed."""

    kind: str
    title: str
    advice: str
    items: Sequence[Item]
    all: int

    @property
    def left(self) -> int:
        return sum(not item.done for item in self.items)

    @property
    def more(self) -> int:
        return self.all - len(self.items)


class Source(Protocol):
    """One kind of open matter."""

    kind: str
    title: Any
    advice: Any

    def open(self, holding: Holding, now: datetime) -> list[Id]: ...

    def show(self, holding: Holding, ids: Sequence[Id], actor: Actor) -> list[Item]: ...


SOURCES: list[Source] = []


def source(made: Source) -> None:
    """Register a kind once; the order of registering is the order of the list."""
    if all(known.kind != made.kind for known in SOURCES):
        SOURCES.append(made)


def snapshot(holding: Holding, now: datetime) -> dict[str, Any]:
    """What is open now, as a handover stores it: ``{kind: {"all": n, "ids": […]}}``."""
    found = {each.kind: each.open(holding, now) for each in SOURCES}
    return {kind: {"all": len(ids), "ids": ids[:MOST]} for kind, ids in found.items() if ids}


def shown(holding: Holding, kept: dict[str, Any], actor: Actor) -> list[Matter]:
    """Stored matters in words, each with what became of it."""
    return [
        Matter(
            each.kind,
            str(each.title),
            str(each.advice),
            each.show(holding, kept[each.kind]["ids"], actor),
            kept[each.kind]["all"],
        )
        for each in SOURCES
        if each.kind in kept
    ]


def _names(actor: Actor, students: Iterable[int]) -> dict[int, str]:
    """The names this actor may read, in one query."""
    found = visible(actor, "student.view").filter(pk__in=set(students)) if actor.may("student.view") else None
    return dict(found.values_list("pk", "name")) if found is not None else {}


def _beneath(holding: Holding, prefix: str = "student__") -> Q:
    """Children in the care of a post: by enrolment, or by residence for the village line."""
    path = holding.place.path
    if holding.place.kind in BY_HOME:
        return paths.beneath(f"{prefix}home_path", path) | paths.beneath(f"{prefix}registered_path", path)
    return paths.beneath(f"{prefix}path", path)


class _Duties:
    kind = "duties"
    title = gettext_lazy("没办完的待办")
    advice = gettext_lazy("随岗位转到接任人名下；已逾期的仍记在当时任职的人名下。")

    def open(self, holding: Holding, now: datetime) -> list[Id]:
        rows = Duty.objects.filter(
            holder=holding.person_id, post=holding.post, post_place=holding.place_id, demanded=True
        )
        return list(rows.order_by("due", "pk").values_list("pk", flat=True))

    def show(self, holding: Holding, ids: Sequence[Id], actor: Actor) -> list[Item]:
        rows = Duty.objects.filter(pk__in=ids).select_related("student__klass", "place", "holder")
        seen = set(visible_duties(actor).filter(pk__in=ids).values_list("pk", flat=True))
        names = _names(actor, [duty.student_id for duty in rows if duty.student_id])
        return [
            Item(
                duty.pk,
                names.get(duty.student_id, _("一名学生"))
                if duty.student_id
                else subject_words(duty, actor)[0],
                act_of(duty.act, duty.title),
                _("%(day)s前") % {"day": wording.day(duty.due)},
                reverse("duties:why", args=[duty.pk]) if duty.pk in seen else "",
                not duty.demanded,
            )
            for duty in rows.order_by("due", "pk")
        ]


class _Cases:
    kind = "cases"
    title = gettext_lazy("没销号的个案")
    advice = gettext_lazy("个案跟着学生，接任人任职那天起就能看、能办。")

    def open(self, holding: Holding, now: datetime) -> list[Id]:
        rows = Case.objects.filter(_beneath(holding)).exclude(stage=Stage.CLOSED)
        return list(rows.order_by("opened_day", "pk").values_list("pk", flat=True))

    def show(self, holding: Holding, ids: Sequence[Id], actor: Actor) -> list[Item]:
        rows = list(Case.objects.filter(pk__in=ids).order_by("opened_day", "pk"))
        names = _names(actor, [case.student_id for case in rows]) if actor.may("case.view") else {}
        return [
            Item(
                case.pk,
                names.get(case.student_id, _("一名学生")),
                _("%(number)s 号个案，%(stage)s")
                % {"number": case.number, "stage": WORDS[Stage(case.stage)]},
                _("%(day)s立案") % {"day": wording.day_year(case.opened_day)},
                reverse("cases:show", args=[case.pk]) if case.student_id in names else "",
                case.stage == Stage.CLOSED,
            )
            for case in rows
        ]


class _Assignments:
    kind = "assignments"
    title = gettext_lazy("包保、结对和帮扶的学生")
    advice = gettext_lazy("勾选的转给接任人，从交接那天起；没勾的仍由本人负责。")

    def open(self, holding: Holding, now: datetime) -> list[Id]:
        rows = Assignment.objects.filter(on(day_of(now)), _beneath(holding), person=holding.person_id)
        return list(rows.order_by("pk").values_list("pk", flat=True))

    def show(self, holding: Holding, ids: Sequence[Id], actor: Actor) -> list[Item]:
        rows = list(Assignment.objects.filter(pk__in=ids).order_by("pk"))
        names = _names(actor, [row.student_id for row in rows])
        return [
            Item(
                row.pk,
                names.get(row.student_id, _("一名学生")),
                role_title(row.role),
                _("%(day)s起") % {"day": wording.day_year(row.first)},
                reverse("people:show", args=[row.student_id]) if row.student_id in names else "",
                row.last is not None,
            )
            for row in rows
        ]


class _Plans:
    kind = "plans"
    title = gettext_lazy("方案里没完成的任务")
    advice = gettext_lazy("方案里写的是原来的人。要换人，请在个案里重拟方案再批准。")

    def open(self, holding: Holding, now: datetime) -> list[Id]:
        rows = PlanRow.objects.filter(person=holding.person_id, done_day=None)
        rows = rows.filter(_beneath(holding, "plan__case__student__")).exclude(plan__case__stage=Stage.CLOSED)
        rows = rows.annotate(newest=Max("plan__case__plans__version")).filter(plan__version=F("newest"))
        return list(rows.order_by("by_day", "pk").values_list("pk", flat=True))

    def show(self, holding: Holding, ids: Sequence[Id], actor: Actor) -> list[Item]:
        rows = list(PlanRow.objects.filter(pk__in=ids).select_related("plan__case").order_by("by_day", "pk"))
        may = actor.may("case.view")
        names = _names(actor, [row.plan.case.student_id for row in rows]) if may else {}
        return [
            Item(
                row.pk,
                names.get(row.plan.case.student_id, _("一名学生")),
                row.task if row.plan.case.student_id in names else _("方案里的一项任务"),
                _("%(day)s前") % {"day": wording.day(row.by_day)},
                reverse("cases:show", args=[row.plan.case_id]) if row.plan.case.student_id in names else "",
                row.done_day is not None,
            )
            for row in rows
        ]


class _Rolls:
    kind = "rolls"
    title = gettext_lazy("没报的点名")
    advice = gettext_lazy("补报要趁早；过了期限只能由学生科更正。")

    def open(self, holding: Holding, now: datetime) -> list[Id]:
        if holding.post not in ROLL_POSTS or holding.place.kind != Kind.CLASS:
            return []
        today, calendar = day_of(now), calendar_of(holding.place)
        first = max(holding.first, today - timedelta(days=BACK))
        wanted = [day for day in _span(first, today) if calendar.is_school_day(day)]
        return [day.isoformat() for day in wanted if day not in self._taken(holding, wanted)]

    def show(self, holding: Holding, ids: Sequence[Id], actor: Actor) -> list[Item]:
        days = [date.fromisoformat(str(day)) for day in ids]
        taken = self._taken(holding, days)
        return [
            Item(
                day.isoformat(),
                holding.place.name,
                _("%(day)s的点名") % {"day": wording.day(day)},
                done=day in taken,
            )
            for day in days
        ]

    def _taken(self, holding: Holding, days: Sequence[date]) -> set[date]:
        rows = RollCall.objects.filter(klass=holding.place_id, day__in=days, session=Session.MORNING)
        return set(rows.values_list("day", flat=True))


def _span(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


for made in (_Duties(), _Cases(), _Assignments(), _Plans(), _Rolls()):
    source(made)
