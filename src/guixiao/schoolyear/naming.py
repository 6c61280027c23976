"""What the classes of the coming year are called: the school's own way of naming goes on."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _

from guixiao.people.imports.classes import GRADES, SHORT, number_in

JUNIOR = {7: "初一", 8: "初二", 9: "初三"}
MOST = 60  # the longest name of a place


def grade_name(grade: int) -> str:
    return GRADES.get(grade, str(grade))


def year_name(year: int) -> str:
    """2027—2028 学年."""
    return _("%(first)s—%(next)s 学年") % {"first": year, "next": year + 1}


def renamed(name: str, old: int, new: int) -> str:
    """``name`` of a class of grade ``old`` as it is called in grade ``new``.

    三（1）班 → 四（1）班, 八年级2班 → 九年级2班, 803班 → 903班, 初二（3）班 → 初三（3）班. A name that does not
    begin with its grade (2024级3班, 向日葵班) stays.
    """
    for words in (JUNIOR, SHORT):
        if old in words and new in words and name.startswith(words[old]):
            return words[new] + name.removeprefix(words[old])
    if re.match(rf"{old}(\D|\d\d(\D|$))", name):
        return f"{new}{name.removeprefix(str(old))}"
    return name


def starting_names(now: Sequence[str], grade: int, count: int, taken: Collection[str]) -> list[str]:
    """Names for ``count`` new classes of a starting grade, as this year's classes of it (``now``) are named."""
    known = set(taken)
    made: list[str] = []
    for position in range(count):
        kept = next_cohort(now[position]) if position < len(now) else ""
        name = kept if kept and kept not in known else another([*now, *known], grade, known)
        known.add(name)
        made.append(name)
    return made


def another(names: Sequence[str], grade: int, taken: Collection[str]) -> str:
    """One more name beside ``names`` of a grade: the next free number, written as the others write it."""
    numbers = {number_in(name, grade) or 0 for name in taken}
    number = next(n for n in range(1, 1000) if n not in numbers)
    pattern = next((name for name in names if re.search(r"\d", name)), "")
    for wanted in range(number, 1000):
        name = _numbered(next_cohort(pattern) if pattern not in taken else pattern, grade, wanted)
        if name not in taken:
            return name
    raise ValueError("a grade has no room for another class")


def _numbered(pattern: str, grade: int, number: int) -> str:
    runs = list(re.finditer(r"\d+", pattern))
    if not runs:
        return f"{SHORT.get(grade, grade)}（{number}）班"
    last = runs[-1]
    three = len(last[0]) == 3 and last[0].startswith(str(grade))
    text = f"{grade}{number:02d}" if three else str(number)
    return pattern[: last.start()] + text + pattern[last.end() :]


def next_cohort(name: str) -> str:
    """2026级1班 → 2027级1班: this year's beginners lend next year's their names."""
    return re.sub(r"(20\d\d)(?=级)", lambda found: str(int(found[1]) + 1), name)
