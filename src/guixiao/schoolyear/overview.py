"""Which schools have opened a year, which are at it, which have not begun."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from guixiao.access.actor import Actor
from guixiao.places.models import Kind, Place

from .models import State, YearOpening
from .rights import schools
from .seasons import usual_year

# state → (kind of gx state, word); in the order of work left to do
STATES = {
    "none": ("missing", _("还没拟")),
    "draft": ("pending", _("拟定中")),
    "opened": ("done", _("已开学年")),
    "there": ("neutral", _("本来就是这个学年")),
    "empty": ("neutral", _("没有班级")),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    year: int
    state: str = ""
    q: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    school: Place
    state: str
    old: int
    new: int
    opening: YearOpening | None

    @property
    def kind(self) -> str:
        return STATES[self.state][0]

    @property
    def word(self) -> str:
        return str(STATES[self.state][1])


def wanted(given: Mapping[str, str], today: date) -> Wanted:
    """Read the query string; unknown values are dropped."""
    state = given.get("state", "")
    return Wanted(
        asked_year(given.get("year", ""), today),
        state if state in STATES else "",
        given.get("q", "").replace("\x00", "").strip()[:40],
    )


def asked_year(text: str, today: date) -> int:
    """The year asked for, if it is one of those offered; else the usual one."""
    years = offered(today)
    return int(text) if text.isascii() and text.isdigit() and int(text) in years else usual_year(today)


def offered(today: date) -> list[int]:
    """The school years one may look at: the last, this one, the next."""
    return [today.year - 1, today.year, today.year + 1]


def rows(actor: Actor, asked: Wanted) -> list[Row]:
    """Every school within sight, what is left to do first. Three queries."""
    found = schools(actor)
    if asked.q:
        found = found.filter(Q(name__icontains=asked.q) | Q(parent__name__icontains=asked.q))
    made = rows_of(found.select_related("parent").order_by("path"), asked.year)
    made = [row for row in made if not asked.state or row.state == asked.state]
    order = list(STATES)
    return sorted(made, key=lambda row: (order.index(row.state), row.school.path))


def rows_of(found: Iterable[Place], year: int) -> list[Row]:
    places = list(found)
    ids = [place.pk for place in places]
    older = Q(school_year__lt=year) | Q(school_year=None)
    classes = Place.objects.filter(kind=Kind.CLASS, closed_on=None, org_id__in=ids).order_by()
    counted = {
        org: (old, new)
        for org, old, new in classes.values("org_id")
        .annotate(old=Count("pk", filter=older), new=Count("pk", filter=Q(school_year__gte=year)))
        .values_list("org_id", "old", "new")
    }
    openings = {
        row.school_id: row
        for row in YearOpening.objects.filter(school__in=ids, year=year)
        .exclude(state=State.UNDONE)
        .defer("plan", "before", "made")
    }
    return [_row(place, counted.get(place.pk, (0, 0)), openings.get(place.pk)) for place in places]


def _row(school: Place, classes: tuple[int, int], opening: YearOpening | None) -> Row:
    old, new = classes
    if opening is not None:
        state = str(opening.state)
    elif old:
        state = "none"
    else:
        state = "there" if new else "empty"
    return Row(school, state, old, new, opening)


def totals(found: Iterable[Row]) -> dict[str, int]:
    counts = Counter(row.state for row in found)
    return {state: counts[state] for state in STATES}
