"""The year of many schools at once, for the command line: each school on its own, what cannot be is listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError

from guixiao.access.actor import Actor
from guixiao.facts import By
from guixiao.places.models import Place

from . import actions, overview
from .checks import examine
from .draft import look
from .models import State, YearOpening
from .plan import OUT, STAY, Plan
from .rights import DRAFT, OPEN, refusal


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one school: ``word`` in a table, figures, and what stands in the way."""

    school: Place
    word: str
    classes: int = 0
    moved: int = 0
    graduated: int = 0
    staying: int = 0
    points: tuple[str, ...] = ()

    @property
    def skipped(self) -> bool:
        return bool(self.points)


Run = Callable[[Actor, datetime, Place, int], Line]


def run(do: str, actor: Actor, now: datetime, schools: list[Place], year: int) -> Iterator[Line]:
    """Preview, open or take back the year of each of these schools; one line each."""
    for row in overview.rows_of(schools, year):
        if row.state in ("there", "empty"):
            yield Line(row.school, row.state)
            continue
        try:
            yield RUNS[do](actor, now, row.school, year)
        except ValidationError as refused:
            yield Line(row.school, "skipped", points=tuple(refused.messages))


def preview(actor: Actor, now: datetime, school: Place, year: int) -> Line:
    """The preview, begun where there is none; what is undecided."""
    opening = _opening(school, year)
    if opening is not None and opening.state == State.OPENED:
        return _line(opening, "opened already")
    opening = opening or actions.begin(by=_by(actor, DRAFT, school), now=now, school=school, year=year)
    plan = Plan.read(opening.plan)
    found = examine(look(school, year), plan, year, now)
    return _line(opening, "draft", tuple(point.text for point in found.blocking))


def open_year(actor: Actor, now: datetime, school: Place, year: int) -> Line:
    """Open by the preview there is, or by the default."""
    why = refusal(actor, school)
    if why:
        raise ValidationError(why)
    opening = _opening(school, year)
    if opening is not None and opening.state == State.OPENED:
        return _line(opening, "opened already")
    by = _by(actor, OPEN, school)
    opening = opening or actions.begin(by=by, now=now, school=school, year=year)
    return _line(actions.open_year(by=by, now=now, opening=opening, version=opening.version), "opened")


def undo(actor: Actor, now: datetime, school: Place, year: int) -> Line:
    why = refusal(actor, school)
    opening = _opening(school, year)
    if why:
        raise ValidationError(why)
    if opening is None or opening.state != State.OPENED:
        return Line(school, "not opened")
    return _line(actions.undo_year(by=_by(actor, OPEN, school), now=now, opening=opening), "taken back")


RUNS: dict[str, Run] = {"preview": preview, "open": open_year, "undo": undo}


def _by(actor: Actor, action: str, school: Place) -> By:
    return actor.by(action, school.path)


def _opening(school: Place, year: int) -> YearOpening | None:
    found = YearOpening.objects.filter(school=school, year=year).exclude(state=State.UNDONE)
    return found.select_related("school").first()


def _line(opening: YearOpening, word: str, points: tuple[str, ...] = ()) -> Line:
    plan = Plan.read(opening.plan)
    sizes = plan.sizes()
    out, stay = sizes.get(OUT, 0), sizes.get(STAY, 0)
    moved = len(plan.children) - out - stay
    return Line(opening.school, word, len(plan.classes), moved, out, stay, points)
