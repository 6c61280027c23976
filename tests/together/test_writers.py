"""Eight writers at once, two workers beside them: every fact is seen, every duty is there, once.

The sample here is 8 × 30 facts; ``scripts/proof-writers.sh`` runs 8 × 500 on PostgreSQL (docs/proofs/writers.txt).
``GUIXIAO_FACTS`` and ``GUIXIAO_SEED`` choose others.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import partial
from random import Random

import pytest

from guixiao.duties.models import Duty, State
from guixiao.duties.settle import make_plans
from guixiao.duties.shares import READER
from guixiao.duties.tick import tick
from guixiao.facts.clock import day_of
from guixiao.journal.models import Chain, Cursor, Entry
from guixiao.journal.verify import verify
from guixiao.notify.models import Kind, Notice
from guixiao.policy import Subject, SubjectKind

from .hands import DAYS, MORNING, Task, apart, clock_from, county, work, write

WRITERS, WORKERS = 8, 2
FACTS = int(os.environ.get("GUIXIAO_FACTS", str(WRITERS * 30)))
SEED = int(os.environ.get("GUIXIAO_SEED", "20260929"))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_eight_writers_and_nothing_unseen(capsys: pytest.CaptureFixture[str]) -> None:
    _cast, tasks = county(children=FACTS // len(DAYS))
    tick(MORNING)
    Random(SEED).shuffle(tasks)
    clock, finished = clock_from(MORNING), multiprocessing.get_context("fork").Event()
    began = time.monotonic()
    workers = apart([partial(work, finished, clock)] * WORKERS)
    writers = apart([partial(write, tasks[n::WRITERS], SEED + n, clock) for n in range(WRITERS)])
    assert [end() for end in writers] == [0] * WRITERS
    finished.set()
    assert [end() for end in workers] == [0] * WORKERS
    took = time.monotonic() - began
    last = tick(clock())
    nothing_is_left(clock, tasks)
    each_once(tasks)
    with capsys.disabled():
        sys.stdout.write(
            f"\n  {len(tasks)} facts by {WRITERS} writers beside {WORKERS} workers, seed {SEED}: {took:.1f} s, "
            f"{Duty.objects.count()} duties, {Chain.objects.count()} chains; the round after: {last}\n"
        )


def nothing_is_left(clock: Callable[[], datetime], tasks: list[Task]) -> None:
    """The journal is read to its ends; another round and a fresh look at every child change nothing."""
    assert tick(clock()).done.nothing  # it may still read what the round before stated itself
    again = tick(clock())
    assert again.done.nothing
    assert again.read == 0
    read = dict(Cursor.objects.filter(reader=READER).values_list("chain", "seq"))
    own = {chain.pk: chain.seq for chain in Chain.objects.exclude(name__startswith="looks:") if chain.seq}
    assert read == own
    subjects = sorted({Subject(SubjectKind.STUDENT, task.child) for task in tasks})
    now = clock()
    plans = make_plans(subjects, now, day_of(now), forward=False)
    assert [plan.inputs.subject for plan in plans if not plan.empty] == []


def each_once(tasks: list[Task]) -> None:
    children = {task.child for task in tasks}
    assert Entry.objects.filter(kind="absence_marked").count() == len(tasks)
    owed: dict[int, Counter[str]] = {}
    for duty in Duty.objects.filter(student__in=children).exclude(state=State.WITHDRAWN):
        owed.setdefault(duty.student_id or 0, Counter())[duty.rule] += 1
    assert owed.keys() == children
    wanted = {"first_day_visit", "second_day_joint_visit", "third_day_collective_visit", "third_day_plan"}
    for counted in owed.values():
        assert wanted <= counted.keys()
        assert set(counted.values()) == {1}
    opened = Counter(Entry.objects.filter(kind="duty_opened").values_list("payload__duty", flat=True))
    live = set(Duty.objects.values_list("pk", flat=True))
    assert opened.keys() == live
    keys = Counter(Notice.objects.exclude(key="").values_list("key", flat=True))
    assert max(keys.values()) == 1
    digests = Notice.objects.filter(kind=Kind.DIGEST).values_list("person", "at")
    assert len(set(digests)) == len(digests)
    assert verify().problems == []
