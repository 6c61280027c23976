"""One cell at a time: from what Excel stored to the text the register keeps. Pure functions.

Excel stores whole numbers as floats and drops leading zeros; an ID number typed into a number cell loses
its last three digits for good, which is said, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from guixiao.people import idnumbers

from .columns import Column
from .reading import Cell

Faults = list[tuple[str, str, str]]  # (column key, code, what was there)

_HALF = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_UNSEEN = (*range(32), 0x7F, 0x200B, 0x200C, 0x200D, 0xFEFF, 0xFFFE, 0xFFFF)
_SPACES = dict.fromkeys((9, 10, 13, 0x3000, 0xA0), " ")
_PLAIN = _HALF | dict.fromkeys(_UNSEEN) | _SPACES
_DOTS = str.maketrans(dict.fromkeys("•・‧∙⋅．.", "·"))
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇]")
_NAME = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇A-Za-zÀ-ɏ·'’\- ]+")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00(?::00)?)?")
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
EPOCH = date(1899, 12, 30)
EXACT = 10**15  # beyond this a float no longer holds every digit


def text_of(cell: Cell) -> str:
    """A cell as plain text: half-width digits and letters, no control signs, whole numbers without ``.0``."""
    if isinstance(cell, str):
        if cell.isascii() and cell.isprintable():
            return cell.strip()
        text = cell.translate(_PLAIN).strip()
        return text.encode("utf-8", "ignore").decode() if not text.isascii() else text
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def read_text(column: Column, cell: Cell, faults: Faults, today: date) -> str:
    text = text_of(cell)
    if isinstance(cell, float) and column.width:
        text = text.zfill(column.width)
    if len(text) > column.longest:
        faults.append((column.key, "long", text[:40]))
    return text


def read_name(column: Column, cell: Cell, faults: Faults, today: date) -> str:
    """Spaces inside Chinese names go, the dot of minority names stays and is written one way."""
    text = text_of(cell)
    if _HAN.search(text):
        text = "".join(text.translate(_DOTS).split())
    if text and not _NAME.fullmatch(text):
        faults.append((column.key, "name", text[:40]))
    elif len(text) > column.longest:
        faults.append((column.key, "long", text[:40]))
    return text


def read_code(column: Column, cell: Cell, faults: Faults, today: date) -> str:
    """A code or its word. Lists that are ``open`` keep other words as they stand."""
    text = text_of(cell)
    if not text:
        return ""
    plain = text.upper()
    for code in (plain, plain.zfill(column.width)):
        if code in column.codes:
            return code
    if text in column.words:
        return column.words[text]
    bare = re.sub(r"^[0-9A-Z]{1,3}[-_.、 ]+", "", text)  # 01-汉族
    for word in (bare, f"{text}族"):
        if word in column.words:
            return column.words[word]
    if column.open and not text.isdigit() and len(text) <= 20:
        return text
    faults.append((column.key, "code", text[:40]))
    return ""


def read_yes_no(column: Column, cell: Cell, faults: Faults, today: date) -> str:
    text = text_of(cell).upper()
    if text in ("是", "1", "Y", "YES", "有", "TRUE", "√"):
        return "1"
    if text in ("否", "0", "2", "N", "NO", "无", "FALSE", "×", "非"):
        return "0"
    if text:
        faults.append((column.key, "yes_no", text[:40]))
    return ""


def read_date(column: Column, cell: Cell, faults: Faults, today: date) -> str:
    """yyyymmdd as text or number, an Excel date, or year-month-day with any of the usual signs."""
    found = _day(cell)
    if found is None:
        text = text_of(cell)
        if text:
            faults.append((column.key, "date", text[:40]))
        return ""
    if found > today:
        faults.append((column.key, "future", found.isoformat()))
    return found.isoformat()


def _day(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = text_of(cell)
    try:
        if re.fullmatch(r"\d{8}", text, re.ASCII):
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
        if match := _DATE.fullmatch(text):
            return date(*map(int, match.groups()))
        if isinstance(cell, float) and 20_000 <= cell <= 80_000:
            return EPOCH + timedelta(days=int(cell))
    except ValueError:
        return None
    return None


def read_month(column: Column, cell: Cell, faults: Faults, today: date) -> str:
    """yyyymm."""
    text = text_of(cell)
    if not text:
        return ""
    day = _day(cell)
    match = re.fullmatch(r"(\d{4})(\d{2})", text, re.ASCII) or _MONTH.fullmatch(text)
    year, month = (day.year, day.month) if day else map(int, match.groups()) if match else (0, 0)
    if not (1 <= month <= 12 and 1990 <= year <= today.year + 1):
        faults.append((column.key, "month", text[:40]))
        return ""
    return f"{year}{month:02d}"


def read_number(column: Column, cell: Cell, faults: Faults, today: date) -> str:
    text = text_of(cell).removesuffix("公里").removesuffix("km").strip()
    if text and not re.fullmatch(r"\d{1,6}(\.\d+)?", text, re.ASCII):
        faults.append((column.key, "number", text[:40]))
    return text


def read_long_number(column: Column, cell: Cell, faults: Faults, today: date) -> str:
    """ID and student numbers. A number cell has lost digits: only the card has them."""
    if isinstance(cell, float) and abs(cell) >= EXACT:
        faults.append((column.key, "lost", f"{cell:.0f}"[:40]))
        return ""
    text = idnumbers.clean(text_of(cell)).lstrip("'")
    if re.fullmatch(r"\d(\.\d+)?E\+\d+", text, re.ASCII):
        faults.append((column.key, "lost", text[:40]))
        return ""
    if len(text) > 40:
        faults.append((column.key, "long", text[:40]))
    return text


def read_student_number(column: Column, cell: Cell, faults: Faults, today: date) -> str:
    text = read_long_number(column, cell, faults, today)
    if text and not idnumbers.student_number_valid(text):
        faults.append((column.key, "student_number", text[:40]))
    return text


def read_phone(column: Column, cell: Cell, faults: Faults, today: date) -> str:
    text = re.sub(r"[\s\-—()（）]", "", text_of(cell)).removeprefix("+86")
    if text and not (sum(sign.isdigit() for sign in text) >= 7 and len(text) <= 40):
        faults.append((column.key, "phone", text[:40]))
    return text


def read_area(column: Column, cell: Cell, faults: Faults, today: date) -> str:
    """An area code or the area's name. No code is ever refused for being unknown or abolished (GB/T 2260)."""
    return read_text(column, cell, faults, today)


