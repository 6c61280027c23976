"""``guixiao bench tick``: one round of the tick in a county, and in one with ten times the pupils.

Both have the same classes, schools and teachers, the same absences every day, and so the same duties and
quotas: what is left to grow is the number of children nobody asks anything of.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import replace
from statistics import median
from typing import Any

from . import county
from .inside import timed
from .result import Figure, Result
from .spec import Spec

ROUNDS = {
    "news": "a whole morning's roll calls, unsettled",
    "first": "first round of a day",
    "quiet": "nothing new",
}


def add_arguments(parser: ArgumentParser) -> None:
    Spec.add_arguments(parser)
    parser.add_argument("--times", type=int, default=10, help="how much smaller the other county is")
    parser.add_argument("--build", action="store_true", help="only build both counties")
    parser.add_argument("--rounds", type=int, default=3, help="mornings measured; the median counts")


def run(options: Mapping[str, Any]) -> Result:
    """Measure both counties and hold one against the other."""
    large, say = Spec.of(options), options["say"]
    small = replace(large, pupils=large.pupils // options["times"])
    if options["build"]:
        return Result("build", [_built(spec, say) for spec in (small, large)], county.setting(large))
    found: dict[int, Any] = {}
    for spec in (small, large):
        with county.copy(spec, say) as place:
            found[spec.pupils] = place.inside("ticks", "--rounds", str(options["rounds"]), *spec.arguments())
    few, many = found[small.pupils], found[large.pupils]
    base = f"{small.pupils:,} pupils"
    figures = [
        Figure(
            what, median(many["seconds"][name]), "s", median(few["seconds"][name]), base, 1.3, of_ratio=True
        )
        for name, what in ROUNDS.items()
    ]
    figures += [
        Figure(
            f"{what}, processor", median(many["processor"][name]), "s", median(few["processor"][name]), base
        )
        for name, what in ROUNDS.items()
    ]
    figures.append(_calendar(few, many, base))
    looked = [(f"subjects, {ROUNDS[name]}", many["looked"][name]) for name in ROUNDS]
    return Result(
        "tick", figures, county.setting(large, [("calendar subjects", many["looked"]["calendar"]), *looked])
    )


def _built(spec: Spec, say: county.Say) -> Figure:
    took, _county = timed(lambda: county.ready(spec, say))
    return Figure(f"county of {spec.pupils:,} pupils, ready", took, "s")


def _calendar(few: Mapping[str, Any], many: Mapping[str, Any], base: str) -> Figure:
    """Calendar duties apart: a line in classes, schools and teachers, here per thousand of them."""
    each = [1000 * median(one["seconds"]["calendar"]) / one["looked"]["calendar"] for one in (many, few)]
    return Figure("calendar duties, a thousand subjects", each[0], "s", each[1], base)
