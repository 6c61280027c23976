"""``python -m tests.kills --rounds 200 --seed 1``: the kills, on SQLite or on the server of ``DATABASE_URL``.

Prints every round with its seed. Exit 1 when anything was lost, doubled, left over or differs from the replay.
"""

from __future__ import annotations

import json
import os
import pickle
import random
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from pathlib import Path
from typing import Any

from .base import Home, Homes
from .replay import Step

A_LIFE = 10  # rounds


def arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=None, help="of the first life; the next has the next")
    parser.add_argument("--keep", type=Path, default=None, help="work here and leave everything lying")
    return parser.parse_args()


def main() -> int:
    given = arguments()
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(1, 10**6)
    server = os.environ.get("DATABASE_URL", "")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="guixiao-kills-") as scratch:
        homes = Homes(given.keep or Path(scratch), server if server.startswith("postgres") else "")
        engine = "PostgreSQL" if homes.server else "SQLite"
        print(f"kill -9 on {engine}: {given.rounds} rounds, first seed {seed}", flush=True)
        homes.build()
        print(f"the county is built ({time.monotonic() - began:.0f} s)", flush=True)
        try:
            return _lives(homes, seed, given.rounds, began)
        finally:
            if not given.keep:
                for name in ("live", "replay", "base"):
                    homes.drop(name)


def _lives(homes: Homes, seed: int, rounds: int, began: float) -> int:
    home = homes.home("live")
    os.environ.update(home.env | {"DJANGO_SETTINGS_MODULE": "guixiao.conf.settings"})
    problems: list[str] = []
    total: Counter[str] = Counter()
    for number, first in enumerate(range(1, rounds + 1, A_LIFE)):
        found = _life(homes, seed + number, first, min(A_LIFE, rounds - first + 1), total)
        problems += [f"seed {seed + number}: {problem}" for problem in found]
    print(f"\n{total['kills']} kills, {total['in flight']} submissions on their way when something died; ", end="")
    print(", ".join(f"{total[kind]} {kind}s" for kind in ("roll", "visit", "import")), end=" acknowledged; ")
    print(f"{total['tries']} sendings; {time.monotonic() - began:.0f} s")
    print("\n".join(problems) if problems else "nothing lost, nothing doubled, chains whole, duties as in the replay")
    return 1 if problems else 0


def _life(homes: Homes, seed: int, first: int, rounds: int, total: Counter[str]) -> list[str]:
    import django
    from django.db import connections

    home = homes.copy("live")
    django.setup()
    from .life import Life
    from .service import Service

    print(f"\nseed {seed}", flush=True)
    service = Service(home, homes.folder / f"serve-{seed}.log")
    life = Life(home, service, seed, first, rounds)
    try:
        life.run()
    finally:
        for one in life.done:
            print(one, flush=True)
        service.kill("everything") if service.running else None
    problems = [*life.problems, *_judge(homes, home, life)]
    total.update(kills=len(life.done), **{"in flight": sum(one.busy for one in life.done)})
    total.update(job.kind for job in life.jobs)
    total.update(tries=sum(job.tries for job in life.jobs))
    connections.close_all()
    return problems


def _judge(homes: Homes, home: Home, life: object) -> list[str]:
    from guixiao.conf import edge
    from guixiao.facts.clock import local

    from . import check, script
    from .life import Life

    assert isinstance(life, Life)
    end = edge.now()
    steps = script.steps_of(life.jobs, life.turned, end)
    here = _played(homes, home, steps[-1:])
    problems = [*check.everything(life.jobs), *check.leftovers()]
    clean = _played(homes, homes.copy("replay"), steps)
    problems += [f"a second round still found something: {one['again']}" for one in (here, clean) if one["again"]]
    problems += [f"asked again, the law opened {one['asked']} duties" for one in (here, clean) if one["asked"]]
    for part in ("demanded", "all"):
        problems += _differences(part, clean[part], here[part])
    counts = ", ".join(f"{len(rows)} {what}" for what, rows in here["demanded"].items())
    print(
        f"      until {local(end):%F %H:%M}: {len(life.jobs)} submissions; demanded: {counts}; "
        f"{len(here['all']['duties'])} duties in all; problems: {len(problems)}",
        flush=True,
    )
    return problems


def _played(homes: Homes, home: Home, steps: list[Step]) -> dict[str, Any]:
    file = homes.folder / "script.pickle"
    file.write_bytes(pickle.dumps(steps))
    found: dict[str, Any] = json.loads(home.run("tests.kills.replay", str(file), GUIXIAO_DEMO="0"))
    return found


def _differences(part: str, clean: dict[str, list[str]], here: dict[str, list[str]]) -> list[str]:
    found = []
    for what, rows in here.items():
        lost, more = Counter(clean[what]) - Counter(rows), Counter(rows) - Counter(clean[what])
        found += [f"missing against the replay ({part} {what}): {row}" for row in lost.elements()]
        found += [f"not in the replay ({part} {what}): {row}" for row in more.elements()]
    return found


if __name__ == "__main__":
    sys.exit(main())
