"""Every scenario beside a pack is a test, and the runner can fail."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, timedelta

import pytest

from guixiao.facts.clock import SHANGHAI
from guixiao.packs import load_all
from guixiao.packs.scenarios import Scenario, all_scenarios, play, run
from guixiao.policy.law import AbsentWithoutLeave, Status, Threshold

SCENARIOS = all_scenarios()
# The first Monday two weeks into term: ten school days in a row follow, the 20th off.
FIRST = date(2026, 9, 7)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[f"{s.file}::{s.name}" for s in SCENARIOS])
def test_scenario(scenario: Scenario) -> None:
    result = run(scenario)
    assert result.passed, "\n".join(result.problems)


def test_a_wrong_expectation_is_noticed() -> None:
    scenario = next(s for s in SCENARIOS if "周一是第二天" in s.name)
    lines = [dict(line) for line in scenario.raw["expect"]]
    wrong = [
        [{**lines[0], "who": "principal"}, *lines[1:]],
        [{**lines[0], "due": "2026-09-14 23:59:58"}, *lines[1:]],
        [{"rule": "first_day_visit", "none": True}],
        [{**lines[0], "nonsense": 1}],
    ]
    for expect in wrong:
        changed = dataclasses.replace(scenario, raw={**scenario.raw, "expect": expect})
        assert not run(changed).passed


def test_an_unknown_verb_is_named() -> None:
    scenario = SCENARIOS[0]
    facts = [{"at": "2026-09-11 08:10", "vanished": "李小满"}]
    with pytest.raises(ValueError, match="vanished"):
        play(dataclasses.replace(scenario, raw={**scenario.raw, "facts": facts}))


def test_names_are_unique() -> None:
    assert len({(s.file, s.name) for s in SCENARIOS}) == len(SCENARIOS)


def absence_rules() -> list[tuple[str, str, int]]:
    """(pack, rule, days) of every rule in force that counts unexcused absence."""
    found: list[tuple[str, str, int]] = []
    for pack in load_all().values():
        for rule in pack.rules:
            if isinstance(rule.when, AbsentWithoutLeave) and rule.status is Status.IN_FORCE:
                days = rule.when.days
                if not isinstance(days, Threshold):
                    parameter = pack.parameters[days.name]
                    value = parameter.values[0].value
                    assert isinstance(value, int)
                    assert parameter.comparator is not None
                    days = Threshold(parameter.comparator, value)
                found.append((pack.code, rule.code, days.needed))
    return found


def each_day(pack: str, rule: str) -> bool:
    when = load_all()[pack].rule(rule).when
    return isinstance(when, AbsentWithoutLeave) and when.each_day


def school_days(n: int) -> list[date]:
    days: list[date] = []
    day = FIRST
    while len(days) < n:
        if day.weekday() < 5:
            days.append(day)
        day += timedelta(days=1)
    return days


@pytest.mark.parametrize(("pack", "rule", "needed"), absence_rules())
@pytest.mark.parametrize("more", [-1, 0, 1], ids=["one under", "exact", "one over"])
def test_every_absence_rule_at_its_edge(pack: str, rule: str, needed: int, more: int) -> None:
    absent = school_days(needed + more)
    last = absent[-1] if absent else FIRST
    raw = {
        "packs": [pack],
        "calendar": {"term_start": date(2026, 9, 1)},
        "facts": [{"at": f"{day} 08:05", "absent": "李小满"} for day in absent],
        "as_of": datetime(last.year, last.month, last.day, 9, tzinfo=SHANGHAI).replace(tzinfo=None),
        "expect": [],
    }
    found = [o for o in play(Scenario("", "", raw)) if o.rule == rule]
    if more < 0:
        assert found == []
        return
    if each_day(pack, rule):
        assert [o.day for o in found] == [o.days[0] for o in found] == absent[needed - 1 :]
        return
    (outcome,) = found
    assert outcome.day == absent[needed - 1]
    assert outcome.episode == absent[0].isoformat()
    assert len(outcome.days) == needed + more
