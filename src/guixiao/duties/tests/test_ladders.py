"""Three more regulations adopted by a school, each duty walked until it is met by the verbs people use."""

from __future__ import annotations

from datetime import date

import pytest

from guixiao.access.actor import Actor
from guixiao.duties import numbers
from guixiao.duties.adopted import packs
from guixiao.duties.doors import Doors
from guixiao.duties.models import Duty
from guixiao.facts.clock import at
from guixiao.facts.codes import Outcome
from guixiao.testing.cast import Cast

from .life import bind
from .walk import Walk

pytestmark = pytest.mark.django_db

MON, TUE, WED = date(2026, 9, 7), date(2026, 9, 8), date(2026, 9, 9)


@pytest.fixture
def walk(cast: Cast) -> Walk:
    return Walk(cast)


def door(cast: Cast, duty: Duty, actor: Actor) -> str:
    found = Doors(actor, [duty]).of(duty)
    assert found is not None, duty.rule
    return found.url


def test_the_one_hour_ladder_of_a_village_school(cast: Cast, walk: Walk) -> None:
    bind(cast, "one_hour_ladder")
    walk.settle(at(MON, 7))
    report = walk.duty("opening_report")
    assert report.holder_id == cast.holdings["monitor_reporter"].person_id
    assert report.due == at(TUE, 23, 59, 59)
    assert "/report/" in door(cast, report, cast.actor("monitor_reporter"))
    walk.report("opening_report", "monitor_reporter", at(MON, 7, 30), ["central_school_head"])
    walk.roll(MON, absent=True, post="morning_teacher")
    assert walk.states() == {
        "opening_report": "met",
        "report_within_the_hour": "met",
        "send_visitor": "open",
    }
    assert f"/visits/new/{walk.child.pk}/" in door(cast, walk.duty("send_visitor"), cast.actor("principal"))
    walk.visit(at(MON, 18), ["class_teacher"], Outcome.REFUSES)
    walk.open_case(at(MON, 19))
    walk.confirm(at(MON, 19, 30))
    walk.report("report_central_school", "principal", at(MON, 20), ["central_school_head"])
    walk.plan(at(TUE, 9), ["village_cadre"])
    walk.visit(at(TUE, 18), ["principal", "village_cadre"], Outcome.REFUSES)
    assert walk.states()["persuade_together"] == "met"
    assert "written_report" not in walk.states()
    walk.visit(at(WED, 18), ["class_teacher"], Outcome.REFUSES)
    report = walk.duty("written_report")
    assert report.due == at(date(2026, 9, 16), 23, 59, 59)  # mid-term: seven days, as shown in the parameters
    walk.report("written_report", "principal", at(WED, 19), ["central_school_head", "township_education"])
    walk.visit(at(date(2026, 9, 12), 10), ["principal", "village_cadre"], Outcome.REFUSES)
    assert set(walk.states().values()) == {"met"}
    assert set(walk.states()) == {
        "opening_report", "report_within_the_hour", "send_visitor", "hand_in_visit", "report_central_school",
        "make_plan", "persuade_together", "written_report", "go_on",
    }  # fmt: skip


