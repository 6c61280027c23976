"""Places, posts, terms and school days."""

from __future__ import annotations

from datetime import date

from guixiao.facts.base import Fact, fact
from guixiao.facts.marking import gettext_noop


@fact("place_changed", gettext_noop("机构变动"))
class PlaceChanged(Fact):
    place: int
    change: str


@fact("post_held", gettext_noop("任职"))
class PostHeld(Fact):
    holding: int
    place: int
    post: str
    person: int
    first: date
    last: date | None = None


@fact("post_ended", gettext_noop("离任"))
class PostEnded(Fact):
    holding: int
    place: int
    post: str
    person: int
    last: date


@fact("deputy_named", gettext_noop("指定代理"))
class DeputyNamed(Fact):
    holding: int
    place: int
    post: str
    person: int
    first: date
    last: date | None = None


@fact("calendar_changed", gettext_noop("校历变动"))
class CalendarChanged(Fact):
    """School is held or closed on some days (``set``), or a decision is taken back from a day on (``withdrawn``)."""

    place: int
    first: date
    last: date
    overlay: int | None = None
    change: str = "set"


@fact("term_set", gettext_noop("学期"))
class TermSet(Fact):
    place: int
    code: str
    first: date
    last: date
    change: str = "set"
