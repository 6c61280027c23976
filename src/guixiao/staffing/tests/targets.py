"""What the routes of this app are about, for the generated access tests: route → kwargs, inside or outside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from guixiao.facts import SYSTEM
from guixiao.facts.clock import day_of
from guixiao.people.models import Student
from guixiao.places.actions import add_person, add_place, hold_post, name_deputy
from guixiao.places.models import Holding, Kind
from guixiao.staffing import actions
from guixiao.staffing.sheets.reading import Sheet
from guixiao.testing.cast import Cast

Target = Callable[[Cast, bool], dict[str, object]]


def child(cast: Cast, inside: bool) -> Student:
    return cast.child if inside else cast.children["石远"]


def of_child(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": child(cast, inside).pk}


def of_class(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": (cast.klass if inside else cast.places["一（1）班"]).pk}


def of_transfer(cast: Cast, inside: bool) -> dict[str, object]:
    """A change of class waiting for next week."""
    student = Student.objects.get(pk=child(cast, inside).pk)
    if inside:
        other = cast.places["八（4）班"]
    else:
        other = add_place(
            by=SYSTEM,
            now=cast.now,
            parent=cast.places["一年级"],
            kind=Kind.CLASS,
            name="一（2）班",
            grade=1,
            school_year=2026,
        )
    day = day_of(cast.now) + timedelta(days=7)
    made = actions.transfer(by=SYSTEM, now=cast.now, student=student, klass=other, day=day, reason="均衡班额")
    return {"pk": made.pk}


TARGETS: dict[str, Target] = {
    "staffing:transfer": of_child,
    "staffing:transfer_cancel": of_transfer,
    "staffing:transfer_undo": of_transfer,
    "staffing:even_out": of_class,
}


def holding(cast: Cast, inside: bool) -> Holding:
    return cast.holdings["class_teacher" if inside else "outsider"]


def of_person(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": holding(cast, inside).person_id}


def of_holding(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": holding(cast, inside).pk}


def of_deputy(cast: Cast, inside: bool) -> dict[str, object]:
    someone = add_person(by=SYSTEM, now=cast.now, name="代理人")
    seat = Holding.objects.get(pk=holding(cast, inside).pk)
    row = name_deputy(by=SYSTEM, now=cast.now, holding=seat, person=someone, first=day_of(cast.now))
    return {"pk": row.pk}


def of_handover(cast: Cast, inside: bool) -> dict[str, object]:
    """The class teacher hands over to somebody new, from tomorrow."""
    someone = add_person(by=SYSTEM, now=cast.now, name="接任人")
    seat = Holding.objects.select_related("person", "place").get(pk=holding(cast, inside).pk)
    day = day_of(cast.now) + timedelta(days=1)
    row = actions.hand_over(by=SYSTEM, now=cast.now, holding=seat, day=day, to=someone)
    return {"pk": row.pk}


def of_received(cast: Cast, inside: bool) -> dict[str, object]:
    """The class teacher of the side took a tutor's post over."""
    me = holding(cast, inside).person
    school = cast.school if inside else cast.places["双河小学"]
    someone = add_person(by=SYSTEM, now=cast.now, name="前任")
    today = day_of(cast.now)
    seat = hold_post(
        by=SYSTEM, now=cast.now, person=someone, place=school, post="tutor", first=today - timedelta(days=9)
    )
    row = actions.hand_over(by=SYSTEM, now=cast.now, holding=seat, day=today, to=me)
    return {"pk": row.pk}


TARGETS |= {
    "staffing:person": of_person,
    "staffing:hand_over": of_holding,
    "staffing:handover": of_handover,
    "staffing:handover_undo": of_handover,
    "staffing:mine_deputy": of_holding,
    "staffing:mine_deputy_end": of_deputy,
    "staffing:received": of_received,
    "staffing:take_over": of_received,
}


def of_sheet(cast: Cast, inside: bool) -> dict[str, object]:
    """A staff sheet waiting to be written."""
    school = cast.school if inside else cast.places["双河小学"]
    batch = actions.open_staff_batch(
        by=SYSTEM, now=cast.now, place=school, file_name="教职工.xlsx", first=day_of(cast.now)
    )
    cells = (3, ["新来的", "N900", "德育处"])
    sheet = Sheet("表", ["姓名", "工号", "岗位"], {"name": 0, "number": 1, "post": 2}, [cells])
    actions.stage_staff(by=SYSTEM, now=cast.now, batch=batch, sheet=sheet)
    return {"pk": batch.pk}


def of_place(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": cast.places["石板河初级中学" if inside else "双河小学"].pk}


TARGETS |= {"staffing:add_place": of_place, "staffing:take_back_place": of_place}
SHEETS = ("", "_progress", "_columns", "_clash", "_apply", "_undo", "_discard", "_bad", "_passwords")
TARGETS |= {f"staffing:sheet{name}": of_sheet for name in SHEETS}
