"""The school year turns: its preview, its opening, and the opening taken back."""

from __future__ import annotations

from datetime import date

from guixiao.facts.base import Fact, fact
from guixiao.facts.marking import gettext_noop


@fact("year_drafted", gettext_noop("拟定学年安排"))
class YearDrafted(Fact):
    """A preview of the coming school year was begun or changed; ``change`` says how."""

    opening: int
    school: int
    year: int
    version: int
    change: str


@fact("year_opened", gettext_noop("开学年"))
class YearOpened(Fact):
    """The school year that begins in ``year`` was opened: from ``first`` on the new classes count."""

    opening: int
    school: int
    year: int
    first: date
    classes: int
    moved: int
    graduated: int
    staying: int


@fact("year_undone", gettext_noop("撤销开学年"))
class YearUndone(Fact):
    """An opening was taken back before the first roll call: everything stands as before."""

    opening: int
    school: int
    year: int
