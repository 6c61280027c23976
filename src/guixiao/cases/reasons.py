"""The lawful reasons to close a case, as data; and what is never a reason."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

ANY = "any"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a case may be closed. Empty ``stages`` or ``status`` mean: wherever it stands."""

    code: str
    title: str
    evidence: str
    stages: frozenset[str]
    status: frozenset[str]


@dataclass(frozen=True, slots=True)
class Never:
    """No reason to close, and what to do instead."""

    code: str
    title: str
    instead: str


@cache
def lawful() -> dict[str, Reason]:
    return {
        code: Reason(code, row["title"], row["evidence"], _set(row["stages"]), _set(row["status"]))
        for code, row in _data()["reasons"].items()
    }


@cache
def never() -> dict[str, Never]:
    return {code: Never(code, row["title"], row["instead"]) for code, row in _data()["never"].items()}


def title_of(code: str) -> str:
    found = lawful().get(code)
    return found.title if found else code


def _set(value: str | list[str]) -> frozenset[str]:
    return frozenset() if value == ANY else frozenset(value)


@cache
def _data() -> dict[str, dict[str, dict[str, str | list[str]]]]:
    text = (files(__package__) / "data" / "closing_reasons.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, dict[str, str | list[str]]]] = yaml.safe_load(text)
    return found
