"""An open load: requests fall due by the clock, however long the answers take, and a late answer counts from
the moment its request was due."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from .result import percentile
from .serving import Answer, Server

HANDS = 400  # requests on their way at once, at most
ILL, MISSING = 0.02, 0.005  # of the pupils of a class


@dataclass(frozen=True, slots=True)
class Visit:
    """One class's roll call: whose page and submission, for which day and session of the day."""

    klass: Mapping[str, Any]
    day: str
    session: str

    @property
    def path(self) -> str:
        return reverse("rollcall:take", args=[self.klass["id"]])


@dataclass
class Heard:
    """The answers of one load, pages and submissions apart, and how long the load was offered."""

    pages: list[Answer] = field(default_factory=list)
    submissions: list[Answer] = field(default_factory=list)
    offered_seconds: float = 0.0

    @property
    def all(self) -> list[Answer]:
        return self.pages + self.submissions

    @property
    def errors(self) -> int:
        return sum(answer.status != 200 for answer in self.all)

    def p95(self) -> float:
        """Seconds, pages and submissions together."""
        return percentile([answer.seconds for answer in self.all], 0.95)


def page(server: Server, visit: Visit, due: float | None = None) -> Answer:
    query = urlencode({"day": visit.day, "session": visit.session})
    return server.ask("GET", f"{visit.path}?{query}", visit.klass["session"], due=due)


def submit(server: Server, visit: Visit, dice: random.Random, due: float | None = None) -> Answer:
    """Hand in the sheet as the page's script does: every child's mark, 2 % ill and 0.5 % missing."""
    body = urlencode(sheet(visit, dice))
    return server.ask("POST", visit.path, visit.klass["session"], body, due)


def sheet(visit: Visit, dice: random.Random) -> dict[str, str]:
    fields = {
        "client_id": str(uuid.UUID(int=dice.getrandbits(128), version=4)),
        "device_time": datetime.now(UTC).isoformat(timespec="seconds"),
        "roster_version": str(visit.klass["roster_version"]),
        "session": visit.session,
        "day": visit.day,
    }
    for child in visit.klass["pupils"]:
        chance = dice.random()
        mark = "none" if chance < MISSING else "sick" if chance < MISSING + ILL else "present"
        fields[f"mark-{child}"] = mark
        if mark == "sick":
            fields |= {f"first-{child}": visit.day, f"last-{child}": visit.day}
    return fields


def drive(server: Server, visits: Sequence[Visit], rate: float, think: float, seed: int) -> Heard:
    """Open pages at ``rate`` ÷ 2 a second, at moments as random as people, and hand each sheet in ``think``
    seconds later; so ``rate`` requests fall due a second. Waits for every answer."""
    dice = random.Random(seed)  # noqa: S311 - a load, not secrets
    heard = Heard()
    began = time.perf_counter() + 0.5
    due = list(_due(visits, rate / 2, think, dice))
    opened: dict[int, Future[Answer]] = {}
    sent: list[Future[Answer]] = []
    with ThreadPoolExecutor(HANDS) as hands:
        for moment, number, is_page in sorted(due):
            time.sleep(max(0.0, began + moment - time.perf_counter()))
            at, visit = began + moment, visits[number]
            if is_page:
                opened[number] = hands.submit(page, server, visit, at)
            else:
                own = random.Random(seed * 100_003 + number)  # noqa: S311 - a load, not secrets
                sent.append(hands.submit(_after, opened[number], server, visit, own, at))
        heard.offered_seconds = time.perf_counter() - began
        wait([*opened.values(), *sent])
    heard.pages = [one.result() for one in opened.values()]
    heard.submissions = [one.result() for one in sent]
    return heard


def _due(
    visits: Sequence[Visit], rate: float, think: float, dice: random.Random
) -> Iterator[tuple[float, int, bool]]:
    moment = 0.0
    for number in range(len(visits)):
        moment += dice.expovariate(rate)
        yield moment, number, True
        yield moment + think, number, False


def _after(opened: Future[Answer], server: Server, visit: Visit, dice: random.Random, due: float) -> Answer:
    """Nobody hands in a sheet that has not come yet; the waiting counts."""
    opened.result()
    return submit(server, visit, dice, due)
