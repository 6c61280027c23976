"""What a figure promises, how it is shown and read back; the sizes of made-up counties; the open load's clock."""

from __future__ import annotations

import json
import random

import pytest

from guixiao.bench import load
from guixiao.bench.living import share
from guixiao.bench.result import Figure, Result, percentile
from guixiao.bench.spec import MORNING, Spec, next_school_days


def test_a_promise_of_the_ratio_looks_at_the_baseline() -> None:
    kept = Figure("tick", 1.2, "s", baseline=1.0, limit=1.3, of_ratio=True)
    missed = Figure("tick", 1.4, "s", baseline=1.0, limit=1.3, of_ratio=True)
    assert kept.kept is True
    assert missed.kept is False
    assert missed.promise == "≤ 1.3 ×"


def test_a_promise_of_the_value_may_be_a_floor() -> None:
    assert Figure("rate", 40.0, "/s", limit=20.0, at_least=True).kept is True
    assert Figure("rate", 10.0, "/s", limit=20.0, at_least=True).kept is False
    assert Figure("rate", 10.0, "/s").kept is None


def test_without_a_baseline_there_is_no_ratio() -> None:
    assert Figure("p95", 3.0, "ms").ratio is None
    assert Figure("p95", 3.0, "ms", baseline=0.0).ratio is None


def test_what_was_written_as_json_is_read_back() -> None:
    result = Result("rush", [Figure("p95", 3.0, "ms", 1.5, "an empty page", 1000.0)], {"engine": "sqlite"})
    again = Result.from_row(json.loads(result.as_json({"cores": 2})))
    assert again.what == result.what
    assert list(again.figures) == list(result.figures)
    assert again.table() == result.table()


def test_a_missed_promise_is_loud_in_the_table() -> None:
    assert "MISSED" in Result("rush", [Figure("p95", 2000.0, "ms", limit=1000.0)]).table()


@pytest.mark.parametrize(("share_of", "found"), [(0.5, 50), (0.95, 95), (0.99, 99), (1.0, 100), (0.0, 1)])
def test_a_percentile_is_a_value_that_was_measured(share_of: float, found: float) -> None:
    values = [float(n) for n in range(1, 101)]
    random.Random(1).shuffle(values)
    assert percentile(values, share_of) == found
    assert percentile([], share_of) == 0


@pytest.mark.parametrize("spec", [Spec(), Spec(pupils=30_000), Spec(classes=7, pupils=31, missing=2, ill=3)])
def test_every_pupil_sits_in_a_class_and_every_absence_falls_to_one(spec: Spec) -> None:
    assert sum(spec.size(number) for number in range(spec.classes)) == spec.pupils
    assert sum(share(spec, number + 13, spec.missing) for number in range(spec.classes)) == spec.missing


def test_days_lived_and_days_to_come_meet_on_the_morning() -> None:
    past, ahead = Spec(days=5).past(), next_school_days(3)
    assert len(past) == 5
    assert past == sorted(past)
    assert past[-1] < MORNING == ahead[0]
    assert all(day.weekday() < 5 for day in past + ahead)


def test_the_command_line_says_the_same_county() -> None:
    spec = Spec(classes=3, pupils=20, days=2, missing=1, ill=1)
    words = spec.arguments()
    assert Spec.of({words[n][2:]: int(words[n + 1]) for n in range(0, len(words), 2)}) == spec


def test_requests_fall_due_at_the_rate_that_was_asked_for() -> None:
    """The load is open: when a request is due depends on nothing that the server does."""
    visits = [load.Visit({"id": n}, "2026-11-18", "morning") for n in range(2000)]
    due = list(load._due(visits, 10.0, 15.0, random.Random(1)))
    opened = [moment for moment, _number, is_page in due if is_page]
    assert len(due) == 4000
    assert 180 < max(opened) < 220  # 2,000 pages at ten a second
    assert all(b[0] - a[0] == pytest.approx(15.0) for a, b in zip(due[::2], due[1::2], strict=True))


def test_a_sheet_names_every_child_and_leaves_for_the_ill() -> None:
    klass = {"id": 4, "roster_version": 1, "pupils": list(range(1, 401))}
    sheet = load.sheet(load.Visit(klass, "2026-11-18", "morning"), random.Random(2))
    marks = {name: value for name, value in sheet.items() if name.startswith("mark-")}
    ill = [name[5:] for name, value in marks.items() if value == "sick"]
    assert len(marks) == 400
    assert ill
    assert {"present", "sick", "none"} == set(marks.values())
    assert all(f"first-{child}" in sheet and f"last-{child}" in sheet for child in ill)
