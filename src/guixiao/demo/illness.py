"""Who is ill when: a low everyday rate, and two waves that pass through the schools."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

EVERY_DAY = 0.004
WAVES = ((date(2026, 10, 12), 9, 0.016), (date(2026, 11, 9), 12, 0.022))  # middle, half width in days, peak
PERSONAL = 0.002


def falling_ill(day: date) -> float:
    """The share of healthy children who fall ill on ``day``."""
    share = EVERY_DAY
    for middle, width, peak in WAVES:
        distance = abs((day - middle).days)
        if distance < width:
            share += peak * (1 - distance / width)
    return share


@dataclass
class Sickbed:
    """Children on leave, until when. ``leaves`` on a day are what the class teacher enters."""

    dice: random.Random
    until: dict[int, tuple[str, date, date]] = field(default_factory=dict)

    def morning(self, day: date, students: list[int]) -> dict[int, tuple[str, date, date]]:
        """``{student: (kind, first, last)}`` of those in ``students`` who are on leave on ``day``."""
        away: dict[int, tuple[str, date, date]] = {}
        share = falling_ill(day)
        for student in students:
            known = self.until.get(student)
            if known is not None and known[2] < day:
                del self.until[student]
                known = None
            if known is None:
                known = self._fresh(day, share)
                if known is None:
                    continue
                self.until[student] = known
            away[student] = known
        return away

    def _fresh(self, day: date, share: float) -> tuple[str, date, date] | None:
        throw = self.dice.random()
        if throw < share:
            return ("sick", day, day + timedelta(days=self.dice.choice((0, 0, 1, 1, 2, 3, 4))))
        if throw < share + PERSONAL:
            return ("personal", day, day + timedelta(days=self.dice.choice((0, 0, 1))))
        return None
