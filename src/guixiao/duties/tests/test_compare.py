"""Regulations side by side: for one child, rule by rule, and over a past period. Nothing is written."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from guixiao.duties.models import Duty
from guixiao.facts.clock import at
from guixiao.journal.models import Entry
from guixiao.packs import load_all
from guixiao.packs.example import example
from guixiao.policy import AdoptedPack
from guixiao.policy.rehearse import Mark, Rehearsed, compare, marks, over
from guixiao.testing.cast import Cast

from .conftest import SignIn
from .life import MONDAY, bind, roll, visit

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 9, 29)
TWO = {"pack": ["one_hour_dean_ladder", "two_three_seven_ladder"]}


def rehearsals(*codes: str) -> list[Rehearsed]:
    made = example()
    return [
        over(
            made.subject,
            made.facts,
            made.standing,
            made.calendar,
            (AdoptedPack(load_all()[code], 1, made.first),),
            made.first,
            made.last,
        )
        for code in codes
    ]


def test_marks_say_in_what_two_regulations_differ() -> None:
    school, dean = rehearsals("one_hour_ladder", "one_hour_dean_ladder")
    found = {o.rule: marks(o, [dean]) for o in school.outcomes}
    assert found["report_central_school"] == (Mark.ONLY,)
    assert found["send_visitor"] == (Mark.WHO,)
    assert found["report_within_the_hour"] == (Mark.WHO, Mark.TOLD)
    assert found["written_report"] == (Mark.TOLD,)
    alone = marks(school.outcomes[0], [school])
    assert alone == (Mark.SAME,)
    between = compare(school, dean)
    assert {o.rule for o in between.only_first} == {"report_central_school", "make_plan"}
    assert between.both == len(school.outcomes) - len(between.only_first)


def test_every_regulation_asks_something_of_the_example() -> None:
    found = rehearsals(*load_all())
    assert all(each.outcomes for each in found)


@pytest.mark.parametrize("show", ["rules", "numbers", "example", "nonsense"])
def test_any_two_regulations_can_be_laid_side_by_side(cast: Cast, sign_in: SignIn, show: str) -> None:
    bind(cast)
    client = sign_in("class_teacher")
    before = Entry.objects.count()
    page = client.get(reverse("duties:compare"), {**TWO, "show": show})
    text = page.content.decode()
    assert page.status_code == 200
    assert "学校控辍保学劝返制度（教导处）" in text
    assert "学校控辍保学实施方案" in text
    wanted = {
        "numbers": "原文没有写，这是暂定的",
        "example": "只有这部要",
    }.get(show, "没请假没来满 2 天")
    assert wanted in text
    assert (Entry.objects.count(), Duty.objects.count()) == (before, 0)


def test_without_asking_what_binds_here_comes_first(cast: Cast, sign_in: SignIn) -> None:
    bind(cast)
    page = sign_in("principal").get(reverse("duties:compare"))
    assert page.context["packs"][0].code == "student_affairs_ladder"
    assert len(page.context["packs"]) == 2


@pytest.mark.parametrize(
    "asked",
    [
        {"pack": ["national"]},
        {"pack": ["national", "no_such_pack"]},
        {"pack": list(load_all())},
        {**TWO, "first": "2026-09-30", "last": "2026-09-01"},
        {**TWO, "first": "yesterday"},
        {**TWO, "last": "2027-01-01"},
        {**TWO, "first": "2020-01-01"},
    ],
)
def test_bad_questions_are_refused_with_a_word(
    cast: Cast, sign_in: SignIn, asked: dict[str, list[str] | str]
) -> None:
    page = sign_in("principal").get(reverse("duties:compare_student", args=[cast.child.pk]), asked)
    assert page.status_code == 422
    assert page.context["form"].errors


def test_one_child_on_one_timeline(cast: Cast, sign_in: SignIn) -> None:
    roll(cast, MONDAY, ["李小满"])
    visit(cast, "李小满", at(MONDAY, 18))
    roll(cast, TUESDAY, ["李小满"])
    asked = {**TWO, "first": "2026-09-21", "last": "2026-09-29"}
    client = sign_in("class_teacher", at(TUESDAY, 20))
    before = Entry.objects.count()
    page = client.get(reverse("duties:compare_student", args=[cast.child.pk]), asked)
    assert Entry.objects.filter(kind="looked", student=cast.child.pk).exists()
    side = page.context["side"]
    assert [row.day for row in side.rows] == [MONDAY, TUESDAY]
    assert side.rows[0].happened == ["未请假没来", "家访"]
    rules = [[one.outcome.rule for one in cell] for cell in side.rows[0].cells]
    assert rules == [["report_within_the_hour", "send_visitor", "hand_in_visit"], ["first_day_contact"]]
    assert [one.outcome.rule for one in side.rows[1].cells[1]] == ["second_day_visit"]
    text = page.content.decode()
    assert cast.holdings["class_teacher"].person.name in text
    assert (Entry.objects.exclude(kind="looked").count(), Duty.objects.count()) == (before, 0)


def test_the_numbers_chosen_here_are_the_ones_compared(cast: Cast, sign_in: SignIn) -> None:
    bound = bind(cast, "two_three_seven_ladder")
    type(bound).objects.filter(pk=bound.pk).update(overrides={"visit_days": 1})
    roll(cast, MONDAY, ["李小满"])
    client = sign_in("principal", at(MONDAY, 20))
    page = client.get(reverse("duties:compare_student", args=[cast.child.pk]), TWO)
    row = page.context["side"].rows[-1]
    assert row.day == MONDAY
    assert "second_day_visit" in [one.outcome.rule for one in row.cells[1]]


def test_the_childs_page_leads_there(cast: Cast, sign_in: SignIn) -> None:
    part = sign_in("class_teacher").get(reverse("duties:of_student", args=[cast.child.pk]))
    assert reverse("duties:compare_student", args=[cast.child.pk]) in part.content.decode()


def test_two_regulations_over_a_past_period(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    roll(cast, MONDAY, ["李小满"])
    roll(cast, TUESDAY, ["李小满"])
    before = Entry.objects.count()
    call_command(
        "rehearse",
        "one_hour_ladder",
        "one_hour_dean_ladder",
        "--place",
        cast.school.name,
        "--from",
        "2026-09-28",
        "--to",
        "2026-09-29",
    )
    out = capsys.readouterr().out
    assert "《控辍保学劝返制度（村镇完小）》 石板河初级中学 2026-09-28 … 2026-09-29:" in out
    assert "派教师当天家访（二）: 1 missed" in out
    assert "only 《学校控辍保学劝返制度（教导处）》: 0 duties" in out
    assert "deadline moved: 0" in out
    assert (Entry.objects.count(), Duty.objects.count()) == (before, 0)


def test_comparing_with_nothing_is_said_plainly(cast: Cast) -> None:
    with pytest.raises(CommandError, match="no_such_pack"):
        call_command(
            "rehearse", "national", "no_such_pack", "--place", cast.school.name, "--from", "2026-09-01"
        )
