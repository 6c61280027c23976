"""Taking the roll: once, whoever sends it, and nothing half-written."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from guixiao.facts import SYSTEM
from guixiao.facts.clock import at
from guixiao.facts.codes import EnrolmentChange, LeaveKind, Mark, Session
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.people import actions as people
from guixiao.people.models import Status
from guixiao.places import actions as places
from guixiao.rollcall import actions
from guixiao.rollcall.models import Leave, RollCall, RollMark
from guixiao.rollcall.queries.rolls import figures, marked, unlisted
from guixiao.testing.cast import Cast

from .tools import EIGHT, MONDAY, by, take, told, version


def refused(error: pytest.ExceptionInfo[ValidationError]) -> dict[str, list[str]]:
    return dict(error.value.message_dict)


def test_everybody_there_is_one_row_and_one_entry(cast: Cast) -> None:
    taken = take(cast)
    assert (taken.listed, taken.apart, taken.received_late) == (8, [], False)
    assert taken.taken_by == cast.holdings["class_teacher"].person
    assert not RollMark.objects.exists()
    [fact] = told("roll_call_taken")
    assert (fact["present"], fact["absent"], fact["roster_version"]) == (8, 0, 8)
    assert verify().problems == []


def test_each_mark_states_its_fact_in_one_transaction(cast: Cast) -> None:
    before = Entry.objects.count()
    taken = take(
        cast,
        {"李小满": Mark.NONE, "何美琪": Mark.SICK, "罗天佑": Mark.LATE, "韦思敏": Mark.PRESENT},
        leaves={cast.children["何美琪"].pk: (MONDAY, MONDAY + timedelta(days=2))},
    )
    kinds = list(Entry.objects.order_by("pk").values_list("kind", flat=True))[before + 1 :]  # account made
    assert sorted(kinds) == [
        "absence_marked",
        "absence_marked",
        "late_arrival",
        "leave_granted",
        "roll_call_taken",
    ]
    assert Entry.objects.filter(client_id=taken.client_id).get().kind == "roll_call_taken"
    told_roll = told("roll_call_taken")[0]
    assert (told_roll["present"], told_roll["absent"]) == (6, 2)
    leave = Leave.objects.get()
    assert (leave.kind, leave.first, leave.last, leave.backdated_by) == (
        "sick",
        MONDAY,
        date(2026, 9, 30),
        "",
    )
    assert leave.roll_call == taken
    seen = figures(taken, marked(taken))
    assert (seen.present, seen.away, seen.marks["late"]) == (6, 2, 1)
    assert verify().problems == []


def test_a_replay_returns_the_first_whatever_it_says(cast: Cast) -> None:
    same = uuid4()
    first = take(cast, {"李小满": Mark.NONE}, client_id=same)
    entries = Entry.objects.count()
    again = take(cast, {"罗天佑": Mark.NONE}, client_id=same, now=EIGHT + timedelta(hours=1))
    assert (again.pk, again.receipt) == (first.pk, first.receipt)
    assert RollMark.objects.get().student == cast.child
    assert Entry.objects.count() == entries


def test_an_id_used_for_another_class_tells_nothing(cast: Cast) -> None:
    first = take(cast)
    with pytest.raises(ValidationError) as error:
        actions.take(
            by=by(cast),
            now=EIGHT,
            klass=cast.places["一（1）班"],
            day=MONDAY,
            session=Session.MORNING,
            roster_version=1,
            marks={},
            client_id=first.client_id,
            device_time=EIGHT,
        )
    assert set(refused(error)) == {"client_id"}


def test_an_id_of_another_kind_of_entry_is_refused(cast: Cast) -> None:
    leave = actions.grant_leave(
        by=by(cast, action="leave.grant"),
        now=EIGHT,
        student=cast.child,
        kind=LeaveKind.SICK,
        first=MONDAY,
        last=MONDAY,
        client_id=uuid4(),
    )
    with pytest.raises(ValidationError) as error:
        take(cast, client_id=leave.client_id)
    assert set(refused(error)) == {"client_id"}
    assert not RollCall.objects.exists()


def test_somebody_else_was_first(cast: Cast) -> None:
    first = take(cast)
    with pytest.raises(actions.AlreadyTaken) as error:
        take(cast, {"李小满": Mark.NONE}, post="dean", now=EIGHT + timedelta(minutes=3))
    assert error.value.roll_call == first
    assert "班主任某（班主任） 08:12 已经报过" in str(error.value)
    assert not RollMark.objects.exists()
    take(cast, session=Session.AFTERNOON, now=at(MONDAY, 14))


def test_a_roster_that_has_grown_leaves_the_new_child_unknown(cast: Cast) -> None:
    old = version(cast.klass)
    people.move(
        by=SYSTEM,
        now=EIGHT,
        student=cast.children["石远"],
        klass=cast.klass,
        school=cast.school,
        day=MONDAY,
        change=EnrolmentChange.TRANSFERRED_IN,
    )
    taken = take(cast, {"李小满": Mark.NONE}, roster_version=old)
    assert taken.listed == 8
    assert [child.name for child in unlisted(taken)] == ["石远"]


def test_marks_for_children_off_the_roster_are_refused_by_name(cast: Cast) -> None:
    old = version(cast.klass)
    new = cast.children["石远"]
    with pytest.raises(ValidationError) as error:
        take(cast, {"石远": Mark.NONE})
    assert refused(error) == {
        f"mark-{new.pk}": [f"编号 {new.pk} 的学生不在这份名单上，不能在这里点名。请重新打开点名页。"]
    }
    people.move(
        by=SYSTEM,
        now=EIGHT,
        student=new,
        klass=cast.klass,
        school=cast.school,
        day=MONDAY,
        change=EnrolmentChange.TRANSFERRED_IN,
    )
    with pytest.raises(ValidationError) as error:
        take(cast, {"石远": Mark.NONE}, roster_version=old)
    assert refused(error)[f"mark-{new.pk}"][0].startswith("石远不在这份名单上")
    assert not RollCall.objects.exists()


@pytest.mark.parametrize("wrong", [0, 9, 10_000])
def test_a_roster_version_nobody_saw(cast: Cast, wrong: int) -> None:
    with pytest.raises(ValidationError) as error:
        take(cast, roster_version=wrong)
    assert set(refused(error)) == {"roster_version"}


def test_a_dropout_stays_apart_and_is_never_marked(cast: Cast) -> None:
    gone = cast.children["覃晓峰"]
    people.set_status(
        by=SYSTEM,
        now=EIGHT,
        student=gone,
        status=Status.DROPPED_OUT,
        change=EnrolmentChange.DROPPED_OUT,
        day=MONDAY,
    )
    taken = take(cast, {"覃晓峰": Mark.NONE, "李小满": Mark.NONE})
    assert (taken.listed, taken.apart) == (7, [gone.pk])
    assert [fact["student"] for fact in told("absence_marked")] == [cast.child.pk]


# --- days ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (date(2026, 9, 29), "2026年9月29日 星期二还没到"),
        (date(2026, 9, 27), "放假（中秋节）"),
        (date(2026, 9, 20), "调休上班的日子，但校历没有定为上课日"),
        (date(2026, 9, 13), "周末"),
        (date(2026, 8, 31), "不在学期里"),
    ],
)
def test_days_without_school(cast: Cast, day: date, says: str) -> None:
    with pytest.raises(ValidationError) as error:
        take(cast, day=day, now=EIGHT, post="dean")
    assert says in refused(error)["day"][0]
    assert not RollCall.objects.exists()


def test_a_decision_of_the_school_closes_and_opens_days(cast: Cast) -> None:
    principal = by(cast, "principal", "calendar.edit")
    places.set_days(
        by=principal,
        now=EIGHT,
        place=cast.school,
        first=MONDAY,
        last=MONDAY,
        is_school=False,
        reason="台风停课",
    )
    with pytest.raises(ValidationError) as error:
        take(cast)
    assert "停课（台风停课）" in refused(error)["day"][0]
    sunday, friday = date(2026, 9, 20), at(date(2026, 9, 18), 9)
    places.set_days(
        by=principal,
        now=friday,
        place=cast.school,
        first=sunday,
        last=sunday,
        is_school=True,
        reason="调休上课",
    )
    assert take(cast, day=sunday, now=at(sunday, 8)).day == sunday


def test_a_year_not_announced_is_taken_and_said_aloud(cast: Cast) -> None:
    day = date(2027, 1, 5)
    assert take(cast, day=day).listed == 8
    with pytest.raises(ValidationError) as error:
        take(cast, day=date(2027, 3, 1))
    assert "不在学期里" in refused(error)["day"][0]


def test_late_sync_within_a_week_and_the_dean_after_it(cast: Cast) -> None:
    friday, earlier = date(2026, 9, 18), date(2026, 9, 23)
    late = take(cast, day=earlier, now=EIGHT, device_time=at(earlier, 8, 5), sent_at=EIGHT)
    assert not late.received_late
    assert told("roll_call_taken")[0]["device_at"] == at(earlier, 8, 5).isoformat()
    with pytest.raises(ValidationError) as error:
        take(cast, day=friday, now=EIGHT)
    assert "过去超过 7 天" in refused(error)["day"][0]
    assert take(cast, day=friday, now=EIGHT, post="dean").day == friday


# --- clocks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("device", "sent", "counts"),
    [
        (timedelta(seconds=-2), None, True),
        (timedelta(minutes=4, seconds=59), None, True),
        (timedelta(minutes=5), None, False),
        (timedelta(minutes=-5), None, False),
        (timedelta(hours=-3), None, False),  # an old sheet without the clock it was sent by
        (timedelta(hours=-3), timedelta(seconds=4), True),  # kept while offline; the clock is right
        (timedelta(hours=-3), timedelta(minutes=-6), False),  # the clock itself is wrong
        (timedelta(minutes=2), timedelta(0), False),  # marked after it was sent
        (timedelta(days=400), timedelta(days=400), False),
    ],
)
def test_the_devices_clock(cast: Cast, device: timedelta, sent: timedelta | None, counts: bool) -> None:
    taken = take(cast, device_time=EIGHT + device, sent_at=None if sent is None else EIGHT + sent)
    [fact] = told("roll_call_taken")
    assert taken.received_late is not counts
    assert ("device_at" in fact) is counts
    if counts:
        assert fact["device_at"] == min(EIGHT, EIGHT + device).isoformat()
    entry = Entry.objects.get(client_id=taken.client_id)
    assert entry.recorded_at == EIGHT
    assert verify().problems == []


def test_submissions_out_of_order_each_find_their_place(cast: Cast) -> None:
    take(cast, session=Session.AFTERNOON, now=at(MONDAY, 15))
    take(
        cast,
        {"李小满": Mark.NONE},
        now=at(MONDAY, 15, 1),
        device_time=at(MONDAY, 8),
        sent_at=at(MONDAY, 15, 1),
    )
    take(cast, day=date(2026, 9, 24), now=at(MONDAY, 15, 2))
    assert RollCall.objects.count() == 3
    assert verify().problems == []


# --- leave in the roll -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (MONDAY, MONDAY - timedelta(days=1), "last"),
        (MONDAY - timedelta(days=1), MONDAY, "first"),
        (MONDAY + timedelta(days=1), MONDAY + timedelta(days=2), "first"),
        (MONDAY, MONDAY + timedelta(days=200), "last"),
    ],
)
def test_leave_that_cannot_be(cast: Cast, first: date, last: date, field: str) -> None:
    with pytest.raises(ValidationError) as error:
        take(cast, {"李小满": Mark.SICK}, leaves={cast.child.pk: (first, last)})
    assert set(refused(error)) == {f"{field}-{cast.child.pk}"}
    assert not RollCall.objects.exists()
    assert not Leave.objects.exists()


def test_leave_already_granted_is_not_granted_twice(cast: Cast) -> None:
    until = MONDAY + timedelta(days=2)
    take(cast, {"李小满": Mark.SICK}, leaves={cast.child.pk: (MONDAY, until)})
    take(cast, {"李小满": Mark.SICK}, day=MONDAY + timedelta(days=1))
    assert Leave.objects.count() == 1
    longer = (until, until + timedelta(days=1))
    take(cast, {"李小满": Mark.SICK}, day=until, leaves={cast.child.pk: longer})
    assert [leave.last for leave in Leave.objects.order_by("pk")] == [until, longer[1]]
    assert verify().problems == []
