"""Applying and undoing: in pieces or at once, cut off and carried on, taken back whole, refused with names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guixiao.facts import SYSTEM, happenings
from guixiao.facts.codes import EnrolmentChange, Means, Outcome, Session
from guixiao.journal.append import Stated, append
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.people import actions as people
from guixiao.people.imports import actions
from guixiao.people.imports.actions import applying
from guixiao.people.imports.actions.making import Making
from guixiao.people.models import (
    Assignment,
    Enrolment,
    Guardian,
    ImportBatch,
    ImportRow,
    KeyGroup,
    RegisterSheet,
    RowState,
    Status,
    Student,
)
from guixiao.places.models import Place
from guixiao.testing.cast import Cast

from .registers import applied, book, by_registrar, child, number, staged, undone

MODELS: Sequence[Any] = (Student, Guardian, RegisterSheet, Enrolment, KeyGroup, Assignment)
WITHIN_ONE_DATABASE = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
# sequence number, whether it has an ID number, class number, whether a known child of the cast
rows = st.lists(
    st.tuples(st.integers(100, 160), st.booleans(), st.sampled_from(["3班", "4班", "5班"]), st.booleans()),
    min_size=1,
    max_size=12,
    unique_by=lambda row: row[0],
)


def state() -> dict[str, list[dict[str, Any]]]:
    """Every row of the register as it stands; the counters of rosters apart."""
    found = {model.__name__: list(model.objects.order_by("pk").values()) for model in MODELS}
    places = Place.objects.order_by("pk").values()
    found["Place"] = [{k: v for k, v in place.items() if k != "roster_version"} for place in places]
    return found


def people_of(cast: Cast) -> list[Any]:
    """The children with all they have, without ids, salts and counters."""
    found = []
    for student in Student.objects.order_by("name", "birth", "seat"):
        guardians = student.guardians.order_by("order").values_list("order", "name", "relation", "phone")
        enrolments = student.enrolments.order_by("first", "pk").values_list(
            "klass__name", "first", "last", "entry"
        )
        plain = [
            student.name,
            student.birth,
            student.id_number,
            student.klass and student.klass.name,
            student.seat,
        ]
        found.append([*plain, student.sheet.columns, list(guardians), list(enrolments)])
    return found


def sheet_of(cast: Cast, wanted: list[tuple[int, bool, str, bool]]) -> bytes:
    made = []
    known = list(cast.children.values())[:8]
    for at, (sequence, has_id, klass, is_known) in enumerate(wanted):
        row = child(sequence, klass=klass)
        if not has_id:
            row |= {"id_number": "", "student_number": "", "g1.id_number": number(sequence, date(1980, 2, 3))}
        if is_known and at < len(known):
            student = known[at]
            row |= {
                "name": student.name,
                "birth": student.birth.isoformat(),
                "g1.name": f"{student.name[0]}国栋",
            }
            if has_id:
                row["id_number"] = number(sequence, student.birth)
        made.append(row)
    return book(made)


@WITHIN_ONE_DATABASE
@given(wanted=rows, pieces=st.integers(1, 7))
def test_an_import_and_its_undo_leave_everything_as_it_was(
    cast: Cast, wanted: list[tuple[int, bool, str, bool]], pieces: int
) -> None:
    before = state()
    batch = applied(cast, sheet_of(cast, wanted), at_most=pieces)
    assert batch.state == "applied"
    assert batch.new + batch.changed == len(wanted)
    assert state() != before
    batch = undone(cast, batch, at_most=pieces)
    assert batch.state == "undone"
    assert state() == before


@WITHIN_ONE_DATABASE
@given(wanted=rows, pieces=st.integers(1, 5))
def test_in_pieces_is_at_once(cast: Cast, wanted: list[tuple[int, bool, str, bool]], pieces: int) -> None:
    data = sheet_of(cast, wanted)
    batch = applied(cast, data, at_most=pieces)
    in_pieces = people_of(cast)
    undone(cast, batch)
    batch = applied(cast, data)
    assert people_of(cast) == in_pieces
    undone(cast, batch)


def test_the_journal_vouches_for_an_import_and_for_its_undo(cast: Cast) -> None:
    known = cast.child
    given = [child(n) for n in range(30)]
    given.append(child(40, name=known.name, birth=known.birth.isoformat(), g1_name="李国栋", klass="6班",
                       id_number=number(40, known.birth)))  # fmt: skip
    batch = applied(cast, book(given), at_most=10)
    assert (batch.new, batch.changed) == (30, 1)
    assert verify().problems == []
    told = [entry.payload for entry in Entry.objects.filter(kind="import_batch_applied").order_by("pk")]
    assert [(one["made"], one["changed"]) for one in told] == [(10, 0), (10, 0), (10, 0), (0, 1)]
    assert Entry.objects.filter(kind="student_recorded", post="registrar").count() == 30
    undone(cast, batch)
    assert verify().problems == []
    assert Entry.objects.get(kind="import_undone").payload["rows"] == 31


def test_one_roster_version_for_each_class_and_batch(cast: Cast) -> None:
    cast.klass.refresh_from_db()
    before = cast.klass.roster_version
    applied(cast, book([child(n) for n in range(20)]), at_most=10)
    cast.klass.refresh_from_db()
    assert cast.klass.roster_version == before + 2


def test_applying_twice_writes_once(cast: Cast) -> None:
    batch = applied(cast, book([child(1), child(2)]))
    count = Student.objects.count()
    by = by_registrar(cast)
    with pytest.raises(ValidationError, match="别人"):
        actions.begin_applying(by=by, now=cast.now, batch_id=batch.pk)
    assert not actions.apply_next(by=by, now=cast.now, batch_id=batch.pk)
    assert Student.objects.count() == count


def test_a_killed_import_carries_on(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    data = book([child(n) for n in range(25)])
    batch = staged(cast, data)
    by = by_registrar(cast)
    actions.begin_applying(by=by, now=cast.now, batch_id=batch.pk)
    actions.apply_next(by=by, now=cast.now, batch_id=batch.pk, at_most=10)

    def killed(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(applying, "append", killed)
        with pytest.raises(KeyboardInterrupt):
            actions.apply_next(by=by, now=cast.now, batch_id=batch.pk, at_most=10)
    assert Student.objects.filter(id_index__gt="").count() == 10
    while actions.apply_next(by=by, now=cast.now, batch_id=batch.pk, at_most=10):
        pass
    assert Student.objects.filter(id_index__gt="").count() == 25
    assert ImportRow.objects.filter(batch=batch, state=RowState.APPLIED).count() == 25
    assert verify().problems == []


def test_two_at_once_write_each_row_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one read the same cursor; it moves under the first only."""
    batch = staged(cast, book([child(n) for n in range(6)]))
    by = by_registrar(cast)
    actions.begin_applying(by=by, now=cast.now, batch_id=batch.pk)
    making = Making
    inner: list[bool] = []

    def raced(*args: Any) -> Any:
        made = making(*args)
        if not inner:
            inner.append(True)
            actions.apply_next(by=by, now=cast.now, batch_id=batch.pk)
        return made

    monkeypatch.setattr(applying, "Making", raced)
    while actions.apply_next(by=by, now=cast.now, batch_id=batch.pk):
        pass
    assert inner
    assert Student.objects.filter(id_index__gt="").count() == 6
    assert Entry.objects.filter(kind="import_batch_applied").count() == 1
    assert verify().problems == []


