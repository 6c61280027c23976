"""The outbox: once each, folded when it floods, and outside nothing but a link."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from guixiao.facts import SYSTEM
from guixiao.notify import queries, sending
from guixiao.notify.actions import TRIES, Message, fold, tell
from guixiao.notify.models import Delivery, Kind, Notice
from guixiao.testing.cast import NOW, Cast

pytestmark = pytest.mark.django_db


def say(cast: Cast, number: int, post: str = "class_teacher") -> None:
    person = cast.holdings[post].person_id
    messages = [
        Message(person, Kind.OPENED, "要办", student=cast.child.pk, key=f"k{n}") for n in range(number)
    ]
    tell(by=SYSTEM, now=NOW, messages=messages)


def test_a_key_is_told_once(cast: Cast) -> None:
    say(cast, 2)
    say(cast, 3)
    assert Notice.objects.count() == 3


def test_a_flood_is_folded_into_one_and_stays_one(cast: Cast) -> None:
    person = cast.holdings["class_teacher"].person_id
    say(cast, 5)
    assert fold(by=SYSTEM, now=NOW) == 1
    say(cast, 7)
    assert fold(by=SYSTEM, now=NOW) == 0
    (digest,) = queries.inbox(person)
    assert (digest.kind, digest.params["all"], queries.unread_count(person)) == (Kind.DIGEST, 7, 1)


def test_three_are_not_a_flood(cast: Cast) -> None:
    say(cast, 3)
    assert fold(by=SYSTEM, now=NOW) == 0


def test_outside_goes_a_link_without_a_name_and_failures_are_tried_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    works = [False]

    class Robot:
        def add(self, url: str) -> bool:
            return True

        def notify(self, body: str) -> bool:
            sent.append(body)
            return works[0]

    monkeypatch.setenv("GUIXIAO_CHANNELS", "dingtalk://secret/token")
    monkeypatch.setattr("apprise.Apprise", Robot)
    say(cast, 1)
    assert sending.deliver(by=SYSTEM, now=NOW) == 0  # what was there before the channel is not sent
    tell(by=SYSTEM, now=NOW, messages=[Message(cast.holdings["dean"].person_id, Kind.DUE, "逾期", key="x")])
    assert sending.deliver(by=SYSTEM, now=NOW) == 0
    assert sending.deliver(by=SYSTEM, now=NOW) == 0
    assert len(sent) == 1
    works[0] = True
    assert sending.deliver(by=SYSTEM, now=NOW + timedelta(minutes=5)) == 1
    assert not any(cast.child.name in body or "secret" in body for body in sent)
    assert "secret" not in Delivery.objects.latest("pk").channel


def test_a_dead_channel_is_given_up(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(url: str, count: int) -> tuple[bool, str]:
        return False, "gone"

    refusing: Any = refuse
    monkeypatch.setenv("GUIXIAO_CHANNELS", "json://localhost")
    monkeypatch.setattr(sending, "_send", refusing)
    sending.deliver(by=SYSTEM, now=NOW)
    say(cast, 1)
    for hour in range(TRIES + 3):
        sending.deliver(by=SYSTEM, now=NOW + timedelta(hours=2 * hour + 1))
    assert Delivery.objects.filter(state=Delivery.GIVEN_UP).exists()
