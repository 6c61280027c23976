"""The tree of a made-up county, in bulk: paths are made of ids, so the ids are given out beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction

from guixiao.bench.spec import CLASSES_A_SCHOOL, GRADES, SCHOOLS_A_TOWNSHIP, TERM, VILLAGES_A_TOWNSHIP, Spec
from guixiao.facts import By, happenings
from guixiao.journal.append import Stated, append
from guixiao.places import actions, paths
from guixiao.places.models import ORGANISATIONS, Kind, Place

NUMERALS = "零一二三四五六七八九"


@dataclass
class School:
    """A school with its classes and the villages its pupils come from."""

    place: Place
    classes: list[Place] = field(default_factory=list)
    villages: list[Place] = field(default_factory=list)


@dataclass
class County:
    """Everything the tree holds that somebody holds a post at."""

    place: Place
    townships: list[Place] = field(default_factory=list)
    central: list[Place] = field(default_factory=list)
    schools: list[School] = field(default_factory=list)


class _Tree:
    """Gives out places with ids and paths, not yet in the database."""

    def __init__(self) -> None:
        self.made: list[Place] = []

    def add(self, parent: Place | None, kind: Kind, name: str, **values: Any) -> Place:
        place = Place(pk=len(self.made) + 1, parent=parent, kind=kind, name=name, **values)
        place.path = paths.child_path(parent.path if parent else "", place.pk)
        own = parent is None or kind in ORGANISATIONS
        place.org_id = place.pk if parent is None or own else parent.org_id
        self.made.append(place)
        return place


def build_places(*, by: By, now: datetime, spec: Spec) -> County:
    """Province to class. Raises ``RuntimeError`` in a database that holds any place already."""
    if Place.objects.exists():
        raise RuntimeError("this database is not empty: a bench builds its county in one of its own")
    tree = _Tree()
    top = tree.add(None, Kind.PROVINCE, "青禾省")
    top = tree.add(top, Kind.PREFECTURE, "青禾州")
    county = County(tree.add(top, Kind.COUNTY, "青禾县", code="999901"))
    numbers = _class_numbers(spec)
    villages: list[Place] = []
    for number in range(spec.schools):
        if number % SCHOOLS_A_TOWNSHIP == 0:
            villages = _township(tree, county, number // SCHOOLS_A_TOWNSHIP + 1)
        county.schools.append(_school(tree, county.central[-1], number + 1, next(numbers), villages))
    with transaction.atomic():
        Place.objects.bulk_create(tree.made, batch_size=1000)
        continue_after_ids(Place)
        for part in chunks(tree.made):
            facts = [Stated(happenings.PlaceChanged(place=p.pk, change="added"), records=[p]) for p in part]
            append(facts, by=by, now=now)
        actions.set_term(by=by, now=now, place=county.place, code="2026-1", first=TERM[0], last=TERM[1])
    return county


def _class_numbers(spec: Spec) -> Iterator[int]:
    """How many classes each school has: all alike, the last one what is left."""
    for school in range(spec.schools):
        yield min(CLASSES_A_SCHOOL, spec.classes - school * CLASSES_A_SCHOOL)


def _township(tree: _Tree, county: County, number: int) -> list[Place]:
    place = tree.add(county.place, Kind.TOWNSHIP, f"第{number}镇", code=f"999901{number + 100:03d}")
    county.townships.append(place)
    county.central.append(tree.add(place, Kind.CENTRAL_SCHOOL, f"第{number}镇中心学校"))
    return [
        tree.add(place, Kind.VILLAGE, f"第{number}镇{village + 1}村", code=f"{place.code}{village + 201:03d}")
        for village in range(VILLAGES_A_TOWNSHIP)
    ]


def _school(tree: _Tree, parent: Place, number: int, classes: int, villages: list[Place]) -> School:
    place = tree.add(
        parent, Kind.SCHOOL, f"第{number}学校", code=f"99990{number:05d}", school_kind="nine_year"
    )
    school = School(place, villages=villages)
    a_grade = -(-classes // GRADES)
    for first in range(0, classes, a_grade):
        grade = first // a_grade + 1
        node = tree.add(place, Kind.GRADE, f"{NUMERALS[grade]}年级", grade=grade)
        for row in range(1, min(a_grade, classes - first) + 1):
            name = f"{NUMERALS[grade]}（{row}）班"
            school.classes.append(tree.add(node, Kind.CLASS, name, grade=grade, school_year=2026))
    return school


def chunks(rows: list[Any], size: int = 1000) -> Iterable[list[Any]]:
    """``rows`` in parts; the journal writes one part at a time."""
    return (rows[start : start + size] for start in range(0, len(rows), size))


def continue_after_ids(*kinds: type[models.Model]) -> None:
    """Let the engine count on after ids that were given out by hand."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), kinds):
            cursor.execute(sql)
