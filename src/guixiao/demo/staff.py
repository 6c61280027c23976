"""The people who work in 青禾县 and the posts they hold."""

from __future__ import annotations

from dataclasses import dataclass, field

from guixiao.facts import SYSTEM
from guixiao.places import actions
from guixiao.places.models import Holding, Person, Place

from .county import BUILT, FIRST, County, School
from .names import Names

SCHOOL_OFFICE = ("principal", "vice_principal", "student_affairs", "dean", "registrar", "counsellor")
COUNTY_OFFICE = (
    "basic_education", "inspectorate", "deputy_director", "bureau_director", "county_head",
    "system_admin", "security_admin", "audit_admin",
)  # fmt: skip
TOWNSHIP_OFFICE = ("township_education", "township_head", "justice_office", "police_station")


@dataclass
class Staff:
    """Who holds what: ``holding(post, place)``."""

    held: dict[tuple[str, int], Holding] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)

    def holding(self, post: str, place: Place) -> Holding:
        return self.held[(post, place.pk)]

    def person(self, post: str, place: Place) -> Person:
        return self.holding(post, place).person


def appoint(county: County, names: Names) -> Staff:
    """Fill every post the term needs: about 400 people."""
    staff = Staff()
    for post in COUNTY_OFFICE:
        _hold(staff, _person(staff, names), post, county.place)
    _hold(staff, _person(staff, names), "prefecture_officer", county.by_name["青禾州"])
    _hold(staff, _person(staff, names), "province_officer", county.by_name["青禾省"])
    for township in county.townships:
        for post in TOWNSHIP_OFFICE:
            _hold(staff, _person(staff, names), post, township)
        central = next(
            p for p in county.by_name.values() if p.parent_id == township.pk and p.kind == "central_school"
        )
        _hold(staff, _person(staff, names), "central_school_head", central)
    for village in county.villages:
        head = _person(staff, names)
        _hold(staff, head, "village_head", village)
        _hold(staff, _person(staff, names), "village_cadre", village)
    for school in county.schools:
        _school(staff, names, school)
    return staff


def _school(staff: Staff, names: Names, school: School) -> None:
    small = len(school.classes) <= 6
    office = [_person(staff, names) for _ in (SCHOOL_OFFICE[:3] if small else SCHOOL_OFFICE)]
    for number, post in enumerate(SCHOOL_OFFICE):
        _hold(staff, office[number % len(office)], post, school.place)
    leaders = office[1:3] if small else [_person(staff, names) for _ in range(4)]
    teachers = [_person(staff, names) for _ in school.classes]
    more = [_person(staff, names) for _ in range(max(1, len(school.classes) // 2))]
    for number, klass in enumerate(school.classes):
        _hold(staff, teachers[number], "class_teacher", klass)
        _hold(staff, more[number % len(more)], "deputy_class_teacher", klass)
        _hold(staff, more[(number + 1) % len(more)], "class_backer", klass)
        _hold(staff, leaders[number % len(leaders)], "liaison_leader", klass)
        _hold(staff, teachers[(number + 1) % len(teachers)], "subject_teacher", klass)


def _person(staff: Staff, names: Names) -> Person:
    person = actions.add_person(
        by=SYSTEM, now=BUILT, name=names.staff(), staff_number=f"T{len(staff.people) + 1:04d}"
    )
    staff.people.append(person)
    return person


def _hold(staff: Staff, person: Person, post: str, place: Place) -> None:
    staff.held[(post, place.pk)] = actions.hold_post(
        by=SYSTEM, now=BUILT, person=person, place=place, post=post, first=FIRST
    )
