"""The pages of cases: what they show, whom they refuse, how they answer bad input."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from guixiao.cases import actions
from guixiao.cases.models import Case
from guixiao.conf import edge
from guixiao.facts.codes import Stage
from guixiao.files.models import StoredFile
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.testing.cast import Cast
from guixiao.visits.tests.making import harm_of, visit_of

from .making import by, case_of, closed, closing_of, picture, plan_of


@pytest.fixture(autouse=True)
def the_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "now", lambda: cast.now)


def signed_in(cast: Cast, post: str) -> Client:
    client = Client()
    client.force_login(cast.account(post), "django.contrib.auth.backends.ModelBackend")
    return client


def test_the_page_of_a_case(cast: Cast) -> None:
    case = case_of(cast)
    visit_of(cast)
    actions.approve_plan(by=by(cast, "principal", "case.approve"), now=cast.now, plan=plan_of(cast, case))
    text = signed_in(cast, "principal").get(reverse("cases:show", args=[case.pk])).content.decode()
    for word in (case.number, "李小满", "跟父亲谈清法律责任", "第 1 版", "上门家访", "数学听不懂", "谁在管"):
        assert word in text
    assert Entry.objects.filter(chain__name__startswith="looks:", student=cast.child.pk).exists()


def test_a_report_of_harm_shows_to_its_readers_only(cast: Cast) -> None:
    case = case_of(cast)
    harm_of(cast)
    url = reverse("cases:show", args=[case.pk])
    assert "侵害报告" in signed_in(cast, "principal").get(url).content.decode()
    paper = reverse("cases:print", args=[case.pk])
    assert "侵害报告" not in signed_in(cast, "principal").get(paper).content.decode()
    assert "侵害报告" in signed_in(cast, "class_teacher").get(url).content.decode()
    assert "侵害报告" not in signed_in(cast, "dean").get(url).content.decode()


@pytest.mark.parametrize(
    "route",
    ["show", "print", "plan", "approve", "returned", "confirm", "mark", "risk", "propose", "close", "reopen"],
)
def test_the_outsider_finds_nothing(cast: Cast, route: str) -> None:
    case = case_of(cast)
    client = signed_in(cast, "outsider")
    url = reverse(f"cases:{route}", args=[case.pk])
    assert client.get(url).status_code == 404
    assert client.post(url).status_code == (405 if route in ("show", "print") else 404)
    assert "李小满" not in client.get(reverse("cases:list")).content.decode()


@pytest.mark.parametrize(
    "route",
    ["plan", "approve", "returned", "confirm", "enrol", "mark", "risk", "propose", "close", "refuse", "reopen",
     "assign", "papers"],
)  # fmt: skip
def test_an_empty_step_is_refused_with_words(cast: Cast, route: str) -> None:
    case = case_of(cast)
    answer = signed_in(cast, "principal").post(reverse(f"cases:{route}", args=[case.pk]))
    assert answer.status_code == 422
    assert "有几处要改" in answer.content.decode()


def test_all_the_way_through_the_pages(cast: Cast) -> None:
    dean, principal = signed_in(cast, "dean"), signed_in(cast, "principal")
    made = dean.post(reverse("cases:open", args=[cast.child.pk]), {"ground": "三天没来", "day": "2026-09-28"})
    case = Case.objects.get()
    assert made["Location"] == reverse("cases:show", args=[case.pk])
    row = {"who_1": "班主任", "task_1": "每周谈一次", "by_1": "2026-10-20", "standard_1": "记录 4 份"}
    dean.post(reverse("cases:plan", args=[case.pk]), row)
    principal.post(reverse("cases:approve", args=[case.pk]))
    assert case.plans.get().approved_day is not None
    row_pk = case.plans.get().rows.get().pk
    dean.post(reverse("cases:done", args=[case.pk, row_pk]), {"day": "2026-09-28", "note": "记录在案"})
    upload = SimpleUploadedFile("学籍证明.jpg", picture(), "image/jpeg")
    dean.post(
        reverse("cases:propose", args=[case.pk]),
        {"reason": "transferred", "text": "在邻县入学", "evidence": upload},
    )
    principal.post(reverse("cases:close", args=[case.pk]), {"answer": "电话核实过"})
    case.refresh_from_db()
    assert case.stage == Stage.CLOSED
    assert verify().problems == []


def test_a_plan_half_filled_says_which_row(cast: Cast) -> None:
    case = case_of(cast)
    answer = signed_in(cast, "dean").post(
        reverse("cases:plan", args=[case.pk]), {"who_2": "甲", "task_2": "谈"}
    )
    assert answer.status_code == 422
    assert "四样都要有" in answer.content.decode()
    assert not case.plans.exists()


def test_what_can_run_is_no_evidence(cast: Cast) -> None:
    case = case_of(cast)
    upload = SimpleUploadedFile("证明.pdf", b"MZ\x90\x00 an executable", "application/pdf")
    answer = signed_in(cast, "dean").post(
        reverse("cases:propose", args=[case.pk]),
        {"reason": "transferred", "text": "在邻县入学", "evidence": upload},
    )
    assert answer.status_code == 422
    assert "不能作为材料" in answer.content.decode()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    "query", ["", "?q=李", "?stage=open&risk=high", "?stage=z&school=x&page=99&sort=-z", "?q=2026-0001"]
)
def test_the_list_searches_and_never_breaks(cast: Cast, query: str) -> None:
    case_of(cast)
    answer = signed_in(cast, "principal").get(reverse("cases:list") + query)
    assert answer.status_code == 200
    assert ("2026-0001" in answer.content.decode()) == ("risk" not in query)


def test_the_excel_holds_what_the_list_holds_and_no_formula(cast: Cast) -> None:
    case = case_of(cast)
    Case.objects.filter(pk=case.pk).update(ground="=1+1")
    answer = signed_in(cast, "principal").get(reverse("cases:excel"))
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:2] == ["2026-0001", "李小满"]
    assert sheet["J2"].data_type == "s"
    assert Entry.objects.filter(kind="exported").count() == 1


def test_a_closed_case_offers_to_be_reopened(cast: Cast) -> None:
    case = closed(cast)
    client = signed_in(cast, "principal")
    assert (
        reverse("cases:reopen", args=[case.pk])
        in client.get(reverse("cases:show", args=[case.pk])).content.decode()
    )
    client.post(reverse("cases:reopen", args=[case.pk]), {"ground": "又没来", "day": "2026-09-28"})
    assert Case.objects.get(previous=case).number == "2026-0002"


def test_the_one_who_decides_acts_in_the_higher_post(cast: Cast) -> None:
    """The vice principal proposes; a central-school officer who also deputises above is judged by the higher post."""
    case = case_of(cast)
    closing_of(cast, case, post="principal")
    answer = signed_in(cast, "vice_principal").post(reverse("cases:close", args=[case.pk]), {"answer": "好"})
    assert answer.status_code == 422
    assert "不高于" in answer.content.decode()
    signed_in(cast, "central_school_head").post(reverse("cases:close", args=[case.pk]), {"answer": "核实"})
    case.refresh_from_db()
    assert case.stage == Stage.CLOSED


def test_the_page_costs_the_same_however_long_the_story(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    case = case_of(cast)
    client = signed_in(cast, "principal")
    url = reverse("cases:show", args=[case.pk])
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(url)
    for _n in range(5):
        visit_of(cast)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) <= len(few) + 3