def test_what_changed_since_the_check_is_left_out(cast: Cast) -> None:
    known = cast.child
    people.change_student(by=SYSTEM, now=cast.now, student=known, values={"id_number": number(1)})
    batch = staged(cast, book([child(1, name=known.name), child(2), child(3)]))
    people.change_student(by=SYSTEM, now=cast.now, student=known, values={"seat": "77"})
    other = cast.children["罗天佑"]
    people.change_student(by=SYSTEM, now=cast.now, student=other, values={"id_number": number(2)})
    by = by_registrar(cast)
    actions.begin_applying(by=by, now=cast.now, batch_id=batch.pk)
    while actions.apply_next(by=by, now=cast.now, batch_id=batch.pk):
        pass
    states = dict(ImportRow.objects.filter(batch=batch).values_list("number", "state"))
    assert states == {2: RowState.SKIPPED, 3: RowState.SKIPPED, 4: RowState.APPLIED}
    known.refresh_from_db()
    assert known.seat == "77"
    assert verify().problems == []


@pytest.mark.parametrize("what", ["roll call", "visit", "transfer", "group", "edit"])
def test_an_undo_is_refused_naming_the_child_and_the_fact(cast: Cast, what: str) -> None:
    batch = applied(cast, book([child(1, name="安小河")]))
    student = Student.objects.get(name="安小河")
    cast.klass.refresh_from_db()
    version = cast.klass.roster_version
    call = happenings.RollCallTaken(
        class_id=cast.klass.pk, day=date(2026, 9, 28), session=Session.MORNING, roster_version=version,
        present=9, absent=0,
    )  # fmt: skip
    visit = happenings.HomeVisitMade(
        student=student.pk, visit=1, day=date(2026, 9, 28), means=Means.VISIT, outcome=Outcome.SICK,
        posts=("class_teacher",),
    )  # fmt: skip
    if what in ("roll call", "visit"):
        append([Stated(call if what == "roll call" else visit)], by=SYSTEM, now=cast.now)
    elif what == "transfer":
        change = EnrolmentChange.TRANSFERRED_OUT
        people.leave_roll(
            by=SYSTEM, now=cast.now, student=student, day=date(2026, 9, 28), change=change, note="回执"
        )
    elif what == "group":
        people.set_group(by=SYSTEM, now=cast.now, student=student, group="orphan", first=date(2026, 9, 1))
    else:
        people.change_student(by=SYSTEM, now=cast.now, student=student, values={"seat": "9"})
    word = {
        "roll call": "点名",
        "visit": "家访",
        "transfer": "学籍变动",
        "group": "重点人群",
        "edit": "更改学生信息",
    }
    with pytest.raises(ValidationError) as refused:
        undone(cast, batch)
    assert "安小河" in refused.value.messages[0]
    assert word[what] in refused.value.messages[0]
    assert Student.objects.filter(pk=student.pk).exists()


