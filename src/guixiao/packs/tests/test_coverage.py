"""COVERAGE.md is current and accounts for every id of its regime."""

from __future__ import annotations

from pathlib import Path

import pytest

from guixiao.packs import coverage as module
from guixiao.packs.coverage import As, coverage, outdated, render
from guixiao.packs.loading import folders
from guixiao.policy import PackError


def folder(name: str) -> Path:
    return next(path for path in folders() if path.name == name)


def test_every_coverage_file_is_current() -> None:
    assert outdated() == [], "run: guixiao coverage"


@pytest.mark.parametrize(
    ("name", "prefix", "count"),
    [
        ("student_affairs_ladder", "A11", 19),
        ("two_three_seven_ladder", "A18", 17),
        ("one_hour_ladder", "A01", 12),
        ("one_hour_dean_ladder", "A07", 12),
        ("bobai_report", "A04", 16),
    ],
)
def test_every_id_of_the_regime_is_there_once(name: str, prefix: str, count: int) -> None:
    ids = [row.id for row in coverage(folder(name))]
    assert ids == [f"{prefix}-{n:02}" for n in range(1, count + 1)]


def test_how_the_ids_stand() -> None:
    stands = {
        row.id: row.stands
        for name in ("student_affairs_ladder", "two_three_seven_ladder", "one_hour_ladder", "bobai_report")
        for row in coverage(folder(name))
    }
    assert stands["A11-06"] is As.PARTLY
    assert stands["A11-10"] is As.MODELLED
    assert stands["A11-18"] is As.PENDING
    assert stands["A18-01"] is As.OUT
    assert stands["A01-11"] is stands["A04-16"] is As.TO_BE_DECIDED
    assert stands["A01-12"] is stands["A01-08"] is As.MODELLED
    assert stands["A04-07"] is As.PARTLY
    assert stands["A18-16"] is stands["A18-17"] is As.TO_BE_DECIDED


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("X-99: {what: 没有规则的条}", "no rule covers it"),
        ("A11-10: {what: 集体家访, as: pending, by: form}", "a rule covers it"),
        ("X-99: {what: 待做, as: pending, by: magic}", "'by' must be"),
        ("X-99: {what: 待做, as: stated, colour: red}", "unknown words"),
    ],
)
def test_a_gap_between_ids_and_rules_is_an_error(
    line: str, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = tmp_path / "student_affairs_ladder"
    changed.mkdir()
    text = (folder("student_affairs_ladder") / "coverage.yaml").read_text("utf-8")
    kept = [row for row in text.splitlines() if not row.startswith(line.split(":")[0])]
    (changed / "coverage.yaml").write_text("\n".join([*kept, line]), "utf-8")
    with pytest.raises(PackError, match=complaint):
        coverage(changed)


def test_a_rule_that_cites_an_unlisted_id_is_an_error(tmp_path: Path) -> None:
    changed = tmp_path / "student_affairs_ladder"
    changed.mkdir()
    (changed / "coverage.yaml").write_text("A11-01: {what: 只列一条}\n", "utf-8")
    with pytest.raises(PackError, match="A11-02"):
        coverage(changed)


def test_writing_changes_only_what_is_outdated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    copy = tmp_path / "national"
    copy.mkdir()
    (copy / "coverage.yaml").write_text((folder("national") / "coverage.yaml").read_text("utf-8"), "utf-8")
    monkeypatch.setattr(module, "folders", lambda: [copy])
    assert module.write_all() == ["national"]
    assert (copy / "COVERAGE.md").read_text("utf-8") == render(copy)
    assert module.write_all() == []
