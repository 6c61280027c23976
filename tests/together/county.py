"""A made-up fortnight in the fixed cast: what people do, drawn from a seed, and how the house is found afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from django.db import transaction
from django.db.models import QuerySet

from guixiao.cases.settle import settle
from guixiao.duties.models import Duty, State
from guixiao.duties.shares import Summary
from guixiao.duties.tests.life import LADDER, NATION, TWO, bind
from guixiao.duties.tick import tick
from guixiao.facts import Fact, happenings
from guixiao.facts.clock import at
from guixiao.facts.codes import FalseMark, LeaveKind, Mark, Means, Outcome, Session
from guixiao.journal.append import Stated, append, collecting
from guixiao.notify.models import Kind, Notice
from guixiao.places.models import Place
from guixiao.testing.cast import CHILDREN, Cast

FIRST, SILENT = date(2026, 9, 21), at(date(2026, 9, 30), 10)
HOURS = ((0, 5), (8, 0), (9, 5), (16, 0), (18, 30))
Deed = tuple[datetime, Callable[[Cast], list[Fact]], str]


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside never was."""
    with transaction.atomic():
        saved = transaction.savepoint()
        try:
            yield
        finally:
            transaction.savepoint_rollback(saved)


def adopted(cast: Cast) -> None:
    bind(cast, LADDER, "石板河初级中学")
    bind(cast, TWO, "青禾县")
    bind(cast, NATION, "青禾县")


def school_days(first: date, last: date) -> list[date]:
    """Without the weekends and the holidays of autumn 2026."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    off = {date(2026, 9, 25), *(date(2026, 10, n) for n in range(1, 8))}
    return [day for day in days if (day.weekday() < 5 and day not in off) or day == date(2026, 10, 10)]


def deeds(random: Random, first: date, last: date) -> list[Deed]:
    """Roll calls (now and then none), visits, contacts, corrections, leave: what a fortnight brings."""
    away = {name: random.choice((0, 0, 0, 0.3, 0.6, 0.9)) for name in CHILDREN}
    found: list[Deed] = []
    for day in school_days(first, last):
        if random.random() < 0.85:
            marks = {name: Mark.NONE for name, often in away.items() if random.random() < often}
            minute = random.randrange(0, 100)
            found.append((at(day, 8) + timedelta(minutes=minute), _roll(day, marks), "class_teacher"))
        for name in (name for name, often in away.items() if often and random.random() < 0.4):
            moment = at(day, random.randrange(10, 23), random.randrange(60))
            made = random.choice((_visit, _contact, _correction, _leave))(name, day, random)
            found.append((moment, made, random.choice(("class_teacher", "liaison_leader", "principal"))))
    return sorted(found, key=lambda deed: deed[0])


def _roll(day: date, marks: dict[str, Mark]) -> Callable[[Cast], list[Fact]]:
    def facts(cast: Cast) -> list[Fact]:
        room = Place.objects.get(pk=cast.klass.pk)
        roll = happenings.RollCallTaken(
            class_id=room.pk,
            day=day,
            session=Session.MORNING,
            roster_version=room.roster_version,
            present=len(CHILDREN) - len(marks),
            absent=len(marks),
        )
        absent: list[Fact] = [
            happenings.AbsenceMarked(
                student=cast.children[name].pk, class_id=room.pk, day=day, session=Session.MORNING, mark=mark
            )
            for name, mark in marks.items()
        ]
        return [roll, *absent]

    return facts


def _visit(name: str, day: date, random: Random) -> Callable[[Cast], list[Fact]]:
    number, posts = (
        random.randrange(1, 10**6),
        random.choice((("class_teacher",), ("class_teacher", "liaison_leader"))),
    )
    outcome = random.choice((Outcome.WILL_RETURN, Outcome.REFUSES, Outcome.NOBODY))
    return lambda cast: [
        happenings.HomeVisitMade(
            student=cast.children[name].pk,
            visit=number,
            day=day,
            means=Means.VISIT,
            outcome=outcome,
            posts=posts,
            people=tuple(cast.holdings[post].person_id for post in posts),
        )
    ]


def _contact(name: str, day: date, random: Random) -> Callable[[Cast], list[Fact]]:
    number = random.randrange(1, 10**6)
    return lambda cast: [
        happenings.ContactMade(
            student=cast.children[name].pk,
            visit=number,
            day=day,
            means=Means.PHONE,
            outcome=Outcome.WILL_RETURN,
            posts=("class_teacher",),
        )
    ]


def _correction(name: str, day: date, _random: Random) -> Callable[[Cast], list[Fact]]:
    return lambda cast: [
        happenings.MarkCorrected(
            student=cast.children[name].pk,
            class_id=cast.klass.pk,
            day=day,
            session=Session.MORNING,
            was=Mark.NONE,
            now=Mark.PRESENT,
            why=FalseMark.WRONG_CHILD,
        )
    ]


def _leave(name: str, day: date, random: Random) -> Callable[[Cast], list[Fact]]:
    number, last = random.randrange(1, 10**6), day + timedelta(days=random.randrange(3))
    return lambda cast: [
        happenings.LeaveGranted(
            student=cast.children[name].pk, leave=number, kind_of_leave=LeaveKind.SICK, first=day, last=last
        )
    ]


def do(cast: Cast, deed: Deed, settled: bool = True) -> None:
    """State it as a request would: commit, then settle. ``settled`` false: killed in between."""
    moment, facts, post = deed
    by = cast.actor(post, moment).by("student.view")
    with collecting() as touched, transaction.atomic():
        append([Stated(fact) for fact in facts(cast)], by=by, now=moment)
    if settled:
        settle(touched, moment)


def rounds(first: datetime, last: datetime) -> list[datetime]:
    """When an undisturbed worker is looked at: a few telling moments a day."""
    day, found = first.date(), []
    while day <= last.date():
        found += [at(day, hour, minute) for hour, minute in HOURS if first <= at(day, hour, minute) < last]
        day += timedelta(days=1)
    return found


def live(cast: Cast, script: list[Deed], ticks: list[datetime], folder: Path, lost: bool = False) -> Summary:
    """Deeds and rounds in the order of time; the last round's summary."""
    summary = Summary()
    moments = sorted([*((m, 0, None) for m in ticks), *((d[0], 1, d) for d in script)], key=lambda x: x[:2])
    for moment, _sort, deed in moments:
        if deed is None:
            summary = tick(moment, anchor_file=folder / "anchors.jsonl")
        else:
            do(cast, deed, settled=not (lost and moment > SILENT))
    return summary


