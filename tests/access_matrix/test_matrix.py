"""Every route × every post × every way: open exactly where the matrix says, and no name beyond one's scope."""

from __future__ import annotations

import logging
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from copy import copy
from datetime import datetime

import pytest
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.test import Client
from django.test import client as client_module
from django.urls import path, reverse
from pytest_django import DjangoDbBlocker

from guixiao.access.actor import Actor, actor_of
from guixiao.access.models import Account
from guixiao.testing.cast import NOW
from guixiao.web import urls

from .doors import Door, doors, rows, targets, undeclared, untargeted, without_route
from .expected import Situation, ways_of
from .stage import ACTORS, Stage, set_up, undone

pytestmark = pytest.mark.django_db

# Answers only while developing: outside that, a page that is not there.
DEVELOPING = {"web:styleguide", "web:styleguide_roll", "web:styleguide_hand_in"}
CHECKED_APART = {*DEVELOPING, "access:sign_in"}


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The calm page is drawn a thousand times in vain otherwise."""
    return HttpResponseNotFound()


class Remembered:
    """An actor is a value of account and moment; within one situation it is worked out once, by the product."""

    def __init__(self) -> None:
        self.actors: dict[int, Actor] = {}

    def __call__(self, account: Account, now: datetime) -> Actor:
        if account.pk not in self.actors:
            self.actors[account.pk] = actor_of(account, now)
        return self.actors[account.pk]


def remember_accounts(stage: Stage) -> Callable[[ModelBackend, int], Account]:
    """Whose session it is, without asking the table eighteen thousand times; each request gets its own copy."""
    known = {account.pk: account for account in stage.cast.accounts.values()}

    def get_user(backend: ModelBackend, user_id: int) -> Account:
        return copy(known[int(user_id)])

    return get_user


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    """One set-up for all cases; each case is undone by itself."""
    patch = pytest.MonkeyPatch()
    patch.setattr("guixiao.conf.edge.now", lambda: NOW)
    patch.setattr(urls, "handler404", not_found)
    patch.setattr(settings, "SESSION_ENGINE", "django.contrib.sessions.backends.signed_cookies")
    patch.setattr(client_module, "store_rendered_templates", lambda *args, **kwargs: None)
    logging.disable(logging.CRITICAL)
    with django_db_blocker.unblock(), transaction.atomic():
        yield set_up()
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)
    patch.undo()


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    found = list(doors())
    assert not undeclared(found), "add a row to access/matrix/routes/<app>.yaml"
    assert not without_route(found), "rows whose route is gone"


def test_every_route_about_something_has_a_target() -> None:
    missing = untargeted(doors())
    assert not missing, f"add these to TARGETS in the app's tests/targets.py: {missing}"
    strangers = targets().keys() - {door.name for door in doors()}
    assert not strangers, f"targets of routes that do not exist: {strangers}"


def test_an_added_route_without_a_row_fails(
    monkeypatch: pytest.MonkeyPatch, client: Client, db: None
) -> None:
    """Both the build and, should somebody ship it nevertheless, the gate."""
    from django.urls import clear_url_caches

    def leak(request: HttpRequest) -> HttpResponse:
        return HttpResponse("李小满")

    monkeypatch.setattr(urls, "urlpatterns", [*urls.urlpatterns, path("leak/", leak, name="leak")])
    clear_url_caches()
    try:
        assert undeclared(doors()) == ["leak"]
        assert client.get("/leak/").status_code == 404
    finally:
        monkeypatch.undo()
        clear_url_caches()
    assert undeclared(doors()) == []


def test_a_row_without_a_route_fails() -> None:
    assert without_route(door for door in doors() if door.name != "access:me") == ["access:me"]


def test_how_many() -> None:
    """Printed with the warnings of every run."""
    found = list(doors())
    kinds = Counter(len(ways_of(rows()[door.name]["of"])) for door in found if door.name in rows())
    cases = len(ACTORS) * sum(ways * routes for ways, routes in kinds.items())
    by_kind = ", ".join(f"{routes} in {ways}" for ways, routes in sorted(kinds.items()))
    text = f"{len(found)} routes × {len(ACTORS)} posts × ways ({by_kind}) = {cases} cases"
    warnings.warn(f"the matrix: {text}", UserWarning, stacklevel=1)
    assert cases > 1000


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize("situation", Situation)
def test_every_door_is_open_exactly_where_the_matrix_says(
    stage: Stage, situation: Situation, half: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every second door each, so that two cores share the work."""
    stage.wrong.clear()
    monkeypatch.setattr("guixiao.access.middleware.actor_of", Remembered())
    monkeypatch.setattr(ModelBackend, "get_user", remember_accounts(stage))
    with stage.situation(situation) as concerned:
        for number, (door, kwargs) in enumerate(concerned):
            for actor in ACTORS if number % 2 == half and door.name not in CHECKED_APART else ():
                stage.knock(actor, door, situation, kwargs)
    assert not stage.wrong, stage.complaints()


def test_nobody_signed_in_meets_only_the_way_in(stage: Stage) -> None:
    with stage.situation(Situation.ENROLMENT) as concerned:
        for door, kwargs in concerned:
            if rows()[door.name]["needs"] == "public":
                continue
            for ask in (Client().get, Client().post):
                with undone():
                    answer = ask(reverse(door.name, kwargs=kwargs))
                assert answer.status_code == 302, door.name
                assert answer.headers["Location"].startswith("/access/sign-in/?next="), door.name


def test_a_wrong_expectation_is_seen(stage: Stage) -> None:
    """The comparison can fail: shut a door that is open, open one that is shut."""
    stage.wrong.clear()
    door: Door = next(door for door in stage.doors if door.name == "people:list")
    real = stage.judge.open
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stage.judge, "open", lambda *args: not real(*args))
        for actor in ("class_teacher", "system_admin"):
            stage.knock(actor, door, Situation.ENROLMENT, {})
    assert sorted(actor for actors in stage.wrong.values() for actor in actors) == [
        "class_teacher",
        "system_admin",
    ]
    stage.wrong.clear()
