"""The national calendar as dated data: ``data/holidays.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

import yaml

from guixiao.facts.clock import days


@dataclass(frozen=True, slots=True)
class National:
    """What the State Council announced: years known, holidays and working weekend days by name."""

    announced: frozenset[int]
    holidays: dict[date, str]
    workdays: dict[date, str]


@cache
def national() -> National:
    text = (files("guixiao.places") / "data" / "holidays.yaml").read_text(encoding="utf-8")
    years = yaml.safe_load(text)
    holidays = {
        day: name
        for year in years.values()
        for name, (first, last) in year["holidays"].items()
        for day in days(first, last)
    }
    workdays = {day: "调休上班" for year in years.values() for day in year["workdays"]}
    return National(frozenset(years), holidays, workdays)
