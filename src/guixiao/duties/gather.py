"""From the database to the engine's values, for many subjects in a constant number of queries.

Nothing is decided here. What is read: facts from the journal, standing from people and places, the calendar,
the adopted packs along the tree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from guixiao.facts import Calendar, Fact
from guixiao.facts.clock import start_of
from guixiao.journal import queries as journal
from guixiao.people.models import Student
from guixiao.places.models import Holding, Place
from guixiao.places.models import Kind as PlaceKind
from guixiao.policy import AdoptedPack, Happened, Standing, Subject, SubjectKind

from .adopted import Adopted, Calendars
from .lines import Posts, Rolls, standing_of_person, standing_of_place, standing_of_student

STUDENT_FACTS = (
    "absence_marked", "late_arrival", "presence_marked", "mark_corrected", "leave_granted", "leave_ended", "returned",
    "contact_made", "home_visit_made", "visit_corrected", "reported", "plan_made", "plan_approved",
    "case_opened", "case_stage_changed", "case_closed", "case_reopened", "enrolment_changed",
)  # fmt: skip
PLACE_FACTS = ("roll_call_taken",)
PERIOD_FACTS = ("return_step", "return_sent_back", "return_submitted", "reported")
PERSON_FACTS = ("home_visit_made", "visit_corrected")
MARKS = ("absence_marked", "late_arrival", "presence_marked", "mark_corrected")
SPARE, MARGIN = timedelta(hours=12), timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything an evaluation of one subject needs, and where its duties will be found."""

    subject: Subject
    facts: tuple[Happened, ...]
    standing: Standing
    calendar: Calendar
    packs: tuple[AdoptedPack, ...]
    org: int
    path: str
    home_path: str
    student: int | None = None
    place: int | None = None


def gather(
    subjects: Iterable[Subject], today: date, since: date, still: Collection[date] = ()
) -> dict[Subject, Inputs]:
    """The inputs of these subjects. Subjects that are gone are left out.

    Calendar facts are read from ``since`` on, and for the earlier days in ``still``, about which something is yet
    demanded. For children they reach back to the first day of the term; days before it are not read at all
    (a mark without the roll calls after it would look like a streak).
    """
    wanted: dict[SubjectKind, list[int]] = {}
    for subject in subjects:
        wanted.setdefault(subject.kind, []).append(subject.id)
    found: dict[Subject, Inputs] = {}
    if SubjectKind.STUDENT in wanted:
        found |= _students(wanted[SubjectKind.STUDENT], today, min([since, *still]))
    places = wanted.get(SubjectKind.CLASS, []) + wanted.get(SubjectKind.SCHOOL, [])
    if places:
        found |= _places(places, today, since, still)
    if SubjectKind.PERSON in wanted:
        found |= _people(wanted[SubjectKind.PERSON])
    return found


def _students(ids: Sequence[int], today: date, since: date) -> dict[Subject, Inputs]:
    students = list(Student.objects.filter(pk__in=ids))
    rolls = Rolls.of_students(ids)
    homes = {s.pk: s.home_path or s.registered_path for s in students}
    posts = Posts.along({s.path for s in students} | set(homes.values()) | rolls.paths)
    calendars, adopted = Calendars(posts.places), Adopted.along(posts.places)
    first = (
        min([since, *(_term_start(calendars.at(s.path or homes[s.pk]), today) for s in students)]) - MARGIN
    )
    own = _by_student(ids, STUDENT_FACTS, first)
    called: dict[int, list[Happened]] = {}
    for told in journal.of_places(rolls.classes, ["roll_call_taken"], start_of(first)):
        called.setdefault(getattr(told.fact, "class_id", 0), []).append(_happened(told))
    found = {}
    for student in students:
        subject, home = Subject(SubjectKind.STUDENT, student.pk), homes[student.pk]
        classes = {row.klass_id for row in rolls.rows.get(student.pk, ())}
        facts = [*own.get(student.pk, ()), *(fact for klass in classes for fact in called.get(klass, ()))]
        found[subject] = Inputs(
            subject,
            tuple(facts),
            standing_of_student(student, rolls, posts),
            calendars.at(student.path or home),
            adopted.over(student.path, home),
            org=posts.org(student.path or home),
            path=student.path,
            home_path=home,
            student=student.pk,
            place=student.klass_id,
        )
    return found


