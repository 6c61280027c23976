"""What the coming year looks like if nobody decides otherwise, and what has changed since a preview was begun."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from guixiao.people.models import ON_THE_ROLL, Status, Student
from guixiao.places import paths
from guixiao.places.models import Holding, Kind, Place, SchoolKind

from .naming import renamed, starting_names
from .plan import OUT, STAY, NewClass, Plan, Spot, add_class, without

# First and last grade by kind of school: six years and three (义务教育法), nine together.
GRADES = {
    SchoolKind.PRIMARY: (1, 6),
    SchoolKind.JUNIOR: (7, 9),
    SchoolKind.NINE_YEAR: (1, 9),
    SchoolKind.SPECIAL: (1, 9),
    SchoolKind.VOCATIONAL: (10, 12),
}


@dataclass(frozen=True, slots=True)
class Pupil:
    """A child on the roll of an old class."""

    id: int
    klass: int
    status: str


@dataclass(frozen=True, slots=True)
class Now:
    """A school before the turn: its old classes in order, their holders, the children on their rolls, and the
    classes of the coming year that stand already."""

    school: Place
    classes: tuple[Place, ...]
    pupils: dict[int, Pupil]
    seats: dict[int, dict[str, tuple[int, ...]]]
    standing: tuple[Place, ...]

    @property
    def span(self) -> tuple[int, int]:
        """First and last grade of the school."""
        if self.school.school_kind in GRADES:
            return GRADES[SchoolKind(self.school.school_kind)]
        grades = [place.grade for place in self.classes if place.grade]
        kind = SchoolKind.PRIMARY if max(grades, default=1) <= 6 else SchoolKind.NINE_YEAR
        return GRADES[SchoolKind.JUNIOR if min(grades, default=1) >= 7 else kind]


def open_classes(school: Place) -> list[Place]:
    found = Place.objects.filter(paths.beneath("path", school.path), kind=Kind.CLASS, closed_on=None)
    return list(found.order_by("grade", "path"))


def look(school: Place, year: int) -> Now:
    """The school as it stands: four queries."""
    everywhere = open_classes(school)
    old = tuple(one for one in everywhere if (one.school_year or 0) < year)
    ids = [one.pk for one in old]
    pupils = Student.objects.filter(klass__in=ids, status__in=ON_THE_ROLL).order_by("pk")
    seats: dict[int, dict[str, tuple[int, ...]]] = {}
    for held in Holding.objects.filter(place__in=ids, last=None).order_by("pk"):
        mine = seats.setdefault(held.place_id, {})
        mine[held.post] = (*mine.get(held.post, ()), held.person_id)
    return Now(
        school,
        old,
        {
            pk: Pupil(pk, klass, status)
            for pk, klass, status in pupils.values_list("pk", "klass_id", "status")
        },
        seats,
        tuple(one for one in everywhere if (one.school_year or 0) >= year),
    )


def propose(now: Now) -> Plan:
    """Every class one grade up with its number and its teachers; the last grade leaves; beginners get as many
    classes as this year's, as far as they do not stand already."""
    first, last = now.span
    plan = Plan((), {}, tuple(one.pk for one in now.classes if one.grade and one.grade >= last))
    for one in now.classes:
        if one.grade and one.grade < last:
            plan, _key = add_class(plan, promoted(one, now))
    names = [one.name for one in now.classes if one.grade == first]
    taken = [one.name for one in now.standing if one.grade == first]
    missing = max(0, len(names) - len(taken))
    for name in starting_names(names[len(taken) :], first, missing, taken):
        plan, _key = add_class(plan, NewClass("", first, name))
    return settle(plan, now.pupils.values())


def promoted(one: Place, now: Now) -> NewClass:
    grade = one.grade or 0
    name = renamed(one.name, grade, grade + 1)
    return NewClass("", grade + 1, name, (one.pk,), now.seats.get(one.pk, {}))


def settle(plan: Plan, pupils: Iterable[Pupil]) -> Plan:
    """Give each of these pupils the place that follows from its class. Who cannot be placed is left out."""
    children, sizes = dict(plan.children), plan.sizes()
    for one in pupils:
        to = destination(plan, one, sizes)
        if to is None:
            children.pop(one.id, None)
            continue
        children[one.id] = Spot(one.klass, to)
        sizes[to] = sizes.get(to, 0) + 1
    return replace(plan, children=children)


def destination(plan: Plan, pupil: Pupil, sizes: dict[str, int]) -> str | None:
    """Where a pupil goes by itself. Who is out of school in the last grade does not graduate (policy.md,
    semantics 12): it stays on the roll and its case stays open."""
    to = plan.target_of(pupil.klass, sizes)
    return STAY if to == OUT and pupil.status != Status.ENROLLED else to


def idle(now: Now, plan: Plan) -> list[int]:
    """Class teachers who lead no class any more, in the order of their classes: usually those whose class leaves."""
    leading = {one.holder("class_teacher") for one in plan.classes}
    were = [person for one in now.classes for person in now.seats.get(one.pk, {}).get("class_teacher", ())]
    return list(dict.fromkeys(person for person in were if person not in leading))


@dataclass(slots=True)
class News:
    """What has happened in the school since the plan was made."""

    joined: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)
    standing: list[int] = field(default_factory=list)
    classes: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)

    @property
    def any(self) -> bool:
        return bool(self.joined or self.gone or self.moved or self.standing or self.classes or self.closed)


def news(plan: Plan, now: Now) -> News:
    """Children who came, left, changed class or standing; classes made or closed."""
    found = News()
    known = {source for one in plan.classes for source in one.sources} | set(plan.leaving)
    here = {one.pk for one in now.classes}
    ungraded = {one.pk for one in now.classes if not one.grade}  # nobody can say where they go
    found.classes = [one.pk for one in now.classes if one.pk not in known and one.grade]
    found.closed = sorted(known - here)
    for pk, pupil in now.pupils.items():
        spot = plan.children.get(pk)
        if spot is None and pupil.klass in ungraded:
            continue
        if spot is None:
            found.joined.append(pk)
        elif spot.source != pupil.klass:
            found.moved.append(pk)
        elif spot.to in (OUT, STAY) and (spot.to == STAY) != (pupil.status != Status.ENROLLED):
            found.standing.append(pk)
    found.gone = [pk for pk in plan.children if pk not in now.pupils]
    return found


def caught_up(plan: Plan, now: Now) -> Plan:
    """The plan with what has happened since taken over; what was decided by hand stays."""
    since = news(plan, now)
    first, last = now.span
    plan = without(plan, since.gone)
    closed = set(since.closed)
    plan = replace(
        plan,
        leaving=tuple(pk for pk in plan.leaving if pk not in closed),
        classes=tuple(
            replace(one, sources=tuple(pk for pk in one.sources if pk not in closed)) for one in plan.classes
        ),
    )
    for one in now.classes:
        if one.pk in since.classes and one.grade and one.grade >= last:
            plan = replace(plan, leaving=(*plan.leaving, one.pk))
        elif one.pk in since.classes:
            plan, _key = add_class(plan, promoted(one, now))
    moved = {*since.joined, *since.moved, *since.standing}
    plan = settle(plan, [now.pupils[pk] for pk in now.pupils if pk in moved])
    sizes = plan.sizes()
    empty = {
        one.key for one in plan.classes if not one.sources and one.grade != first and not sizes.get(one.key)
    }
    return replace(plan, classes=tuple(one for one in plan.classes if one.key not in empty))
