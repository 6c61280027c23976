"""Things that happen to the cast, stated straight into the journal: duties are tested without other apps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction

from guixiao.duties.actions.adopt import adopt
from guixiao.duties.actions.reconcile import Done
from guixiao.duties.models import Adoption, Duty
from guixiao.duties.settle import settle
from guixiao.facts import Fact, happenings
from guixiao.facts.clock import at
from guixiao.facts.codes import FalseMark, Mark, Means, Outcome, Session
from guixiao.journal.append import Stated, Touched, append
from guixiao.people.models import Student
from guixiao.places.models import Place
from guixiao.testing.cast import Cast

MONDAY = date(2026, 9, 28)
LADDER, NATION, TWO = "student_affairs_ladder", "national", "two_three_seven_ladder"


def bind(
    cast: Cast, pack: str = LADDER, place: str = "石板河初级中学", first: date = date(2026, 9, 1)
) -> Adoption:
    """The school adopts a regulation."""
    principal = cast.actor("principal")
    return adopt(
        by=principal.by("regulation.adopt"),
        now=at(date(2026, 8, 25), 9),
        place=cast.places[place],
        pack=pack,
        first=first,
    )


def state(cast: Cast, facts: Iterable[Fact], now: datetime, post: str = "class_teacher") -> Done:
    """State facts as the holder of a post, then settle what they touched."""
    by = cast.actor(post, now).by("student.view")
    with transaction.atomic():
        entries = append([Stated(fact) for fact in facts], by=by, now=now)
    touched = {Touched("student", entry.student) for entry in entries if entry.student}
    touched |= {Touched("place", entry.place) for entry in entries if entry.place and not entry.student}
    return settle(touched, now)


def roll(
    cast: Cast,
    day: date,
    absent: Iterable[str] = (),
    hour: int = 8,
    session: Session = Session.MORNING,
    klass: Place | None = None,
    marks: dict[str, Mark] | None = None,
    now: datetime | None = None,
) -> Done:
    """Take the roll of 八（3）班: these children are absent without leave."""
    room = Place.objects.get(pk=(klass or cast.klass).pk)
    missing = dict.fromkeys(absent, Mark.NONE) | (marks or {})
    facts: list[Fact] = [
        happenings.RollCallTaken(
            class_id=room.pk,
            day=day,
            session=session,
            roster_version=room.roster_version,
            present=8 - len(missing),
            absent=len(missing),
        )
    ]
    facts += [
        happenings.AbsenceMarked(
            student=cast.children[name].pk, class_id=room.pk, day=day, session=session, mark=mark
        )
        for name, mark in missing.items()
    ]
    return state(cast, facts, now or at(day, hour, 16))


def term_so_far(cast: Cast, until: date) -> None:
    """Everybody present on every school day before ``until``."""
    day = date(2026, 9, 1)
    while day < until:
        if day.weekday() < 5 and day != date(2026, 9, 25):
            roll(cast, day)
        day += timedelta(days=1)


def visit(
    cast: Cast, child: str, now: datetime, posts: tuple[str, ...] = ("class_teacher",), number: int = 1
) -> Done:
    """Go to the home, these posts together."""
    people = tuple(cast.holdings[post].person_id for post in posts)
    fact = happenings.HomeVisitMade(
        student=cast.children[child].pk,
        visit=number,
        day=now.date(),
        means=Means.VISIT,
        outcome=Outcome.WILL_RETURN,
        posts=posts,
        people=people,
    )
    return state(cast, [fact], now)


def correct(
    cast: Cast, child: str, day: date, now: datetime, was: Mark = Mark.NONE, right: Mark = Mark.PRESENT
) -> Done:
    """The mark was false: the child was there (or, the other way round, was not)."""
    fact = happenings.MarkCorrected(
        student=cast.children[child].pk,
        class_id=cast.klass.pk,
        day=day,
        session=Session.MORNING,
        was=was,
        now=right,
        why=FalseMark.WRONG_CHILD,
    )
    return state(cast, [fact], now)


def of(child: Student, rule: str = "") -> list[Duty]:
    """The duties about a child, oldest first."""
    found = Duty.objects.filter(student=child).order_by("pk")
    return list(found.filter(rule=rule) if rule else found)


def the(child: Student, rule: str) -> Duty:
    (duty,) = of(child, rule)
    return duty