def test_the_one_hour_ladder_of_a_deans_office(cast: Cast, walk: Walk) -> None:
    bind(cast, "one_hour_dean_ladder")
    walk.settle(at(MON, 7))
    walk.report("opening_report", "monitor_reporter", at(MON, 7, 30), ["inspectorate"])
    walk.roll(MON, absent=True, sent=at(MON, 9, 6))
    assert walk.states()["report_within_the_hour"] == "met*"
    walk.roll(TUE, absent=True, sent=at(TUE, 9, 5))
    hours = Duty.objects.filter(rule="report_within_the_hour").order_by("episode")
    assert [duty.late for duty in hours] == [True, False]
    assert hours[0].against_id == cast.holdings["class_teacher"].person_id
    walk.visit(at(TUE, 18), ["class_teacher"], Outcome.REFUSES)
    assert walk.states()["send_visitor"] == "met*"
    walk.open_case(at(TUE, 19))
    walk.confirm(at(TUE, 19, 30))
    assert "make_plan" not in walk.states()
    walk.report("report_principal", "dean", at(TUE, 20), ["principal"])
    assert walk.duty("make_plan").holder_id == cast.holdings["principal"].person_id
    assert "/plan/" in door(cast, walk.duty("make_plan"), cast.actor("principal"))
    walk.plan(at(WED, 9), ["village_cadre"])
    walk.visit(at(WED, 18), ["principal", "village_cadre"], Outcome.REFUSES)
    walk.visit(at(date(2026, 9, 10), 18), ["class_teacher"], Outcome.REFUSES)
    walk.report(
        "written_report", "principal", at(date(2026, 9, 10), 19), ["inspectorate", "township_education"]
    )
    walk.visit(at(date(2026, 9, 12), 10), ["principal", "village_cadre"], Outcome.REFUSES)
    states = walk.states()
    assert {rule for rule, state in states.items() if state == "met*"} == {"send_visitor"}
    assert {rule for rule, state in states.items() if state == "met"} == {
        "opening_report", "report_within_the_hour", "hand_in_visit", "report_principal", "make_plan",
        "persuade_together", "written_report", "go_on",
    }  # fmt: skip


def test_bobais_report(cast: Cast, walk: Walk) -> None:
    bind(cast, "bobai_report")
    walk.settle(at(MON, 7))
    walk.report("season_report", "monitor_reporter", at(MON, 7, 30), ["basic_education", "inspectorate"])
    walk.roll(MON, absent=True)
    assert "/visits/new/" in door(cast, walk.duty("look_into"), cast.actor("class_teacher"))
    walk.visit(at(MON, 12), ["class_teacher"], phone=True)
    assert walk.states() == {"season_report": "met", "look_into": "met", "report_school": "met"}
    walk.roll(TUE, absent=True)
    assert walk.states()["register"] == walk.states()["enter_procedure"] == "open"
    assert "/cases/open/" in door(cast, walk.duty("enter_procedure"), cast.actor("dean"))
    walk.open_case(at(TUE, 10))
    walk.report("report_government", "principal", at(TUE, 11), ["township_education"])
    walk.report("ask_government", "principal", at(TUE, 12), ["township_education"])
    walk.confirm(at(TUE, 15))
    walk.report("report_dropout", "principal", at(TUE, 16), ["township_education", "basic_education"])
    walk.visit(at(WED, 9), ["principal", "class_teacher", "village_head"], Outcome.REFUSES)
    states = walk.states()
    assert set(states.values()) == {"met"}
    assert set(states) == {
        "season_report", "look_into", "report_school", "register", "enter_procedure", "report_government",
        "ask_government", "report_dropout", "rely_on_village", "track",
    }  # fmt: skip


def test_a_report_of_the_schools_term_holds_for_the_whole_term(cast: Cast, walk: Walk) -> None:
    """Looked at again weeks later, when only the facts of the day are new, it is still met."""
    bind(cast, "one_hour_ladder")
    walk.settle(at(MON, 7))
    walk.report("opening_report", "monitor_reporter", at(MON, 7, 30), ["central_school_head"])
    walk.settle(at(date(2026, 10, 28), 9))
    assert walk.states()["opening_report"] == "met"
    assert Duty.objects.filter(rule="opening_report").count() == 1


def test_the_days_after_the_opening_are_chosen_in_the_form_of_adoption() -> None:
    season = packs()["bobai_report"].parameters["season_by"]
    raw = numbers.together("after_opening", "20", season)
    assert raw == {"term_start": {"natural_days": 20}}
    assert numbers.split(raw, season.unit) == ("after_opening", "20")
    assert list(numbers.choices(season)) == ["after_opening"]
    assert numbers.spoken_raw(raw, season.unit) == "开学起 20 天内"


def test_a_school_that_adopts_in_mid_term_is_asked_nothing_of_its_opening(cast: Cast, walk: Walk) -> None:
    bind(cast, "bobai_report", first=date(2026, 10, 12))
    bind(cast, "one_hour_ladder", first=date(2026, 10, 12))
    walk.settle(at(date(2026, 10, 13), 7))
    assert walk.states() == {}
