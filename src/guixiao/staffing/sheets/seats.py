"""Rows against what is held, and against each other: free, already so, ended, or held by another. Reads only."""

from __future__ import annotations

from datetime import date

from guixiao.facts.posts import SHARED
from guixiao.places.models import Holding
from guixiao.staffing.models import RowKind

from .known import Known
from .meant import Meant


class Seats:
    """The seats of the branch while one sheet is checked; remembers what earlier rows took and ended."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.taken: dict[tuple[int | str, str], list[Meant]] = {}
        self.ending: dict[int, date] = {}

    def _held(self, meant: Meant) -> list[Holding]:
        """The holdings of this seat that share a day with the row, endings of this sheet counted in."""
        if not isinstance(meant.place, int) or meant.first is None:
            return []
        rows = self.known.held.get((meant.place, meant.post), [])
        return [
            row
            for row in rows
            if (last := self.ending.get(row.pk, row.last)) is None or last >= meant.first
            if meant.last is None or row.first <= meant.last
        ]

    def same(self, meant: Meant) -> None:
        """Already so, or so with an end."""
        if meant.person is None or meant.place is None:
            return
        mine = next((row for row in self._held(meant) if row.person_id == meant.person), None)
        if mine is None:
            return
        meant.holding = mine.pk
        if meant.last is None or meant.last == mine.last:
            meant.kind = RowKind.SAME
        elif mine.last is not None and meant.last > mine.last:
            meant.fault("last", "longer", mine.last.isoformat())
        else:
            meant.kind, self.ending[mine.pk] = RowKind.ENDING, meant.last
        if meant.cells.get("first") and meant.first != mine.first:
            meant.note("first", "first_differs", mine.first.isoformat())
        self._taken(meant)

    def fill(self, meant: Meant) -> None:
        """Somebody new in this seat: free, or held by another."""
        assert meant.place is not None
        assert meant.first is not None
        if self._taken(meant):
            return
        others = [] if meant.post in SHARED else self._held(meant)
        if others:
            other = others[0]
            meant.holding, meant.holder = other.pk, other.person.name
            if len(others) > 1 or meant.first <= other.first:
                meant.fault("first", "clash_day", other.person.name)
                return
            meant.kind = RowKind.CLASH
            meant.fault("post", "clash", other.person.name)
            return
        meant.kind = RowKind.NEW_POST if meant.person else RowKind.NEW_PERSON

    def _taken(self, meant: Meant) -> bool:
        """Whether an earlier row of this sheet fills the seat at that time; says so."""
        assert meant.place is not None
        rows = self.taken.setdefault((meant.place, meant.post), [])
        for row in rows:
            if not overlap(row, meant):
                continue
            if row.who == meant.who or (row.person is not None and row.person == meant.person):
                meant.fault("name", "twice", str(row.number))
                return True
            if meant.post not in SHARED:
                meant.fault("post", "two_holders", str(row.number))
                return True
        rows.append(meant)
        return False


def overlap(one: Meant, two: Meant) -> bool:
    assert one.first is not None
    assert two.first is not None
    return (one.last is None or one.last >= two.first) and (two.last is None or two.last >= one.first)


def only_clash(meant: Meant) -> bool:
    return [fault[1] for fault in meant.faults] == ["clash"]
