"""The cast on a stage: accounts for every post, targets for every door, one situation at a time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from guixiao.access import actions as access
from guixiao.facts import SYSTEM, By
from guixiao.facts.posts import POSTS
from guixiao.people import actions as people
from guixiao.people.models import Student
from guixiao.places.actions import add_place
from guixiao.places.models import Kind
from guixiao.testing.cast import FIRST, NOW, START, Cast, assemble

from .doors import Door, doors, methods, rows, targets
from .expected import ELSEWHERE_CLASS, ELSEWHERE_HOME, FAR_CHILD, OUTSIDER, Judge, Situation, inside, ways_of

ACTORS = (*POSTS, OUTSIDER)
WHY = "孩子昨夜没有回家，要找监护人"


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside never was."""
    with transaction.atomic():
        saved = transaction.savepoint()
        try:
            yield
        finally:
            transaction.savepoint_rollback(saved)


@contextmanager
def as_it_was(cast: Cast) -> Iterator[None]:
    """What a target added to the cast goes with the rows it made."""
    holdings, accounts = dict(cast.holdings), dict(cast.accounts)
    try:
        yield
    finally:
        cast.holdings, cast.accounts = holdings, accounts


@dataclass
class Stage:
    cast: Cast
    judge: Judge
    doors: list[Door]
    clients: dict[str, Client]
    cookies: dict[str, str]
    methods: dict[str, tuple[str, ...]]
    asked: int = 0
    wrong: dict[str, list[str]] = field(default_factory=dict)

    def complaints(self) -> str:
        return "\n".join(f"{what}  [{', '.join(actors)}]" for what, actors in self.wrong.items())

    @contextmanager
    def situation(self, situation: Situation) -> Iterator[Iterator[tuple[Door, dict[str, object]]]]:
        """Children and grants as the situation says; yields the doors it concerns, each with its arguments.

        What a door needs is made for it and gone before the next.
        """
        with undone():
            self._move(situation)
            yield self._each(situation)
        for child in self.cast.children.values():
            child.refresh_from_db()

    def _each(self, situation: Situation) -> Iterator[tuple[Door, dict[str, object]]]:
        for door in self.doors:
            known = door.name in rows() and (not door.kwargs or door.name in targets())
            if known and situation in ways_of(rows()[door.name]["of"]):
                with undone(), as_it_was(self.cast):
                    try:
                        made = targets()[door.name](self.cast, inside(situation)) if door.kwargs else {}
                    except Exception as error:
                        self.wrong.setdefault(f"{door.name}, {situation}: its target fell over: {error}", [])
                        continue
                    yield door, made

    def _move(self, situation: Situation) -> None:
        """The scope reads a child's paths and assignments; only those are moved."""
        places, far = self.cast.places, self.cast.children[FAR_CHILD]
        near = Student.objects.exclude(pk=far.pk)
        if situation is Situation.ENROLMENT:
            near.update(home_path=places[ELSEWHERE_HOME].path)
        elif situation is Situation.RESIDENCE:
            near.update(path=places[ELSEWHERE_CLASS].path)
        for actor in ACTORS:
            if situation is Situation.ASSIGNMENT:
                person = self.cast.holdings[actor].person_id
                people.assign(by=SYSTEM, now=NOW, student=far, person_id=person, role="pairing", first=FIRST)
            elif situation is Situation.GLASS:
                by = By(self.cast.account(actor).pk, actor, 0)
                access.open_glass(
                    by=by, now=NOW - timedelta(minutes=5), student=far.pk, reason="十个字以上的理由在这里"
                )
        for child in self.cast.children.values():
            child.refresh_from_db()

    def knock(self, actor: str, door: Door, situation: Situation, kwargs: dict[str, object]) -> None:
        """Ask one door by each of its methods, and hold the answer against what was expected."""
        may = self.judge.open(actor, door.name, situation, kwargs)
        for method in self.methods[door.name]:
            self.asked += 1
            with undone():
                said = self._judge(actor, door, situation, kwargs, method, may)
            if said:
                self.wrong.setdefault(f"{method} {door.name}, {situation}: {said}", []).append(actor)

    def _judge(
        self, actor: str, door: Door, situation: Situation, kwargs: dict[str, object], method: str, may: bool
    ) -> str:
        url = reverse(door.name, kwargs=kwargs)
        client = self.clients[actor]
        client.cookies = SimpleCookie(self.cookies[actor])  # the door before may have signed us out
        try:
            answer: Any = client.get(url) if method == "GET" else client.post(url, {})
        except Exception as error:
            return f"fell over: {type(error).__name__}: {error}"
        status = answer.status_code
        if may and status in (403, 404, 500):
            return f"{status}, although the matrix opens it"
        if not may and status != 404:
            return f"{status}, although nothing opens it"
        names = self.judge.hidden(actor, door.name, situation)
        shown = sorted(name for name in names if may and name in text_of(answer))
        return f"shows {', '.join(shown)}" if shown else ""


def text_of(answer: Any) -> str:
    """Everything a person could read in an answer, the cells of a workbook among it."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return "".join(book.read(name).decode(errors="ignore") for name in book.namelist())
    return str(body.decode(errors="ignore"))


def set_up() -> Stage:
    """The cast with an account and a session for every post, and another township where none of them is."""
    cast = assemble()
    for parent, kind, name, grade in (
        ("青禾县", Kind.TOWNSHIP, "三岔镇", None),
        ("三岔镇", Kind.VILLAGE, ELSEWHERE_HOME, None),
        ("三岔镇", Kind.SCHOOL, "三岔中学", None),
        ("三岔中学", Kind.CLASS, ELSEWHERE_CLASS, 7),
    ):
        cast.places[name] = add_place(
            by=SYSTEM, now=START, parent=cast.places[parent], kind=kind, name=name, grade=grade
        )
    clients = {}
    for actor in ACTORS:
        clients[actor] = Client()
        clients[actor].force_login(cast.account(actor))
    found = list(doors())
    name = settings.SESSION_COOKIE_NAME
    cookies = {actor: f"{name}={client.cookies[name].value}" for actor, client in clients.items()}
    return Stage(cast, Judge(cast), found, clients, cookies, {door.name: methods(door) for door in found})
