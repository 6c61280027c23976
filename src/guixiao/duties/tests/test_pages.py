"""The pages of duties: what each shows, to whom, and at what cost."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guixiao.duties.models import Duty, ReportDone, State, Waiver
from guixiao.duties.tick import tick
from guixiao.facts.clock import at
from guixiao.journal.verify import verify
from guixiao.notify.models import Kind, Notice
from guixiao.testing.cast import CHILDREN, Cast

from .conftest import SignIn
from .life import MONDAY, bind, roll, the

pytestmark = pytest.mark.django_db

TUESDAY, WEDNESDAY = date(2026, 9, 29), date(2026, 9, 30)


def test_the_teacher_reads_child_act_reason_and_clause(cast: Cast, sign_in: SignIn) -> None:
    bind(cast)
    roll(cast, MONDAY, ["李小满"])
    page = sign_in("class_teacher", at(MONDAY, 9)).get(reverse("duties:home")).content.decode()
    assert "李小满" in page
    assert "上门家访" in page
    assert "学校学生辍学报告制度" in page
    assert f"duty={the(cast.child, 'first_day_visit').pk}" in page


def test_nothing_to_do_says_so(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in("class_teacher").get(reverse("duties:home"))
    assert "今天没有要办的事" in page.content.decode()


def test_the_outsider_sees_nothing(cast: Cast, sign_in: SignIn) -> None:
    bind(cast)
    roll(cast, MONDAY, ["李小满"])
    client = sign_in("outsider", at(MONDAY, 9))
    assert "李小满" not in client.get(reverse("duties:home")).content.decode()
    pk = the(cast.child, "first_day_visit").pk
    assert client.get(reverse("duties:why", args=[pk])).status_code == 404
    assert client.get(reverse("duties:report", args=[pk])).status_code == 404
    assert client.get(reverse("duties:of_student", args=[cast.child.pk])).status_code == 404


@pytest.mark.parametrize("post", ["class_teacher", "student_affairs", "principal", "basic_education"])
def test_home_costs_the_same_however_much_there_is(cast: Cast, sign_in: SignIn, post: str) -> None:
    bind(cast)
    counts = []
    for number in (1, len(CHILDREN)):
        for day in (MONDAY, TUESDAY, WEDNESDAY):
            roll(cast, day, CHILDREN[:number])
        client = sign_in(post, at(WEDNESDAY, 9))
        client.get(reverse("duties:home"))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(reverse("duties:home")).status_code == 200
        counts.append(len(queries))
    assert Duty.objects.filter(demanded=True).count() >= 50
    assert max(counts) <= 15, counts
    assert counts[1] <= counts[0] + 1


def test_officers_see_first_what_is_overdue_and_in_whose_hands(cast: Cast, sign_in: SignIn) -> None:
    bind(cast)
    roll(cast, MONDAY, ["李小满"])
    tick(at(TUESDAY, 7))
    client = sign_in("principal", at(TUESDAY, 7, 30))
    page = client.get(reverse("duties:home")).content.decode()
    assert "逾期的事，在谁手里" in page
    assert cast.holdings["class_teacher"].person.name in page
    told = client.post(reverse("duties:remind", args=[the(cast.child, "first_day_visit").pk]))
    assert told.status_code == 302
    assert (
        Notice.objects.filter(kind=Kind.REMINDED, person=cast.holdings["class_teacher"].person).count() == 1
    )
    client.post(reverse("duties:remind_all"))
    assert Notice.objects.filter(kind=Kind.REMINDED).count() == 1  # not twice an hour
    listed = client.get(reverse("duties:beneath")).content.decode()
    assert "李小满" in listed
    assert client.get(reverse("duties:beneath_excel")).status_code == 200
    assert not verify().problems


def test_the_county_head_reads_no_childs_name(cast: Cast, sign_in: SignIn) -> None:
    bind(cast)
    roll(cast, MONDAY, ["李小满"])
    tick(at(TUESDAY, 7))
    client = sign_in("county_head", at(TUESDAY, 8))
    for route in ("duties:home", "duties:beneath"):
        page = client.get(reverse(route)).content.decode()
        assert "一名学生" in page
        assert "李小满" not in page
    pk = the(cast.child, "first_day_visit").pk
    assert "李小满" not in client.get(reverse("duties:why", args=[pk])).content.decode()


def test_why_shows_the_days_the_steps_and_what_would_change(cast: Cast, sign_in: SignIn) -> None:
    bind(cast)
    roll(cast, date(2026, 9, 22), [])
    roll(cast, date(2026, 9, 23), ["李小满"])
    roll(cast, MONDAY, ["李小满"])
    duty = the(cast.child, "second_day_joint_visit")
    page = (
        sign_in("liaison_leader", at(MONDAY, 10)).get(reverse("duties:why", args=[duty.pk])).content.decode()
    )
    for words in (
        "第 1 天",
        "第 2 天",
        "起算",
        "中秋",
        "9月24日查清是到了",
        "孩子今天到校",
        "谁已经知道",
    ):
        assert words in page, words
    assert verify().problems == []


def test_a_report_meets_what_is_met_by_reporting(cast: Cast, sign_in: SignIn) -> None:
    bind(cast)
    roll(cast, MONDAY, ["李小满"])
    roll(cast, TUESDAY, ["李小满"])
    duty = the(cast.child, "second_day_register")
    client = sign_in("student_affairs", at(TUESDAY, 9))
    page = client.get(reverse("duties:report", args=[duty.pk]))
    assert page.status_code == 200
    assert client.post(reverse("duties:report", args=[duty.pk]), {}).status_code == 422
    sent = {"to": ["liaison_leader"], "at": "2026-09-29T08:50", "how": "in_person", "words": "已当面告诉"}
    assert client.post(reverse("duties:report", args=[duty.pk]), sent).status_code == 302
    assert ReportDone.objects.get().to == ["liaison_leader"]
    tick(at(TUESDAY, 9, 1))
    duty.refresh_from_db()
    assert duty.state == State.MET
    assert client.post(reverse("duties:report", args=[duty.pk]), sent).status_code in (404, 422)
    assert not verify().problems


def test_a_waiver_needs_a_reason_and_a_post_above(cast: Cast, sign_in: SignIn) -> None:
    bind(cast)
    roll(cast, MONDAY, ["李小满"])
    duty = the(cast.child, "first_day_visit")
    url = reverse("duties:waive", args=[duty.pk])
    assert sign_in("class_teacher", at(MONDAY, 9)).get(url).status_code == 404
    client = sign_in("vice_principal", at(MONDAY, 9))
    assert client.get(url).status_code == 200
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"reason": "孩子随父母外出就医，已核实"}).status_code == 302
    duty.refresh_from_db()
    assert (duty.state, duty.demanded, Waiver.objects.get().post) == (State.WAIVED, False, "vice_principal")
    tick(at(TUESDAY, 7))
    duty.refresh_from_db()
    assert duty.state == State.WAIVED
    assert not verify().problems


def test_two_regulations_make_one_task(cast: Cast, sign_in: SignIn) -> None:
    """A11 and A18 both ask for something on day two; same act, child and day are one card."""
    bind(cast)
    bind(cast, "two_three_seven_ladder", "青禾县")
    for day in (MONDAY, TUESDAY):
        roll(cast, day, ["李小满"])
    from guixiao.duties import queries, tasks
    from guixiao.duties.doors import Doors

    actor = cast.actor("class_teacher", at(TUESDAY, 9))
    duties = list(queries.mine(actor))
    made = tasks.tasks(duties, actor, actor.now, {}, Doors(actor, duties))
    assert len({task.first.merge_key for task in made}) == len(made)
    assert {duty.pk for task in made for duty in task.duties} == {duty.pk for duty in duties}
    for task in made:
        assert task.due == min(duty.due for duty in task.duties)
        assert len(task.clauses) == len({(d.clause_title, d.clause_article) for d in task.duties})


def test_regulations_in_plain_words(cast: Cast, sign_in: SignIn) -> None:
    bind(cast)
    roll(cast, MONDAY, ["李小满"])
    client = sign_in("class_teacher", at(MONDAY, 9))
    assert "学校学生辍学报告制度" in client.get(reverse("duties:regulations")).content.decode()
    page = client.get(reverse("duties:regulation", args=["student_affairs_ladder"])).content.decode()
    assert "第一天家访" in page
    assert "1 件" in page
    assert client.get(reverse("duties:regulation", args=["national"])).status_code == 404


def test_partials(cast: Cast, sign_in: SignIn) -> None:
    bind(cast)
    roll(cast, MONDAY, ["李小满"])
    client = sign_in("class_teacher", at(MONDAY, 9))
    assert "上门家访" in client.get(reverse("duties:of_student", args=[cast.child.pk])).content.decode()
    assert client.get(reverse("duties:of_place", args=[cast.klass.pk])).status_code == 200


def test_the_bell_counts_and_the_inbox_reads(cast: Cast, sign_in: SignIn) -> None:
    bind(cast)
    roll(cast, MONDAY, ["李小满"])
    client = sign_in("class_teacher", at(MONDAY, 9))
    page = client.get(reverse("notify:inbox")).content.decode()
    assert "李小满" in page
    mine = Notice.objects.filter(person=cast.holdings["class_teacher"].person)
    assert mine.filter(read_at=None).exists()
    gone = client.post(reverse("notify:read", args=[mine.values_list("pk", flat=True)[0]]), {"go": "1"})
    assert gone.status_code == 302
    client.post(reverse("notify:read_all"))
    assert not mine.filter(read_at=None).exists()
    other = Notice.objects.exclude(person=cast.holdings["class_teacher"].person).first()
    assert other is None or client.post(reverse("notify:read", args=[other.pk])).status_code == 404
