"""Arithmetic of identity and student numbers (GB 11643-1999; standards.md §4.2, §5). Pure functions.

An unknown or abolished area code is never an error: GB/T 2260 abolishes codes and never reuses them, so
the first six digits of an older number may be in no current table.
"""

from __future__ import annotations

import re
from datetime import date
from operator import mul

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"
UNASSIGNED = "999999"  # no such place: for tests and the demo

_ID = re.compile(r"\d{17}[\dX]", re.ASCII)
_STUDENT_NUMBER = re.compile(r"[GJL]\d{17}[\dX]", re.ASCII)


def clean(text: str) -> str:
    """Half width, no spaces, capital letters: the form in which numbers are stored and compared."""
    if text.isascii():
        return "".join(text.split()).upper()
    half = (chr(ord(sign) - 0xFEE0) if "！" <= sign <= "～" else sign for sign in text)
    return "".join("".join(half).split()).upper()


def check_digit(first17: str) -> str:
    """MOD 11-2 over the first seventeen digits. Raises ``ValueError`` for anything but seventeen digits."""
    if not re.fullmatch(r"\d{17}", first17, re.ASCII):
        raise ValueError("seventeen digits are needed")
    total = sum(map(mul, map(int, first17), WEIGHTS))
    return CHECK[total % 11]


def has_check_digit(text: str) -> bool:
    """Eighteen signs of which the last fits the others."""
    return bool(_ID.fullmatch(text)) and check_digit(text[:17]) == text[17]


def birth_of(text: str) -> date | None:
    """The birth date inside an ID number; ``None`` where it is not a real date."""
    try:
        return date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return None


def sex_of(text: str) -> str:
    """``1`` for odd (male), ``2`` for even. A warning at most: it is not proof of anything."""
    return "1" if int(text[16]) % 2 else "2"


def is_valid(text: str, today: date) -> bool:
    """Form, check digit, and a real birth date that is not in the future."""
    return not faults(text, today)


def faults(text: str, today: date) -> list[str]:
    """What is wrong with an ID number, as codes: ``form``, ``check``, ``date``, ``future``."""
    if not _ID.fullmatch(text):
        return ["form"]
    found = [] if has_check_digit(text) else ["check"]
    born = birth_of(text)
    if born is None:
        found.append("date")
    elif born > today:
        found.append("future")
    return found


def make(area: str, birth: date, sequence: int) -> str:
    """A well-formed ID number; ``area`` 999999 belongs to nobody. Raises ``ValueError`` for a bad part."""
    first17 = f"{area}{birth:%Y%m%d}{sequence:03d}"
    return first17 + check_digit(first17)


def student_number_valid(text: str) -> bool:
    """The form of a student number: G and J carry a check digit, the last digit of L is random.

    A G number need not equal the child's ID number: the ID may have been changed since.
    """
    if not _STUDENT_NUMBER.fullmatch(text):
        return False
    return text[0] == "L" or has_check_digit(text[1:])
