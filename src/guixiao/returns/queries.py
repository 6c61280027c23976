"""Reading returns: figures, lists, who has still to sign, and which are visible to whom."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from guixiao.access.actor import Actor
from guixiao.access.matrix import Way
from guixiao.access.scopes import by_path
from guixiao.facts.codes import SignStep
from guixiao.people.models import Enrolment
from guixiao.places.models import Place

from .cells import CELLS, DETAILED, Cell
from .models import MonthlyReturn, ReturnLine, Signature

NAMES = frozenset({"prefecture_officer", "province_officer", "county_head"})


@dataclass(frozen=True, slots=True)
class Figure:
    cell: Cell
    value: int
    before: int | None


def visible(actor: Actor, action: str = "return.view") -> QuerySet[MonthlyReturn]:
    """The returns of schools over which ``action`` is granted."""
    return MonthlyReturn.objects.filter(by_path("path", actor, action, Way.ENROLMENT)).select_related(
        "school"
    )


def figures(report: MonthlyReturn, earlier: MonthlyReturn | None = None) -> list[Figure]:
    """Every figure with the month before beside it. Two queries."""
    now, then = _counts(report), _counts(earlier) if earlier else None
    return [
        Figure(cell, now.get(cell.code, 0), then.get(cell.code, 0) if then is not None else None)
        for cell in CELLS
    ]


def _counts(report: MonthlyReturn) -> dict[str, int]:
    rows = ReturnLine.objects.filter(report=report).values_list("cell").annotate(n=Count("pk"))
    return dict(rows)


def is_zero(report: MonthlyReturn) -> bool:
    """A zero return (零报告): nobody dropped out this month and nobody is still out (A04-15)."""
    return not ReturnLine.objects.filter(report=report, cell__in=("dropouts", "out")).exists()


def lines(
    report: MonthlyReturn, cell: str, klass_id: int | None = None
) -> list[tuple[ReturnLine, dict[str, str]]]:
    """The list behind a figure, with its frozen fields read."""
    rows = (
        ReturnLine.objects.filter(report=report, cell=cell)
        .select_related("klass")
        .order_by("klass__path", "pk")
    )
    if klass_id is not None:
        rows = rows.filter(klass=klass_id)
    return [(row, json.loads(row.fields)) for row in rows]


def classes_of(report: MonthlyReturn) -> QuerySet[Place]:
    """The classes that had children on the cut-off day: each class teacher checks one's own."""
    from django.db.models import Q

    there = Enrolment.objects.filter(
        Q(last=None) | Q(last__gte=report.cut_off), school=report.school_id, first__lte=report.cut_off
    )
    return Place.objects.filter(pk__in=there.values("klass")).order_by("path")


def unchecked_classes(report: MonthlyReturn) -> list[Place]:
    """Classes whose teacher has not checked the return yet."""
    signed = Signature.objects.filter(report=report, step=SignStep.CHECKED).values_list("klass", flat=True)
    return [klass for klass in classes_of(report) if klass.pk not in set(signed)]


def due_periods(first: date, today: date) -> list[str]:
    """The months from ``first`` whose cut-off has come by ``today``, newest first."""
    from .periods import before, cut_off, period_of

    period = period_of(today)
    if cut_off(period) > today:
        period = before(period)
    found: list[str] = []
    while cut_off(period) >= first:
        found.append(period)
        period = before(period)
    return found


__all__ = [
    "DETAILED",
    "NAMES",
    "Figure",
    "classes_of",
    "due_periods",
    "figures",
    "is_zero",
    "lines",
    "visible",
]
