"""The tree of 青禾县: places, terms and overlays from ``data/county.yaml``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from guixiao.facts import SYSTEM
from guixiao.facts.clock import at
from guixiao.places import actions
from guixiao.places.models import Kind, Place

BUILT = at(date(2026, 8, 20), 9)
FIRST = date(2026, 8, 20)
NUMERALS = "零一二三四五六七八九"


@dataclass
class School:
    """A school with its grades, classes and the villages its pupils come from."""

    place: Place
    size: int
    classes: list[Place] = field(default_factory=list)
    villages: list[Place] = field(default_factory=list)


@dataclass
class County:
    """Every place of the county by name."""

    by_name: dict[str, Place] = field(default_factory=dict)
    schools: list[School] = field(default_factory=list)
    townships: list[Place] = field(default_factory=list)
    villages: list[Place] = field(default_factory=list)

    @property
    def place(self) -> Place:
        return self.by_name[plan()["county"]["name"]]

    def school(self, name: str) -> School:
        return next(school for school in self.schools if school.place.name == name)


@cache
def plan() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((files(__package__) / "data" / "county.yaml").read_text("utf-8"))
    return found


def build() -> County:
    """Make the tree, its terms and its decided days."""
    county = County()
    top = _add(county, None, Kind.PROVINCE, "青禾省")
    top = _add(county, top, Kind.PREFECTURE, "青禾州")
    seat = _add(county, top, Kind.COUNTY, plan()["county"]["name"], code=plan()["county"]["code"])
    for name, row in plan()["townships"].items():
        _township(county, seat, name, row)
    for name, row in plan()["county_schools"].items():
        _school(county, seat, name, row, county.villages)
    for code, (first, last) in plan()["terms"].items():
        actions.set_term(by=SYSTEM, now=BUILT, place=seat, code=code, first=first, last=last)
    for row in plan()["overlays"]:
        actions.set_days(
            by=SYSTEM,
            now=BUILT,
            place=county.by_name[row["place"]],
            first=row["first"],
            last=row["last"],
            is_school=row["school"],
            reason=row["reason"],
        )
    return county


def _township(county: County, seat: Place, name: str, row: dict[str, Any]) -> None:
    township = _add(county, seat, Kind.TOWNSHIP, name, code=row["code"])
    county.townships.append(township)
    villages = [
        _add(county, township, Kind.VILLAGE, village, code=f"{row['code']}{number:03d}")
        for number, village in enumerate(row["villages"], start=201)
    ]
    county.villages += villages
    central = _add(county, township, Kind.CENTRAL_SCHOOL, row["central"])
    for school, details in row["schools"].items():
        _school(county, central, school, details, villages)


def _school(county: County, parent: Place, name: str, row: dict[str, Any], villages: list[Place]) -> None:
    place = _add(
        county, parent, Kind.SCHOOL, name, code=f"99990{len(county.schools):05d}", school_kind=row["kind"]
    )
    school = School(place, row.get("size", 41), villages=villages)
    county.schools.append(school)
    first, last = row["grades"]
    for grade in range(first, last + 1):
        node = _add(county, place, Kind.GRADE, f"{NUMERALS[grade]}年级", grade=grade)
        for number in range(1, row["classes"] + 1):
            label = f"{NUMERALS[grade]}（{number}）班"
            if "class_name" in row:
                label = f"{NUMERALS[grade]}年级{row['class_name']}"
            klass = _add(county, node, Kind.CLASS, label, grade=grade, school_year=2026)
            school.classes.append(klass)


def _add(county: County, parent: Place | None, kind: Kind, name: str, **values: Any) -> Place:
    place = actions.add_place(by=SYSTEM, now=BUILT, parent=parent, kind=kind, name=name, **values)
    if kind not in (Kind.CLASS, Kind.GRADE):
        county.by_name[name] = place
    return place
