"""Who acts, who takes a class's roll, and who has been told of an absence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from guixiao.access.models import Account
from guixiao.facts import By, happenings
from guixiao.facts.clock import day_of
from guixiao.facts.posts import POSTS
from guixiao.journal import queries as journal
from guixiao.places.models import Holding
from guixiao.places.queries import holders

TOLD = (happenings.Reported, happenings.DutyOpened, happenings.DutyEscalated, happenings.DutyMissed)


def person_of(by: By) -> int | None:
    """The person behind an account; ``None`` for the system itself."""
    return Account.objects.filter(pk=by.account).values_list("person_id", flat=True).first()


def class_teachers(klasses: Iterable[int], day: date) -> dict[int, list[Holding]]:
    """Who holds the post of class teacher, by class."""
    found: dict[int, list[Holding]] = {}
    for holding in holders(klasses, ["class_teacher"], day):
        found.setdefault(holding.place_id, []).append(holding)
    return found


def highest_notified(student_id: int, first: date) -> str | None:
    """The highest post that has been told of this child's absence since ``first``: those a report went to,
    and those a duty fell to or climbed to. ``None`` when nobody has."""
    posts: set[str] = set()
    for told in journal.of_students([student_id], [fact.kind for fact in TOLD]):
        fact = told.fact
        if isinstance(fact, happenings.Reported):
            posts.update(fact.to if fact.day >= first else ())
        elif day_of(told.happened_at) >= first:
            posts.add(getattr(fact, "post", ""))
    return max((post for post in posts if post in POSTS), key=lambda post: POSTS[post].rank, default=None)
