"""Lists of cases, and everything the page of one case shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from guixiao.access.actor import Actor
from guixiao.access.models import Account
from guixiao.facts.clock import day_of
from guixiao.facts.codes import Stage
from guixiao.facts.posts import POSTS, Level
from guixiao.files import queries as files
from guixiao.files.models import Purpose, StoredFile
from guixiao.people.models import Assignment, Student
from guixiao.people.roles import title
from guixiao.places import wording
from guixiao.places.queries import on
from guixiao.visits.companions import Choice, choices

from .models import Case, Plan
from .scopes import visible
from .stages import LINE, RISKS, WORDS

SORTS = {
    "number": ("year", "serial"),
    "opened": ("opened_day", "pk"),
    "name": ("student__pinyin", "pk"),
    "school": ("student__path", "pk"),
}
ANSWERING = (
    "class_teacher", "liaison_leader", "student_affairs", "dean", "principal", "central_school_head",
    "village_cadre", "village_head", "village_backer", "township_education",
)  # fmt: skip
ADMINISTRATIVE = (Level.VILLAGE, Level.HAMLET, Level.TOWNSHIP, Level.COUNTY)


def listed(actor: Actor, asked: Mapping[str, str]) -> QuerySet[Case]:
    """The cases an actor may see, searched, filtered and sorted as the page asks; nonsense is ignored."""
    rows = visible(actor, "case.view").select_related("student__klass", "student__school", "student__village")
    search, stage, risk, school = (
        asked.get(key, "").strip()[:60] for key in ("q", "stage", "risk", "school")
    )
    if search:
        rows = rows.filter(_search(search))
    if stage == "all":
        pass
    elif stage in set(Stage):
        rows = rows.filter(stage=stage)
    else:
        rows = rows.exclude(stage=Stage.CLOSED)
    if risk in [one.value for one in RISKS]:
        rows = rows.filter(risk=risk)
    if school.isascii() and school.isdigit() and len(school) < 18:
        rows = rows.filter(student__school=int(school))
    sort = asked.get("sort", "-opened")
    fields = SORTS.get(sort.removeprefix("-"), SORTS["opened"])
    return rows.order_by(*(f"-{name}" if sort.startswith("-") else name for name in fields))


def _search(text: str) -> Q:
    found = Q(student__name__icontains=text) | Q(student__pinyin__istartswith=text.lower())
    year, dash, serial = text.partition("-")
    if (
        dash
        and year.isascii()
        and serial.isascii()
        and year.isdigit()
        and serial.isdigit()
        and len(text) < 14
    ):
        found |= Q(year=int(year), serial=int(serial))
    return found


def schools(actor: Actor) -> list[tuple[int, str]]:
    """The schools that occur among the cases an actor may see, for the filter."""
    rows = visible(actor, "case.view").exclude(student__school=None)
    return list(
        rows.values_list("student__school", "student__school__name").distinct().order_by("student__school")
    )


def of_student(actor: Actor, student: Student) -> list[Case]:
    return list(visible(actor, "case.view").filter(student=student).order_by("-pk"))


# --- one case --------------------------------------------------------------------------------------


def line(case: Case) -> list[dict[str, Any]]:
    """The stage line: walked stages with their day, the current one, what is to come; the plan among them."""
    days: dict[str, date] = {}
    for step in case.steps.order_by("pk"):
        days[step.stage] = step.day
    approved = case.plans.exclude(approved_day=None).order_by("version").first()
    here = LINE.index(Stage(case.stage))
    steps: list[dict[str, Any]] = []
    for number, stage in enumerate(LINE):
        state = _state(number, here, stage.value in days)
        note = wording.day(days[stage]) if stage.value in days and state != "tocome" else ""
        if stage is Stage.CLOSING and case.stage != Stage.CLOSING:
            continue
        if stage is Stage.OPEN:
            in_plan = approved is not None and state == "now"
            steps.append({"label": WORDS[stage], "state": "walked" if in_plan else state, "note": note})
            steps.append(_plan_step(approved, now=in_plan))
        else:
            steps.append({"label": WORDS[stage], "state": state, "note": note})
    return steps


def _state(number: int, here: int, passed: bool) -> str:
    if number == here:
        return "now"
    return "walked" if number < here and passed else "tocome"


def _plan_step(approved: Plan | None, now: bool) -> dict[str, Any]:
    if approved is None or approved.approved_day is None:
        return {"label": _("方案"), "state": "tocome", "note": ""}
    day = approved.approved_day
    return {"label": _("方案"), "state": "now" if now else "walked", "note": wording.day(day)}


@dataclass(frozen=True, slots=True)
class Plans:
    """The plan in force, and a newer one that waits to be approved."""

    in_force: Plan | None
    waiting: Plan | None


def plans_of(case: Case) -> Plans:
    rows = list(case.plans.prefetch_related("rows__person").order_by("-version"))
    in_force = next((plan for plan in rows if plan.approved_day), None)
    waiting = rows[0] if rows and rows[0].approved_day is None else None
    return Plans(in_force, waiting)


@dataclass(frozen=True, slots=True)
class Charge:
    """Who answers for this child: the administrative line, the education line, those assigned."""

    administrative: list[Choice]
    education: list[Choice]
    assigned: list[tuple[Assignment, str]]


def in_charge(case: Case, day: date) -> Charge:
    people = [one for one in choices(case.student, day) if one.post in ANSWERING]
    rows = Assignment.objects.filter(on(day), student=case.student_id).select_related("person").order_by("pk")
    return Charge(
        [one for one in people if POSTS[one.post].level in ADMINISTRATIVE],
        [one for one in people if POSTS[one.post].level not in ADMINISTRATIVE],
        [(row, title(row.role)) for row in rows],
    )


def papers_of(case: Case) -> list[StoredFile]:
    closings = case.closings.values_list("pk", flat=True)
    evidence = files.of_owners(Purpose.CLOSING_EVIDENCE, closings)
    found = [
        *files.of_owner(Purpose.CASE_PAPER, case.pk),
        *(one for rows in evidence.values() for one in rows),
    ]
    return sorted(found, key=lambda one: -one.pk)


def nth(case: Case) -> int:
    """The how-manyth case of this child this is."""
    return Case.objects.filter(student=case.student_id, pk__lte=case.pk).count()


def names(accounts: set[int]) -> dict[int, str]:
    """Account → the name of its person, in one query."""
    rows = Account.objects.filter(pk__in=accounts).values_list("pk", "person__name")
    return dict(rows)


def days_open(case: Case, actor: Actor) -> int:
    last = day_of(case.closed_at) if case.closed_at else day_of(actor.now)
    return (last - case.opened_day).days + 1
