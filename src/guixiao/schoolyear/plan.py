"""The preview of a school year as a value: which classes there will be, who sits where, who leads them.

Ids, numbers and names of classes only; the names of children and teachers are looked up when it is shown. Every
edit is a function from one plan to the next; nothing here asks the database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

OUT, STAY = "out", "stay"  # a child's end: graduates; stays on the roll of the class that closes
PERSONAL = ("class_teacher", "deputy_class_teacher")


@dataclass(frozen=True, slots=True)
class NewClass:
    """A class of the coming year. ``sources``: the classes its children come from, none for beginners.

    ``seats``: post → person ids, as proposed or decided.
    """

    key: str
    grade: int
    name: str
    sources: tuple[int, ...] = ()
    seats: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def holder(self, post: str) -> int | None:
        return next(iter(self.seats.get(post, ())), None)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a child comes from (the class's id) and goes to (a class's key, ``OUT`` or ``STAY``)."""

    source: int
    to: str


@dataclass(frozen=True, slots=True)
class Plan:
    """``leaving``: the classes of the last grade; ``numbered``: how many keys were given out."""

    classes: tuple[NewClass, ...]
    children: Mapping[int, Spot]
    leaving: tuple[int, ...] = ()
    numbered: int = 0

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Plan:
        classes = tuple(
            NewClass(
                row["key"],
                row["grade"],
                row["name"],
                tuple(row["from"]),
                {post: tuple(people) for post, people in row["seats"].items()},
            )
            for row in data["classes"]
        )
        children = {int(pk): Spot(source, to) for pk, (source, to) in data["children"].items()}
        return cls(classes, children, tuple(data["leaving"]), data["numbered"])

    def write(self) -> dict[str, Any]:
        """Plain JSON: what :meth:`read` reads."""
        return {
            "classes": [
                {
                    "key": one.key,
                    "grade": one.grade,
                    "name": one.name,
                    "from": list(one.sources),
                    "seats": {post: list(people) for post, people in sorted(one.seats.items()) if people},
                }
                for one in self.classes
            ],
            "children": {str(pk): [spot.source, spot.to] for pk, spot in sorted(self.children.items())},
            "leaving": list(self.leaving),
            "numbered": self.numbered,
        }

    def find(self, key: str) -> NewClass | None:
        return next((one for one in self.classes if one.key == key), None)

    def sitting(self, key: str) -> list[int]:
        """The children who go to a class (or to ``OUT``, ``STAY``), in no particular order."""
        return [pk for pk, spot in self.children.items() if spot.to == key]

    def sizes(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for spot in self.children.values():
            found[spot.to] = found.get(spot.to, 0) + 1
        return found

    def in_grade(self, grade: int) -> list[NewClass]:
        return [one for one in self.classes if one.grade == grade]

    def target_of(self, source: int, sizes: Mapping[str, int] | None = None) -> str | None:
        """Where somebody who joins class ``source`` now would go: its smallest successor."""
        if source in self.leaving:
            return OUT
        sizes = sizes if sizes is not None else self.sizes()
        keys = [one.key for one in self.classes if source in one.sources]
        return min(keys, key=lambda key: sizes.get(key, 0), default=None)


def with_class(plan: Plan, changed: NewClass) -> Plan:
    return replace(plan, classes=tuple(changed if one.key == changed.key else one for one in plan.classes))


def add_class(plan: Plan, made: NewClass) -> tuple[Plan, str]:
    """The plan with one class more, under the next key."""
    key = f"n{plan.numbered + 1}"
    one = replace(made, key=key)
    return replace(plan, classes=(*plan.classes, one), numbered=plan.numbered + 1), key


def split(plan: Plan, key: str, names: Sequence[str], order: Sequence[int], deal: bool) -> Plan:
    """One class becomes several: ``names`` are those of the parts besides the first, which keeps its own.

    ``order`` is its children in seat order; with ``deal`` they are dealt in turn, else all stay in the first and
    are chosen by hand. The posts that several may hold go along; class teacher and deputy stay with the first.
    """
    one = plan.find(key)
    assert one is not None
    keys = [key]
    along = {post: people for post, people in one.seats.items() if post not in PERSONAL}
    for name in names:
        plan, made = add_class(plan, replace(one, name=name, seats=along))
        keys.append(made)
    if not deal:
        return plan
    dealt = {pk: keys[position % len(keys)] for position, pk in enumerate(order)}
    return move(plan, dealt)


def merge(plan: Plan, keys: Sequence[str], shared: Collection[str]) -> Plan:
    """Several classes become the first of ``keys``, which keeps its name and its teachers."""
    parts = [one for key in keys if (one := plan.find(key))]
    first, gone = parts[0], {one.key for one in parts[1:]}
    seats = dict(first.seats)
    for one in parts[1:]:
        for post in shared:
            seats[post] = tuple(dict.fromkeys((*seats.get(post, ()), *one.seats.get(post, ()))))
    sources = tuple(dict.fromkeys(source for one in parts for source in one.sources))
    plan = with_class(plan, replace(first, sources=sources, seats=seats))
    plan = move(plan, {pk: first.key for key in gone for pk in plan.sitting(key)})
    return replace(plan, classes=tuple(one for one in plan.classes if one.key not in gone))


def move(plan: Plan, to: Mapping[int, str]) -> Plan:
    """Children go elsewhere: child → key."""
    moved = {pk: Spot(plan.children[pk].source, key) for pk, key in to.items() if pk in plan.children}
    return replace(plan, children={**plan.children, **moved})


def seat(plan: Plan, key: str, post: str, person: int | None) -> Plan:
    """Who holds a post of one holder in a class; nobody with ``None``."""
    one = plan.find(key)
    assert one is not None
    return with_class(plan, replace(one, seats={**one.seats, post: (person,) if person else ()}))


def beginners(plan: Plan, grade: int, names: Sequence[str]) -> Plan:
    """The empty classes of a starting grade become those named ``names``; teachers stay by position."""
    old = [one for one in plan.in_grade(grade) if not one.sources]
    kept = [replace(one, name=name) for one, name in zip(old, names, strict=False)]
    others = tuple(one for one in plan.classes if one not in old)
    plan = replace(plan, classes=(*others, *kept))
    for name in names[len(kept) :]:
        plan, _key = add_class(plan, NewClass("", grade, name))
    return plan


def without(plan: Plan, children: Iterable[int]) -> Plan:
    gone = set(children)
    return replace(plan, children={pk: spot for pk, spot in plan.children.items() if pk not in gone})
