"""The people of a made-up county, their posts and their accounts, in bulk."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from guixiao.access.models import Account
from guixiao.bench.spec import TERM
from guixiao.demo.names import Names
from guixiao.facts import By, happenings
from guixiao.journal.append import Stated, append
from guixiao.places.models import Holding, Person, Place

from .places import County, School, chunks, continue_after_ids

COUNTY_OFFICE = ("basic_education", "inspectorate", "deputy_director", "bureau_director", "county_head")
TOWNSHIP_OFFICE = ("township_education", "township_head")
SCHOOL_OFFICE = ("principal", "vice_principal", "student_affairs", "dean", "registrar", "counsellor")
LEADERS_A_SCHOOL = 4


class _Office:
    """Gives out people and their posts, not yet in the database."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.people: list[Person] = []
        self.held: list[Holding] = []

    def person(self) -> Person:
        number = len(self.people) + 1
        person = Person(pk=number, name=self.names.parent(), staff_number=f"T{number:05d}")
        self.people.append(person)
        return person

    def hold(self, person: Person, post: str, place: Place) -> None:
        self.held.append(Holding(person=person, place=place, post=post, first=TERM[0]))


def appoint(*, by: By, now: datetime, county: County, names: Names) -> dict[int, int]:
    """Fill the posts of every class, school, township and the county; an account for everybody. Returns the
    class teachers' accounts by class."""
    office = _Office(names)
    for post in COUNTY_OFFICE:
        office.hold(office.person(), post, county.place)
    for township, central in zip(county.townships, county.central, strict=True):
        for post in TOWNSHIP_OFFICE:
            office.hold(office.person(), post, township)
        office.hold(office.person(), "central_school_head", central)
    for school in county.schools:
        _school(office, school)
    accounts = _accounts(office.people, now)
    with transaction.atomic():
        Person.objects.bulk_create(office.people, batch_size=1000)
        Holding.objects.bulk_create(office.held, batch_size=1000)
        Account.objects.bulk_create(accounts, batch_size=1000)
        continue_after_ids(Person)
        _journal(by, now, office, accounts)
    of_person = {account.person_id: account.pk for account in accounts}
    teachers = (held for held in office.held if held.post == "class_teacher")
    return {held.place_id: of_person[held.person_id] for held in teachers}


def _school(office: _Office, school: School) -> None:
    for post in SCHOOL_OFFICE:
        office.hold(office.person(), post, school.place)
    leaders = [office.person() for _ in range(LEADERS_A_SCHOOL)]
    teachers = [office.person() for _ in school.classes]
    for number, klass in enumerate(school.classes):
        office.hold(teachers[number], "class_teacher", klass)
        office.hold(teachers[(number + 1) % len(teachers)], "deputy_class_teacher", klass)
        office.hold(leaders[number % LEADERS_A_SCHOOL], "liaison_leader", klass)


def _accounts(people: list[Person], now: datetime) -> list[Account]:
    """Nobody can sign in by a password: the bench opens its sessions itself."""
    locked = make_password(None)
    return [
        Account(
            username=person.staff_number,
            person=person,
            password=locked,
            must_change_password=False,
            password_changed_at=now,
        )
        for person in people
    ]


def _journal(by: By, now: datetime, office: _Office, accounts: list[Account]) -> None:
    stated = [
        Stated(happenings.PlaceChanged(place=by.org, change="person_added"), records=[person])
        for person in office.people
    ]
    for held in office.held:
        fact = happenings.PostHeld(
            holding=held.pk,
            place=held.place_id,
            post=held.post,
            person=held.person_id,
            first=held.first,
            last=None,
        )
        stated.append(Stated(fact, records=[held]))
    for account in accounts:
        opened = happenings.AccountChanged(account=account.pk, change="opened")
        stated.append(Stated(opened, records=[account]))
    for part in chunks(stated):
        append(part, by=by, now=now)