_NUMERALS = "一二三四五六七八九"
_STAGES = {"小": 0, "初": 6, "高": 9, "职": 9}


def read_grade(column: Column, cell: Cell, faults: Faults, today: date) -> str:
    """八年级, 8, 初二 → ``8``."""
    text = text_of(cell)
    bare = text.removesuffix("年级").removesuffix("级").strip()
    lift = 0
    if bare[:1] in _STAGES and len(bare) > 1:
        lift, bare = _STAGES[bare[0]], bare[1:].removeprefix("中").removeprefix("学")
    if len(bare) == 1 and bare in _NUMERALS:
        bare = str(_NUMERALS.index(bare) + 1)
    if re.fullmatch(r"0?\d|1[0-2]", bare, re.ASCII) and 1 <= int(bare) + lift <= 12:
        return str(int(bare) + lift)
    if text:
        faults.append((column.key, "grade", text[:40]))
    return ""


Reader = Callable[[Column, Cell, Faults, date], str]
READERS: dict[str, Reader] = {
    "text": read_text,
    "name": read_name,
    "code": read_code,
    "sex": read_code,
    "yes_no": read_yes_no,
    "date": read_date,
    "month": read_month,
    "number": read_number,
    "id": read_long_number,
    "student_number": read_student_number,
    "phone": read_phone,
    "area": read_area,
    "grade": read_grade,
    "class": read_text,
}
