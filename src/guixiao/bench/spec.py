"""The size of a made-up county to measure in, and the days it has lived."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from guixiao.facts.clock import at

TERM = (date(2026, 9, 1), date(2027, 1, 22))
BUILT = at(date(2026, 8, 20), 9)
MORNING = date(2026, 11, 18)  # the Wednesday on which measuring begins
GRADES = 9
CLASSES_A_SCHOOL = 27
SCHOOLS_A_TOWNSHIP = 12
VILLAGES_A_TOWNSHIP = 10


@dataclass(frozen=True, slots=True)
class Spec:
    """A county: so many classes and pupils, and so many school days behind it, on each of which so many
    children were missing without leave and so many ill, however large the county is."""

    classes: int = 6_667
    pupils: int = 300_000
    days: int = 5
    missing: int = 300
    ill: int = 1_200

    @property
    def name(self) -> str:
        return f"bench_{self.classes}_{self.pupils}_{self.days}_{self.missing}_{self.ill}"

    @property
    def schools(self) -> int:
        return -(-self.classes // CLASSES_A_SCHOOL)

    def size(self, klass: int) -> int:
        """How many pupils sit in the class of this number, so that all of them sit somewhere."""
        return (klass + 1) * self.pupils // self.classes - klass * self.pupils // self.classes

    def past(self) -> list[date]:
        """The school days before :data:`MORNING` that the county has lived."""
        found: list[date] = []
        day = MORNING
        while len(found) < self.days:
            day -= timedelta(days=1)
            if day.weekday() < 5:
                found.append(day)
        return found[::-1]

    def arguments(self) -> list[str]:
        """The command line that says the same."""
        names = ("classes", "pupils", "days", "missing", "ill")
        return [part for name in names for part in (f"--{name}", str(getattr(self, name)))]

    @staticmethod
    def of(options: Mapping[str, Any]) -> Spec:
        names = ("classes", "pupils", "days", "missing", "ill")
        return Spec(**{name: options[name] for name in names})

    @staticmethod
    def add_arguments(parser: ArgumentParser) -> None:
        plain = Spec()
        parser.add_argument("--classes", type=int, default=plain.classes)
        parser.add_argument("--pupils", type=int, default=plain.pupils)
        parser.add_argument("--days", type=int, default=plain.days, help="school days the county has lived")
        parser.add_argument("--missing", type=int, default=plain.missing, help="without leave, each day")
        parser.add_argument("--ill", type=int, default=plain.ill, help="on sick leave, each day")


def next_school_days(count: int) -> list[date]:
    """:data:`MORNING` and the weekdays after it."""
    found: list[date] = []
    day = MORNING
    while len(found) < count:
        if day.weekday() < 5:
            found.append(day)
        day += timedelta(days=1)
    return found
