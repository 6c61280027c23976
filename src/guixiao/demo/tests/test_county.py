"""A small 青禾县, lived for three weeks: everything went through actions, and the stories go as told."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from guixiao.cases.models import Case
from guixiao.conf import edge
from guixiao.demo import build, clock, county
from guixiao.facts.clock import at
from guixiao.journal.verify import verify
from guixiao.people.models import Student
from guixiao.places.models import Kind, Place
from guixiao.rollcall.models import RollCall

LAST = date(2026, 9, 18)


def small() -> dict[str, Any]:
    """The real plan with fewer schools, one grade each, and small classes."""
    plan = dict(county.plan())
    schools = {
        "石板河镇": {"石板河初级中学": {"kind": "junior", "grades": [8, 8], "classes": 7, "size": 6}},
        "双河镇": {
            "双河初级中学": {"kind": "junior", "grades": [8, 8], "classes": 2, "size": 4},
            "双河中心小学": {"kind": "primary", "grades": [1, 1], "classes": 1, "size": 4},
        },
    }
    plan["townships"] = {name: {**plan["townships"][name], "schools": rows} for name, rows in schools.items()}
    plan["county_schools"] = {
        "青禾县第一初级中学": {"kind": "junior", "grades": [7, 7], "classes": 1, "size": 4}
    }
    known = {"青禾县", "石板河初级中学"}
    plan["overlays"] = [row for row in plan["overlays"] if row["place"] in known]
    return plan


@pytest.fixture
def lived(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    plan = small()
    monkeypatch.setattr(county, "plan", lambda: plan)
    monkeypatch.setattr(build, "TODAY", LAST)
    monkeypatch.setattr(build, "STANDS", at(LAST, 8, 20))
    monkeypatch.setattr(build, "call_command", lambda *_args, **_options: None)
    monkeypatch.setattr(build, "_hurry", lambda: None)
    monkeypatch.setenv("GUIXIAO_HOME", str(tmp_path))
    with override_settings(HOME=tmp_path):
        return build.prepare(lambda _line: None)


def test_the_county_lives_through_its_own_actions(lived: list[tuple[str, str, str]]) -> None:
    assert {"teacher", "principal", "county", "outsider"} <= {login[0] for login in lived}
    assert verify().problems == []
    classes = Place.objects.filter(kind=Kind.CLASS).count()
    weekdays = 13  # 1 to 17 September; the 18th is this morning
    assert RollCall.objects.filter(day__lt=LAST).count() >= classes * weekdays * 0.9
    mine = Place.objects.get(name="八（3）班")
    assert not RollCall.objects.filter(klass=mine, day=LAST).exists(), "left for whoever signs in"


def test_the_stories_go_as_told(lived: list[tuple[str, str, str]]) -> None:
    away = Case.objects.get(student__name="覃晓峰")
    back = Case.objects.get(student__name="韦思敏")
    assert away.stage in ("open", "suspected", "persuading")
    assert away.plans.exclude(approved_day=None).exists()
    assert back.stage == "returned"


def test_a_day_on(lived: list[tuple[str, str, str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stood: list[object] = []
    monkeypatch.setattr(edge, "stand_at", stood.append)
    with override_settings(HOME=tmp_path):
        moment = clock.advance(at(LAST, 8, 20))
    assert moment.date() == date(2026, 9, 21), (
        "the weekend is passed over (the county holds no school on the 20th)"
    )
    assert set(stood) == {at(date(2026, 9, 21), 8, 20)}, (
        "before the work, for the worker, and after it, for the visitor"
    )
    assert RollCall.objects.filter(day=date(2026, 9, 21)).exists()
    assert Student.objects.filter(name="覃晓峰", status__in=("enrolled", "dropped_out")).count() == 1


def test_a_second_start_builds_nothing(
    lived: list[tuple[str, str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "_live", lambda *_: pytest.fail("built twice"))
    with override_settings(HOME=tmp_path):
        assert build.prepare(lambda _line: None) == lived