def test_a_roll_call_over_the_roster_before_does_not_hold(cast: Cast) -> None:
    cast.klass.refresh_from_db()
    version = cast.klass.roster_version
    batch = applied(cast, book([child(1)]))
    call = happenings.RollCallTaken(
        class_id=cast.klass.pk, day=date(2026, 9, 28), session=Session.MORNING, roster_version=version,
        present=8, absent=0,
    )  # fmt: skip
    append([Stated(call)], by=SYSTEM, now=cast.now)
    assert undone(cast, batch).state == "undone"


def test_a_child_that_left_comes_in_by_transfer(cast: Cast) -> None:
    far = cast.children["石远"]
    people.change_student(by=SYSTEM, now=cast.now, student=far, values={"id_number": number(1)})
    people.leave_roll(
        by=SYSTEM,
        now=cast.now,
        student=far,
        day=date(2026, 9, 20),
        change=EnrolmentChange.TRANSFERRED_OUT,
        note="回执",
    )
    before = state()
    batch = applied(cast, book([child(1, name="石远")]))
    far.refresh_from_db()
    assert (far.school, far.klass, far.status) == (cast.school, cast.klass, Status.ENROLLED)
    assert far.enrolments.get(last=None).entry == "transferred_in"
    assert verify().problems == []
    undone(cast, batch)
    assert state() == before
    assert verify().problems == []


def test_villages_are_found_by_code_and_by_address(cast: Cast) -> None:
    village = cast.places["岩脚村"]
    Place.objects.filter(pk=village.pk).update(code="999999001001")
    applied(cast, book([child(1, name="安小河", address="石板河镇岩脚村第三组")]))
    student = Student.objects.get(name="安小河")
    assert (student.village, student.registered_village) == (village, village)
    assert (student.home_path, student.registered_path) == (village.path, village.path)


def test_a_discarded_batch_keeps_no_data_of_children(cast: Cast) -> None:
    batch = staged(cast, book([child(1)]))
    actions.discard(by=by_registrar(cast), now=cast.now, batch_id=batch.pk)
    assert not ImportRow.objects.filter(batch=batch).exists()
    assert ImportBatch.objects.get(pk=batch.pk).state == "discarded"
    with pytest.raises(ValidationError):
        actions.begin_applying(by=by_registrar(cast), now=cast.now, batch_id=batch.pk)
