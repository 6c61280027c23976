"""Taking a roll in one line, for the tests of this app and of those beneath it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from guixiao.facts import By
from guixiao.facts.clock import at
from guixiao.facts.codes import Mark, Session
from guixiao.journal.models import Entry
from guixiao.places.models import Place
from guixiao.rollcall import actions
from guixiao.rollcall.models import RollCall
from guixiao.testing.cast import Cast

MONDAY = date(2026, 9, 28)
EIGHT = at(MONDAY, 8, 12)


def by(cast: Cast, post: str = "class_teacher", action: str = "rollcall.take") -> By:
    return cast.actor(post).by(action, cast.klass.path)


def version(klass: Place) -> int:
    return Place.objects.values_list("roster_version", flat=True).get(pk=klass.pk)


def take(
    cast: Cast,
    marks: Mapping[str, Mark] | None = None,
    *,
    day: date = MONDAY,
    session: Session = Session.MORNING,
    now: datetime | None = None,
    client_id: UUID | None = None,
    post: str = "class_teacher",
    **more: Any,
) -> RollCall:
    """The roll of 八（3）班, with marks by the children's names."""
    moment = now or at(day, 8, 12)
    given: dict[str, Any] = {
        "roster_version": version(cast.klass),
        "device_time": moment - timedelta(seconds=2),
        "marks": {cast.children[name].pk: mark for name, mark in (marks or {}).items()},
    }
    return actions.take(
        by=by(cast, post),
        now=moment,
        klass=cast.klass,
        day=day,
        session=session,
        client_id=client_id or uuid4(),
        **(given | more),
    )


def told(kind: str) -> list[dict[str, Any]]:
    """The payloads of every entry of a kind, in order."""
    return list(Entry.objects.filter(kind=kind).order_by("pk").values_list("payload", flat=True))
