"""``guixiao bench rush``: eight in the morning. Every class opens its roll-call page and hands in its sheet.

A county of 6,000 classes does so within ten minutes: ten sheets, twenty requests a second.
"""

from __future__ import annotations

import random
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any

from guixiao.facts.codes import Session

from . import county, load
from .load import Heard, Visit
from .middleware import INSERT
from .result import Figure, Result, percentile
from .serving import Answer, Server, serving
from .spec import Spec

REAL = 20.0  # requests a second: 6,000 classes in ten minutes, a page and a sheet each
LIMIT = 1.0  # seconds, 95 of 100
GROWTH = 1.5
WARM = 20
MS = 1000


def add_arguments(parser: ArgumentParser) -> None:
    Spec.add_arguments(parser)
    parser.add_argument("--rate", type=float, default=REAL, help="requests a second")
    parser.add_argument("--rushing", type=int, default=6_000, help="classes in the rush")
    parser.add_argument("--think", type=float, default=15.0, help="seconds between page and submission")
    parser.add_argument("--step", type=float, default=45.0, help="seconds at each higher rate; 0: none")
    parser.add_argument("--alone", type=int, default=100, help="submissions one after another")
    parser.add_argument("--warm", type=int, default=WARM, help="submissions before any that count")
    parser.add_argument("--workers", type=int, default=0, help="web processes; 0: what serve chooses")
    parser.add_argument("--threads", type=int, default=0, help="threads in each; 0: what serve chooses")


def run(options: Mapping[str, Any]) -> Result:
    """Alone, then the rush, then faster and faster until it no longer holds."""
    spec, say = Spec.of(options), options["say"]
    with county.copy(spec, say) as place:
        say("the morning's first round, and everybody signs in")
        dawn = place.inside("dawn", *spec.arguments())
        slots = visits(dawn)
        more = [
            part
            for name in ("workers", "threads")
            if options[name]
            for part in (f"--{name}", str(options[name]))
        ]
        with serving(place, more) as server:
            alone = measure_alone(server, slots, options["warm"], options["alone"])
            say(f"alone: {alone.submission * MS:.1f} ms against {alone.insert * MS:.1f} ms")
            rushing = min(options["rushing"], spec.classes - options["warm"] - options["alone"])
            rush = _load(server, slots, rushing, options["rate"], options["think"], say)
            held = _highest(server, slots, rush, options, say) if options["step"] else 0.0
    setting = county.setting(spec, [("classes in the rush", rushing), ("requests a second", options["rate"])])
    return Result("rush", [*_figures(rush), *_highest_figures(held), *alone.figures()], setting)


def visits(dawn: Mapping[str, Any]) -> Iterator[Visit]:
    """Every class, session after session of the day, in an order that mixes the schools; no slot twice."""
    classes = list(dawn["classes"])
    random.Random(8).shuffle(classes)  # noqa: S311 - an order, not secrets
    for session in Session:
        yield from (Visit(klass, dawn["day"], session.value) for klass in classes)


@dataclass(frozen=True, slots=True)
class Alone:
    """One submission at a time, beside one bare row inserted by the same server: seconds, and of the processor."""

    submission: float
    insert: float
    page: float
    processor: float
    bare_processor: float

    def figures(self) -> Sequence[Figure]:
        base = "one bare row inserted"
        return (
            Figure("one submission alone, p50", self.submission * MS, "ms", self.insert * MS, base),
            Figure("one page alone, p50", self.page * MS, "ms", self.insert * MS, base),
            Figure(
                "processor, web, a submission",
                self.processor * MS,
                "ms",
                self.bare_processor * MS or None,
                base,
            ),
        )


def measure_alone(server: Server, slots: Iterator[Visit], warm: int, times: int) -> Alone:
    """Submissions and bare inserts in turn, so that both meet the same machine."""
    dice = random.Random(5)  # noqa: S311 - a load, not secrets
    pages: list[float] = []
    waited: dict[str, list[float]] = {"sheet": [], "row": []}
    spent: dict[str, list[float]] = {"sheet": [], "row": []}
    for number in range(warm + times):
        visit = next(slots)
        pages.append(_must(load.page(server, visit)).seconds)
        works: dict[str, Callable[[], Answer]] = {
            "sheet": partial(load.submit, server, visit, dice),
            "row": partial(server.ask, "POST", INSERT, body="row=1"),
        }
        for name, work in works.items():
            before = server.processor_seconds()
            waited[name].append(_must(work()).seconds)
            spent[name].append(server.processor_seconds() - before)
        if number == warm - 1:
            pages, waited, spent = [], {"sheet": [], "row": []}, {"sheet": [], "row": []}
    return Alone(
        median(waited["sheet"]),
        median(waited["row"]),
        median(pages),
        sum(spent["sheet"]) / times,
        sum(spent["row"]) / times,
    )


def _must(answer: Answer) -> Answer:
    if answer.status != 200:
        raise RuntimeError(
            f"bench: the server answered {answer.status}: {answer.body[:300].decode(errors='replace')}"
        )
    return answer


def _load(
    server: Server,
    slots: Iterator[Visit],
    classes: int,
    rate: float,
    think: float,
    say: Callable[[str], None],
) -> Heard:
    chosen = [visit for visit, _n in zip(slots, range(classes), strict=False)]
    heard = load.drive(server, chosen, rate, think, seed=classes)
    say(
        f"{rate:.0f} requests a second over {heard.offered_seconds:.0f} s: p95 {heard.p95() * MS:.0f} ms, "
        f"{heard.errors} errors of {len(heard.all)}"
    )
    time.sleep(2)
    return heard


def holds(heard: Heard) -> bool:
    return not heard.errors and heard.p95() <= LIMIT


def _highest(
    server: Server,
    slots: Iterator[Visit],
    rush: Heard,
    options: Mapping[str, Any],
    say: Callable[[str], None],
) -> float:
    """The highest rate at which the promise held: half as much again each time, then halfway back once."""

    def tried(rate: float) -> bool:
        classes = round(options["step"] * rate / 2)
        return holds(_load(server, slots, classes, rate, min(options["think"], 5.0), say))

    held = options["rate"] if holds(rush) else 0.0
    rate = held * GROWTH
    while held and tried(rate):
        held, rate = rate, rate * GROWTH
    if held and tried((held + rate) / 2):
        return float((held + rate) / 2)
    return float(held)


def _figures(heard: Heard) -> Iterator[Figure]:
    yield Figure("all requests, p95", heard.p95() * MS, "ms", limit=LIMIT * MS)
    yield Figure("errors", float(heard.errors), "", limit=0.0)
    yield Figure("requests sent", float(len(heard.all)), "")
    for name, answers in (("page", heard.pages), ("submission", heard.submissions)):
        seconds = [answer.seconds for answer in answers]
        for share in (0.5, 0.95, 0.99):
            yield Figure(f"{name}, p{share * 100:.0f}", percentile(seconds, share) * MS, "ms")


def _highest_figures(held: float) -> Iterator[Figure]:
    if held:
        yield Figure("highest rate that held", held, "requests/s", REAL, "a real county's rush")
