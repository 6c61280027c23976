"""``guixiao bench pages``: the pages everybody opens, in a large county, beside an empty page of the same server."""

from __future__ import annotations

import random
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse

from . import county
from .middleware import BARE, EMPTY
from .result import Figure, Result, percentile
from .serving import Server, serving
from .spec import Spec

REPORTED = 0.9  # of the classes, when the pages are opened
WARM = 5
MS = 1000


def add_arguments(parser: ArgumentParser) -> None:
    Spec.add_arguments(parser)
    parser.add_argument("--times", type=int, default=60, help="how often each page is opened")


def run(options: Mapping[str, Any]) -> Result:
    """Every page once in each round, one after another; each teacher's page is another teacher's."""
    spec, say = Spec.of(options), options["say"]
    with county.copy(spec, say) as place:
        say("most classes report, and everybody signs in")
        dawn = place.inside("dawn", "--reported", str(REPORTED), *spec.arguments())
        with serving(place) as server:
            took = measure(server, dawn, options["times"])
    base = percentile(took["an empty page"], 0.95) * MS
    figures = [
        Figure(f"{name}, p95", percentile(seconds, 0.95) * MS, "ms", base, "an empty page, signed in")
        for name, seconds in took.items()
    ]
    figures += [
        Figure(f"{name}, p50", percentile(took[name], 0.5) * MS, "ms")
        for name in ("an empty page", "county board")
    ]
    return Result(
        "pages", figures, county.setting(spec, [("times", options["times"]), ("reported", REPORTED)])
    )


def measure(server: Server, dawn: Mapping[str, Any], times: int) -> dict[str, list[float]]:
    """Seconds of every opening, by page."""
    took: dict[str, list[float]] = {}
    dice = random.Random(3)  # noqa: S311 - whose page, not secrets
    for number in range(WARM + times):
        for name, (session, path) in pages(dawn, dice.choice).items():
            answer = server.ask("GET", path, session)
            if answer.status != 200:
                raise RuntimeError(f"bench: {path} answered {answer.status}")
            if number >= WARM:
                took.setdefault(name, []).append(answer.seconds)
    return took


def pages(dawn: Mapping[str, Any], choose: Callable[[Any], Any]) -> dict[str, tuple[str, str]]:
    """``{name: (session, path)}`` for one round."""
    klass, others = choose(dawn["classes"]), dawn["others"]
    home = reverse("duties:home")
    board = reverse("rollcall:board")
    return {
        "nothing, before everything": ("", BARE),
        "an empty page": (klass["session"], EMPTY),
        "home of a class teacher": (klass["session"], home),
        "home of a principal": (others["principal"], home),
        "home of a county officer": (others["basic_education"], home),
        "roll call": (klass["session"], reverse("rollcall:take", args=[klass["id"]]) + "?session=afternoon"),
        "school board": (others["principal"], board),
        "county board": (others["basic_education"], board),
    }
