"""Many schools in one month, and the months of one school: what the list page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guixiao.access.actor import Actor
from guixiao.facts.clock import day_of
from guixiao.facts.codes import SignStep
from guixiao.places.models import Place

from . import periods, queries
from .cells import CELLS, Cell
from .models import MonthlyReturn, State
from .who import Seat, Staff, staff

MISSING = "missing"
STATES: dict[str, str | Promise] = {MISSING: _("未编制"), **dict(State.choices)}
KINDS = {
    MISSING: "missing",
    State.PREPARED: "pending",
    State.CHECKED: "pending",
    State.REVIEWED: "pending",
    State.SIGNED: "done",
    State.SENT_BACK: "today",
}
SORTS = {"school": "path", "state": "return_state"}
SHOWN = tuple(cell for cell in CELLS if cell.code in ("roll", "dropouts", "out", "returned"))
MONTHS = 6


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks the list for; unknown values are dropped, never an error."""

    period: str
    q: str = ""
    state: str = ""
    sort: str = ""


def wanted(given: Mapping[str, str], months: list[str], today: date) -> Wanted:
    period = given.get("period", "")
    if not periods.is_period(period):
        period = months[0] if months else periods.before(periods.period_of(today))
    state, sort = given.get("state", ""), given.get("sort", "")
    return Wanted(
        period=period,
        q=given.get("q", "").replace("\x00", "").strip()[:60],
        state=state if state in STATES else "",
        sort=sort if sort.removeprefix("-") in SORTS else "",
    )


def months_of(actor: Actor, today: date) -> list[str]:
    """The months that may be asked for, newest first."""
    return periods.due(queries.terms_within(actor, today), today)


def schools(actor: Actor, asked: Wanted, action: str = "return.view") -> QuerySet[Place]:
    """The schools within sight with ``return_state`` and ``return_pk`` of the month."""
    there = MonthlyReturn.objects.filter(school=OuterRef("pk"), period=asked.period, superseded=False)
    found = queries.schools(actor, action).annotate(
        return_state=Subquery(there.values("state")[:1]), return_pk=Subquery(there.values("pk")[:1])
    )
    if asked.q:
        found = found.filter(name__icontains=asked.q)
    if asked.state:
        found = found.filter(return_state=None if asked.state == MISSING else asked.state)
    sort = SORTS[asked.sort.removeprefix("-") or "school"]
    return found.order_by(f"-{sort}" if asked.sort.startswith("-") else sort, "path")


@dataclass(frozen=True, slots=True)
class Row:
    """One school in one month."""

    school: Place
    period: str
    report: MonthlyReturn | None
    counts: list[int] | None
    state: str

    @property
    def kind(self) -> str:
        return KINDS[self.state]

    @property
    def word(self) -> str | Promise:
        return STATES[self.state]


def rows(actor: Actor, page: list[Place], period: str) -> list[Row]:
    """The schools of a page with their return. One query."""
    reports = {
        report.school_id: report
        for report in MonthlyReturn.objects.filter(school__in=page, period=period, superseded=False)
    }
    return [_row(actor, school, period, reports.get(school.pk)) for school in page]


def _row(actor: Actor, school: Place, period: str, report: MonthlyReturn | None) -> Row:
    seen = queries.sight(actor, school.path)
    stands = report is not None and report.state != State.SENT_BACK
    counts = [seen.count(report, cell.code) for cell in SHOWN] if report and stands else None
    return Row(school, period, report, counts, report.state if report else MISSING)


@dataclass(frozen=True, slots=True)
class Totals:
    """A month over all schools within sight: how many stand where, and the sum of those compiled."""

    schools: int
    signed: int
    missing: int
    compiled: int
    sums: list[tuple[Cell, int]]


def totals(actor: Actor, period: str) -> Totals:
    """Two queries, whatever the number of pupils. A return that was sent back is not counted."""
    everywhere = queries.schools(actor).count()
    reports = list(queries.visible(actor).filter(period=period, superseded=False))
    counted = [report for report in reports if report.state != State.SENT_BACK]
    sums = [(cell, sum(queries.sight(actor, r.path).count(r, cell.code) for r in counted)) for cell in SHOWN]
    signed = sum(report.locked for report in reports)
    return Totals(everywhere, signed, everywhere - len(reports), len(counted), sums)


@dataclass(frozen=True, slots=True)
class OwnMonth:
    """A month of one's own school: where its return stands and what may be done."""

    row: Row
    cut_off: date
    may_compile: bool
    due: bool


def own_months(actor: Actor, school: Place, now: datetime) -> tuple[list[OwnMonth], list[Seat]]:
    """The school's months, the running one first, and who compiles them. Three queries."""
    today = day_of(now)
    due = periods.due(queries.terms_of(school), today)
    reports = {
        report.period: report
        for report in MonthlyReturn.objects.filter(Q(school=school), superseded=False).order_by("-period")
    }
    team: Staff = staff([school.path], today)
    preparers = team.of(SignStep.PREPARED, school.path)
    mine = any(seat.person == actor.person for seat in preparers)
    running = periods.period_of(today)
    every = sorted({*due, *reports, running}, reverse=True)
    months = []
    for period in every:
        row = _row(actor, school, period, reports.get(period))
        open_now = periods.cut_off(period) <= today and row.state in (MISSING, State.SENT_BACK)
        months.append(OwnMonth(row, periods.cut_off(period), mine and open_now, open_now))
    return months, preparers
