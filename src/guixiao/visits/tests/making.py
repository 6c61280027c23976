"""Visits for tests, filled in as a teacher would."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from guixiao.access.actor import Actor
from guixiao.facts.clock import day_of
from guixiao.facts.codes import Means, Outcome
from guixiao.people.models import Student
from guixiao.testing.cast import Cast
from guixiao.visits import actions
from guixiao.visits.content import Companion, Content
from guixiao.visits.models import HarmReport, Visit
from guixiao.visits.words import Harm


def visit_of(
    cast: Cast,
    student: Student | None = None,
    post: str = "class_teacher",
    actor: Actor | None = None,
    **changed: Any,
) -> Visit:
    child = student or cast.child
    actor = actor or cast.actor(post)
    values: dict[str, Any] = {
        "means": Means.VISIT,
        "purpose": "弄清为什么两天没来",
        "outcome": Outcome.WILL_RETURN,
        "day": day_of(cast.now),
        "went": [Companion(actor.person, actor.held[0].post)],
        "client_id": uuid4(),
        "content": Content(child_words="数学听不懂，不想来。", guardian_words="我喊不动。"),
    }
    values.update(changed)
    return actions.record(by=actor.by("visit.record", child.path), now=cast.now, student=child, **values)


def harm_of(cast: Cast, student: Student | None = None, post: str = "class_teacher") -> HarmReport:
    child = student or cast.child
    return actions.report_harm(
        by=cast.actor(post).by("visit.record", child.path),
        now=cast.now,
        student=child,
        kind=Harm.VIOLENCE,
        account="手臂上有新伤，孩子说是被打的。",
        told=["police_station"],
        told_how="09:10 打 110",
        client_id=uuid4(),
    )


def page(cast: Cast, **changed: Any) -> dict[str, Any]:
    """What the form posts."""
    teacher = cast.holdings["class_teacher"]
    values: dict[str, Any] = {
        "client_id": str(uuid4()),
        "device_time": "2026-09-28T08:10:00+08:00",
        "purpose": "弄清为什么没来",
        "means": "visit",
        "day": date(2026, 9, 28).isoformat(),
        "went": [f"{teacher.person_id}:class_teacher"],
        "met": ["child", "father"],
        "child_words": "不想来",
        "guardian_words": "劝不动",
        "outcome": "will_return",
        "causes": ["learning", "weary"],
        "main_cause": "weary",
        "told_in_school": "on",
        "content_family": "爷爷奶奶带",
        "next_step": "明天接",
        "next_day": "2026-09-29",
    }
    values.update(changed)
    return values
