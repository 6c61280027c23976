"""What each row of a staff sheet means, and what is wrong with it. Reads only; decides nothing."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from guixiao.facts import By
from guixiao.facts.posts import ADMINISTRATORS, POSTS, Level
from guixiao.people.imports.cells import EPOCH, READERS
from guixiao.people.imports.classes import GRADES, NewClass
from guixiao.people.imports.columns import Column, plain
from guixiao.places.actions.posts import APPOINT_ADMINISTRATORS
from guixiao.places.models import Kind, Person, Place
from guixiao.places.wording import title_of
from guixiao.staffing.models import RowKind

from .columns import post_words
from .known import Known
from .meant import Meant
from .seats import Seats, only_clash

NUMBER = re.compile(r"[A-Za-z0-9._-]{1,30}")
GRADE_IN_CLASS = re.compile(r"^(初?[一二三四五六七八九]|\d)\s*(?:年级|[（(.．])")
READ = {
    "name": Column("name", "姓名", "name", longest=40),
    "date": Column("date", "日期", "date"),
    "grade": Column("grade", "年级", "grade"),
    "phone": Column("phone", "手机", "phone"),
}
SCHOOL_LEVELS = (Level.CLASS, Level.GRADE, Level.SCHOOL)
FAR = timedelta(days=3660)
WIDE = str.maketrans("．／－", "./-")


class Checker:
    """Checks the rows of one sheet, one after the other; remembers what earlier rows said."""

    def __init__(self, known: Known, by: By, default_first: date, today: date) -> None:
        self.known, self.by, self.default_first, self.today = known, by, default_first, today
        self.seats = Seats(known)
        self.places: dict[str, str] = {}
        self.sheet_people: dict[str, list[Meant]] = {}

    def check(self, rows: Sequence[tuple[int, Mapping[str, str]]]) -> list[Meant]:
        found = [self._read(number, cells) for number, cells in rows]
        for meant in found:
            if not meant.faults:
                self.sheet_people.setdefault(meant.cells["name"], []).append(meant)
        for meant in found:
            if not meant.faults:
                self.seats.same(meant)
        for meant in found:
            self._deputy(meant)
            if not meant.faults and meant.kind == RowKind.BAD:
                self.seats.fill(meant)
            if meant.faults:
                meant.kind = (
                    RowKind.CLASH if meant.kind == RowKind.CLASH and only_clash(meant) else RowKind.BAD
                )
        return found

    def _read(self, number: int, cells: Mapping[str, str]) -> Meant:
        meant = Meant(number, dict(cells))
        self._person(meant)
        post = self._post(meant)
        self._days(meant)
        if post:
            self._place(meant, post)
        phone = meant.cells.get("phone", "")
        if phone:
            faults: list[tuple[str, str, str]] = []
            meant.cells["phone"] = READERS["phone"](READ["phone"], phone, faults, self.today)
            meant.faults += [list(fault) for fault in faults]
        return meant

    def _person(self, meant: Meant) -> None:
        faults: list[tuple[str, str, str]] = []
        name = READERS["name"](READ["name"], meant.cells.get("name", ""), faults, self.today)
        meant.cells["name"] = name
        meant.faults += [list(fault) for fault in faults]
        number = meant.cells["number"] = "".join(meant.cells.get("number", "").split())
        if not name:
            meant.fault("name", "empty")
        if number and not NUMBER.fullmatch(number):
            meant.fault("number", "number", number[:40])
            return
        meant.who = number or f"{name}@{plain(meant.cells.get('unit', ''))}"
        if number:
            person = self.known.numbers.get(number)
            if person is not None and person.name != name:
                meant.fault("number", "number_taken", number)
            elif person is not None:
                meant.person = person.pk
            return
        named = self.known.people.get(name, [])
        if len(named) == 1:
            meant.person = named[0].pk
            meant.who = f"#{named[0].pk}"
        elif named:
            meant.fault("name", "several", "、".join(one.staff_number or "—" for one in named))
        if name and not named:
            meant.note("number", "no_number")

    def _post(self, meant: Meant) -> str:
        text = meant.cells.get("post", "")
        if not text:
            meant.fault("post", "empty")
            return ""
        code = post_words().get(plain(text)) or post_words().get(plain(text).lower(), "")
        if not code:
            near = difflib.get_close_matches(plain(text), [post.zh for post in POSTS.values()], 3, 0.4)
            meant.fault("post", "post", _likely(text, near))
            return ""
        if code in ADMINISTRATORS and self.by.post not in APPOINT_ADMINISTRATORS:
            meant.fault("post", "admin", title_of(code))
        meant.post = code
        return code

    def _days(self, meant: Meant) -> None:
        meant.first = self._day(meant, "first") or self.default_first
        if meant.cells.get("first") == "":
            meant.note("first", "no_first", meant.first.isoformat())
        meant.last = self._day(meant, "last")
        if meant.last is not None and meant.last < meant.first:
            meant.fault("last", "order", meant.last.isoformat())

    def _day(self, meant: Meant, key: str) -> date | None:
        text = meant.cells.get(key, "").translate(WIDE)
        if re.fullmatch(r"[3-6]\d{4}", text):  # a day that lost its format
            return EPOCH + timedelta(days=int(text))
        faults: list[tuple[str, str, str]] = []
        read = READERS["date"](READ["date"], text, faults, self.today + FAR)
        if faults:
            meant.fault(key, "date", text[:40])
            return None
        return date.fromisoformat(read) if read else None

    # --- where ---------------------------------------------------------------------------------------

    def _place(self, meant: Meant, post: str) -> None:
        level = POSTS[post].level
        wanted = Kind.SCHOOL if level in SCHOOL_LEVELS else Kind(level.value)
        unit = self._unit(meant, wanted)
        if unit is None:
            return
        if level not in (Level.CLASS, Level.GRADE):
            meant.place, meant.place_name = unit.pk, unit.name
            return
        grade = self._grade(meant, level)
        if grade and level is Level.GRADE:
            place = self.known.grades.get((unit.pk, grade))
            meant.place = place.pk if place else self._new(meant, unit, grade, "")
            meant.place_name = f"{unit.name} {place.name if place else self.places[str(meant.place)]}"
        elif grade:
            self._klass(meant, unit, grade)

    def _unit(self, meant: Meant, wanted: Kind) -> Place | None:
        text = meant.cells.get("unit", "")
        found = self.known.unit(text) if text else [self.known.place]
        if not found:
            meant.fault("unit", "unit", _likely(text, self.known.near(text)))
            return None
        fitting = [place for place in found if place.kind == wanted]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            meant.fault("unit", "unit_several", text)
        elif text:
            meant.fault("unit", "level", str(wanted.label))
        else:
            meant.fault("unit", "empty")
        return None

    def _grade(self, meant: Meant, level: Level) -> int:
        text = meant.cells.get("grade", "")
        inside = GRADE_IN_CLASS.match(meant.cells.get("klass", ""))
        if not text and level is Level.CLASS and inside:
            text = inside.group(1)
        faults: list[tuple[str, str, str]] = []
        read = READERS["grade"](READ["grade"], text, faults, self.today)
        if faults or not read:
            meant.fault("grade", "grade" if text else "empty", text)
            return 0
        return int(read)

    def _klass(self, meant: Meant, school: Place, grade: int) -> None:
        text = meant.cells.get("klass", "")
        found = self.known.klass(school, grade, text) if text else None
        if found is None:
            meant.fault("klass", "class" if text else "empty", text)
        elif isinstance(found, NewClass):
            meant.place = self._new(meant, school, grade, found.name)
            meant.place_name = f"{school.name} {found.name}"
        else:
            meant.place, meant.place_name = found.pk, f"{school.name} {found.name}"

    def _new(self, meant: Meant, school: Place, grade: int, name: str) -> str:
        key = f"{school.pk}|{grade}|{name}"
        self.places.setdefault(key, name or GRADES[grade])
        meant.note("klass" if name else "grade", "new_class", f"{school.name} {self.places[key]}")
        return key

    def _deputy(self, meant: Meant) -> None:
        name = "".join(meant.cells.get("deputy", "").split())
        if not name or meant.faults:
            return
        number = "".join(meant.cells.get("deputy_number", "").split())
        first = self._day(meant, "deputy_first") or max(meant.first or self.today, self.today)
        last = self._day(meant, "deputy_last")
        if last is not None and last < first:
            meant.fault("deputy_last", "order", last.isoformat())
        who = self._somebody(name, number)
        if who is None:
            meant.fault("deputy", "deputy", name)
        elif who in (meant.who, meant.person):
            meant.fault("deputy", "deputy_self", name)
        meant.deputy = {"who": who, "first": first.isoformat(), "last": last.isoformat() if last else None}

    def _somebody(self, name: str, number: str) -> int | str | None:
        """A known person's id, or the key of one the sheet brings; nobody when there is any doubt."""
        known: list[Person] = [
            one for one in self.known.people.get(name, []) if number in ("", one.staff_number)
        ]
        if not known and number and (one := self.known.numbers.get(number)) and one.name == name:
            known = [one]
        keys: set[int | str] = {one.pk for one in known}
        for row in self.sheet_people.get(name, []):
            if number in ("", row.cells["number"]):
                keys.add(row.person or row.who)
        return keys.pop() if len(keys) == 1 else None


def _likely(text: str, near: Sequence[str]) -> str:
    """``“八中”（是不是：第八中学？）`` for the middle of a reason."""
    said = f"“{text[:40]}”"
    return f"{said}（{'、'.join(near)}？）" if near else said