Key = tuple[str, str, str, int, str]


@dataclass(frozen=True)
class Found:
    """How the house is found: every duty, and the last word each person had about each task.

    Duties with the same act, subject and day are one task and told once, whichever of them comes first.
    """

    duties: dict[Key, tuple[object, ...]]
    demanded: frozenset[str]
    words: dict[tuple[int, str], str]

    def standing(self) -> dict[Key, tuple[object, ...]]:
        """Without what was withdrawn: what opened and lost its ground in silence needs no record."""
        return {key: row for key, row in self.duties.items() if row[0] != State.WITHDRAWN}


WEIGHT = {Kind.OPENED: 1, Kind.MOVED: 1, Kind.DUE: 2, Kind.ESCALATED: 3, Kind.WITHDRAWN: 4}


def task_of(key: str) -> str:
    """``act:kind:subject:day`` of a merge key; what cannot be told is asked anew, about the same child."""
    return key.rpartition(":")[0] if key.startswith("clear_unknown_days") else key


def told(notices: QuerySet[Notice]) -> Iterator[tuple[tuple[int, str], str]]:
    """Who was told of which task, as it was named then, and how. Reminders are apart: they belong to their day."""
    rows = notices.filter(kind__in=list(WEIGHT), duty__isnull=False).exclude(key="")
    for person, key, kind in rows.values_list("person", "key", "kind"):
        yield (person, ":".join(key.split(":")[-5:-1])), kind


def found() -> Found:
    duties: dict[Key, tuple[object, ...]] = {}
    demanded: set[str] = set()
    for duty in Duty.objects.prefetch_related("rungs").order_by("pk"):
        key = (duty.pack, duty.rule, duty.kind, duty.subject, duty.episode)
        rungs = sorted((rung.rung, rung.post, rung.person_id, rung.at) for rung in duty.rungs.all())
        unclear = (
            duty.state == State.CANNOT_TELL
        )  # due on the day somebody first asks: no deadline of the law
        duties[key] = (
            duty.state, duty.demanded, None if unclear else duty.due, duty.against_id, duty.against_post,
            duty.missed_at, duty.met_at, duty.late, duty.holder_id if duty.demanded else None, tuple(rungs),
        )  # fmt: skip
        if duty.demanded:
            demanded.add(task_of(duty.merge_key))
    words: dict[tuple[int, str], str] = {}
    for place, kind in told(Notice.objects.all()):
        words[place] = max(words.get(place, kind), kind, key=lambda one: WEIGHT[Kind(one)])
    return Found(duties, frozenset(demanded), words)
