"""The people: each hands in one job after another and, when no answer came, the same job again."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from functools import partial

from django.db import connection

from guixiao.people.models import BatchState, ImportBatch

from .browser import Answer, Browser, Gone
from .jobs import Job

AGAIN = 0.15  # seconds before a job is sent again
GIVE_UP = 300.0  # seconds after which a job that nobody answers is a finding


class Hand(threading.Thread):
    """One person's telephone. ``make`` gives the next job, or nothing at the moment."""

    def __init__(self, who: str, browser: Browser, make: Callable[[], Job | None], seed: int) -> None:
        super().__init__(name=f"hand-{who}", daemon=True)
        self.who, self.browser, self.make = who, browser, make
        self.dice = random.Random(seed)
        self.jobs: list[Job] = []
        self.problems: list[str] = []
        self.busy = False
        self.leaving = threading.Event()
        self.asleep = threading.Event()

    def run(self) -> None:
        try:
            while not self.leaving.is_set():
                self.busy = True
                job = None if self.asleep.is_set() else self.make()
                if job is not None:
                    self.jobs.append(job)
                    self.hand_in(job)
                self.busy = False
                self.leaving.wait(self.dice.uniform(0.02, 0.25))
        except Exception as broken:  # whatever it is, the life must hear of it
            self.problems.append(f"{self.who} stopped: {type(broken).__name__}: {broken}")
        finally:
            self.busy = False
            connection.close()

    def hand_in(self, job: Job) -> None:
        answer = self.send(job, lambda: self._post(job))
        if answer is None:
            return
        if answer.status == 200:
            job.answer, job.answered = answer.json(), time.time()
        else:
            self.problems.append(f"{job.kind} {job.key} was refused: {answer.status} {_text(answer)}")

    def send(self, job: Job, ask: Callable[[], Answer | None]) -> Answer | None:
        """Ask until a whole answer comes. ``ask`` may say that there is nothing left to ask."""
        until = time.monotonic() + GIVE_UP
        while time.monotonic() < until:
            job.tries += 1
            try:
                answer = ask()
            except Gone:
                time.sleep(AGAIN * self.dice.uniform(0.5, 1.5))
                continue
            if answer is None or answer.status < 500:
                return answer
            self.problems.append(f"{job.kind} {job.key}: {answer.status} {_text(answer)}")
            time.sleep(AGAIN)
        self.problems.append(f"{job.kind} {job.key}: no answer in {GIVE_UP:.0f} s and {job.tries} tries")
        return None

    def _post(self, job: Job) -> Answer:
        return self.browser.post(job.path, job.fields, job.uploads, Accept="application/json")


class Registrar(Hand):
    """Uploads a sheet, looks at what it would do, orders it, waits until it is written."""

    def hand_in(self, job: Job) -> None:
        until = time.monotonic() + GIVE_UP
        while time.monotonic() < until:
            batch = self._mine(job)
            if batch is None or batch.state == BatchState.FAILED:
                self.send(job, partial(self._upload, job, batch))
            elif batch.state == BatchState.CHECKED:
                self.send(job, partial(self._apply, job, f"/people/imports/{batch.pk}/apply/"))
            elif batch.state == BatchState.APPLIED:
                job.answer, job.answered = {"batch": batch.pk}, time.time()
                return
            else:  # at work, or its process is dead: looking at the page sets it going again
                self.send(job, partial(self.browser.get, f"/people/imports/{batch.pk}/progress/"))
                time.sleep(0.2)
        self.problems.append(f"import {job.key} was not written in {GIVE_UP:.0f} s")

    def _mine(self, job: Job) -> ImportBatch | None:
        """What the list of imports shows her: the last upload of this file, or the one she ordered."""
        found = ImportBatch.objects.filter(file_name=job.key).order_by("pk")
        ordered = found.filter(state__in=(BatchState.APPLYING, BatchState.APPLIED)).first()
        return ordered or found.last()

    def _upload(self, job: Job, seen: ImportBatch | None) -> Answer | None:
        return self._post(job) if self._mine(job) in (None, seen) else None

    def _apply(self, job: Job, path: str) -> Answer | None:
        batch = self._mine(job)
        if batch is None or batch.state != BatchState.CHECKED:
            return None
        return self.browser.post(path, {})


def _text(answer: Answer) -> str:
    return answer.body.decode(errors="replace")[:300]
