"""Recording and correcting visits: what is kept, what is refused and with which words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from guixiao.facts import happenings
from guixiao.facts.clock import at, day_of
from guixiao.facts.codes import Means, Outcome
from guixiao.journal.models import Entry
from guixiao.journal.queries import of_students
from guixiao.journal.verify import verify
from guixiao.notify.models import Notice
from guixiao.testing.cast import Cast
from guixiao.visits import actions
from guixiao.visits.content import Companion, Content
from guixiao.visits.models import Visit

from .making import harm_of, visit_of


def facts_of(cast: Cast, kind: type[Any]) -> list[Any]:
    return [entry.fact for entry in of_students([cast.child.pk]) if isinstance(entry.fact, kind)]


def test_a_visit_states_who_went_in_which_post(cast: Cast) -> None:
    village = cast.holdings["village_head"]
    teacher = cast.holdings["class_teacher"]
    visit = visit_of(
        cast,
        went=[teacher, village, Companion(None, "", "王五", "网格员")],
        content=Content(
            child_words="想", contents={"family": "祖父母带"}, started=at(date(2026, 9, 28), 7, 30)
        ),
    )
    (fact,) = facts_of(cast, happenings.HomeVisitMade)
    assert fact.posts == ("class_teacher", "village_head")
    assert fact.people == tuple(sorted((teacher.person_id, village.person_id)))
    assert fact.contents == ("family",)
    assert [row.name for row in visit.went.order_by("pk")][2] == "王五"
    assert Entry.objects.get(kind="home_visit_made").happened_at == at(date(2026, 9, 28), 7, 30)
    assert verify().problems == []


def test_a_call_is_a_contact_and_no_visit(cast: Cast) -> None:
    visit_of(cast, means=Means.PHONE)
    assert facts_of(cast, happenings.HomeVisitMade) == []
    assert facts_of(cast, happenings.ContactMade)[0].means is Means.PHONE


def test_handing_in_twice_is_harmless(cast: Cast) -> None:
    token = uuid4()
    assert visit_of(cast, client_id=token) == visit_of(cast, client_id=token, purpose="别的")
    assert Visit.objects.count() == 1
    assert Entry.objects.filter(kind="home_visit_made").count() == 1


def test_a_strangers_replay_is_refused(cast: Cast) -> None:
    token = uuid4()
    visit_of(cast, client_id=token)
    with pytest.raises(ValidationError, match="编号已经用过"):
        visit_of(cast, post="principal", client_id=token)


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"day": date(2026, 9, 29)}, "day", "今天之后"),
        ({"day": date(2026, 8, 31)}, "day", "还没有入学"),
        ({"day": date(1, 1, 1)}, "day", "年份"),
        ({"purpose": "  "}, "purpose", "弄清什么"),
        ({"purpose": "长" * 301}, "purpose", "300"),
        ({"content": Content()}, "child_words", "孩子自己的话"),
        ({"content": Content(child_words="字" * 2001)}, "child_words", "2000"),
        ({"content": Content(child_words="好", next_day=date(2026, 9, 1))}, "next_day", "早于"),
        ({"content": Content(child_words="好", started=at(date(2026, 9, 28), 23))}, "started", "之后"),
        ({"content": Content(child_words="好", started=at(date(2026, 9, 27), 9))}, "started", "同一天"),
        ({"content": Content(child_words="好", contents={"x": "y"})}, "contents", "没有"),
        ({"content": Content(child_absent_why="在外婆家", met=["child"])}, "child_words", "见到了孩子"),
        ({"went": []}, "went", "至少一个人"),
        ({"went": [Companion(1, "county_head")]}, "went", "不任这个职务"),
        ({"went": [Companion(None, "", "王五", "")]}, "went", "身份"),
        ({"outcome": Outcome.NOBODY, "content": Content()}, "child_absent_why", "问了谁"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    cast: Cast, changed: dict[str, Any], field: str, says: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        visit_of(cast, **changed)
    assert says in refused.value.message_dict[field][0]
    assert not Visit.objects.exists()


def test_the_first_day_of_enrolment_and_today_are_fine(cast: Cast) -> None:
    visit_of(cast, day=date(2026, 9, 1))
    visit_of(cast, day=day_of(cast.now))
    assert Visit.objects.count() == 2


def test_a_deputy_goes_in_the_post_deputised_for(cast: Cast) -> None:
    from guixiao.facts import SYSTEM
    from guixiao.places.actions import name_deputy

    deputy = cast.holdings["counsellor"].person
    name_deputy(
        by=SYSTEM,
        now=cast.now,
        holding=cast.holdings["liaison_leader"],
        person=deputy,
        first=date(2026, 9, 28),
    )
    visit_of(cast, went=[Companion(deputy.pk, "liaison_leader")])
    assert facts_of(cast, happenings.HomeVisitMade)[0].posts == ("liaison_leader",)


def correct(cast: Cast, visit: Visit, post: str = "class_teacher", **changed: Any) -> Visit:
    values: dict[str, Any] = {
        "why": "记错了",
        "means": Means(visit.means),
        "purpose": visit.purpose,
        "outcome": Outcome(visit.outcome),
        "day": visit.day,
        "went": [cast.holdings["class_teacher"]],
        "content": Content(child_words=visit.child_words, guardian_words=visit.guardian_words),
        "version": visit.version,
    }
    values.update(changed)
    by = cast.actor(post).by("visit.record", cast.child.path)
    return actions.correct(by=by, now=cast.now + timedelta(hours=1), visit=visit, **values)


def test_a_correction_keeps_what_was_written(cast: Cast) -> None:
    visit = visit_of(cast)
    correct(cast, visit, content=Content(child_words="改过的话"))
    visit.refresh_from_db()
    assert visit.child_words == "改过的话"
    assert visit.version == 2
    assert "数学听不懂" in visit.versions.get().text
    (fact,) = facts_of(cast, happenings.VisitCorrected)
    assert not fact.judged
    assert len(facts_of(cast, happenings.HomeVisitMade)) == 1
    assert verify().problems == []


def test_a_correction_that_rules_look_at_states_the_visit_anew(cast: Cast) -> None:
    visit = visit_of(cast)
    correct(cast, visit, day=date(2026, 9, 24), went=[cast.holdings["class_teacher"], cast.holdings["dean"]])
    assert facts_of(cast, happenings.VisitCorrected)[0].judged
    assert [fact.day for fact in facts_of(cast, happenings.HomeVisitMade)] == [
        date(2026, 9, 28),
        date(2026, 9, 24),
    ]
    assert verify().problems == []


def test_who_may_correct(cast: Cast) -> None:
    visit = visit_of(cast)
    with pytest.raises(ValidationError, match="上级"):
        correct(cast, visit, post="subject_teacher")
    correct(cast, visit, post="liaison_leader")
    with pytest.raises(ValidationError, match="刚被别人改过"):
        correct(cast, visit, version=1)


def test_a_report_of_harm_is_sealed_and_on_record(cast: Cast) -> None:
    from django.db import connection

    report = harm_of(cast)
    with connection.cursor() as cursor:
        cursor.execute("select account from visits_harmreport where id = %s", [report.pk])
        assert "手臂" not in cursor.fetchone()[0]
    assert facts_of(cast, happenings.Reported)[0].act == "harm"
    told = set(Notice.objects.values_list("person_id", flat=True))
    assert told == {cast.holdings[post].person_id for post in ("principal", "basic_education")}
    assert verify().problems == []
