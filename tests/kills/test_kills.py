"""The net that the kills are caught in has no holes. The kills themselves: ``scripts/proof-kills.sh``."""

from __future__ import annotations

import random
from datetime import date
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings

from guixiao.facts.codes import Mark, Session
from guixiao.rollcall import actions
from guixiao.testing.cast import Cast
from tests.kills import check
from tests.kills.__main__ import differences
from tests.kills.jobs import Job, Room, Supply
from tests.kills.points.kill_points import POINTS, Point


@pytest.fixture(autouse=True)
def own_anchors(settings: LazySettings, tmp_path: Path) -> None:
    """The anchor file of this test's database, not of another's."""
    settings.HOME = tmp_path


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.name)
def test_every_point_is_there(point: Point) -> None:
    """Whoever renames what a point stands at moves the point."""
    holder = import_module(point.module)
    for name in point.attribute.split("."):
        holder = getattr(holder, name)
    assert callable(holder)


def taken(cast: Cast, marks: dict[int, Mark]) -> Job:
    """A roll call as it was handed in and acknowledged."""
    key, klass, day = uuid4(), cast.klass, date(2026, 9, 28)
    klass.refresh_from_db()
    row = actions.take(
        by=cast.actor("class_teacher").by("rollcall.take", klass.path),
        now=cast.now,
        klass=klass,
        day=day,
        session=Session.MORNING,
        roster_version=klass.roster_version,
        marks=marks,
        client_id=key,
        device_time=cast.now,
    )
    told = {
        "klass": klass.pk,
        "day": day,
        "session": "morning",
        "marks": {c: str(m) for c, m in marks.items()},
    }
    return Job("roll", str(key), "teacher", "", {}, told=told, answer={"receipt": row.receipt})


def test_what_is_whole_passes(cast: Cast) -> None:
    assert list(check.everything([taken(cast, {cast.child.pk: Mark.NONE})])) == []


def test_a_lost_submission_is_seen(cast: Cast) -> None:
    job = taken(cast, {cast.child.pk: Mark.NONE})
    lost = Job("roll", str(uuid4()), "teacher", "", {}, told=job.told, answer=job.answer)
    found = list(check.everything([job, lost]))
    assert any("is there 0 times" in problem for problem in found)
    assert any("1 roll calls where 2 were acknowledged" in problem for problem in found)


def test_another_mark_than_was_handed_in_is_seen(cast: Cast) -> None:
    job = taken(cast, {cast.child.pk: Mark.NONE})
    job.told["marks"] = {cast.child.pk: "sick"}
    assert any("marked" in problem for problem in check.everything([job]))


def test_what_nobody_handed_in_is_seen(cast: Cast) -> None:
    taken(cast, {})
    assert list(check.everything([])) == ["1 roll calls where 0 were acknowledged"]


def test_an_unanswered_job_is_seen(cast: Cast) -> None:
    job = Job("visit", str(uuid4()), "vice", "", {})
    assert list(check.everything([job])) == [f"visit {job.key} never got an answer"]


def test_a_duty_missing_or_doubled_against_the_replay_is_seen() -> None:
    clean, here = {"duties": ["a", "b"]}, {"duties": ["a", "a"]}
    assert differences("all", clean, here) == [
        "missing against the replay (all duties): b",
        "not in the replay (all duties): a",
    ]
    assert differences("all", clean, clean) == []


def test_a_seed_hands_in_the_same_again() -> None:
    def day(seed: int) -> list[tuple[str, dict[str, object]]]:
        rooms = [Room(1, "八（1）班", 1, (1, 2, 3)), Room(2, "八（3）班", 1, (4, 5))]
        supply, dice = Supply(rooms, {"vice": (7, "vice_principal")}, 9), random.Random(seed)
        made = [supply.roll("dean", dice, date(2026, 9, 9), "") for _ in range(4)]
        made.append(supply.visit("vice", dice, date(2026, 9, 9)))
        return [(job.key, job.fields) for job in made if job]

    assert day(3) == day(3)
    assert day(3) != day(4)
