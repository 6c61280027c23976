"""Who is acting: an account with the posts it holds today, its own and those it deputises for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from guixiao.facts import By
from guixiao.facts.clock import day_of
from guixiao.facts.posts import POSTS, outranks
from guixiao.places import paths, queries
from guixiao.places.models import Place
from guixiao.places.wording import title_of

from .matrix import Way, grants
from .models import Account, BreakGlass


@dataclass(frozen=True, slots=True)
class Held:
    """One post held today. ``for_person`` names the holder when this is a deputyship."""

    post: str
    place_id: int
    path: str
    place_name: str
    kind: str
    org: int
    for_person: int | None = None

    @property
    def title(self) -> str:
        return title_of(self.post)


@dataclass(frozen=True)
class Actor:
    """An account as of ``now``. Built once a request by :func:`actor_of`; everything it may do follows."""

    account: int
    person: int
    name: str
    held: tuple[Held, ...]
    now: datetime

    @cached_property
    def glass(self) -> tuple[int, ...]:
        """The children open to this account by an emergency look. Asked once, and only where it matters."""
        rows = BreakGlass.objects.filter(account=self.account, until__gte=self.now)
        return tuple(rows.values_list("student", flat=True))

    def may(self, action: str) -> bool:
        """Whether any post held today grants ``action`` in any way."""
        return any(grants(held.post, action) for held in self.held)

    def ways(self, action: str) -> frozenset[Way]:
        return frozenset(way for held in self.held for way in grants(held.post, action))

    def paths(self, action: str, way: Way) -> list[str]:
        """The branches in which ``action`` is granted by ``way``, without those inside another."""
        return paths.outermost(held.path for held in self.held if way in grants(held.post, action))

    def may_at(self, action: str, place: Place | str, way: Way | None = None) -> bool:
        """Whether ``action`` is granted by enrolment or residence (or one of them) over a place or path.

        About a child, ask by enrolment over its class and by residence over its village: see :meth:`over`.
        """
        path = place if isinstance(place, str) else place.path
        asked = {way} if way else {Way.ENROLMENT, Way.RESIDENCE}
        return any(
            grants(held.post, action) & asked and paths.contains(held.path, path) for held in self.held
        )

    def over(self, action: str, path: str, home: str = "") -> str:
        """By which of a child's two paths ``action`` is granted: its class's, else its village's, else none."""
        if self.may_at(action, path, Way.ENROLMENT):
            return path
        return home if home and self.may_at(action, home, Way.RESIDENCE) else ""

    def by(self, action: str, path: str = "") -> By:
        """The author of a write: the lowest post that grants ``action`` over ``path``, else any that grants it.

        Raises ``PermissionError`` where no post grants the action.
        """
        granting = [held for held in self.held if grants(held.post, action)]
        if not granting:
            raise PermissionError(action)
        over = [held for held in granting if path and paths.contains(held.path, path)]
        best = min(over or granting, key=lambda held: (-len(held.path), POSTS[held.post].rank))
        return By(self.account, best.post, best.org, best.for_person)

    def by_virtue_of(self, action: str = "") -> By:
        """Like :meth:`by`, for what needs no grant: the post shown beside the name, or none at all."""
        if action and self.may(action):
            return self.by(action)
        if self.main is None:
            return By(self.account, "none", 0)
        return By(self.account, self.main.post, self.main.org, self.main.for_person)

    def outranks(self, post: str) -> bool:
        return any(outranks(held.post, post) for held in self.held)

    @property
    def main(self) -> Held | None:
        """The post shown beside the name: the highest held."""
        return max(self.held, key=lambda held: POSTS[held.post].rank, default=None)


def actor_of(account: Account, now: datetime) -> Actor:
    """The actor for ``account`` at ``now``: two queries."""
    day = day_of(now)
    own = [
        Held(h.post, h.place_id, h.place.path, h.place.name, h.place.kind, h.place.org_id)
        for h in queries.holdings_of(account.person_id, day)
    ]
    for_others = [
        Held(
            d.holding.post,
            d.holding.place_id,
            d.holding.place.path,
            d.holding.place.name,
            d.holding.place.kind,
            d.holding.place.org_id,
            d.holding.person_id,
        )
        for d in queries.deputyships_of(account.person_id, day)
    ]
    return Actor(account.pk, account.person_id, account.person.name, (*own, *for_others), now)
