"""Signing in: the way in, lockout, passwords, idleness."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from guixiao.access import actions
from guixiao.access.models import Account
from guixiao.facts import SYSTEM
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.testing.cast import START, Cast

PASSWORD = "Qinghe-2026"


@pytest.fixture
def account(cast: Cast) -> Account:
    return actions.open_account(
        by=SYSTEM,
        now=START,
        person=cast.holdings["class_teacher"].person,
        username="banzhuren",
        password=PASSWORD,
        must_change=False,
    )


def sign_in(client: Client, password: str = PASSWORD, **extra: str) -> Any:
    return client.post("/access/sign-in/", {"username": "banzhuren", "password": password, **extra})


def test_a_teacher_signs_in_and_out(client: Client, account: Account) -> None:
    answer = sign_in(client, next="/access/me/")
    assert answer.headers["Location"] == "/access/me/"
    page = client.get("/access/me/").content.decode()
    assert "班主任" in page
    assert "八（3）班" in page
    assert Entry.objects.filter(kind="signed_in", account=account.pk, org__gt=0).count() == 1
    out = client.post("/access/sign-out/")
    assert out.headers["Clear-Site-Data"] == '"cache"'
    assert client.get("/access/me/").status_code == 302
    assert verify().problems == []


def test_a_wrong_password_is_on_record_and_says_nothing_more(client: Client, account: Account) -> None:
    wrong = sign_in(client, "nope")
    unknown = client.post("/access/sign-in/", {"username": "nobody", "password": "x"})
    for answer in (wrong, unknown):
        assert answer.status_code == 422
        assert "账号或密码不对" in answer.content.decode()
    assert list(Entry.objects.filter(kind="sign_in_failed").values_list("account", flat=True)) == [
        account.pk,
        0,
    ]


def test_nobody_is_sent_to_another_site(client: Client, account: Account) -> None:
    for bad in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        client.logout()
        assert sign_in(client, next=bad).headers["Location"] == "/"


def test_five_failures_lock_for_thirty_minutes(client: Client, account: Account, settings: Settings) -> None:
    settings.AXES_ENABLED = True
    answers = [sign_in(client, "nope") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 429]
    assert "再错 1 次将锁定 30 分钟" in answers[3].content.decode()
    assert "30 分钟后" in answers[4].content.decode()
    assert sign_in(client).status_code == 429, "the right password does not open a locked account"
    assert Entry.objects.filter(kind="sign_in_failed").count() == 5
    actions.unlock(by=SYSTEM, now=START, account=account)
    assert sign_in(client).status_code == 302


def test_the_lock_opens_by_itself(client: Client, account: Account, settings: Settings) -> None:
    from axes.models import AccessAttempt

    settings.AXES_ENABLED = True
    for _ in range(5):
        sign_in(client, "nope")
    attempt = AccessAttempt.objects.get()
    AccessAttempt.objects.update(attempt_time=attempt.attempt_time - timedelta(minutes=29))
    assert "1 分钟后" in sign_in(client).content.decode()
    AccessAttempt.objects.update(attempt_time=attempt.attempt_time - timedelta(minutes=31))
    assert sign_in(client).status_code == 302


def test_the_first_sign_in_forces_a_password_of_ones_own(client: Client, account: Account) -> None:
    one_time = actions.reset_password(by=SYSTEM, now=START, account=account)
    sign_in(client, one_time)
    assert client.get("/access/me/").headers["Location"] == "/access/password/"
    wrong = client.post("/access/password/", {"old": "x", "new": "short", "again": "other"})
    assert wrong.status_code == 422
    for said in ("现在的密码不对", "要有小写字母"):
        assert said in wrong.content.decode()
    fresh = {"old": one_time, "new": "Shiban-River-8", "again": "Shiban-River-8"}
    assert client.post("/access/password/", fresh).headers["Location"] == "/access/me/"
    assert client.get("/access/me/").status_code == 200, "the session lives on"
    assert verify().problems == []


def test_the_last_five_passwords_are_not_used_again(client: Client, account: Account) -> None:
    client.force_login(account)
    for number in range(4):
        actions.change_password(
            by=SYSTEM, now=START + timedelta(days=number), account=account, password=f"Neu-{number}-Wort"
        )
    account.refresh_from_db()
    client.force_login(account)
    again = {"old": "Neu-3-Wort", "new": PASSWORD, "again": PASSWORD}
    assert "最近 5 次" in client.post("/access/password/", again).content.decode()
    actions.change_password(by=SYSTEM, now=START + timedelta(days=9), account=account, password="Neu-9-Wort")
    client.force_login(Account.objects.get(pk=account.pk))
    again = {"old": "Neu-9-Wort", "new": PASSWORD, "again": PASSWORD}
    assert client.post("/access/password/", again).status_code == 302


def test_a_password_of_ninety_days_is_changed_first(
    client: Client, account: Account, settings: Settings
) -> None:
    client.force_login(account)
    assert client.get("/access/me/").status_code == 200
    settings.GUIXIAO_PASSWORD_DAYS = -(10**5)
    assert client.get("/access/me/").headers["Location"] == "/access/password/"
    assert "90 天" in client.get("/access/password/").content.decode()


def test_an_idle_session_ends_and_what_polls_does_not_keep_it_alive(client: Client, account: Account) -> None:
    client.force_login(account)
    assert client.get("/access/me/").status_code == 200
    session = client.session
    session["seen"] -= 29 * 60
    session.save()
    assert client.get("/access/me/", headers={"GX-Poll": "1"}).status_code == 200
    assert client.session["seen"] == session["seen"]
    session["seen"] -= 2 * 60
    session.save()
    answer = client.get("/access/me/", follow=True)
    assert answer.redirect_chain[0][0].startswith("/access/sign-in/?next=")
    assert "没交的内容还在本机" in answer.content.decode()


def test_a_disabled_account_is_out_at_once(client: Client, account: Account) -> None:
    client.force_login(account)
    actions.set_active(by=SYSTEM, now=START, account=account, active=False)
    assert client.get("/access/me/").status_code == 302
    assert sign_in(client).status_code == 422


def test_the_language_is_switched_and_remembered(client: Client, account: Account) -> None:
    answer = client.post("/access/language/", {"language": "en", "next": "/access/sign-in/"})
    assert answer.cookies["django_language"].value == "en"
    client.force_login(account)
    client.post("/access/language/", {"language": "en"})
    account.refresh_from_db()
    assert account.language == "en"
    client.post("/access/language/", {"language": "xx"})
    account.refresh_from_db()
    assert account.language == "en"
