"""What the children of the stories do on each day, and what people do about it at which moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from guixiao.facts.clock import at
from guixiao.facts.codes import Mark

Deed = Callable[[datetime], object]


@dataclass
class Script:
    """Marks by child and day; deeds by moment."""

    marks: dict[tuple[int, date], Mark] = field(default_factory=dict)
    deeds: list[tuple[datetime, Deed]] = field(default_factory=list)

    def absent(self, student: int, *days: date) -> None:
        self.mark(student, Mark.NONE, *days)

    def mark(self, student: int, mark: Mark, *days: date) -> None:
        for day in days:
            self.marks[student, day] = mark

    def leave_alone(self, student: int, days: list[date]) -> None:
        """Chance makes nobody ill who has a part to play."""
        for day in days:
            self.marks.setdefault((student, day), Mark.PRESENT)

    def then(self, day: date, hour: int, minute: int, deed: Deed) -> None:
        self.deeds.append((at(day, hour, minute), deed))

    def on(self, day: date) -> list[tuple[datetime, Deed]]:
        first, last = at(day), at(day, 23, 59, 59)
        return sorted((pair for pair in self.deeds if first <= pair[0] <= last), key=lambda pair: pair[0])
