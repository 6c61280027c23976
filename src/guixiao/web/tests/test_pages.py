"""The house's own pages, and the frame around every page."""

import json
import re
from datetime import date
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory, override_settings
from pytest_django import DjangoAssertNumQueries

from guixiao.facts.clock import at, end_of
from guixiao.testing.cast import Cast
from guixiao.web import context, nav

MONDAY = date(2026, 9, 28)


def draw(source: str, **values: Any) -> str:
    return Template("{% load gx %}" + source).render(Context(values))


@pytest.mark.django_db
def test_the_service_worker_covers_the_whole_house_and_is_never_kept(client: Client) -> None:
    answer = client.get("/sw.js")
    assert answer["Service-Worker-Allowed"] == "/"
    assert "no-cache" in answer["Cache-Control"]
    told = json.loads(re.match(r"self\.GX=(.*?);\n", answer.content.decode()).group(1))  # type: ignore[union-attr]  # the line is what is tested
    assert told["offline"] in told["shell"]
    for url in told["shell"]:
        assert client.get(url).status_code == 200


@pytest.mark.django_db
def test_the_manifest_names_the_house(client: Client) -> None:
    assert client.get("/manifest.webmanifest").json()["start_url"] == "/"


@pytest.mark.django_db
def test_a_missing_page_says_what_to_do(client: Client) -> None:
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "回到待办" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/styleguide/", "/styleguide/roll/"])
def test_the_styleguide_shows_while_developing_and_only_then(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
    with override_settings(DEBUG=True):
        assert client.get(path).status_code == 200


def test_a_state_is_icon_word_and_colour() -> None:
    drawn = draw('{% state "overdue" text %}', text="逾期 <3 天>")
    assert "gx-state-overdue" in drawn
    assert "#alert-triangle-filled" in drawn
    assert "逾期 &lt;3 天&gt;" in drawn


def test_time_left_carries_the_moment_for_the_script_and_the_second_for_print() -> None:
    drawn = draw("{% time_left due %}", due=end_of(MONDAY), now=at(MONDAY, 8, 31))
    assert "还剩 15 小时 28 分" in drawn
    assert 'data-gx-due="2026-09-28T15:59:59+00:00"' in drawn
    assert "今天 24:00 前" in drawn
    assert "23:59:59" in drawn


def test_a_clause_opens_only_when_there_is_something_to_read() -> None:
    assert "<details" not in draw('{% clause "劝返制度" "第二条" %}')
    assert "<details" in draw('{% clause "《劝返制度》" "第二条" "当天交回记录。" %}')
    assert "《《" not in draw('{% clause "《劝返制度》" "第二条" %}')


def test_a_duty_shows_who_what_why_and_one_button() -> None:
    duty = {
        "due": end_of(MONDAY),
        "who": "李小满",
        "what": "集体家访",
        "why": "第 3 天。",
        "url": "/x/",
        "verb": "准备",
    }
    drawn = draw("{% duty_card duty True %}", duty=duty, now=at(MONDAY, 8))
    assert drawn.count("gx-btn-solid") == 1
    assert "李小满" in drawn


def test_a_door_without_a_route_or_a_right_is_not_shown() -> None:
    class Nobody:
        def may(self, action: str) -> bool:
            return False

    assert nav.address("no:such", Nobody()) == ""  # type: ignore[arg-type]  # whoever may nothing
    assert nav.address("web:me", Nobody()) == "/me/"  # type: ignore[arg-type]  # whoever may nothing
    assert nav.address("web:me", None) == ""


def test_the_front_door_and_my_page(client: Client, cast: Cast) -> None:
    assert client.get("/").headers["Location"].startswith("/access/sign-in/")
    client.force_login(cast.account("class_teacher"))
    page = client.get("/me/").content.decode()
    assert 'action="/access/sign-out/"' in page
    assert "八（3）班" in page
    assert client.get("/").status_code == 302


def test_the_frame_costs_one_query_for_the_bell_and_none_for_the_doors(
    rf: RequestFactory, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    request = rf.get("/me/")
    actor = cast.actor("class_teacher")
    request.actor, request.now = actor, cast.now  # type: ignore[attr-defined]  # set by the gate
    with django_assert_num_queries(0):
        frame = context.house(request)
    assert [tab.label for tab in frame["tabs"]][-1] == "我的"
    with django_assert_num_queries(1):
        assert frame["notices_count"] == 0
    request.session = {}  # type: ignore[assignment]  # stands for the session
    with django_assert_num_queries(1):
        names = [crumb["label"] for crumb in context.house(request)["crumbs"]]
    assert names[-1] == "八（3）班"
    with django_assert_num_queries(0):
        assert [crumb["label"] for crumb in context.house(request)["crumbs"]] == names
