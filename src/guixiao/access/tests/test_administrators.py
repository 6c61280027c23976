"""The three administrators: what each can do, and that none of them meets a child."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from axes.models import AccessAttempt
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from guixiao.access import actions
from guixiao.access.looks import looked
from guixiao.access.models import Account
from guixiao.facts import SYSTEM
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.places.actions import add_person
from guixiao.testing.cast import NOW, START, Cast


@pytest.fixture(autouse=True)
def at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guixiao.conf.edge.now", lambda: NOW)


def as_(cast: Cast, post: str) -> Client:
    client = Client()
    client.force_login(cast.account(post))
    return client


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


# --- system administrator --------------------------------------------------------------------------


def test_an_account_is_opened_with_a_one_time_password_shown_once(cast: Cast) -> None:
    admin, person = as_(cast, "system_admin"), cast.holdings["class_teacher"].person
    assert "没有账号" in text(admin, "/access/accounts/?q=班主任&state=none")
    bad = admin.post(f"/access/accounts/{person.pk}/open/", {"username": "班 主任"})
    assert bad.status_code == 422
    made = admin.post(f"/access/accounts/{person.pk}/open/", {"username": "T0001"})
    password = made.context["password"]
    assert password in made.content.decode()
    assert "no-store" in made.headers["Cache-Control"]
    assert password not in text(admin, f"/access/accounts/{person.pk}/")
    account = Account.objects.get(username="T0001")
    assert account.check_password(password)
    assert account.must_change_password
    taken = admin.post(f"/access/accounts/{cast.holdings['dean'].person_id}/open/", {"username": "T0001"})
    assert "已有人用" in taken.content.decode()
    assert verify().problems == []


def test_a_reset_ends_every_session(cast: Cast) -> None:
    teacher, admin = as_(cast, "class_teacher"), as_(cast, "system_admin")
    assert teacher.get("/access/me/").status_code == 200
    person = cast.holdings["class_teacher"].person_id
    password = admin.post(f"/access/accounts/{person}/reset/").context["password"]
    assert teacher.get("/access/me/").headers["Location"].startswith("/access/sign-in/")
    account = cast.account("class_teacher")
    account.refresh_from_db()
    assert account.check_password(password)


def test_disabling_and_letting_in_again(cast: Cast) -> None:
    teacher, admin = as_(cast, "class_teacher"), as_(cast, "system_admin")
    url = f"/access/accounts/{cast.holdings['class_teacher'].person_id}/active/"
    admin.post(url, {"active": "0"})
    assert teacher.get("/access/me/").status_code == 302
    assert "停用" in text(admin, "/access/accounts/?state=disabled")
    admin.post(url, {"active": "1"})
    assert teacher.get("/access/me/").status_code == 200
    own = f"/access/accounts/{cast.holdings['system_admin'].person_id}/active/"
    assert "不能停用自己" in admin.post(own, {"active": "0"}, follow=True).content.decode()
    changes = Entry.objects.filter(kind="account_changed", post="system_admin")
    assert [entry.payload["change"] for entry in changes.order_by("pk")] == ["disabled", "enabled"]


def test_the_list_is_paged_searched_and_exported_without_formulas(cast: Cast) -> None:
    add_person(by=SYSTEM, now=START, name="=cmd()", staff_number="+1")
    for number in range(40):
        add_person(by=SYSTEM, now=START, name=f"教师{number:02d}", staff_number=f"T{number:04d}")
    admin = as_(cast, "system_admin")
    page = admin.get("/access/accounts/").context["page"]
    assert (len(page), page.paginator.num_pages > 2) == (25, True)
    assert "教师07" in text(admin, "/access/accounts/?q=T0007")
    assert "没有找到" in text(admin, "/access/accounts/?q=no-such-person")
    for odd in ("page=0", "page=x", "state=zzz", "q=%00"):
        assert admin.get(f"/access/accounts/?{odd}").status_code == 200
    book = admin.get("/access/accounts/export/").content
    assert book[:2] == b"PK"
    sheet = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]
    cells = [cell for row in sheet.values for cell in row if cell]
    assert "'=cmd()" in cells
    assert Entry.objects.filter(kind="exported").count() == 1


# --- security administrator ------------------------------------------------------------------------


def test_locked_accounts_are_shown_and_unlocked(cast: Cast) -> None:
    account = cast.account("class_teacher")
    AccessAttempt.objects.create(
        username=account.username, ip_address="10.0.0.1", user_agent="x", failures_since_start=5
    )
    AccessAttempt.objects.update(attempt_time=NOW - timedelta(minutes=10))
    admin = as_(cast, "security_admin")
    assert "08:32 自动打开" in text(admin, "/access/security/")
    admin.post(f"/access/security/{account.person_id}/unlock/")
    assert "现在没有账号锁着" in text(admin, "/access/security/")
    assert Entry.objects.filter(kind="account_changed", payload__change="unlocked").count() == 1
    assert timezone.is_aware(NOW)


def test_security_shows_keys_factors_and_emergency_looks_but_no_child(cast: Cast) -> None:
    far = cast.children["石远"]
    by = cast.actor("principal").by("glass.break")
    actions.open_glass(by=by, now=NOW, student=far.pk, reason="石远昨夜没有回家，要找监护人")
    page = text(as_(cast, "security_admin"), "/access/security/")
    assert "校长某" in page
    assert "k1" in page
    assert "石远" not in page
    assert "安全管理某" in page, "who has no second factor yet"


# --- audit administrator ---------------------------------------------------------------------------


def test_the_journal_is_browsed_by_chain_kind_account_and_day(cast: Cast) -> None:
    looked(cast.actor("class_teacher"), "student.view", student=cast.child.pk)
    admin = as_(cast, "audit_admin")
    chain = f"looks:{cast.school.pk}"
    page = text(admin, f"/access/audit/?chain={chain}&kind=looked&account=class_teacher&first=2026-09-28")
    assert "班主任某" in page
    assert f"{chain}#1" in page
    assert f"学生 #{cast.child.pk}" in page
    assert "李小满" not in page
    assert "没有这样的记录" in text(admin, "/access/audit/?last=2020-01-01")
    odd = text(admin, "/access/audit/?first=yesterday&kind=zzz&chain=zzz&page=-1")
    assert "gx-errors" in odd or "没有" in odd
    book = admin.get(f"/access/audit/export/?chain={chain}")
    assert book.content[:2] == b"PK"
    assert Entry.objects.filter(kind="exported").count() == 1


def test_verification_says_what_it_found(cast: Cast, settings: Settings, tmp_path: object) -> None:
    settings.HOME = tmp_path
    admin = as_(cast, "audit_admin")
    assert "核验通过" in admin.post("/access/audit/check/", follow=True).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_student SET seat = %s WHERE id = %s", ["99", cast.child.pk])
    page = admin.post("/access/audit/check/", follow=True).content.decode()
    assert "1 处不符" in page
    assert f"people.Student {cast.child.pk}" in page
    assert "李小满" not in page


@pytest.mark.parametrize("post", ["system_admin", "security_admin", "audit_admin"])
def test_each_administrator_has_its_own_pages_only(cast: Cast, post: str) -> None:
    client = as_(cast, post)
    mine = {"system_admin": "accounts", "security_admin": "security", "audit_admin": "audit"}
    for owner, page in mine.items():
        assert client.get(f"/access/{page}/").status_code == (200 if owner == post else 404)
    assert client.get(f"/people/{cast.child.pk}/").status_code == 404
    assert client.get("/people/").status_code == 404
