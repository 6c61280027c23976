"""What time brings, once each, also after a week of silence."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from guixiao.duties.models import Coming, Duty, DutyRung, State
from guixiao.duties.shares import Summary
from guixiao.duties.tick import tick
from guixiao.facts import happenings
from guixiao.facts.clock import at
from guixiao.facts.codes import Mark, Session
from guixiao.journal.append import Stated, append
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.notify.models import Kind, Notice
from guixiao.testing.cast import CHILDREN, Cast

from .life import MONDAY, bind, roll, the

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 9, 29)


def unsettled(cast: Cast, name: str, day: date, now: datetime) -> None:
    """A roll call nobody settled: the server stopped right after the commit."""
    room = cast.klass
    room.refresh_from_db()
    child = cast.children[name].pk
    facts = [
        happenings.RollCallTaken(
            class_id=room.pk,
            day=day,
            session=Session.MORNING,
            roster_version=room.roster_version,
            present=7,
            absent=1,
        ),
        happenings.AbsenceMarked(
            student=child, class_id=room.pk, day=day, session=Session.MORNING, mark=Mark.NONE
        ),
    ]
    by = cast.actor("class_teacher", now).by("rollcall.take")
    with transaction.atomic():
        append([Stated(fact) for fact in facts], by=by, now=now)


def run(now: datetime, folder: Path) -> Summary:
    return tick(now, anchor_file=folder / "anchors.jsonl")


def test_what_no_request_settled_is_settled(cast: Cast, tmp_path: Path) -> None:
    bind(cast)
    unsettled(cast, "李小满", MONDAY, at(MONDAY, 8, 16))
    assert not Duty.objects.exists()
    run(at(MONDAY, 8, 17), tmp_path)
    assert the(cast.child, "first_day_visit").state == State.OPEN
    assert run(at(MONDAY, 8, 18), tmp_path).done.nothing


def test_a_missing_roll_call_is_a_duty_of_its_own(cast: Cast, tmp_path: Path) -> None:
    bind(cast)
    run(at(MONDAY, 6), tmp_path)
    duty = Duty.objects.get(rule="daily_roll_call", place=cast.klass)
    assert (duty.state, duty.post, duty.day) == (State.OPEN, "class_teacher", MONDAY)
    roll(cast, MONDAY)
    duty.refresh_from_db()
    assert duty.state == State.MET
    other = Duty.objects.get(rule="daily_roll_call", place=cast.places["八（4）班"])
    run(at(TUESDAY, 6), tmp_path)
    other.refresh_from_db()
    assert other.state == State.MISSED


def test_a_round_still_at_yesterday_takes_nothing_away(cast: Cast, tmp_path: Path) -> None:
    bind(cast)
    run(at(MONDAY, 6), tmp_path)
    run(at(TUESDAY, 0), tmp_path)
    assert run(at(MONDAY, 23, 59), tmp_path).done.nothing
    today = Duty.objects.filter(rule="daily_roll_call", day=TUESDAY)
    assert today.exists()
    assert not today.exclude(state=State.OPEN).exists()


def test_no_roll_call_is_asked_for_on_a_holiday(cast: Cast, tmp_path: Path) -> None:
    bind(cast)
    run(at(date(2026, 9, 25), 8), tmp_path)
    run(at(date(2026, 9, 26), 8), tmp_path)
    assert not Duty.objects.filter(rule="daily_roll_call").exists()


def test_month_end_is_seen_coming_then_asked_for(cast: Cast, tmp_path: Path) -> None:
    bind(cast)
    run(at(date(2026, 9, 14), 8), tmp_path)
    assert Coming.objects.filter(rule="monthly_sign", holder=cast.holdings["principal"].person).exists()
    assert not Duty.objects.filter(rule="monthly_sign").exists()
    run(at(date(2026, 9, 30), 8), tmp_path)
    assert Duty.objects.get(rule="monthly_sign").state == State.OPEN


def test_a_week_of_silence_is_caught_up_with_once(cast: Cast, tmp_path: Path) -> None:
    bind(cast)
    run(at(date(2026, 9, 14), 6), tmp_path)
    for name in CHILDREN[:4]:
        roll(cast, date(2026, 9, 14), [name])
    later = at(date(2026, 9, 21), 9)
    run(later, tmp_path)
    days = set(Duty.objects.filter(rule="daily_roll_call", place=cast.klass).values_list("day", flat=True))
    assert {date(2026, 9, day) for day in (14, 15, 16, 17, 18)} <= days
    before = (Duty.objects.count(), DutyRung.objects.count(), Notice.objects.count(), Entry.objects.count())
    assert run(later + timedelta(minutes=1), tmp_path).done.nothing
    assert (
        Duty.objects.count(),
        DutyRung.objects.count(),
        Notice.objects.count(),
        Entry.objects.count(),
    ) == before
    assert Duty.objects.filter(rule="daily_roll_call").values("place", "day").distinct().count() == (
        Duty.objects.filter(rule="daily_roll_call").count()
    )
    assert not verify().problems


def test_after_silence_everybody_gets_one_digest(cast: Cast, tmp_path: Path) -> None:
    bind(cast)
    run(at(date(2026, 9, 14), 6), tmp_path)
    roll(cast, date(2026, 9, 14), CHILDREN[:3])
    later = at(date(2026, 9, 21), 9)
    run(later, tmp_path)
    for person in Notice.objects.filter(at=later).values_list("person", flat=True).distinct():
        shown = Notice.objects.filter(at=later, person=person, folded=None)
        assert shown.count() <= 3 or shown.get().kind == Kind.DIGEST
    teacher = cast.holdings["class_teacher"].person
    (digest,) = Notice.objects.filter(at=later, person=teacher, folded=None)
    assert digest.kind == Kind.DIGEST
    assert digest.inside.count() == digest.params["all"]


def test_reminders_before_at_and_after(cast: Cast, tmp_path: Path) -> None:
    bind(cast)
    run(at(MONDAY, 6), tmp_path)
    roll(cast, MONDAY, ["李小满"])
    teacher = cast.holdings["class_teacher"].person
    told = Notice.objects.filter(person=teacher, student=cast.child.pk)
    for moment in (at(MONDAY, 15, 59), at(MONDAY, 16), at(MONDAY, 16, 5)):
        run(moment, tmp_path)
    assert told.filter(kind=Kind.BEFORE).count() == 1
    run(at(TUESDAY, 0, 1), tmp_path)
    assert told.filter(kind=Kind.DUE).count() == 1
    run(at(TUESDAY, 7), tmp_path)
    assert not told.filter(kind=Kind.AFTER).exists()
    for moment in (at(TUESDAY, 8), at(TUESDAY, 9), at(TUESDAY, 18)):
        run(moment, tmp_path)
    assert told.filter(kind=Kind.AFTER).count() == 1


def test_anchors_are_written_once_a_day(cast: Cast, tmp_path: Path) -> None:
    run(at(MONDAY, 6), tmp_path)
    lines = (tmp_path / "anchors.jsonl").read_text().count("\n")
    run(at(MONDAY, 7), tmp_path)
    assert (tmp_path / "anchors.jsonl").read_text().count("\n") == lines > 0


def test_a_calendar_change_withdraws_what_it_makes_needless(cast: Cast, tmp_path: Path) -> None:
    """The school closes for a storm: the day's roll call is asked of nobody."""
    from guixiao.places import actions as places

    bind(cast)
    run(at(MONDAY, 6), tmp_path)
    by = cast.actor("principal").by("calendar.edit")
    places.set_days(
        by=by,
        now=at(MONDAY, 6, 30),
        place=cast.school,
        first=MONDAY,
        last=MONDAY,
        is_school=False,
        reason="台风停课",
    )
    run(at(MONDAY, 6, 31), tmp_path)
    assert set(Duty.objects.filter(rule="daily_roll_call").values_list("state", flat=True)) == {
        State.WITHDRAWN
    }


def test_the_command_prints_a_summary(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    bind(cast)
    call_command("tick")
    assert "subjects" in capsys.readouterr().out
