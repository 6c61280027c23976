"""Somebody always: holder, deputy, the post that stands in, then up the line (semantics 6)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from functools import cache

from guixiao.facts.posts import POSTS, VILLAGE_POSTS, climb

from .law import SubjectKind
from .standing import Standing
from .values import Assignee, Subject, Via

_WITHOUT_SCHOOL = "village_head"


@cache
def line_above(post: str) -> tuple[str, ...]:
    """The posts above one on its line, nearest first."""
    return climb(post)


class Who:
    """Who answers for which post towards one subject; asked often, worked out once."""

    def __init__(self, subject: Subject, standing: Standing) -> None:
        self.subject, self.standing = subject, standing
        self._answers: dict[tuple[str, int], Assignee] = {}
        self.firings: dict[tuple[int, int, datetime], datetime | None] = {}
        """When each rung fires after a deadline: many duties fall due together."""
        self._above: dict[tuple[str, int, frozenset[int]], Assignee | None] = {}

    def answers(self, post: str, day: date) -> Assignee:
        """The one person who answers for ``post`` on ``day``."""
        key = (post, self.standing.stretch(day))
        if key not in self._answers:
            self._answers[key] = accountable(post, self.subject, self.standing, day)
        return self._answers[key]

    def above(self, start: Assignee, day: date, told: frozenset[int]) -> Assignee | None:
        """The next held post up the line whose holder has not been told yet."""
        key = (start.post, self.standing.stretch(day), told)
        if key not in self._above:
            self._above[key] = above(start, self.standing, day, told)
        return self._above[key]


def accountable(post: str, subject: Subject, standing: Standing, day: date) -> Assignee:
    """The one person who answers for ``post`` towards ``subject`` on ``day``."""
    if subject.kind is SubjectKind.PERSON:
        return Assignee(post, post, subject.id, standing.place(POSTS[post].level, day), Via.HOLDER)
    vacancies: list[str] = []
    for candidate, via in _succession(post, standing, day):
        place = standing.place(POSTS[candidate].level, day)
        if place is not None:
            person = standing.holder(candidate, place, day)
            if person is not None:
                return Assignee(post, candidate, person, place, via, tuple(vacancies))
            person = standing.deputy(candidate, place, day)
            if person is not None:
                deputy = Via.DEPUTY if via is Via.HOLDER else via
                return Assignee(post, candidate, person, place, deputy, (*vacancies, candidate))
        if place is not None or candidate == post:
            vacancies.append(candidate)
    return Assignee(post, post, None, standing.place(POSTS[post].level, day), Via.NOBODY, tuple(vacancies))


def _succession(post: str, standing: Standing, day: date) -> Iterator[tuple[str, Via]]:
    """The post, who stands in for it, then each post above with who stands in for that one."""
    seen: set[str] = set()
    first = post
    if post not in VILLAGE_POSTS and not standing.enrolled(day) and _of_a_school(post):
        yield post, Via.HOLDER
        seen.add(post)
        first = _WITHOUT_SCHOOL
    for step, candidate in enumerate((first, *line_above(first))):
        which: str | None = candidate
        while which is not None and which not in seen:
            seen.add(which)
            own = step == 0 and first == post
            yield which, (Via.HOLDER if own and which == post else Via.STANDS_IN if own else Via.CLIMBED)
            which = POSTS[which].stands_in


def _of_a_school(post: str) -> bool:
    return POSTS[post].level in ("class", "grade", "school", "central_school")


def above(start: Assignee, standing: Standing, day: date, told: Collection[int]) -> Assignee | None:
    """The next held post up the line whose holder has not been told yet."""
    for post in line_above(start.post):
        place = standing.place(POSTS[post].level, day)
        if place is None:
            continue
        person = standing.holder(post, place, day)
        via = Via.HOLDER if person is not None else Via.DEPUTY
        person = person if person is not None else standing.deputy(post, place, day)
        if person is not None and person not in told and POSTS[post].rank > POSTS[start.post].rank:
            return Assignee(post, post, person, place, via)
    return None
