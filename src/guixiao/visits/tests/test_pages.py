"""The visit pages, as a phone sends them: with and without script, twice, late, wrong, from outside."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from guixiao.cases.tests.making import picture
from guixiao.conf import edge
from guixiao.files.models import StoredFile
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.testing.cast import Cast
from guixiao.visits.models import Visit

from .making import harm_of, page, visit_of


@pytest.fixture(autouse=True)
def the_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "now", lambda: cast.now)


def signed_in(cast: Cast, post: str = "class_teacher") -> Client:
    client = Client()
    client.force_login(cast.account(post), "django.contrib.auth.backends.ModelBackend")
    return client


def new(cast: Cast) -> str:
    return reverse("visits:new", args=[cast.child.pk])


def test_know_before_going(cast: Cast) -> None:
    visit_of(cast)
    text = signed_in(cast).get(new(cast)).content.decode()
    for word in (
        "李小满",
        "李国栋",
        "tel:13900000001",
        "数学听不懂",
        "个上课日",
        "村委会主",
        "这次要弄清什么",
    ):
        assert word in text
    assert "data-gx-outbox" in text


def test_a_visit_without_script(cast: Cast) -> None:
    answer = signed_in(cast).post(
        new(cast) + "?duty=12", page(cast, photos=SimpleUploadedFile("a.jpg", picture()))
    )
    visit = Visit.objects.get()
    assert answer["Location"] == reverse("visits:show", args=[visit.pk]) + "?new&duty=12"
    assert visit.causes == ["weary", "learning"]
    assert '"family": "爷爷奶奶带"' in visit.contents
    assert '"in_school": "谈到了"' in visit.contents
    assert StoredFile.objects.get().owner == visit.pk
    shown = signed_in(cast).get(answer["Location"]).content.decode()
    assert "已收到" in shown
    assert "不想来" in shown
    assert verify().problems == []


def test_a_visit_from_the_outbox_and_its_replay(cast: Cast) -> None:
    client, sent = signed_in(cast), page(cast)
    first = client.post(new(cast), sent, headers={"accept": "application/json"})
    again = client.post(new(cast), sent, headers={"accept": "application/json"})
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert Visit.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"day": "2026-09-29"}, "day"),
        ({"day": "2026-02-30"}, "day"),
        ({"day": ""}, "day"),
        ({"purpose": ""}, "purpose"),
        ({"purpose": "长" * 5000}, "purpose"),
        ({"child_words": ""}, "child_words"),
        ({"child_words": "字" * 100_000}, "child_words"),
        ({"went": ["1:county_head"]}, "went"),
        ({"went": []}, "went"),
        ({"outcome": "expelled"}, "outcome"),
        ({"means": ""}, "means"),
        ({"client_id": "x"}, "client_id"),
        ({"started": "23:59"}, "started"),
        ({"next_day": "2026-01-01"}, "next_day"),
        ({"outsider_name_1": "王五"}, "went"),
    ],
)
def test_what_is_wrong_comes_back_by_field(cast: Cast, changed: dict[str, Any], field: str) -> None:
    answer = signed_in(cast).post(new(cast), page(cast, **changed), headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert field in answer.json()["errors"]
    plain = signed_in(cast).post(new(cast), page(cast, **changed))
    assert plain.status_code == 422
    assert "有几处要改" in plain.content.decode()
    assert not Visit.objects.exists()
    assert not Entry.objects.filter(kind="home_visit_made").exists()


def test_a_bad_photo_keeps_nothing_half(cast: Cast) -> None:
    bad = SimpleUploadedFile("a.jpg", b"MZ nothing to see")
    answer = signed_in(cast).post(new(cast), page(cast, photos=[SimpleUploadedFile("b.jpg", picture()), bad]))
    assert answer.status_code == 422
    assert "不是照片" in answer.content.decode()
    assert not Visit.objects.exists()
    assert not StoredFile.objects.exists()


def test_the_outsider_finds_nothing(cast: Cast) -> None:
    visit = visit_of(cast)
    harm_of(cast)
    client = signed_in(cast, "outsider")
    for route, pk in (
        ("new", cast.child.pk), ("of_student", cast.child.pk), ("harm", cast.child.pk), ("show", visit.pk),
        ("print", visit.pk), ("correct", visit.pk),
    ):  # fmt: skip
        assert client.get(reverse(f"visits:{route}", args=[pk])).status_code == 404
    assert client.post(new(cast), page(cast)).status_code == 404
    assert "李小满" not in client.get(reverse("visits:mine")).content.decode()


def test_mine_lists_what_i_recorded(cast: Cast) -> None:
    visit_of(cast)
    visit_of(cast, cast.children["覃晓峰"], "principal")
    client = signed_in(cast)
    text = client.get(reverse("visits:mine")).content.decode()
    assert "李小满" in text
    assert "覃晓峰" not in text
    assert "没有找到" in client.get(reverse("visits:mine") + "?q=无此人&page=7").content.decode()


def test_correcting_on_the_page(cast: Cast) -> None:
    visit = visit_of(cast)
    client, url = signed_in(cast), reverse("visits:correct", args=[visit.pk])
    assert "数学听不懂" in client.get(url).content.decode()
    assert client.post(url, page(cast, version=1)).status_code == 422  # says why it is corrected
    answer = client.post(url, page(cast, version=1, why="写错了"))
    assert answer["Location"] == reverse("visits:show", args=[visit.pk])
    shown = client.get(answer["Location"]).content.decode()
    assert "更正过" in shown
    assert "数学听不懂" in shown
    assert client.post(url, page(cast, version=1, why="再改")).status_code == 422
    assert verify().problems == []


def test_a_report_of_harm_and_its_readers(cast: Cast) -> None:
    client = signed_in(cast)
    url = reverse("visits:harm", args=[cast.child.pk])
    assert "110" in client.get(url).content.decode()
    assert client.post(url, {}).status_code == 422
    sent = {"client_id": str(uuid4()), "kind": "labour", "account": "在砖厂做工", "told": ["police_station"]}
    answer = client.post(url, sent)
    assert client.post(url, sent)["Location"] == answer["Location"]
    for post, reads in (
        ("class_teacher", True), ("principal", True), ("basic_education", True), ("dean", False),
        ("village_head", False), ("central_school_head", False), ("deputy_class_teacher", False),
    ):  # fmt: skip
        assert ("在砖厂做工" in signed_in(cast, post).get(url).content.decode()) == reads, post


def test_the_printed_form(cast: Cast) -> None:
    visit = visit_of(cast)
    text = signed_in(cast).get(reverse("visits:print", args=[visit.pk])).content.decode()
    assert "家访登记表" in text
    assert "我喊不动" in text
