"""When a school year may be opened, and from which day its classes count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from guixiao.facts import Calendar
from guixiao.places.calendars import calendar_of
from guixiao.places.models import Place

DAY = timedelta(days=1)
SUMMER = 6  # from June on the year that matters is the one that begins this autumn


@dataclass(frozen=True, slots=True)
class Season:
    """``first``: first day of the new year's first term, ``None`` when no calendar knows it.

    ``opens``: the earliest day on which the year may be opened: the day after the last term before it, and not
    before June (a calendar may lack the spring term).
    """

    year: int
    code: str
    first: date | None
    opens: date | None

    def counts_from(self, last_roll: date | None) -> date | None:
        """The first day of the new classes: the term's, or, where the old classes have gone on taking the roll
        since then, the day after the last of those."""
        if self.first is None:
            return None
        return max(self.first, last_roll + DAY) if last_roll else self.first


def term_code(year: int) -> str:
    return f"{year}-1"


def season_of(school: Place, year: int) -> Season:
    return season(calendar_of(school), year)


def season(calendar: Calendar, year: int) -> Season:
    code = term_code(year)
    term = next((term for term in calendar.terms if term.code == code), None)
    if term is None:
        return Season(year, code, None, None)
    before = [one.last + DAY for one in calendar.terms if one.first < term.first]
    return Season(year, code, term.first, min(max([*before, date(year, SUMMER, 1)]), term.first))


def usual_year(today: date) -> int:
    """The school year one is most likely to ask for."""
    return today.year if today.month >= SUMMER else today.year - 1
