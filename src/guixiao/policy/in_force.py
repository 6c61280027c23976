"""Which packs, in which version and with which parameters, bind a subject on a day.

Every pack in force on an organisation and its ancestors stands; only ``extends`` replaces (semantics 8).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from guixiao.facts import Calendar

from .deadlines import overtaken
from .law import (
    AbsentWithoutLeave,
    AdoptedPack,
    After,
    CountedIn,
    Deadline,
    Every,
    Pack,
    Param,
    ParameterValue,
    Period,
    Rule,
    Status,
    SubjectKind,
    Threshold,
)
from .parameters import resolve
from .values import Reason


@dataclass(frozen=True)
class Law:
    """One pack as it binds the subject on one day, its parameters resolved down the tree."""

    pack: Pack
    adoptions: tuple[AdoptedPack, ...]
    day: date
    counts_from: date
    _seen: dict[str, tuple[ParameterValue, AdoptedPack | None]] = field(default_factory=dict, repr=False)
    _told: dict[tuple[str, ...], Reason] = field(default_factory=dict, repr=False)
    _ladders: dict[CountedIn, tuple[tuple[Rule, int], ...]] = field(default_factory=dict, repr=False)

    def told(self, key: tuple[str, ...], make: Callable[[], Reason]) -> Reason:
        """A reason that is the same for everybody this law binds, made once."""
        if key not in self._told:
            self._told[key] = make()
        return self._told[key]

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in force."""
        return tuple(rule for rule in self.pack.rules if rule.status is Status.IN_FORCE)

    def every(self, kind: SubjectKind, period: Period) -> tuple[tuple[Rule, Every], ...]:
        """The rules that recur for one kind of subject."""
        return self._every.get((kind, period), ())

    @cached_property
    def _every(self) -> dict[tuple[SubjectKind, Period], tuple[tuple[Rule, Every], ...]]:
        found: dict[tuple[SubjectKind, Period], tuple[tuple[Rule, Every], ...]] = {}
        for rule in self.rules:
            if isinstance(rule.when, Every):
                key = (rule.subject, rule.when.period)
                found[key] = (*found.get(key, ()), (rule, rule.when))
        return found

    def chosen(self, name: str) -> tuple[ParameterValue, AdoptedPack | None]:
        """A parameter's value and who chose it."""
        if name not in self._seen:
            self._seen[name] = resolve(name, self.pack, self.adoptions, self.day, refuse=False)
        return self._seen[name]

    def ladder(self, kind: CountedIn) -> tuple[tuple[Rule, int], ...]:
        """Rules on unexcused absence counted in ``kind`` days, with the count each needs."""
        if kind not in self._ladders:
            self._ladders[kind] = tuple(
                (rule, self.threshold(rule.when.days).needed)
                for rule in self.rules
                if isinstance(rule.when, AbsentWithoutLeave) and self.counted_in(rule.when.counted_in) is kind
            )
        return self._ladders[kind]

    def after(self, code: str) -> tuple[tuple[Rule, After], ...]:
        """The rules that come after the one called ``code``."""
        return self._after.get(code, ())

    @cached_property
    def _after(self) -> dict[str, tuple[tuple[Rule, After], ...]]:
        found: dict[str, tuple[tuple[Rule, After], ...]] = {}
        for rule in self.rules:
            if isinstance(rule.when, After):
                found[rule.when.rule] = (*found.get(rule.when.rule, ()), (rule, rule.when))
        return found

    def count(self, value: int | Param) -> int:
        if isinstance(value, Param):
            found = self.chosen(value.name)[0]
            assert isinstance(found, int)
            return found
        return value

    def threshold(self, value: Threshold | Param) -> Threshold:
        if isinstance(value, Param):
            comparator = self.pack.parameters[value.name].comparator
            assert comparator is not None
            return Threshold(comparator, self.count(value))
        return value

    def deadline(self, value: Deadline | Param) -> Deadline:
        if isinstance(value, Param):
            found = self.chosen(value.name)[0]
            assert isinstance(found, Deadline)
            return found
        return value

    def binding(self, rule: Rule, start: datetime, calendar: Calendar) -> Deadline | Param:
        """Which of a rule's deadlines binds what arose at ``start``: in mid-term the one for that, if it has one."""
        if rule.mid_term is None:
            return rule.by
        return rule.mid_term if overtaken(self.deadline(rule.by), start, calendar) else rule.by

    def counted_in(self, value: CountedIn | Param) -> CountedIn:
        if isinstance(value, Param):
            found = self.chosen(value.name)[0]
            assert isinstance(found, CountedIn)
            return found
        return value

    @cached_property
    def adoption(self) -> AdoptedPack:
        """The highest adoption of this very pack."""
        return next(a for a in self.adoptions if a.pack.code == self.pack.code)


