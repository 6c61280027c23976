"""The facts known at a moment, grouped by type. Facts recorded later are not seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Generic, TypeVar, cast

from guixiao.facts import Fact
from guixiao.facts.happenings import ContactMade, HomeVisitMade, VisitCorrected

from .values import Happened

F = TypeVar("F", bound=Fact)
Cut = tuple[datetime, int]
"""Up to and including an entry: (recorded, entry id)."""


class Stated(Generic[F]):
    """A fact of a known type with its entry."""

    __slots__ = ("at", "entry", "fact", "post", "recorded")

    def __init__(self, happened: Happened) -> None:
        self.fact = cast(F, happened.fact)
        self.at, self.recorded = happened.at, happened.recorded
        self.entry, self.post = happened.entry, happened.post

    @property
    def cut(self) -> Cut:
        return self.recorded, self.entry


class Known:
    """Facts in the order the server learnt them, once each."""

    def __init__(self, facts: Sequence[Happened], as_of: datetime) -> None:
        seen = {h.entry: h for h in facts if h.recorded <= as_of}
        self.facts = sorted(seen.values(), key=lambda h: (h.recorded, h.entry))
        self._groups: dict[type[Fact], list[Happened]] = {}
        for happened in self.facts:
            self._groups.setdefault(type(happened.fact), []).append(happened)
        self._stated: dict[type[Fact], list[Stated[Fact]]] = {}
        self._fixes: dict[int, Cut] | None = None

    def of(self, kind: type[F]) -> list[Stated[F]]:
        """Every fact of one type."""
        if kind not in self._stated:
            self._stated[kind] = [Stated(h) for h in self._groups.get(kind, ())]
        return cast("list[Stated[F]]", self._stated[kind])

    def before(self, cut: Cut) -> Known:
        """What was known just before an entry."""
        earlier = Known((), cut[0])
        for happened in self.facts:
            if (happened.recorded, happened.entry) < cut:
                earlier.facts.append(happened)
                earlier._groups.setdefault(type(happened.fact), []).append(happened)
        return earlier

    def stands(self, visit: Stated[HomeVisitMade] | Stated[ContactMade]) -> bool:
        """Whether a record of a visit or contact has not been replaced since by a correction."""
        fixes = self._fixed()
        return visit.cut > fixes.get(visit.fact.visit, visit.cut) or visit.fact.visit not in fixes

    def _fixed(self) -> dict[int, Cut]:
        """The last correction of each visit that touched what rules look at."""
        if self._fixes is None:
            self._fixes = {s.fact.visit: s.cut for s in self.of(VisitCorrected) if s.fact.judged}
        return self._fixes
