"""The health page: each thing that can be wrong is said, with what to do; machines are told by status and exit."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guixiao.conf import edge
from guixiao.duties import worker
from guixiao.duties.models import Pass, Stuck, Worker
from guixiao.duties.tests.life import MONDAY, bind, roll
from guixiao.facts.clock import at
from guixiao.notify.models import Delivery
from guixiao.operations.health import Line, Mood, ground, look, work, worst
from guixiao.places.national import National
from guixiao.testing.cast import CHILDREN, Cast

pytestmark = pytest.mark.django_db
NOW = at(MONDAY, 9)


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """A home of one's own for backups and anchors; the clock stands at nine on Monday."""
    from guixiao.conf import home

    keys = home.keys_file()
    monkeypatch.setenv("GUIXIAO_KEYS", str(keys))
    monkeypatch.setattr(home, "home", lambda: tmp_path)
    monkeypatch.setattr(edge, "now", lambda: NOW)
    monkeypatch.setattr(
        worker, "close_old_connections", lambda: None
    )  # the test's transaction is on this one
    settings.HOME = tmp_path


def line(code: str, now: datetime = NOW) -> Line:
    return next(one for one in look(now) if one.code == code)


def backed_up(tmp_path: Path, moment: datetime, **more: object) -> None:
    (tmp_path / "backups").mkdir(exist_ok=True)
    said = {
        "at": moment.isoformat(),
        "file": "x",
        "bytes": 3_000_000,
        "verified": True,
        "engine": "sqlite",
    } | more
    (tmp_path / "backups" / "status.json").write_text(json.dumps(said))


def all_well(tmp_path: Path) -> None:
    backed_up(tmp_path, NOW - timedelta(hours=6))
    worker.once(NOW)


def test_a_house_at_work_says_so(cast: Cast, tmp_path: Path) -> None:
    all_well(tmp_path)
    assert {one.code: one.says for one in look(NOW) if one.mood is Mood.BAD} == {}
    assert line("workers").mood is line("round").mood is line("day").mood is line("anchors").mood is Mood.GOOD


def test_nobody_at_work(cast: Cast, tmp_path: Path) -> None:
    assert line("workers").mood is line("round").mood is line("day").mood is Mood.BAD
    assert "guixiao worker" in line("workers").remedy
    all_well(tmp_path)
    later = NOW + timedelta(hours=3)
    assert {line(code, later).mood for code in ("workers", "round")} == {Mood.BAD}
    assert line("day", NOW + timedelta(days=1)).mood is Mood.BAD


def test_one_of_two_is_silent(cast: Cast, tmp_path: Path) -> None:
    all_well(tmp_path)
    Worker.objects.create(name="elsewhere:1:worker", started_at=NOW, seen_at=NOW - timedelta(minutes=20))
    assert line("workers").mood is Mood.WARN


def test_a_clock_that_was_turned_back(cast: Cast, tmp_path: Path) -> None:
    roll(cast, MONDAY, CHILDREN[:1], now=NOW)
    all_well(tmp_path)
    before = NOW - timedelta(days=2)
    assert {line(code, before).mood for code in ("round", "day", "clock")} == {Mood.BAD}
    assert "timedatectl" in line("clock", before).remedy


