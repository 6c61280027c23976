"""``python -m tests.kills --rounds 200 --seed 1``: the kills, on SQLite or on the server of ``DATABASE_URL``.

Prints every round with its seed. Exit 1 when anything was lost, doubled, left over or differs from the replay.
"""

from __future__ import annotations

import json
import logging
import os
import pickle
import random
import signal
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from pathlib import Path
from typing import Any

from .base import Home, Homes
from .replay import Step

A_LIFE = 25  # rounds


def say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=None, help="of the first life; the next has the next")
    parser.add_argument("--life", type=int, default=A_LIFE, help="rounds of one life, each with a seed")
    parser.add_argument("--minutes", type=float, default=1e9, help="no new life after that long")
    parser.add_argument("--keep", type=Path, default=None, help="work here and leave everything lying")
    return parser.parse_args()


def main() -> int:
    given = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # leaves no server behind
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(1, 10**6)
    server = os.environ.get("DATABASE_URL", "")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="guixiao-kills-") as scratch:
        homes = Homes(given.keep or Path(scratch), server if server.startswith("postgres") else "")
        engine = "PostgreSQL" if homes.server else "SQLite"
        say(f"kill -9 on {engine}: {given.rounds} rounds, first seed {seed}")
        homes.build()
        say(f"the county is built ({time.monotonic() - began:.0f} s)")
        try:
            return _lives(homes, seed, given, began)
        finally:
            if not given.keep:
                for name in ("live", "replay", "base"):
                    homes.drop(name)


def _lives(homes: Homes, seed: int, given: Namespace, began: float) -> int:
    home = homes.home("live")
    os.environ.update(home.env | {"DJANGO_SETTINGS_MODULE": "guixiao.conf.settings"})
    problems: list[str] = []
    total: Counter[str] = Counter()
    for number, first in enumerate(range(1, given.rounds + 1, given.life)):
        if time.monotonic() - began > 60 * given.minutes:
            say(f"{given.minutes:g} minutes are over: {total['kills']} of {given.rounds} rounds")
            break
        found = _life(homes, seed + number, first, min(given.life, given.rounds - first + 1), total)
        problems += [f"seed {seed + number}: {problem}" for problem in found]
        for problem in found:
            say(f"      {problem}")
    say(
        f"\n{total['kills']} kills, {total['in flight']} submissions on their way when something died; "
        f"{total['roll']} roll calls, {total['visit']} visits with photos, {total['import']} imports acknowledged "
        f"after {total['tries']} sendings; {total['backups']} backups; {time.monotonic() - began:.0f} s"
    )
    points = sorted(name for name in total if name.startswith("at "))
    say("where: " + ", ".join(f"{total[name]} {name}" for name in points))
    say("\n".join(problems) or "nothing lost, nothing doubled, chains whole, duties as in the clean replay")
    return 1 if problems else 0


def _life(homes: Homes, seed: int, first: int, rounds: int, total: Counter[str]) -> list[str]:
    import django
    from django.db import connections

    home = homes.copy("live")
    django.setup()
    from .life import Life
    from .service import Service

    say(f"\nseed {seed}")
    service = Service(home, homes.folder / f"serve-{seed}.log")
    life = Life(home, service, seed, first, rounds, say)
    try:
        life.run()
    finally:
        for one in life.done:
            total[f"at {one.aim}" if one.reached and one.died.startswith("it") else "at any moment"] += 1
        if service.running:
            service.kill("everything")
    problems = [*life.problems, *_judge(homes, home, life)]
    total.update(kills=len(life.done), **{"in flight": sum(one.busy for one in life.done)})
    total.update(job.kind for job in life.jobs)
    total.update(backups=len(life.keeper.made))
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
    logging.getLogger("guixiao.files").setLevel(logging.ERROR)
    swept = check.swept()
    problems = [*check.everything(life.jobs), *check.leftovers()]
    if life.keeper.made:
        problems += life.keeper.problems(life.jobs, homes.folder / "restored")
    clean = _played(homes, homes.copy("replay"), steps)
    problems += [
        f"a second round still found something: {one['again']}" for one in (here, clean) if one["again"]
    ]
    problems += [
        f"asked again, the law opened {one['asked']} duties" for one in (here, clean) if one["asked"]
    ]
    for part in ("demanded", "all"):
        problems += differences(part, clean[part], here[part])
    counts = ", ".join(f"{len(rows)} {what}" for what, rows in here["demanded"].items())
    say(
        f"      until {local(end):%F %H:%M}: {len(life.jobs)} submissions; demanded: {counts}; "
        f"{len(here['all']['duties'])} duties in all; {swept} files without a row swept; problems: {len(problems)}",
    )
    return problems


def _played(homes: Homes, home: Home, steps: list[Step]) -> dict[str, Any]:
    file = homes.folder / "script.pickle"
    file.write_bytes(pickle.dumps(steps))
    found: dict[str, Any] = json.loads(home.run("tests.kills.replay", str(file), GUIXIAO_DEMO="0"))
    return found


def differences(part: str, clean: dict[str, list[str]], here: dict[str, list[str]]) -> list[str]:
    found = []
    for what, rows in here.items():
        lost, more = Counter(clean[what]) - Counter(rows), Counter(rows) - Counter(clean[what])
        found += [f"missing against the replay ({part} {what}): {row}" for row in lost.elements()]
        found += [f"not in the replay ({part} {what}): {row}" for row in more.elements()]
    return found


if __name__ == "__main__":
    sys.exit(main())
