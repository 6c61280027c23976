"""Several processes at one database: a county with some schools, writers that state facts, workers that tick.

Each process is forked and has connections of its own, as a web process or a worker has.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from multiprocessing.synchronize import Event
from random import Random

from django.db import OperationalError, connections, transaction

from guixiao.cases.settle import settle
from guixiao.duties import worker
from guixiao.duties.tests.life import LADDER, bind
from guixiao.facts import SYSTEM, By, happenings
from guixiao.facts.clock import at
from guixiao.facts.codes import Mark, Session
from guixiao.journal.append import Stated, append, collecting
from guixiao.people.actions import register_class
from guixiao.people.actions.students import NewStudent
from guixiao.people.imports.runner import running_from
from guixiao.places import actions as places
from guixiao.places.models import Kind, Place, SchoolKind
from guixiao.testing.cast import FIRST, START, Cast, assemble

TODAY = date(2026, 9, 29)
DAYS = (date(2026, 9, 24), date(2026, 9, 28), TODAY)  # school days one after another: the 25th is a holiday
CLASS = 45


@dataclass(frozen=True)
class Task:
    """One fact to be stated: this child was missing on this day, in the chain of its school."""

    child: int
    klass: int
    school: int
    day: date


def county(children: int, schools: int = 5) -> tuple[Cast, list[Task]]:
    """The cast, and beside it some schools with a teacher a class and so many children; three facts a child."""
    cast = assemble()
    bind(cast, LADDER, "青禾县")
    tasks: list[Task] = []
    number = 0
    for n in range(schools):
        school, principal = _school(cast, n), f"校长{n}"
        _post(principal, "principal", school)
        of_it = children // schools + (n < children % schools)
        for start in range(0, of_it, CLASS):
            klass = _class(school, start // CLASS)
            _post(f"班主任{n}-{start}", "class_teacher", klass)
            fresh = [
                NewStudent(name=f"学生{number + k}", sex="1", birth=date(2016, 3, 1))
                for k in range(min(CLASS, of_it - start))
            ]
            number += len(fresh)
            rows = [(new, None) for new in fresh]
            made = register_class(by=SYSTEM, now=START, klass=klass, school=school, first=FIRST, rows=rows)
            tasks += [Task(child.pk, klass.pk, school.pk, day) for child in made for day in DAYS]
    return cast, tasks


def _school(cast: Cast, n: int) -> Place:
    above = cast.places["双河中心学校"]
    return places.add_place(
        by=SYSTEM,
        now=START,
        parent=above,
        kind=Kind.SCHOOL,
        name=f"第{n}小学",
        school_kind=SchoolKind.PRIMARY,
    )


def _class(school: Place, n: int) -> Place:
    grade = places.add_place(
        by=SYSTEM, now=START, parent=school, kind=Kind.GRADE, name=f"{n}年级", grade=n % 6 + 1
    )
    return places.add_place(
        by=SYSTEM, now=START, parent=grade, kind=Kind.CLASS, name="1班", grade=n % 6 + 1, school_year=2026
    )


def _post(name: str, post: str, place: Place) -> None:
    person = places.add_person(by=SYSTEM, now=START, name=name)
    places.hold_post(by=SYSTEM, now=START, person=person, place=place, post=post, first=date(2026, 8, 20))


def clock_from(moment: datetime) -> Callable[[], datetime]:
    """One clock for all processes: ``moment`` now, running on."""
    return running_from(moment)


MORNING = at(TODAY, 8, 16)


def write(tasks: Sequence[Task], seed: int, clock: Callable[[], datetime]) -> None:
    """State these facts one by one, each in a transaction that stays open for a moment before and after, so that
    they commit in another order than they began; settle three of five as a request does, leave the others as a
    request does that is killed after its commit."""
    random = Random(seed)
    for task in tasks:
        by = replace(SYSTEM, org=task.school)
        with collecting() as touched:
            _patiently(partial(_state, task, by, clock(), random))
        if random.random() < 0.6:
            settle(touched, clock())


def _state(task: Task, by: By, now: datetime, random: Random) -> None:
    fact = happenings.AbsenceMarked(
        student=task.child, class_id=task.klass, day=task.day, session=Session.MORNING, mark=Mark.NONE
    )
    with transaction.atomic():
        time.sleep(random.random() * 0.004)
        append([Stated(fact)], by=by, now=now)
        time.sleep(random.random() * 0.002)


def _patiently(act: Callable[[], None]) -> None:
    """The embedded engine has one writer; who waits too long comes again, as a phone does."""
    for attempt in range(5):
        try:
            return act()
        except OperationalError:
            if attempt == 4:
                raise
    return None


def work(done: Event, clock: Callable[[], datetime], every: float = 0.05) -> None:
    """A worker: round after round until told that the writers have finished."""
    stop = threading.Event()
    hand = worker.worker(clock, stop)
    while not done.is_set():
        worker.once(clock(), hand)
        time.sleep(every)


def apart(jobs: Sequence[Callable[[], None]]) -> list[Callable[[], int | None]]:
    """Start each job in a process of its own; each answer waits for one and gives its exit code."""
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    processes = [fork.Process(target=_alone, args=(job,)) for job in jobs]
    for process in processes:
        process.start()

    def joined(process: multiprocessing.process.BaseProcess) -> int | None:
        process.join(3000)
        return process.exitcode

    return [partial(joined, process) for process in processes]


def _alone(job: Callable[[], None]) -> None:
    code = 0
    try:
        job()
    except BaseException:
        traceback.print_exc()
        code = 1
    finally:
        connections.close_all()
    os._exit(code)  # none of the test run's own ends belong to this process