def _places(ids: Sequence[int], today: date, since: date, still: Collection[date]) -> dict[Subject, Inputs]:
    """Classes and schools. What is told of a month or a term is read from the term's first day on, whenever the period
    is looked at again: a signature of the 3rd holds on the 28th."""
    places = list(Place.objects.filter(pk__in=ids, kind__in=(PlaceKind.CLASS, PlaceKind.SCHOOL)))
    posts = Posts.along({place.path for place in places})
    calendars, adopted = Calendars(posts.places), Adopted.along(posts.places)
    around = {place.pk: {place.pk, posts.school(place.path) or place.pk} for place in places}
    told: dict[int, list[Happened]] = {}
    everywhere = {number for numbers in around.values() for number in numbers}
    earliest = min([since, *still])
    begun = min([earliest, *(_term_start(calendars.at(place.path), today) for place in places)])
    for item in (
        *journal.of_places(everywhere, PLACE_FACTS, start_of(earliest) - SPARE, since, still),
        *journal.of_places(everywhere, PERIOD_FACTS, start_of(begun) - SPARE),
    ):
        told.setdefault(_place_of(item.fact), []).append(_happened(item))
    found = {}
    for place in places:
        subject = Subject(SubjectKind(place.kind), place.pk)
        found[subject] = Inputs(
            subject,
            tuple(fact for number in sorted(around[place.pk]) for fact in told.get(number, ())),
            standing_of_place(place, posts),
            calendars.at(place.path),
            adopted.over(place.path),
            org=place.org_id,
            path=place.path,
            home_path="",
            place=place.pk,
        )
    return found


def _place_of(fact: Fact) -> int:
    numbers = (getattr(fact, name, None) for name in ("class_id", "school", "place"))
    return next((number for number in numbers if number), 0)


def _people(ids: Sequence[int]) -> dict[Subject, Inputs]:
    seats: dict[int, list[Holding]] = {}
    held = Holding.objects.filter(person__in=ids, place__kind=PlaceKind.CLASS).select_related("place")
    for seat in held.order_by("first", "pk"):
        seats.setdefault(seat.person_id, []).append(seat)
    posts = Posts.along({seat.place.path for rows in seats.values() for seat in rows})
    calendars, adopted = Calendars(posts.places), Adopted.along(posts.places)
    rolls = Rolls.of_classes({seat.place_id for rows in seats.values() for seat in rows})
    visited = _by_student(rolls.rows, PERSON_FACTS)
    found = {}
    for person, rows in seats.items():
        subject, latest = Subject(SubjectKind.PERSON, person), rows[-1].place
        standing = standing_of_person(person, rows, posts, rolls)
        found[subject] = Inputs(
            subject,
            tuple(fact for pupil in standing.pupils for fact in visited.get(pupil.student, ())),
            standing,
            calendars.at(latest.path),
            adopted.over(latest.path),
            org=latest.org_id,
            path=latest.path,
            home_path="",
            place=latest.pk,
        )
    return found


def _by_student(
    ids: Iterable[int], kinds: Sequence[str], first: date = date.min
) -> dict[int, list[Happened]]:
    found: dict[int, list[Happened]] = {}
    for told in journal.of_students(ids, kinds):
        if told.fact.kind not in MARKS or getattr(told.fact, "day", first) >= first:
            found.setdefault(getattr(told.fact, "student", 0), []).append(_happened(told))
    return found


def _term_start(calendar: Calendar, today: date) -> date:
    """The first day of the latest term that has begun."""
    return max((term.first for term in calendar.terms if term.first <= today), default=today)


def _happened(told: journal.Told) -> Happened:
    at = min(told.happened_at, told.recorded_at)
    return Happened(told.fact, at, told.recorded_at, told.entry, told.post)
