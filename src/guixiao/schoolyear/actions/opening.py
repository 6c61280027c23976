"""Opening a school year: one transaction a school, or nothing.

The old classes close, the new ones stand, every child moves, graduates or stays, the posts follow. What was made
and what was ended is kept in ``YearOpening.made``, so that it can be taken back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from guixiao.facts import By, happenings
from guixiao.facts.clock import day_of
from guixiao.journal.append import Stated, append
from guixiao.people.actions.promoting import graduate, promote
from guixiao.places import paths
from guixiao.places.actions import add_place
from guixiao.places.actions.turning import NewRoom, NewSeat, add_classes, close_places, end_all, hold_all
from guixiao.places.models import Deputy, Holding, Kind, Place
from guixiao.schoolyear.checks import examine
from guixiao.schoolyear.draft import Now, look
from guixiao.schoolyear.models import State, YearOpening
from guixiao.schoolyear.naming import grade_name
from guixiao.schoolyear.plan import OUT, STAY, Plan

from .drafting import check_draft

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """One opening on its way: by whom and when, the school as it stands, the plan, the new classes' first day."""

    by: By
    now: datetime
    standing: Now
    plan: Plan
    year: int
    first: date

    @property
    def today(self) -> date:
        return day_of(self.now)


def open_year(*, by: By, now: datetime, opening: YearOpening, version: int) -> YearOpening:
    """Open the year as the preview says.

    From now on the children belong to the new classes and their teachers see them; the old classes' rolls end the
    day before the first day, the new ones begin on it. Raises ``ValidationError`` with every point that is not
    decided; nothing is written then.
    """
    with transaction.atomic():
        row = (
            YearOpening.objects.select_for_update(of=("self",), no_key=True)
            .select_related("school")
            .get(pk=opening.pk)
        )
        check_draft(row, version)
        list(
            Place.objects.select_for_update(no_key=True)
            .filter(paths.beneath("path", row.school.path))
            .order_by("pk")
        )
        standing, plan = look(row.school, row.year), Plan.read(row.plan)
        found = examine(standing, plan, row.year, now)
        if found.blocking or found.first is None:
            raise ValidationError([point.text for point in found.blocking])
        turn = Turn(by, now, standing, plan, row.year, found.first)
        row.made = _carry_out(turn)
        row.first, row.state, row.opened_at, row.changed_at = found.first, State.OPENED, now, now
        row.before = None
        row.save()
        sizes = plan.sizes()
        fact = happenings.YearOpened(
            opening=row.pk,
            school=row.school_id,
            year=row.year,
            first=found.first,
            classes=len(plan.classes),
            moved=len(plan.children) - sizes.get(OUT, 0) - sizes.get(STAY, 0),
            graduated=sizes.get(OUT, 0),
            staying=sizes.get(STAY, 0),
        )
        append([Stated(fact, records=[row])], by=by, now=now)
    return row


def _carry_out(turn: Turn) -> dict[str, Any]:
    grades, made_grades = _grades(turn)
    rooms = [NewRoom(grades[one.grade], one.name, one.grade) for one in turn.plan.classes]
    made = add_classes(by=turn.by, now=turn.now, rooms=rooms, school_year=turn.year)
    places = {one.key: place for one, place in zip(turn.plan.classes, made, strict=True)}
    moves = {pk: places[spot.to] for pk, spot in turn.plan.children.items() if spot.to in places}
    moved = promote(by=turn.by, now=turn.now, moves=moves, day=turn.first)
    left = graduate(by=turn.by, now=turn.now, students=turn.plan.sitting(OUT), day=turn.first)
    posts = _posts(turn, places)
    close_places(by=turn.by, now=turn.now, places=turn.standing.classes, day=turn.first)
    return {
        "grades": made_grades,
        "classes": {key: place.pk for key, place in places.items()},
        "closed": [one.pk for one in turn.standing.classes],
        "moved": [list(pair) for pair in moved],
        "graduated": left,
        **posts,
    }


def _grades(turn: Turn) -> tuple[dict[int, Place], list[int]]:
    """The grade each new class hangs under; those that do not exist are made."""
    school = turn.standing.school
    found = Place.objects.filter(paths.beneath("path", school.path), kind=Kind.GRADE, closed_on=None)
    grades = {place.grade: place for place in found.order_by("-path") if place.grade}
    made = []
    for grade in sorted({one.grade for one in turn.plan.classes} - grades.keys()):
        grades[grade] = add_place(
            by=turn.by, now=turn.now, parent=school, kind=Kind.GRADE, name=grade_name(grade), grade=grade
        )
        made.append(grades[grade].pk)
    return grades, made


def _posts(turn: Turn, places: dict[str, Place]) -> dict[str, Any]:
    """The old classes' posts end the day before; those of the new classes are held from today, so that their
    teachers see their children before the term begins."""
    old = [one.pk for one in turn.standing.classes]
    live = Q(last=None) | Q(last__gte=turn.first)
    holdings = list(Holding.objects.filter(live, place__in=old).order_by("pk"))
    acting = _deputies(holdings, turn.today)
    ended = {str(one.pk): _text(one.last) for one in holdings}
    deputies = {str(row.pk): _text(row.last) for row in acting if row.last is None or row.last >= turn.first}
    seats = [
        NewSeat(places[one.key], post, person, tuple(_carried(acting, post, person, one.sources)))
        for one in turn.plan.classes
        for post, people in sorted(one.seats.items())
        for person in people
    ]
    end_all(by=turn.by, now=turn.now, holdings=holdings, last=turn.first - DAY)
    hold_all(by=turn.by, now=turn.now, seats=seats, first=turn.today)
    return {"ended": ended, "deputies": deputies}


def _deputies(holdings: list[Holding], today: date) -> list[Deputy]:
    """Whoever acts in these holdings today or later."""
    rows = Deputy.objects.filter(Q(last=None) | Q(last__gte=today), holding__in=holdings)
    return list(rows.select_related("holding").order_by("pk"))


def _carried(
    acting: list[Deputy], post: str, person: int, sources: Iterable[int]
) -> Iterable[tuple[int, date | None]]:
    """Who acts for somebody goes on doing so where the holder goes along."""
    known: set[int] = set()
    for row in acting:
        seat = row.holding
        same = seat.post == post and seat.person_id == person and seat.place_id in sources
        if same and row.person_id not in known:
            known.add(row.person_id)
            yield row.person_id, row.last


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
