"""The clean replay: the same submissions at the same moments in a fresh copy of the base, nobody dies.

``python -m tests.kills.replay SCRIPT`` does what the pickled script says in ``$GUIXIAO_HOME`` and prints what
the law came to (:mod:`.dump`). It goes through the same pages, with a clock that shows each submission's moment.
The home that was disturbed runs a script of one step, the worker's last round, and prints the same.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Q


@dataclass(frozen=True, slots=True)
class Step:
    """At ``now`` somebody hands in ``fields``, or orders the import of ``order``; else the worker has its round."""

    now: datetime
    who: str = ""
    path: str = ""
    fields: dict[str, Any] | None = None
    files: tuple[tuple[str, str, bytes], ...] = ()
    device_now: str = ""
    key: str = ""
    order: str = ""


def play(steps: list[Step]) -> dict[str, Any]:
    from guixiao.conf import edge
    from guixiao.duties import worker
    from guixiao.people.imports import runner

    clock = steps[0].now
    edge.now = lambda: clock  # the one clock, by hand
    runner._background = lambda _batch, work, now: work(lambda: now)  # type: ignore[assignment]  # in order
    clients: dict[str, Any] = {}
    went: dict[str, str] = {}
    for step in steps:
        clock = step.now
        if step.order:
            _expect(_client(step, clients).post(f"{went[step.order]}apply/"), step)
        elif step.fields is None:
            summary = worker.once(step.now)
            assert summary is not None, f"the round of {step.now} failed"
            assert summary.led, f"somebody else led the round of {step.now}"
        else:
            went[step.key] = _hand_in(step, clients)
    return _outcome(steps[-1].now)


def _outcome(end: datetime) -> dict[str, Any]:
    """What is demanded as things stand; whether another round would still change something; and everything
    the law has ground for, once it was asked again about each child, class, school and teacher."""
    from guixiao.duties import plan, worker
    from guixiao.duties.occasions import of_a_new_day
    from guixiao.duties.settle import live_subjects, settle_subjects
    from guixiao.facts.clock import day_of
    from guixiao.people.models import Student
    from guixiao.policy import Subject, SubjectKind

    from .dump import dump

    summary = worker.once(end)
    assert summary is not None
    found = {"again": "" if summary.done.nothing else str(summary), "demanded": dump(demanded=True)}
    children = {Subject(SubjectKind.STUDENT, pk) for pk in Student.objects.values_list("pk", flat=True)}
    gone: set[int] = set()
    match = vars(plan)["match"]

    def matched(stored: Any, outcomes: Any) -> Any:
        found = match(stored, outcomes)
        gone.update(kept.duty.pk for kept in found.gone)
        return found

    vars(plan)["match"] = matched
    done = settle_subjects(children | of_a_new_day(end) | live_subjects(Q()), end, day_of(end))
    return found | {"asked": len(done.opened), "all": dump(demanded=False, without=gone)}


def _client(step: Step, clients: dict[str, Any]) -> Any:
    from django.test import Client

    from guixiao.access.models import Account

    if step.who not in clients:
        clients[step.who] = Client()
        clients[step.who].force_login(
            Account.objects.get(username=step.who), backend="django.contrib.auth.backends.ModelBackend"
        )
    return clients[step.who]


def _hand_in(step: Step, clients: dict[str, Any]) -> str:
    from django.core.files.uploadedfile import SimpleUploadedFile

    assert step.fields is not None
    data: dict[str, Any] = dict(step.fields)
    for field, name, content in step.files:
        data.setdefault(field, []).append(SimpleUploadedFile(name, content))
    headers = {"X-Device-Now": step.device_now} if step.device_now else {}
    answer = _client(step, clients).post(step.path, data, headers=headers)
    _expect(answer, step)
    return str(answer.headers["Location"])


def _expect(answer: Any, step: Step) -> None:
    if answer.status_code != 302 or "sign-in" in answer.headers["Location"]:
        said = answer.content.decode(errors="replace")[:500]
        raise RuntimeError(f"the replay was refused at {step.path}: {answer.status_code} {said}")


def main(argv: list[str], setup: Callable[[], None]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guixiao.conf.settings")
    setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.GUIXIAO_IDLE_MINUTES = 10**6  # days pass between two requests
    with Path(argv[0]).open("rb") as file:
        steps = pickle.load(file)
    json.dump(play(steps), sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    import django

    main(sys.argv[1:], django.setup)
