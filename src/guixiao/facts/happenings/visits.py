"""Contacts, visits and reports."""

from __future__ import annotations

from datetime import date

from guixiao.facts.base import Fact, fact
from guixiao.facts.codes import Means, Outcome
from guixiao.facts.marking import gettext_noop


@fact("contact_made", gettext_noop("联系"))
class ContactMade(Fact):
    """A phone call, message or meeting with the family. ``posts`` are the posts of those who took part."""

    student: int
    visit: int
    day: date
    means: Means
    outcome: Outcome
    posts: tuple[str, ...]


@fact("home_visit_made", gettext_noop("家访"))
class HomeVisitMade(Fact):
    """Somebody went to the home. ``posts`` lists the posts of those who went, ``people`` their person ids."""

    student: int
    visit: int
    day: date
    means: Means
    outcome: Outcome
    posts: tuple[str, ...]
    people: tuple[int, ...] = ()
    contents: tuple[str, ...] = ()


@fact("visit_corrected", gettext_noop("更正家访记录"))
class VisitCorrected(Fact):
    """A record was put right. Only where ``judged`` is true did what rules look at change (day, means, outcome,
    who went, contents): then earlier statements of this visit fall and the one that follows stands."""

    student: int
    visit: int
    judged: bool = True


@fact("reported", gettext_noop("报告"))
class Reported(Fact):
    """A report or notice was given to the posts in ``to``: about a child, or about a ``place`` for a ``period``."""

    student: int | None = None
    act: str
    day: date
    to: tuple[str, ...]
    duty: int | None = None
    place: int | None = None
    period: str | None = None
