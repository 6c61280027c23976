"""Classes and their posts when the school year turns: many at once, and the same taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import ProtectedError

from guixiao.facts import By, happenings
from guixiao.journal.append import Stated, append
from guixiao.journal.records import Recorded, label
from guixiao.places import paths
from guixiao.places.models import Deputy, Holding, Kind, Place


@dataclass(frozen=True, slots=True)
class NewRoom:
    """A class to be made beneath ``parent``."""

    parent: Place
    name: str
    grade: int


@dataclass(frozen=True, slots=True)
class NewSeat:
    """A post to be held at ``place`` by ``person``, with who acts for them: (person, last day or none)."""

    place: Place
    post: str
    person: int
    deputies: tuple[tuple[int, date | None], ...] = ()


def add_classes(*, by: By, now: datetime, rooms: Sequence[NewRoom], school_year: int) -> list[Place]:
    """Classes of a school year, in three statements."""
    with transaction.atomic():
        made = [
            Place(
                parent=room.parent,
                kind=Kind.CLASS,
                name=room.name,
                grade=room.grade,
                school_year=school_year,
                org_id=room.parent.org_id,
                path=f"new-{room.parent.pk}-{school_year}-{number}",
            )
            for number, room in enumerate(rooms)
        ]
        Place.objects.bulk_create(made)
        for place, room in zip(made, rooms, strict=True):
            place.path = paths.child_path(room.parent.path, place.pk)
        Place.objects.bulk_update(made, ["path"])
        append([_changed(place, "added") for place in made], by=by, now=now)
    return made


def close_places(*, by: By, now: datetime, places: Sequence[Place], day: date) -> None:
    """These places are no more from ``day`` on; what happened in them stays."""
    _set_closed(by, now, places, day, "closed")


def reopen_places(*, by: By, now: datetime, places: Sequence[Place]) -> None:
    """Closed places stand again."""
    _set_closed(by, now, places, None, "reopened")


def _set_closed(by: By, now: datetime, places: Sequence[Place], day: date | None, change: str) -> None:
    with transaction.atomic():
        Place.objects.filter(pk__in=[place.pk for place in places]).update(closed_on=day)
        for place in places:
            place.closed_on = day
        append([_changed(place, change) for place in places], by=by, now=now)


def take_back_classes(*, by: By, now: datetime, places: Sequence[Place], day: date) -> list[int]:
    """Places made by mistake go; those that something refers to by now are closed on ``day`` instead.

    Returns the ids of those that are gone.
    """
    with transaction.atomic():
        gone, kept = [], []
        for place in places:
            pk = place.pk
            try:
                with transaction.atomic():
                    Place.objects.filter(pk=pk).delete()
                gone.append(pk)
            except ProtectedError:
                kept.append(place)
        stated = [
            Stated(happenings.PlaceChanged(place=pk, change="taken_back"), gone=[(label(Place), pk)])
            for pk in gone
        ]
        append(stated, by=by, now=now)
        if kept:
            close_places(by=by, now=now, places=kept, day=day)
    return gone


def hold_all(*, by: By, now: datetime, seats: Sequence[NewSeat], first: date) -> list[int]:
    """Give every one of these posts from ``first`` on, deputies included. Returns the holdings by id.

    The caller vouches that the places are new: nobody holds anything there yet.
    """
    with transaction.atomic():
        made = [
            Holding(person_id=seat.person, place=seat.place, post=seat.post, first=first) for seat in seats
        ]
        Holding.objects.bulk_create(made)
        acting = [
            Deputy(holding=holding, person_id=person, first=first, last=last)
            for holding, seat in zip(made, seats, strict=True)
            for person, last in seat.deputies
        ]
        Deputy.objects.bulk_create(acting)
        append([*(_held(one) for one in made), *(_acting(one) for one in acting)], by=by, now=now)
    return [one.pk for one in made]


def end_all(*, by: By, now: datetime, holdings: Sequence[Holding], last: date) -> list[Deputy]:
    """End these holdings on ``last`` (not before they began), and who acts for them. Returns those deputies."""
    with transaction.atomic():
        rows = list(Deputy.objects.filter(holding__in=holdings).select_related("holding"))
        acting = [row for row in rows if row.last is None or row.last > last]
        for one in holdings:
            one.last = max(one.first, last)
        for row in acting:
            row.last = max(row.first, last)
        Holding.objects.bulk_update(holdings, ["last"])
        Deputy.objects.bulk_update(acting, ["last"])
        append([*(_ended(one) for one in holdings), *(_acting(one) for one in acting)], by=by, now=now)
    return acting


def restore_posts(
    *, by: By, now: datetime, holdings: Mapping[int, date | None], deputies: Mapping[int, date | None]
) -> None:
    """Ended holdings and deputies get back the last day they had: id → day."""
    with transaction.atomic():
        held = list(Holding.objects.select_for_update(no_key=True).filter(pk__in=holdings))
        acting = list(
            Deputy.objects.select_for_update(of=("self",), no_key=True)
            .filter(pk__in=deputies)
            .select_related("holding")
        )
        for one in held:
            one.last = holdings[one.pk]
        for row in acting:
            row.last = deputies[row.pk]
        Holding.objects.bulk_update(held, ["last"])
        Deputy.objects.bulk_update(acting, ["last"])
        append([*(_held(one) for one in held), *(_acting(one) for one in acting)], by=by, now=now)


def take_back_posts(*, by: By, now: datetime, places: Sequence[Place], day: date) -> None:
    """Every holding at these places goes, with who acts in it: the places never came to be."""
    with transaction.atomic():
        held = list(Holding.objects.filter(place__in=places))
        acting = list(Deputy.objects.filter(holding__in=held))
        gone: dict[int, list[tuple[str, int]]] = {one.pk: [_name(one)] for one in held}
        for row in acting:
            gone[row.holding_id].append(_name(row))
        Deputy.objects.filter(pk__in=[row.pk for row in acting]).delete()
        Holding.objects.filter(pk__in=list(gone)).delete()
        stated = [
            Stated(
                happenings.PostEnded(
                    holding=pk, place=one.place_id, post=one.post, person=one.person_id, last=day
                ),
                gone=gone[pk],
            )
            for pk, one in zip(gone, held, strict=True)
        ]
        append(stated, by=by, now=now)


def _name(row: Recorded) -> tuple[str, int]:
    return label(row), row.pk


def _changed(place: Place, change: str) -> Stated:
    return Stated(happenings.PlaceChanged(place=place.pk, change=change), records=[place])


def _held(one: Holding) -> Stated:
    fact = happenings.PostHeld(
        holding=one.pk,
        place=one.place_id,
        post=one.post,
        person=one.person_id,
        first=one.first,
        last=one.last,
    )
    return Stated(fact, records=[one])


def _ended(one: Holding) -> Stated:
    assert one.last is not None
    fact = happenings.PostEnded(
        holding=one.pk, place=one.place_id, post=one.post, person=one.person_id, last=one.last
    )
    return Stated(fact, records=[one])


def _acting(row: Deputy) -> Stated:
    fact = happenings.DeputyNamed(
        holding=row.holding_id,
        place=row.holding.place_id,
        post=row.holding.post,
        person=row.person_id,
        first=row.first,
        last=row.last,
    )
    return Stated(fact, records=[row])
