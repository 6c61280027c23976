"""About six thousand made-up children, their two guardians, their villages and their key groups."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

from guixiao.people.actions import NewGuardian, NewStudent
from guixiao.people.idnumbers import make
from guixiao.places.models import Place

from .county import School
from .names import Names

AREA = "999999"  # unassigned: no living person has such a number
BIRTH_YEAR_OF_GRADE_ONE = 2020
NEIGHBOURS = 3  # the first of the named children live in the village whose head can sign in
RELATIONS = ("父亲", "母亲", "祖父", "祖母")


class Pupils:
    """Makes children for one class after another; the same seed makes the same county."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.dice = random.Random(20260901)  # noqa: S311 - made-up people, not secrets
        self.serial = 0
        self.born: Counter[tuple[date, str]] = Counter()

    def of_class(
        self, school: School, klass: Place, given: tuple[str, ...] = ()
    ) -> list[tuple[NewStudent, Place]]:
        """The children of one class with the village each lives in; ``given`` names come first."""
        rows = []
        seen: set[str] = set()
        size = school.size if school.size < 30 else school.size + self.dice.randint(-3, 3)
        for seat in range(1, size + 1):
            sex = self.dice.choice("12")
            name = given[seat - 1] if seat <= len(given) else self.names.pupil(sex)
            while name in seen:
                name = self.names.pupil(sex)
            seen.add(name)
            village = self.dice.choice(school.villages)
            if seat <= min(len(given), NEIGHBOURS):
                village = school.villages[0]
            rows.append((self._child(name, sex, klass.grade or 1, seat), village))
        return rows

    def _child(self, name: str, sex: str, grade: int, seat: int) -> NewStudent:
        self.serial += 1
        birth = date(BIRTH_YEAR_OF_GRADE_ONE - grade + 1, 1, 1) - timedelta(days=self.dice.randint(-243, 121))
        self.born[birth, sex] += 1  # the sequence is odd for boys, even for girls
        number = make(AREA, birth, 2 * self.born[birth, sex] + (1 if sex == "1" else 0))
        digits = f"{self.serial:06d}"
        return NewStudent(
            name=name,
            sex=sex,
            birth=birth,
            values={
                "seat": f"{seat:02d}",
                "id_type": "1",
                "id_number": number,
                "student_number": f"G{number}",
                "phone": f"1390{self.dice.randint(0, 9)}{digits}",
                "address": f"第{self.dice.randint(1, 9)}组{self.dice.randint(1, 60)}号",
                "boarding": grade >= 7 and self.dice.random() < 0.5,
            },
            guardians=self._guardians(name[0], digits),
        )

    def _guardians(self, surname: str, digits: str) -> list[NewGuardian]:
        old = self.dice.random() < 0.25  # left with the grandparents
        first, second = RELATIONS[2:] if old else RELATIONS[:2]
        return [
            NewGuardian(
                name=self.names.parent(surname),
                relation=first,
                phone=f"1380{self.dice.randint(0, 9)}{digits}",
            ),
            NewGuardian(name=self.names.parent(), relation=second),
        ]
