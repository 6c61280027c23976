"""Runs the scenarios beside the packs: sentences about a child, and what the law then demands.

``expect`` is complete for the rules it names: every outcome of such a rule must be listed, and
``{rule: x, none: true}`` says there is none. Used by the tests and by ``guixiao scenarios``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from guixiao.facts.clock import local
from guixiao.facts.posts import Level
from guixiao.policy import AdoptedPack, Outcome, Subject, SubjectKind, evaluate

from .loading import folders, pack, read_override, read_yaml
from .stage import PEOPLE, Script, calendar, person_of, standing
from .verbs import PLACES, moment

_KEYS = {
    "name", "packs", "calendar", "facts", "as_of", "expect", "unrecorded", "about", "vacant", "deputies",
    "handover", "without", "no_school", "roster", "pupils", "note",
}  # fmt: skip
_ABOUT = {
    "student": Subject(SubjectKind.STUDENT, 1),
    "class": Subject(SubjectKind.CLASS, PLACES[Level.CLASS]),
    "school": Subject(SubjectKind.SCHOOL, PLACES[Level.SCHOOL]),
    "person": Subject(SubjectKind.PERSON, PEOPLE["class_teacher"]),
}


@dataclass(frozen=True)
class Scenario:
    """One scenario and the file it stands in."""

    file: str
    name: str
    raw: Mapping[str, Any]


@dataclass(frozen=True)
class Result:
    """A scenario that has been run: what is wrong, if anything, and what came out."""

    scenario: Scenario
    problems: tuple[str, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def passed(self) -> bool:
        return not self.problems


def all_scenarios() -> list[Scenario]:
    """Every scenario of every pack."""
    files = [path for folder in folders() for path in sorted((folder / "scenarios").glob("*.yaml"))]
    return [scenario for path in files for scenario in read(path)]


def read(path: Path) -> Iterator[Scenario]:
    """The scenarios of one file. Raises ``ValueError`` naming file and scenario."""
    file = f"{path.parent.parent.name}/scenarios/{path.name}"
    for raw in read_yaml(path) or []:
        name = str(raw.get("name", "?"))
        unknown = set(raw) - _KEYS
        if unknown:
            raise ValueError(f"{file} · {name}: unknown words {', '.join(sorted(unknown))}")
        yield Scenario(file, name, raw)


def run_all() -> list[Result]:
    """Run every scenario of every pack."""
    return [run(scenario) for scenario in all_scenarios()]


def run(scenario: Scenario) -> Result:
    """Evaluate one scenario and compare it with what it expects."""
    outcomes = play(scenario)
    return Result(scenario, tuple(_problems(scenario.raw, outcomes)), outcomes)


def play(scenario: Scenario) -> tuple[Outcome, ...]:
    """The outcomes of a scenario."""
    raw = scenario.raw
    about = str(raw.get("about", "student"))
    as_of = moment(raw["as_of"])
    days = calendar(raw["calendar"])
    facts = Script(raw, days, as_of).read()
    adopted = [adoption(one, raw["calendar"]["term_start"]) for one in raw["packs"]]
    return evaluate(_ABOUT[about], facts, standing(raw, about == "student"), days, adopted, as_of)


def adoption(raw: Any, first_day: date) -> AdoptedPack:
    """``student-affairs-ladder`` or ``{pack: …, at: county, first_day: …, set: {parameter: value}}``."""
    if isinstance(raw, str):
        raw = {"pack": raw}
    of = pack(str(raw["pack"]).replace("-", "_"))
    level = Level(raw.get("at", "county"))
    chosen = {name: read_override(of, name, value) for name, value in raw.get("set", {}).items()}
    return AdoptedPack(of, PLACES[level], raw.get("first_day", first_day), chosen, raw.get("last_day"))


# --- comparing -------------------------------------------------------------------------------------


def _problems(raw: Mapping[str, Any], outcomes: tuple[Outcome, ...]) -> Iterator[str]:
    wanted: dict[str, list[Mapping[str, Any]]] = {}
    for line in raw["expect"]:
        wanted.setdefault(line["rule"], []).append(line)
    for rule, lines in wanted.items():
        found = [o for o in outcomes if o.rule == rule]
        expected = [line for line in lines if not line.get("none")]
        if len(found) != len(expected):
            yield f"{rule}: expected {len(expected)}, got {[_short(o) for o in found]}"
            continue
        for line in expected:
            match = next((o for o in found if not list(_differences(line, o))), None)
            if match is None:
                nearest = min(found, key=lambda o: len(list(_differences(line, o))))
                yield f"{rule}: {'; '.join(_differences(line, nearest))}"
            else:
                found.remove(match)


def _differences(line: Mapping[str, Any], outcome: Outcome) -> Iterator[str]:
    actual = facts_of(outcome)
    for name, value in line.items():
        if name not in actual:
            yield f"unknown word {name}"
            continue
        if name in ("due", "opened", "met_at", "ended"):
            expected: object = f"{moment(value):%Y-%m-%d %H:%M:%S}" if value else None
        elif name == "person":
            expected = person_of(value) if value else None
        else:
            expected = str(value) if name in ("episode", "day") else value
        if actual[name] != expected:
            yield f"{name} is {actual[name]}, expected {expected}"


def facts_of(outcome: Outcome) -> dict[str, object]:
    """What a scenario can say about an outcome."""
    return {
        "rule": outcome.rule,
        "pack": outcome.pack.replace("_", "-"),
        "state": outcome.state.value,
        "who": outcome.accountable.post,
        "via": outcome.accountable.via.value,
        "person": outcome.accountable.person,
        "vacancies": list(outcome.accountable.vacancies),
        "with": [other.post for other in outcome.together_with],
        "report_to": [other.post for other in outcome.report_to],
        "due": _clock(outcome.due),
        "opened": _clock(outcome.opened),
        "met_at": _clock(outcome.met_at),
        "ended": _clock(outcome.ended),
        "late": outcome.late,
        "demanded": outcome.demanded,
        "episode": outcome.episode,
        "day": outcome.day.isoformat(),
        "act": outcome.act,
        "why": outcome.why_ended.code if outcome.why_ended else None,
        "rungs": [rung.post for rung in outcome.rungs],
        "progress": [outcome.progress.done, outcome.progress.needed] if outcome.progress else None,
    }


def _clock(value: Any) -> str | None:
    return f"{local(value):%Y-%m-%d %H:%M:%S}" if value is not None else None


def _short(outcome: Outcome) -> str:
    return f"{outcome.episode} {outcome.state.value} due {_clock(outcome.due)}"
