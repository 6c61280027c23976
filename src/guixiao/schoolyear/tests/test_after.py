"""After the turn: the ladder of a child whose class changed in mid-streak goes on; boards, roll calls, lists and
returns show the right classes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime

import pytest

from guixiao.cases.actions import open_case
from guixiao.duties.models import Duty, State
from guixiao.duties.settle import settle
from guixiao.duties.tests.life import bind
from guixiao.facts import SYSTEM
from guixiao.facts.clock import at
from guixiao.facts.codes import EnrolmentChange, Mark, Stage
from guixiao.journal.append import Touched
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.people import actions as people
from guixiao.places import calendars
from guixiao.places.models import Place
from guixiao.places.national import national
from guixiao.returns.actions import compile_return
from guixiao.rollcall.queries.board import classes_of, unreported
from guixiao.schoolyear.models import State as YearState
from guixiao.schoolyear.models import YearOpening

from .conftest import SignIn
from .scene import SUMMER, YEAR, Scene

pytestmark = pytest.mark.django_db
AWAY = "李小满"
WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, MONDAY = (date(2027, 9, day) for day in (1, 2, 3, 4, 6))


@pytest.fixture(autouse=True)
def announced(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the State Council had announced 2027 already, with no holiday in the first week of September."""
    known = national()
    told = replace(known, announced=known.announced | {YEAR})
    monkeypatch.setattr(calendars, "national", lambda: told)


@contextmanager
def settled(moment: datetime) -> Iterator[None]:
    """What is stated inside is settled after it, as after a request (no test's transaction ever commits)."""
    last = Entry.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    yield
    news = Entry.objects.filter(pk__gt=last)
    touched = {Touched("student", pk) for pk in news.values_list("student", flat=True) if pk}
    settle(touched | {Touched("place", pk) for pk in news.values_list("place", flat=True) if pk}, moment)


def morning(scene: Scene, klass: Place, day: date, away: Iterable[str] = ()) -> None:
    """The roll at five past eight, and what follows from it."""
    moment = at(day, 8, 5)
    with settled(moment):
        scene.roll(klass, moment, dict.fromkeys(away, Mark.NONE))


def turn(scene: Scene, moment: datetime) -> None:
    """The year is opened at ``moment``, and what it touched settled as after a request."""
    with settled(moment):
        scene.open(scene.draft(moment), now=moment)


def ladder(scene: Scene) -> list[tuple[str, str, list[str]]]:
    rows = Duty.objects.filter(student=scene.cast.child).order_by("pk")
    return [(row.rule, row.episode, row.days) for row in rows]


def third_day(scene: Scene) -> None:
    """The third rung stands, in the episode that began on Thursday, over the three days."""
    found = ladder(scene)
    plan = next(row for row in found if row[0] == "third_day_plan")
    first = next(row for row in found if row[0] == "first_day_visit")
    assert plan[2] == [day.isoformat() for day in (THURSDAY, FRIDAY, MONDAY)]
    assert {episode for _rule, episode, _days in found} == {first[1]}, "one episode"
    assert len(found) == len({rule for rule, _episode, _days in found}), "no rung twice"
    open_ = Duty.objects.get(student=scene.cast.child, rule="third_day_plan")
    assert open_.state == State.OPEN


def test_the_ladder_goes_on_across_the_turn(scene: Scene) -> None:
    """Absent on Thursday and Friday in 八（3）班, the year opened late on Saturday, absent on Monday in 九（3）班."""
    bind(scene.cast)
    morning(scene, scene.cast.klass, WEDNESDAY)
    for day in (THURSDAY, FRIDAY):
        morning(scene, scene.cast.klass, day, [AWAY])
    turn(scene, at(SATURDAY, 9))
    morning(scene, scene.klass("九（3）班"), MONDAY, [AWAY])
    third_day(scene)
    visit = Duty.objects.get(student=scene.cast.child, rule="third_day_plan")
    assert visit.path == scene.klass("九（3）班").path
    assert verify().problems == []


def test_the_ladder_goes_on_where_the_class_was_changed_by_hand(scene: Scene) -> None:
    """The same with one child moved to the class beside in the middle of its streak."""
    turn(scene, SUMMER)
    bind(scene.cast)
    old, new = scene.klass("九（3）班"), scene.klass("九（4）班")
    morning(scene, old, WEDNESDAY)
    for day in (THURSDAY, FRIDAY):
        morning(scene, old, day, [AWAY])
    with settled(at(SATURDAY, 9)):
        people.move(
            by=SYSTEM,
            now=at(SATURDAY, 9),
            student=scene.child(AWAY),
            klass=new,
            school=scene.school,
            day=SATURDAY,
            change=EnrolmentChange.MOVED_CLASS,
        )
    morning(scene, new, MONDAY, [AWAY])
    third_day(scene)


def test_present_in_the_new_class_ends_the_streak(scene: Scene) -> None:
    bind(scene.cast)
    morning(scene, scene.cast.klass, WEDNESDAY)
    for day in (THURSDAY, FRIDAY):
        morning(scene, scene.cast.klass, day, [AWAY])
    turn(scene, at(SATURDAY, 9))
    morning(scene, scene.klass("九（3）班"), MONDAY)
    assert not any(rule.startswith("third_day") for rule, _episode, _days in ladder(scene))


