"""What people hand in: one job is one submission, the same bytes however often it has to be sent."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from .browser import Upload

MARKS = {"none": 14, "sick": 5, "personal": 3, "late": 4, "": 74}  # in a hundred
HOURS_OF = {"dean": ("morning",), "affairs": ("afternoon", "evening")}
BIRTH = date(2012, 10, 1)


@dataclass(slots=True)
class Job:
    """``fields`` and ``uploads`` are what is sent; ``answer`` is the receipt, once there is one."""

    kind: str  # roll | visit | import
    key: str  # the client's id; for an import the name of its file
    who: str
    path: str
    fields: dict[str, Any]
    uploads: tuple[Upload, ...] = ()
    told: dict[str, Any] = field(default_factory=dict)
    tries: int = 0
    answer: dict[str, Any] | None = None
    answered: float = 0.0  # when, by the wall


@dataclass(frozen=True, slots=True)
class Room:
    """A class, as the page showed it."""

    pk: int
    name: str
    roster_version: int
    children: tuple[int, ...]


@dataclass(slots=True)
class Supply:
    """Makes jobs, each roll call once. Everybody has dice of their own: what one does moves nobody else's."""

    rooms: list[Room]
    people: dict[str, tuple[int, str]]  # username → (person, post)
    school: int
    given: set[tuple[int, str, str]] = field(default_factory=set)
    sheets: int = 0

    def roll(self, who: str, dice: random.Random, today: date, device_time: str) -> Job | None:
        """One of today's roll calls not yet handed in: of the teacher's own class; of the others the dean has the
        mornings. Only today's: what late rolls that correct each other demand in between depends on their order."""
        mine = [room for room in self.rooms if (room.name == "八（3）班") == (who == "teacher")]
        free = [
            (room, session)
            for room in mine
            for session in HOURS_OF.get(who, ("morning", "afternoon", "evening"))
            if (room.pk, today.isoformat(), session) not in self.given
        ]
        if not free:
            return None
        day, (room, session) = today, dice.choice(free)
        self.given.add((room.pk, day.isoformat(), session))
        marks = {child: dice.choices([*MARKS], [*MARKS.values()])[0] for child in room.children}
        key = uuid_of(dice)
        fields = {
            "client_id": key,
            "roster_version": str(room.roster_version),
            "day": day.isoformat(),
            "session": session,
            "device_time": device_time,
            **{f"mark-{child}": mark for child, mark in marks.items() if mark},
        }
        told = {
            "klass": room.pk,
            "day": day,
            "session": session,
            "marks": {c: m for c, m in marks.items() if m},
        }
        return Job("roll", key, who, f"/rollcall/class/{room.pk}/", fields, told=told)

    def visit(self, who: str, dice: random.Random, today: date) -> Job:
        """A home visit with one or two photos."""
        rooms = [room for room in self.rooms if room.name == "八（3）班"] if who == "liaison" else self.rooms
        child = dice.choice(dice.choice(rooms).children)
        person, post = self.people[who]
        key = uuid_of(dice)
        photos = tuple(Upload("photos", f"家访{n}.jpg", photo(dice)) for n in range(dice.randint(1, 2)))
        fields = {
            "client_id": key,
            "purpose": "弄清为什么没来",
            "means": "visit",
            "day": today.isoformat(),
            "went": [f"{person}:{post}"],
            "met": ["child", "father"],
            "child_words": f"不想来 {dice.randint(0, 999)}",
            "guardian_words": "劝不动",
            "outcome": dice.choice(["will_return", "returned", "refuses"]),
            "causes": ["learning"],
        }
        return Job("visit", key, who, f"/visits/new/{child}/", fields, photos, {"child": child})

    def sheet(self, rows: int) -> Job:
        """A register's spreadsheet: ``rows`` new children, a third of them in a class that does not exist yet."""
        from guixiao.people.tests.registers import book, child, number

        self.sheets += 1
        classes = ("1班", "2班", f"{50 + self.sheets}班")
        birth = BIRTH + timedelta(days=self.sheets)  # every sheet has numbers of its own
        ids = [number(n + 1, birth) for n in range(rows)]
        made = [
            child(
                n,
                id_number=ids[n],
                student_number=f"G{ids[n]}",
                birth=f"{birth:%Y%m%d}",
                sex="女男"[(n + 1) % 2],
                grade="八年级",
                klass=classes[n % 3],
            )
            for n in range(rows)
        ]
        name = f"学籍{self.sheets}.xlsx"
        fields = {"school": str(self.school), "first": "2026-09-01"}
        return Job(
            "import",
            name,
            "registrar",
            "/people/imports/",
            fields,
            (Upload("file", name, book(made)),),
            {"ids": ids},
        )


def uuid_of(dice: random.Random) -> str:
    return str(UUID(int=dice.getrandbits(128), version=4))


def photo(dice: random.Random) -> bytes:
    """A small JPEG unlike any other."""
    from PIL import Image

    image = Image.frombytes("RGB", (32, 24), dice.randbytes(32 * 24 * 3)).resize((640, 480))
    target = io.BytesIO()
    image.save(target, "JPEG")
    return target.getvalue()
