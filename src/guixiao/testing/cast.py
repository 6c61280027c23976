"""The fixed cast: one small county on Monday 2026-09-28, and one outsider who must never see anything.

青禾县 › 石板河镇 › 石板河中心学校 › 石板河初级中学 › 八年级 › 八（3）班, and 岩脚村 beneath the township.
The outsider is a class teacher in 双河镇, at the other end of the county.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from guixiao.access.actions import open_account
from guixiao.access.actor import Actor, actor_of
from guixiao.access.models import Account
from guixiao.facts import SYSTEM
from guixiao.facts.clock import at
from guixiao.facts.posts import POSTS
from guixiao.people import actions as people
from guixiao.people.models import Student
from guixiao.places import actions as places
from guixiao.places.models import Holding, Kind, Person, Place, SchoolKind

NOW = at(date(2026, 9, 28), 8, 12)
START = at(date(2026, 8, 20), 9)
FIRST = date(2026, 9, 1)
CHILDREN = ("李小满", "覃晓峰", "何美琪", "罗天佑", "韦思敏", "黄梓轩", "陈雨桐", "邓志豪")


@dataclass
class Cast:
    """Places by name, people by post, children by name. ``actor(post)`` signs somebody in."""

    places: dict[str, Place] = field(default_factory=dict)
    holdings: dict[str, Holding] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    children: dict[str, Student] = field(default_factory=dict)
    now: datetime = NOW

    @property
    def klass(self) -> Place:
        return self.places["八（3）班"]

    @property
    def school(self) -> Place:
        return self.places["石板河初级中学"]

    @property
    def child(self) -> Student:
        return self.children["李小满"]

    def account(self, post: str) -> Account:
        """The account of whoever holds ``post``, made when first asked for."""
        if post not in self.accounts:
            self.accounts[post] = open_account(
                by=SYSTEM, now=START, person=self.holdings[post].person, username=post, must_change=False
            )
        return self.accounts[post]

    def actor(self, post: str, now: datetime | None = None) -> Actor:
        return actor_of(self.account(post), now or self.now)


def assemble() -> Cast:
    """Build the cast in the test's database."""
    cast = Cast()
    _tree(cast)
    for post in POSTS.values():
        place = cast.places[SEATS[post.level.value]]
        cast.holdings[post.code] = _hold(post.code, f"{post.zh[:4]}某", place)
    cast.holdings["outsider"] = _hold("class_teacher", "外人", cast.places["一（1）班"])
    for number, name in enumerate(CHILDREN, start=1):
        cast.children[name] = _child(name, number, cast.klass, cast.school, cast.places["岩脚村"])
    far = cast.places["双河小学"]
    cast.children["石远"] = _child("石远", 90, cast.places["一（1）班"], far, cast.places["远山村"])
    return cast


SEATS = {
    "class": "八（3）班",
    "grade": "八年级",
    "school": "石板河初级中学",
    "central_school": "石板河中心学校",
    "village": "岩脚村",
    "hamlet": "第三组",
    "township": "石板河镇",
    "county": "青禾县",
    "prefecture": "青禾州",
    "province": "青禾省",
}


def _tree(cast: Cast) -> None:
    def add(parent: str | None, kind: Kind, name: str, school: str = "", grade: int | None = None) -> None:
        cast.places[name] = places.add_place(
            by=SYSTEM,
            now=START,
            parent=cast.places[parent] if parent else None,
            kind=kind,
            name=name,
            school_kind=school,
            grade=grade,
            school_year=2026 if kind == Kind.CLASS else None,
        )

    add(None, Kind.PROVINCE, "青禾省")
    add("青禾省", Kind.PREFECTURE, "青禾州")
    add("青禾州", Kind.COUNTY, "青禾县")
    add("青禾县", Kind.TOWNSHIP, "石板河镇")
    add("石板河镇", Kind.VILLAGE, "岩脚村")
    add("岩脚村", Kind.HAMLET, "第三组")
    add("石板河镇", Kind.CENTRAL_SCHOOL, "石板河中心学校")
    add("石板河中心学校", Kind.SCHOOL, "石板河初级中学", SchoolKind.JUNIOR)
    add("石板河初级中学", Kind.GRADE, "八年级", grade=8)
    add("八年级", Kind.CLASS, "八（3）班", grade=8)
    add("八年级", Kind.CLASS, "八（4）班", grade=8)
    add("青禾县", Kind.TOWNSHIP, "双河镇")
    add("双河镇", Kind.VILLAGE, "远山村")
    add("双河镇", Kind.CENTRAL_SCHOOL, "双河中心学校")
    add("双河中心学校", Kind.SCHOOL, "双河小学", SchoolKind.PRIMARY)
    add("双河小学", Kind.GRADE, "一年级", grade=1)
    add("一年级", Kind.CLASS, "一（1）班", grade=1)
    places.set_term(
        by=SYSTEM,
        now=START,
        place=cast.places["青禾县"],
        code="2026-1",
        first=FIRST,
        last=date(2027, 1, 22),
    )


def _hold(post: str, name: str, place: Place) -> Holding:
    person: Person = places.add_person(by=SYSTEM, now=START, name=name)
    return places.hold_post(
        by=SYSTEM, now=START, person=person, place=place, post=post, first=date(2026, 8, 20)
    )


def _child(name: str, number: int, klass: Place, school: Place, village: Place) -> Student:
    new = people.NewStudent(
        name=name,
        sex="2" if number % 2 else "1",
        birth=date(2012, 3, number % 28 + 1),
        values={
            "seat": f"{number:02d}",
            "phone": f"1380000{number:04d}",
            "address": f"岩脚村第三组{number}号",
        },
        guardians=[
            people.NewGuardian(name=f"{name[0]}国栋", relation="父亲", phone=f"1390000{number:04d}"),
            people.NewGuardian(name="黄秀英", relation="母亲"),
        ],
    )
    return people.register(
        by=SYSTEM, now=START, new=new, klass=klass, first=FIRST, school=school, village=village
    )