def names(places: Iterable[Place]) -> set[str]:
    return {f"{place.name}{place.school_year}" for place in places}


def test_the_board_shows_the_classes_of_the_day(scene: Scene) -> None:
    path = [scene.school.path]
    before = names(classes_of(path, date(2027, 6, 15)))
    turn(scene, SUMMER)
    assert names(classes_of(path, date(2027, 6, 15))) == before, "days gone by keep their classes"
    assert names(classes_of(path, WEDNESDAY)) == {
        "七（1）班2027", "八（1）班2027", "九（3）班2027", "九（4）班2027"
    }  # fmt: skip
    assert all(place.school_year == YEAR for place in unreported(WEDNESDAY, path))


def test_opened_late_the_board_of_the_days_before_keeps_the_old_classes(scene: Scene) -> None:
    for day in (WEDNESDAY, THURSDAY, FRIDAY):
        morning(scene, scene.cast.klass, day)
    turn(scene, at(SATURDAY, 9))
    assert "九（3）班2027" not in names(classes_of([scene.school.path], FRIDAY))
    assert "八（3）班2026" in names(classes_of([scene.school.path], FRIDAY))
    assert "九（3）班2027" in names(classes_of([scene.school.path], MONDAY))


def test_teachers_meet_their_new_class(scene: Scene, sign_in: SignIn) -> None:
    turn(scene, SUMMER)
    client = sign_in("class_teacher", at(WEDNESDAY, 8))
    new = scene.klass("九（3）班")
    assert client.get("/rollcall/").url == f"/rollcall/class/{new.pk}/"  # type: ignore[attr-defined]  # a redirect
    page = client.get(f"/rollcall/class/{new.pk}/").content.decode()
    assert AWAY in page
    people_page = sign_in("student_affairs", at(WEDNESDAY, 8)).get("/people/").content.decode()
    assert "九（3）班" in people_page
    assert "八（3）班" not in people_page


def test_returns_name_the_class_of_their_month(scene: Scene) -> None:
    """June is told by the old classes, September by the new; nobody falls out of either."""
    turn(scene, SUMMER)
    person = scene.cast.holdings["student_affairs"].person_id
    by = scene.cast.actor("student_affairs", SUMMER).by("return.prepare")
    shown = {}
    for period, moment in (("2027-06", SUMMER), ("2027-09", at(date(2027, 9, 30), 17))):
        report = compile_return(by=by, now=moment, school=scene.school, period=period, person_id=person)
        shown[period] = {row["name"]: row["counts"].get("roll", 0) for row in report.classes}
    assert shown["2027-06"] == {"七（1）班": 2, "八（3）班": 8, "九（1）班": 3}
    assert shown["2027-09"] == {"八（1）班": 2, "九（3）班": 8, "九（1）班": 2}


def test_the_case_of_a_dropout_in_the_last_grade_stays_open_and_listed(scene: Scene, sign_in: SignIn) -> None:
    child = scene.child("潘辍学")
    by = replace(SYSTEM, org=scene.school.pk)
    case = open_case(by=by, now=SUMMER, student=child, ground="九月起没有来", day=date(2026, 9, 14))
    turn(scene, SUMMER)
    case.refresh_from_db()
    assert case.stage == Stage.OPEN
    client = sign_in("student_affairs", at(WEDNESDAY, 8))
    assert "潘辍学" in client.get("/cases/").content.decode()
    assert "辍学在册" in client.get("/people/?q=潘辍学").content.decode()
    report = compile_return(
        by=scene.cast.actor("student_affairs", SUMMER).by("return.prepare"),
        now=at(date(2027, 9, 30), 17),
        school=scene.school,
        period="2027-09",
        person_id=scene.cast.holdings["student_affairs"].person_id,
    )
    assert sum(row["counts"]["roll"] for row in report.classes) == 12, "ten promoted and two who stay"


def test_taken_back_after_a_duty_fell_to_a_new_class(scene: Scene) -> None:
    """A missing roll call was demanded of a new class already: the class cannot vanish, so it is closed from its
    first day; the same names can be opened again, and what was demanded of it is withdrawn."""
    bind(scene.cast)
    turn(scene, at(WEDNESDAY, 7))
    new = scene.klass("九（3）班")
    settle({Touched("place", new.pk)}, at(WEDNESDAY, 10))
    assert Duty.objects.filter(place=new, demanded=True).exists()
    with settled(at(WEDNESDAY, 11)):
        draft = scene.undo(YearOpening.objects.get(state=YearState.OPENED), now=at(WEDNESDAY, 11))
    new.refresh_from_db()
    assert new.closed_on == WEDNESDAY
    assert not Duty.objects.filter(place=new, demanded=True).exists()
    assert scene.child(AWAY).klass == scene.cast.klass
    scene.open(draft, now=at(WEDNESDAY, 12))
    assert scene.child(AWAY).klass == Place.objects.get(name="九（3）班", school_year=YEAR, closed_on=None)
    assert verify().problems == []
