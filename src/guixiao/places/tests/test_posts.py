"""Posts: one holder at a time where there is one, rights only in their period, three administrators apart."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from guixiao.facts import SYSTEM
from guixiao.facts.clock import at
from guixiao.facts.posts import ADMINISTRATORS
from guixiao.journal.verify import verify
from guixiao.people.scopes import visible
from guixiao.places import actions
from guixiao.places.models import Deputy, Holding, Person
from guixiao.testing.cast import NOW, START, Cast

TODAY = date(2026, 9, 28)
DAY = timedelta(days=1)


def somebody(name: str = "新人") -> Person:
    return actions.add_person(by=SYSTEM, now=START, name=name)


def appoint(
    cast: Cast, person: Person, post: str, place: str, first: date = TODAY, last: date | None = None
) -> Holding:
    return actions.hold_post(
        by=SYSTEM, now=NOW, person=person, place=cast.places[place], post=post, first=first, last=last
    )


def test_a_post_of_one_holder_names_who_has_it(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        appoint(cast, somebody(), "class_teacher", "八（3）班")
    said = refused.value.messages[0]
    assert "班主任某" in said
    assert "2026-08-20 起" in said
    assert "指定代理" in said


def test_a_successor_follows_the_day_after(cast: Cast) -> None:
    old = cast.holdings["class_teacher"]
    actions.end_post(by=SYSTEM, now=NOW, holding=old, last=TODAY)
    with pytest.raises(ValidationError, match="2026-08-20 至 2026-09-28"):
        appoint(cast, somebody(), "class_teacher", "八（3）班", TODAY)
    appoint(cast, somebody("新班主任"), "class_teacher", "八（3）班", TODAY + DAY)
    with pytest.raises(ValidationError, match="新班主任"):
        appoint(cast, somebody(), "class_teacher", "八（3）班", TODAY + 9 * DAY)
    assert verify().problems == []


def test_many_hold_a_shared_post_but_nobody_twice(cast: Cast) -> None:
    one = somebody()
    appoint(cast, one, "village_cadre", "岩脚村")
    appoint(cast, somebody(), "village_cadre", "岩脚村")
    with pytest.raises(ValidationError):
        appoint(cast, one, "village_cadre", "岩脚村", TODAY + DAY)


@pytest.mark.parametrize("post", ["principal", "no_such_post"])
def test_a_post_sits_at_its_level(cast: Cast, post: str) -> None:
    with pytest.raises(ValidationError):
        appoint(cast, somebody(), post, "八（3）班")


def test_periods_are_in_order(cast: Cast) -> None:
    held = appoint(cast, somebody(), "tutor", "石板河初级中学")
    with pytest.raises(ValidationError, match="止日不能早于起日"):
        appoint(cast, somebody(), "tutor", "石板河初级中学", TODAY, TODAY - DAY)
    with pytest.raises(ValidationError, match="不能早于任职日"):
        actions.end_post(by=SYSTEM, now=NOW, holding=held, last=TODAY - DAY)
    actions.end_post(by=SYSTEM, now=NOW, holding=held, last=TODAY)
    with pytest.raises(ValidationError, match="本来就到"):
        actions.end_post(by=SYSTEM, now=NOW, holding=held, last=TODAY + DAY)


def seen(cast: Cast, post: str, now: datetime) -> int:
    return visible(cast.actor(post, now), "student.view").count()


def test_a_post_that_ended_yesterday_opens_nothing_today(cast: Cast) -> None:
    assert seen(cast, "class_teacher", NOW) == 8
    actions.end_post(by=SYSTEM, now=NOW, holding=cast.holdings["class_teacher"], last=TODAY)
    assert seen(cast, "class_teacher", at(TODAY, 23, 59, 59)) == 8, "the last day counts to its last second"
    assert seen(cast, "class_teacher", at(TODAY + DAY)) == 0
    assert cast.actor("class_teacher", at(TODAY + DAY)).held == ()


def test_a_post_that_begins_tomorrow_opens_nothing_today(cast: Cast) -> None:
    cast.holdings["tutor2"] = appoint(cast, somebody(), "tutor", "石板河初级中学", TODAY + DAY)
    assert seen(cast, "tutor2", NOW) == 0
    assert seen(cast, "tutor2", at(TODAY + DAY)) == 8


def test_a_deputy_has_the_rights_in_the_period_and_the_holders_name_is_on_record(cast: Cast) -> None:
    cast.holdings["stand_in"] = appoint(cast, somebody("代理人"), "class_teacher", "八（4）班")
    actions.name_deputy(
        by=SYSTEM,
        now=NOW,
        holding=cast.holdings["class_teacher"],
        person=cast.holdings["stand_in"].person,
        first=TODAY,
        last=TODAY + DAY,
    )
    assert seen(cast, "stand_in", at(TODAY - DAY, 12)) == 0
    assert [seen(cast, "stand_in", at(TODAY + n * DAY, 12)) for n in range(3)] == [8, 8, 0]
    by = cast.actor("stand_in").by("rollcall.take", cast.klass.path)
    assert by.for_account == cast.holdings["class_teacher"].person_id
    assert verify().problems == []


def test_a_deputy_of_a_post_that_ended_has_no_rights(cast: Cast) -> None:
    held = cast.holdings["class_teacher"]
    cast.holdings["stand_in"] = appoint(cast, somebody(), "class_teacher", "八（4）班")
    person = cast.holdings["stand_in"].person
    actions.name_deputy(by=SYSTEM, now=NOW, holding=held, person=person, first=TODAY)
    actions.end_post(by=SYSTEM, now=NOW, holding=held, last=TODAY)
    assert seen(cast, "stand_in", at(TODAY, 12)) == 8
    assert seen(cast, "stand_in", at(TODAY + DAY, 12)) == 0


def test_deputies_are_refused_with_a_reason(cast: Cast) -> None:
    held, person = cast.holdings["class_teacher"], somebody("第一个")

    def name(who: Person, first: date, last: date | None) -> Deputy:
        return actions.name_deputy(by=SYSTEM, now=NOW, holding=held, person=who, first=first, last=last)

    with pytest.raises(ValidationError, match="不能是本人"):
        name(held.person, TODAY, None)
    with pytest.raises(ValidationError, match="任期"):
        name(person, date(2026, 8, 1), None)
    row = name(person, TODAY, TODAY + 3 * DAY)
    with pytest.raises(ValidationError, match="第一个已在代理"):
        name(somebody(), TODAY + 3 * DAY, None)
    actions.end_deputy(by=SYSTEM, now=NOW, deputy=row, last=TODAY)
    name(somebody(), TODAY + DAY, None)
    assert verify().problems == []


@pytest.mark.parametrize("first", sorted(ADMINISTRATORS))
@pytest.mark.parametrize("second", [*sorted(ADMINISTRATORS), "bureau_director", "basic_education"])
def test_the_three_administrators_are_three_people_with_no_other_post(
    cast: Cast, first: str, second: str
) -> None:
    person = somebody()
    appoint(cast, person, first, "青禾县", TODAY, TODAY + 9 * DAY)
    with pytest.raises(ValidationError):
        appoint(cast, person, second, "青禾县", TODAY + 9 * DAY)
    if second == "basic_education":
        appoint(cast, person, second, "青禾县", TODAY + 10 * DAY)
        with pytest.raises(ValidationError, match="三个管理员要分开"):
            appoint(cast, person, first, "青禾县", TODAY + 20 * DAY)


def test_a_deputy_may_not_join_them_either(cast: Cast) -> None:
    teacher = cast.holdings["class_teacher"].person
    with pytest.raises(ValidationError, match="三个管理员要分开"):
        actions.name_deputy(
            by=SYSTEM, now=NOW, holding=cast.holdings["audit_admin"], person=teacher, first=TODAY
        )
    admin = cast.holdings["system_admin"].person
    with pytest.raises(ValidationError, match="三个管理员要分开"):
        actions.name_deputy(
            by=SYSTEM, now=NOW, holding=cast.holdings["class_teacher"], person=admin, first=TODAY
        )