def test_a_round_that_broke_off_until_one_goes_well(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    def away(*_args: object, **_named: object) -> None:
        raise OperationalError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(worker, "tick", away)
        assert worker.once(NOW) is None
    assert line("failures").mood is Mood.BAD
    assert "the disk is full" in line("failures").says
    worker.once(NOW + timedelta(minutes=1))
    assert line("failures").mood is Mood.GOOD


def test_a_subject_that_cannot_be_worked_out_holds_up_nobody_else(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from guixiao.duties import settle

    bind(cast)
    roll(cast, MONDAY, CHILDREN[:3], now=at(MONDAY, 8, 16))
    evaluate, sick = settle.demanded_of, cast.child.pk

    def falls_over(inputs: Any, *rest: Any, **named: Any) -> Any:
        if inputs.student == sick:
            raise ValueError("no such day")
        return evaluate(inputs, *rest, **named)

    with monkeypatch.context() as broken:
        broken.setattr(settle, "demanded_of", falls_over)
        summary = worker.once(NOW)
    assert summary is not None
    assert Stuck.objects.get().subject == sick
    assert Pass.objects.get(name="daily").day == MONDAY
    assert line("stuck").mood is Mood.BAD
    assert "no such day" in line("stuck").says
    worker.once(NOW + timedelta(days=1))
    assert line("stuck").mood is Mood.GOOD


def test_what_nobody_settled_grows_old(cast: Cast, tmp_path: Path) -> None:
    cast.actor("class_teacher")  # its account is opened before the round
    all_well(tmp_path)
    roll(cast, MONDAY, CHILDREN[:1], now=NOW)
    assert line("unread", NOW + timedelta(minutes=5)).mood is Mood.GOOD
    assert line("unread", NOW + timedelta(minutes=20)).mood is Mood.WARN
    assert line("unread", NOW + timedelta(hours=2)).mood is Mood.BAD


def test_backups(cast: Cast, tmp_path: Path) -> None:
    assert line("backup").mood is Mood.BAD
    backed_up(tmp_path, NOW - timedelta(hours=6))
    assert line("backup").mood is Mood.GOOD
    backed_up(tmp_path, NOW - timedelta(hours=6), verified=False)
    assert line("backup").mood is Mood.BAD
    backed_up(tmp_path, NOW - timedelta(days=2))
    assert line("backup").mood is Mood.WARN
    backed_up(tmp_path, NOW - timedelta(days=2), failed={"at": NOW.isoformat(), "why": "No space left"})
    assert "No space left" in line("backup").says
    (tmp_path / "backups" / "status.json").write_text("{torn")
    assert line("backup").mood is Mood.BAD


def test_a_tight_disk(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil
    from types import SimpleNamespace

    for free, mood in ((500, Mood.GOOD), (40, Mood.WARN), (10, Mood.BAD), (0.5, Mood.BAD)):
        used = SimpleNamespace(total=500 * ground.GIGABYTE, free=int(free * ground.GIGABYTE))
        monkeypatch.setattr(shutil, "disk_usage", lambda _path, used=used: used)
        assert line("disk").mood is mood


def test_the_year_nobody_has_announced(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ground, "national", lambda: National(frozenset({2025, 2026}), {}, {}))
    assert line("calendar").mood is Mood.GOOD
    assert line("calendar", at(date(2026, 11, 24), 9)).mood is Mood.WARN
    assert line("calendar", at(date(2027, 1, 4), 9)).mood is Mood.BAD


def test_terms_that_end(cast: Cast) -> None:
    assert line("terms").mood is Mood.GOOD
    assert line("terms", at(date(2027, 1, 10), 9)).mood is Mood.WARN
    assert line("terms", at(date(2027, 2, 1), 9)).mood is Mood.BAD


def test_deliveries_given_up(cast: Cast) -> None:
    Delivery.objects.create(channel="x", count=1, upto=1, state=Delivery.GIVEN_UP, next_at=NOW)
    assert line("deliveries").mood is Mood.WARN


def test_a_line_that_falls_over_is_a_line(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def falls(_now: datetime) -> Line:
        raise OSError("gone")

    from guixiao.operations.health import looking

    monkeypatch.setattr(looking, "LOOKS", (falls, work.imports))
    found = look(NOW)
    assert [one.mood for one in found][:2] == [Mood.UNKNOWN, Mood.GOOD]
    assert worst(found) is Mood.UNKNOWN


def test_the_page_is_the_administrators(cast: Cast, tmp_path: Path) -> None:
    for post, status in (("security_admin", 200), ("system_admin", 200), ("principal", 404)):
        client = Client()
        client.force_login(cast.account(post), backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(reverse("operations:health"))
        assert page.status_code == status
        if status == 200:
            text = page.content.decode()
            assert "没有后台进程在工作" in text
            assert text.index("还没有备份") < text.index("正常的")


def test_looking_costs_the_same_however_much_there_is(cast: Cast, tmp_path: Path) -> None:
    bind(cast)
    costs = []
    for names in (CHILDREN[:1], CHILDREN):
        roll(cast, MONDAY, names, now=at(MONDAY, 8, 16))
        with CaptureQueriesContext(connection) as queries:
            look(NOW)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 40


def test_machines_are_told(cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert Client().get(reverse("operations:ping")).content == b"ok"
    with pytest.raises(SystemExit):
        call_command("health", json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["state"] == "bad"
    assert {"workers", "backup", "disk", "clock"} <= {one["code"] for one in told["lines"]}
    all_well(tmp_path)
    call_command("health")
    assert "✓" in capsys.readouterr().out


def test_a_database_that_is_away_answers_503(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError
    from django.test import RequestFactory

    from guixiao.operations import views

    def away() -> None:
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", away)
    assert views.ping(RequestFactory().get("/operations/ping")).status_code == 503
