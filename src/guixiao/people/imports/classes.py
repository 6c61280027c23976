"""Which class of the school a row means, however the sheet writes it; or a class that is to be made."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from guixiao.places import paths
from guixiao.places.models import Kind, Place

NUMERALS = "零一二三四五六七八九十"
GRADES = {n: f"{NUMERALS[n]}年级" for n in range(1, 10)} | {10: "高一年级", 11: "高二年级", 12: "高三年级"}
SHORT = {n: NUMERALS[n] for n in range(1, 10)} | {10: "高一", 11: "高二", 12: "高三"}


@dataclass(frozen=True, slots=True)
class NewClass:
    """A class that does not exist yet and is proposed to be made."""

    grade: int
    name: str


@dataclass
class Classes:
    """The open classes of one school."""

    school: Place
    numbered: dict[tuple[int, int], Place] = field(default_factory=dict)
    named: dict[tuple[int, str], Place] = field(default_factory=dict)

    @classmethod
    def of(cls, school: Place) -> Classes:
        made = cls(school)
        rows = Place.objects.filter(paths.beneath("path", school.path), kind=Kind.CLASS, closed_on=None)
        for place in rows.order_by("school_year", "pk"):
            grade = place.grade or 0
            made.named[grade, _plain(place.name)] = place
            number = number_in(place.name, grade)
            if number is not None:
                made.numbered[grade, number] = place
        return made

    def find(self, grade: int, text: str) -> Place | NewClass | None:
        """The class, or the one to be made; ``None`` for text that names no class."""
        number = number_in(text, grade)
        found = self.named.get((grade, _plain(text)))
        if found is None and number is not None:
            found = self.numbered.get((grade, number))
        if found is not None:
            return found
        if number is not None:
            return NewClass(grade, f"{SHORT[grade]}（{number}）班")
        name = text.strip()[:60]
        return NewClass(grade, name) if name else None


def number_in(text: str, grade: int) -> int | None:
    """The number of a class in its name: 八（3）班, 8.3, 803, 三班, 2024级3班."""
    plain = _plain(text)
    numbers = re.findall(r"\d+", plain)
    if numbers:
        last = numbers[-1]
        if len(last) == 3 and last.startswith(str(grade)):
            last = last[1:]
        return int(last[-2:]) or None
    rest = plain.removesuffix("班").split("级")[-1].strip("()")
    if 1 <= len(rest) <= 3 and all(sign in NUMERALS for sign in rest):
        return _numeral(rest)
    match = re.search(r"\(([一二三四五六七八九十]{1,3})\)", plain)
    return _numeral(match.group(1)) if match else None


def _numeral(text: str) -> int | None:
    tens, ten, ones = text.partition("十")
    if not ten:
        return NUMERALS.index(text) if len(text) == 1 else None
    return (NUMERALS.index(tens) if tens else 1) * 10 + (NUMERALS.index(ones) if ones else 0)


def _plain(text: str) -> str:
    return "".join(text.split()).replace("（", "(").replace("）", ")")