class InForce:
    """The adopted packs of one subject, grouped into families by ``extends``."""

    def __init__(self, adopted: Sequence[AdoptedPack]) -> None:
        self._adopted = tuple(adopted)
        self._families: dict[str, list[AdoptedPack]] = {}
        parent = {a.pack.code: a.pack.extends for a in adopted if a.pack.extends}
        for adoption in adopted:
            self._families.setdefault(_root(adoption.pack.code, parent), []).append(adoption)
        self._parent = parent
        self._changes = {family: self._find_changes(family) for family in self._families}
        self._cache: dict[tuple[str, int], tuple[Law, ...]] = {}

    @property
    def families(self) -> tuple[str, ...]:
        return tuple(self._families)

    def counts_from(self, family: str) -> date:
        """Facts before this day create no duties."""
        return min(adoption.first_day for adoption in self._families[family])

    def laws(self, family: str, day: date) -> tuple[Law, ...]:
        """What binds on ``day``: of a family, the packs that no other one extends."""
        key = (family, bisect_right(self._changes[family], day))
        if key not in self._cache:
            self._cache[key] = self._find(family, day)
        return self._cache[key]

    def changes(self, family: str) -> tuple[date, ...]:
        """The days on which the law of a family may change."""
        return self._changes[family]

    def _find_changes(self, family: str) -> tuple[date, ...]:
        days: set[date] = set()
        for adoption in self._families[family]:
            days.add(adoption.first_day)
            if adoption.last_day is not None:
                days.add(adoption.last_day + timedelta(days=1))
            days.update(d.first for p in adoption.pack.parameters.values() for d in p.values)
        return tuple(sorted(days))

    def rule_before(self, law: Law, rule: Rule, day: date) -> tuple[Law, Rule]:
        """The rule of this name as it was on an earlier day, else as it is now."""
        for earlier in self.laws(_root(law.pack.code, self._parent), day):
            for candidate in earlier.rules:
                if candidate.code == rule.code:
                    return earlier, candidate
        return law, rule

    def _find(self, family: str, day: date) -> tuple[Law, ...]:
        active = [
            a
            for a in self._families[family]
            if a.first_day <= day and (a.last_day is None or day <= a.last_day)
        ]
        extended = {code for a in active for code in self._above(a.pack.code)}
        found: list[Law] = []
        for code in dict.fromkeys(a.pack.code for a in active if a.pack.code not in extended):
            own = [a for a in active if a.pack.code == code]
            line = tuple(a for a in active if a.pack.code == code or a.pack.code in self._above(code))
            pack = max(own, key=lambda a: a.first_day).pack
            found.append(Law(pack, line, day, self.counts_from(family)))
        return tuple(found)

    def _above(self, code: str) -> set[str]:
        above: set[str] = set()
        while code in self._parent and self._parent[code] not in above:
            code = self._parent[code]
            above.add(code)
        return above


def _root(code: str, parent: dict[str, str]) -> str:
    seen = {code}
    while code in parent and parent[code] not in seen:
        code = parent[code]
        seen.add(code)
    return code
