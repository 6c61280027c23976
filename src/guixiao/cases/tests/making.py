"""Cases for tests, each step done by somebody of the cast."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import uuid4

from PIL import Image

from guixiao.cases import actions
from guixiao.cases.actions import NewRow
from guixiao.cases.models import Case, Closing, Plan
from guixiao.facts import By
from guixiao.facts.clock import day_of
from guixiao.facts.codes import Mark, Session
from guixiao.files import blobs
from guixiao.files.intake import Intake
from guixiao.people.models import Student
from guixiao.people.rosters import roster
from guixiao.testing.cast import Cast

ROWS = (NewRow("村委会主任", "跟父亲谈清法律责任", date(2026, 10, 9), "父亲签知情书"),)


def by(cast: Cast, post: str, action: str) -> By:
    return cast.actor(post).by(action, cast.child.path)


def case_of(cast: Cast, student: Student | None = None, post: str = "class_teacher") -> Case:
    child = student or cast.child
    author = cast.actor(post).by("case.open", child.path)
    day = day_of(cast.now)
    return actions.open_case(by=author, now=cast.now, student=child, ground="连续三天没来", day=day)


def plan_of(cast: Cast, case: Case, post: str = "dean", rows: Sequence[NewRow] = ROWS) -> Plan:
    posts = ("liaison_leader", "principal")
    return actions.make_plan(
        by=by(cast, post, "case.plan"), now=cast.now, case=case, rows=rows, with_posts=posts
    )


def paper() -> Intake:
    data = picture()
    return Intake(blobs.put(data), "证明.jpg", "image/jpeg", len(data), uuid4().hex * 2)


def picture(size: tuple[int, int] = (40, 30)) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "white").save(target, "JPEG")
    return target.getvalue()


def closing_of(cast: Cast, case: Case, post: str = "dean", reason: str = "transferred") -> Closing:
    return actions.propose_closing(
        by=by(cast, post, "case.propose"),
        now=cast.now,
        case=case,
        reason=reason,
        text="已在邻县二中入学，电话核实",
        evidence=[paper()],
    )


def closed(cast: Cast, student: Student | None = None) -> Case:
    case = case_of(cast, student)
    closing_of(cast, case)
    return actions.close(by=by(cast, "principal", "case.close"), now=cast.now, case=case, answer="材料属实")


def roll(cast: Cast, day: date, absent: Sequence[Student] = (), hour: int = 8) -> None:
    """The class teacher takes the morning roll of ``day``."""
    from guixiao.facts.clock import at
    from guixiao.rollcall.actions import take

    cast.klass.refresh_from_db()
    missing = {child.pk for child in absent}
    marks = {
        child.pk: Mark.NONE if child.pk in missing else Mark.PRESENT
        for child in roster(cast.klass)
        if child.status == "enrolled"
    }
    now = at(day, hour, 5)
    take(
        by=cast.actor("class_teacher", now).by("rollcall.take", cast.klass.path),
        now=now,
        klass=cast.klass,
        day=day,
        session=Session.MORNING,
        roster_version=cast.klass.roster_version,
        marks=marks,
        client_id=uuid4(),
        device_time=now,
    )


def next_day(day: date, n: int = 1) -> date:
    return day + timedelta(days=n)


def outside_case(cast: Cast) -> Case:
    """A case of the outsider's child, at the other end of the county."""
    child = cast.children["石远"]
    author = cast.actor("outsider").by("case.open", child.path)
    return actions.open_case(by=author, now=cast.now, student=child, ground="两天没来", day=day_of(cast.now))
