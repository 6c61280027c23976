"""Inside a bench's county: its next morning, and its rounds of the tick."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from guixiao.access.models import Account
from guixiao.conf import edge
from guixiao.duties.occasions import calendar_subjects
from guixiao.duties.settle import settle_subjects
from guixiao.duties.tick import tick
from guixiao.facts import SYSTEM
from guixiao.facts.clock import at
from guixiao.places.models import Holding

from . import actions
from .living import live_morning, rooms_of
from .spec import MORNING, Spec, next_school_days

Say = Callable[[str], None]
ROUNDS = (("first", 0, 2), ("news", 8, 20), *(("quiet", 8, 21 + n) for n in range(3)))
OTHERS = ("principal", "basic_education")


def dawn(spec: Spec, reported: float, wall: datetime) -> dict[str, Any]:
    """The next morning at 07:45: its first round has run, everybody's session is open, and a share of the
    classes has reported. Returns the classes yet to report with their teachers' sessions, and the sessions of
    one principal and one county officer."""
    tick(at(MORNING, 0, 1))
    rooms = rooms_of(spec)
    early = round(reported * len(rooms))
    if early:
        live_morning(spec, rooms[:early], MORNING, spec.days)
        tick(at(MORNING, 8, 1))
    edge.stand_at(at(MORNING, 8, 2) if early else at(MORNING, 7, 45))
    others = {post: Holding.objects.filter(post=post).order_by("pk").first() for post in OTHERS}
    late = rooms[early:]
    people = {room.teacher for room in late} | {held.person_id for held in others.values() if held}
    accounts = list(Account.objects.filter(person__in=people))
    keys = actions.open_sessions(by=SYSTEM, now=at(MORNING, 7, 45), accounts=accounts, wall=wall)
    of_person = {account.person_id: keys[account.pk] for account in accounts}
    return {
        "day": MORNING.isoformat(),
        "classes": [
            {
                "id": room.klass,
                "session": of_person[room.teacher],
                "roster_version": room.roster_version,
                "pupils": list(room.pupils),
            }
            for room in late
        ],
        "others": {post: of_person[held.person_id] for post, held in others.items() if held},
    }


def ticks(spec: Spec, rounds: int, say: Say) -> dict[str, Any]:
    """On ``rounds`` mornings: the day's first round and its calendar part, the round after every class has
    reported and nothing is settled, and the rounds after that, which find nothing. Seconds each, by the clock and
    of the processor (the tick's own process: on SQLite the database is in it)."""
    rooms = rooms_of(spec)
    found: dict[str, list[float]] = {}
    spent: dict[str, list[float]] = {}
    looked: dict[str, int] = {}

    def measured(name: str, work: Callable[[], Any]) -> Any:
        before = time.process_time()
        took, what = timed(work)
        spent.setdefault(name, []).append(time.process_time() - before)
        found.setdefault(name, []).append(took)
        return what

    with tempfile.TemporaryDirectory() as scratch:
        anchors = Path(scratch) / "anchors"
        for number, day in enumerate(next_school_days(rounds)):
            subjects = calendar_subjects(day)
            measured("calendar", partial(settle_subjects, subjects, at(day, 0, 1)))
            looked["calendar"] = len(subjects)
            for name, hour, minute in ROUNDS:
                if name == "news":
                    live_morning(spec, rooms, day, spec.days + number)
                summary = measured(name, partial(tick, at(day, hour, minute), anchor_file=anchors))
                looked[name] = summary.done.subjects
                say(f"{spec.name}: {day} {name}: {found[name][-1]:.2f} s: {summary}")
    return {"seconds": found, "processor": spent, "looked": looked}


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds on the clock, and what came of it."""
    before = time.perf_counter()
    found = work()
    return time.perf_counter() - before, found
