"""Reading returns: which are visible to whom, their figures and lists, and whose hand is missing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404

from guixiao.access.actor import Actor
from guixiao.access.matrix import Way
from guixiao.facts import Term
from guixiao.facts.codes import SignStep
from guixiao.places import paths
from guixiao.places.models import Kind, Place, SchoolTerm

from .cells import CELLS, Cell
from .models import NEXT, MonthlyReturn, ReturnLine, Signature, State
from .periods import before
from .who import Seat, Staff


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell's number, the month before beside it, and whether its list may be opened."""

    cell: Cell
    value: int
    before: int | None
    opens: bool


@dataclass(frozen=True, slots=True)
class Sight:
    """How much of a return an actor sees: the whole school or some classes; with names or figures only.

    Names go to ``return.names``: the county's head, prefecture and province see figures (architecture.md,
    "above the county, never names").
    """

    branches: tuple[str, ...]
    whole: bool
    names: bool

    def covers(self, path: str) -> bool:
        return self.whole or any(paths.contains(branch, path) for branch in self.branches)

    def count(self, report: MonthlyReturn, cell: str) -> int:
        rows = (row for row in report.classes if self.covers(row["path"]))
        return sum(row["counts"].get(cell, 0) for row in rows)


@dataclass(frozen=True, slots=True)
class Line:
    """One child in one list, its frozen fields read."""

    student: int
    klass: Place
    cell: str
    fields: dict[str, str]


def visible(actor: Actor, action: str = "return.view") -> QuerySet[MonthlyReturn]:
    """The returns of schools over which, or over a class of which, ``action`` is granted."""
    return MonthlyReturn.objects.filter(_schools("path", actor, action)).select_related("school")


def schools(actor: Actor, action: str = "return.view") -> QuerySet[Place]:
    return Place.objects.filter(_schools("path", actor, action), kind=Kind.SCHOOL, closed_on=None)


def _schools(field: str, actor: Actor, action: str) -> Q:
    branches = actor.paths(action, Way.ENROLMENT)
    above = {path for branch in branches for path in paths.ancestors(branch)}
    return paths.beneath_any(field, branches) | Q(**{f"{field}__in": sorted(above)})


def report_or_404(actor: Actor, pk: int, action: str = "return.view") -> MonthlyReturn:
    """One visible return. Missing and forbidden look the same."""
    report = visible(actor, action).filter(pk=pk).first()
    if report is None:
        raise Http404
    return report


def school_or_404(actor: Actor, action: str, pk: int) -> Place:
    school = schools(actor, action).filter(pk=pk).first()
    if school is None:
        raise Http404
    return school


def sight(actor: Actor, school_path: str, action: str = "return.view") -> Sight:
    """What of one school's returns the actor sees."""
    branches = tuple(actor.paths(action, Way.ENROLMENT))
    named = actor.paths("return.names", Way.ENROLMENT)
    whole = any(paths.contains(branch, school_path) for branch in branches)
    inside = [branch for branch in branches if paths.contains(school_path, branch)]
    needed = [school_path] if whole else inside
    names = all(any(paths.contains(one, path) for one in named) for path in needed)
    return Sight(branches, whole, names)


def figures(report: MonthlyReturn, earlier: MonthlyReturn | None, seen: Sight) -> list[Figure]:
    """Every figure within sight, with the month before beside it. No query."""
    return [
        Figure(
            cell,
            seen.count(report, cell.code),
            seen.count(earlier, cell.code) if earlier else None,
            seen.names and seen.count(report, cell.code) > 0,
        )
        for cell in CELLS
    ]


def lines(report: MonthlyReturn, cells: Iterable[str], seen: Sight) -> list[Line]:
    """The lists behind figures, in class order; nothing for those who see figures only."""
    if not seen.names:
        return []
    rows = ReturnLine.objects.filter(report=report, cell__in=list(cells)).select_related("klass")
    if not seen.whole:
        rows = rows.filter(paths.beneath_any("klass__path", seen.branches))
    found = [Line(row.student, row.klass, row.cell, json.loads(row.fields)) for row in rows.order_by("pk")]
    place = {row["id"]: number for number, row in enumerate(report.classes)}
    return sorted(found, key=lambda line: place[line.klass.pk])


@dataclass(frozen=True, slots=True)
class Family:
    """A return among its kin: all versions of its month, and the month before."""

    report: MonthlyReturn
    versions: tuple[MonthlyReturn, ...]
    earlier: MonthlyReturn | None


def family(report: MonthlyReturn) -> Family:
    """One query."""
    month_before = before(report.period)
    rows = MonthlyReturn.objects.filter(
        school=report.school_id, period__in=[report.period, month_before]
    ).select_related("send_back__person", "send_back__klass")
    found = list(rows.order_by("version"))
    earlier = next((row for row in found if row.period == month_before and not row.superseded), None)
    usable = earlier if earlier and earlier.state != State.SENT_BACK else None
    return Family(report, tuple(row for row in found if row.period == report.period), usable)


def signatures(report: MonthlyReturn) -> list[Signature]:
    rows = Signature.objects.filter(report=report).select_related("person", "acting_for", "klass")
    return list(rows.order_by("at", "pk"))


def awaited(report: MonthlyReturn, team: Staff, signed: Iterable[Signature]) -> list[tuple[str, list[Seat]]]:
    """Whose hand is missing now: ``[(class name or "", seats), …]``; nothing once locked or sent back."""
    if report.state not in NEXT or report.superseded:
        return []
    step = NEXT[State(report.state)]
    if step is not SignStep.CHECKED:
        return [("", team.of(step, report.path))]
    done = {item.klass_id for item in signed if item.step == SignStep.CHECKED}
    return [(row["name"], team.of(step, row["path"])) for row in report.classes if row["id"] not in done]


def current(school: Place, period: str = "") -> MonthlyReturn | None:
    """The version in force of a month, else of the newest month."""
    rows = MonthlyReturn.objects.filter(school=school, superseded=False).select_related("school")
    if period:
        rows = rows.filter(period=period)
    return rows.order_by("-period").first()


def terms_of(school: Place) -> list[Term]:
    """The terms set at the school or above it."""
    rows = SchoolTerm.objects.filter(place_id__in=paths.ids(school.path))
    return [Term(row.code, row.first, row.last) for row in rows]


def terms_within(actor: Actor, today: date) -> list[Term]:
    """The terms that any school within sight may go by, for the choice of months."""
    branches = actor.paths("return.view", Way.ENROLMENT)
    above = [number for branch in branches for number in paths.ids(branch)]
    there = paths.beneath_any("place__path", branches) | Q(place_id__in=above)
    rows = SchoolTerm.objects.filter(there, first__lte=today)
    return [Term(row.code, row.first, row.last) for row in rows]
