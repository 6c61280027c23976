"""点名进度: figures that agree with the rolls, names only for those entitled, few queries whatever the size."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guixiao.facts import SYSTEM
from guixiao.facts.clock import at
from guixiao.facts.codes import Mark, Session
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.notify.models import Notice
from guixiao.places import actions as places
from guixiao.places.models import Kind, SchoolKind
from guixiao.rollcall import actions
from guixiao.rollcall.models import RollReminder
from guixiao.rollcall.queries import (
    State,
    away_days,
    board,
    classes_of,
    day_states,
    schools_board,
    unreported,
)
from guixiao.testing.cast import START, Cast

from .conftest import SignIn
from .targets import _roll as roll_of
from .tools import EIGHT, MONDAY, by, take, told


def classes(cast: Cast, name: str) -> list[Any]:
    return list(classes_of([cast.places[name].path], MONDAY).select_related("parent").order_by("path"))


def test_a_school_class_by_class(cast: Cast) -> None:
    taken = take(cast, {"李小满": Mark.NONE, "何美琪": Mark.SICK, "罗天佑": Mark.LATE, "韦思敏": Mark.NONE})
    actions.arrived(
        by=by(cast),
        now=at(MONDAY, 9),
        roll_call=taken,
        student=cast.children["韦思敏"],
        arrived_at=at(MONDAY, 9),
    )
    found = board(classes(cast, "石板河初级中学"), MONDAY, Session.MORNING)
    assert [(tile.klass.name, tile.state, tile.grade) for tile in found.tiles] == [
        ("八（3）班", "reported", "八年级"),
        ("八（4）班", "missing", "八年级"),
    ]
    total = found.total
    assert (total.classes, total.reported, total.missing) == (2, 1, 1)
    assert (total.listed, total.present, total.none, total.sick, total.late) == (8, 6, 1, 1, 2)
    assert found.absent == []


def test_days_in_a_row_leave_out_days_without_school_and_without_roll(cast: Cast) -> None:
    for day in (date(2026, 9, 21), date(2026, 9, 22), date(2026, 9, 24), MONDAY):
        take(cast, {"李小满": Mark.NONE, "何美琪": Mark.SICK}, day=day)
    take(cast, {"何美琪": Mark.SICK}, day=date(2026, 9, 18), post="dean", now=EIGHT)
    ids = [cast.child.pk, cast.children["何美琪"].pk]
    assert list(away_days(ids, MONDAY).values()) == [4, 5]


def test_each_day_has_one_word(cast: Cast) -> None:
    thursday = date(2026, 9, 24)
    taken = take(cast, {"李小满": Mark.NONE}, day=thursday)
    take(cast, {"罗天佑": Mark.NONE}, day=thursday, session=Session.AFTERNOON, now=at(thursday, 15))
    actions.arrived(
        by=by(cast),
        now=at(thursday, 9),
        roll_call=taken,
        student=cast.child,
        arrived_at=at(thursday, 9),
    )
    names = ("李小满", "罗天佑", "韦思敏", "石远")
    states = day_states([cast.children[name].pk for name in names], thursday, MONDAY)
    first = {name: states[cast.children[name].pk][0] for name in names}
    assert {name: found.state for name, found in first.items()} == {
        "李小满": State.LATE,
        "罗天佑": State.LATE,
        "韦思敏": State.PRESENT,
        "石远": State.UNKNOWN,
    }
    assert first["罗天佑"].note == "下午没来"
    assert [found.note for found in states[cast.child.pk]][1:] == ["中秋节", "中秋节", "中秋节", "没点名"]


def test_what_is_not_reported(cast: Cast) -> None:
    def names(found: list[Any]) -> list[str]:
        return [klass.name for klass in found]

    county = [cast.places["青禾县"].path]
    assert names(unreported(MONDAY, county)) == ["八（3）班", "八（4）班", "一（1）班"]
    take(cast)
    assert names(unreported(MONDAY, county)) == ["八（4）班", "一（1）班"]
    assert unreported(date(2026, 9, 27), county) == []
    assert unreported(date(2027, 1, 5), county) == []  # nobody may guess


def test_the_county_adds_up_school_by_school(cast: Cast) -> None:
    take(cast, {"李小满": Mark.NONE, "罗天佑": Mark.LATE})
    rows = schools_board(classes_of([cast.places["青禾县"].path], MONDAY), MONDAY, Session.MORNING)
    found = {row.school.name: row.figures for row in rows}
    assert set(found) == {"石板河初级中学", "双河小学"}
    junior = found["石板河初级中学"]
    assert (junior.classes, junior.reported, junior.none, junior.late, junior.listed) == (2, 1, 1, 1, 8)
    assert (found["双河小学"].classes, found["双河小学"].reported) == (1, 0)


# --- pages -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("post", ["principal", "dean", "grade_head", "registrar", "duty_leader"])
def test_a_school_sees_its_classes_and_its_children(cast: Cast, sign_in: SignIn, post: str) -> None:
    take(cast, {"李小满": Mark.NONE})
    page = sign_in(post).get("/rollcall/board/").content.decode()
    assert "李小满" in page
    assert "未请假 第 1 天" in page
    assert "八（4）班" in page
    assert "一（1）班" not in page


def test_the_county_sees_schools_and_drills_down(cast: Cast, sign_in: SignIn) -> None:
    take(cast, {"李小满": Mark.NONE})
    county = sign_in("basic_education")
    page = county.get("/rollcall/board/").content.decode()
    assert "石板河初级中学" in page
    assert "双河小学" in page
    assert "李小满" not in page
    inside = county.get(f"/rollcall/board/{cast.school.pk}/").content.decode()
    assert "李小满" in inside
    assert county.get("/rollcall/board/?q=双河").content.decode().count("<tr>") == 3
    assert county.get("/rollcall/board/?q=没有").status_code == 200
    assert county.get("/rollcall/board/?sort=-none&page=99").status_code == 200


def test_the_county_head_sees_figures_and_no_names(cast: Cast, sign_in: SignIn) -> None:
    take(cast, {"李小满": Mark.NONE})
    head = sign_in("county_head")
    for address in ("/rollcall/board/", f"/rollcall/board/{cast.school.pk}/"):
        page = head.get(address).content.decode()
        assert "李小满" not in page
        assert "1 个孩子" in page
    book = openpyxl.load_workbook(BytesIO(head.get(f"/rollcall/board/{cast.school.pk}/excel/").content))
    assert book.sheetnames == ["各班"]


def test_no_drilling_outside_the_scope(cast: Cast, sign_in: SignIn) -> None:
    for post, name in (
        ("principal", "双河小学"),
        ("principal", "石板河镇"),
        ("township_education", "青禾县"),
    ):
        client = sign_in(post)
        assert client.get(f"/rollcall/board/{cast.places[name].pk}/").status_code == 404
        assert client.get(f"/rollcall/board/{cast.places[name].pk}/excel/").status_code == 404
    assert sign_in("class_teacher").get("/rollcall/board/").status_code == 404


def test_the_live_part_alone(cast: Cast, sign_in: SignIn) -> None:
    principal = sign_in("principal")
    live = principal.get("/rollcall/board/", headers={"hx-request": "true", "hx-trigger": "board-live"})
    assert b"<html" not in live.content
    assert "八（4）班" in live.content.decode()
    assert "HX-Trigger" in live["Vary"]


def test_past_days_and_days_without_school(cast: Cast, sign_in: SignIn) -> None:
    take(cast, {"李小满": Mark.NONE}, day=date(2026, 9, 24))
    principal = sign_in("principal")
    assert "李小满" in principal.get("/rollcall/board/?day=2026-09-24").content.decode()
    assert "放假（中秋节）" in principal.get("/rollcall/board/?day=2026-09-27").content.decode()
    for query in ("day=2030-01-01", "day=x", "session=x", "day=0001-01-01"):
        assert principal.get(f"/rollcall/board/?{query}").status_code == 200


def test_excel_agrees_with_the_page_and_is_on_record(cast: Cast, sign_in: SignIn) -> None:
    take(cast, {"李小满": Mark.NONE, "何美琪": Mark.SICK})
    answer = sign_in("principal").get("/rollcall/board/excel/?day=2026-09-28")
    book = openpyxl.load_workbook(BytesIO(answer.content))
    rows = list(book["各班"].iter_rows(values_only=True))
    assert rows[1][:8] == ("八年级", "八（3）班", "已报", 8, 6, 1, 1, 0)
    assert rows[2][:3] == ("八年级", "八（4）班", "未报")
    absent = list(book["没到的学生"].iter_rows(values_only=True))
    assert absent[1:] == [("李小满", "八（3）班", "未请假", 1), ("何美琪", "八（3）班", "病假", 1)]
    assert told("exported") == [{"what": "rollcall.board", "rows": 4}]
    county = sign_in("basic_education").get("/rollcall/board/excel/")
    assert openpyxl.load_workbook(BytesIO(county.content)).sheetnames == ["各校"]


def test_a_name_is_never_a_formula(cast: Cast, sign_in: SignIn) -> None:
    places.add_place(
        by=SYSTEM,
        now=START,
        parent=cast.places["八年级"],
        kind=Kind.CLASS,
        name="=1+1",
        grade=8,
        school_year=2026,
    )
    answer = sign_in("principal").get("/rollcall/board/excel/")
    book = openpyxl.load_workbook(BytesIO(answer.content))
    cell = next(row[1] for row in book["各班"].iter_rows() if row[1].value == "=1+1")
    assert cell.data_type == "s"


# --- reminders ---------------------------------------------------------------------------------------


def test_reminding_one_class_and_then_not_again(cast: Cast, sign_in: SignIn) -> None:
    principal = sign_in("principal")
    address = f"/rollcall/remind/{cast.klass.pk}/"
    assert principal.post(address).status_code == 302
    assert principal.post(address).status_code == 302
    reminder = RollReminder.objects.get()
    teacher = cast.holdings["class_teacher"].person_id
    assert told("roll_call_reminded") == [
        {"class_id": cast.klass.pk, "day": "2026-09-28", "session": "morning", "people": [teacher]}
    ]
    assert Notice.objects.get().person_id == teacher
    assert "08:12 提醒过" in principal.get("/rollcall/board/").content.decode()
    assert verify().problems == []
    assert reminder.post == "principal"


def test_reminding_all_leaves_out_who_has_reported(cast: Cast, sign_in: SignIn) -> None:
    take(cast)
    sign_in("basic_education").post("/rollcall/remind/")
    assert {row.klass.name for row in RollReminder.objects.all()} == {"八（4）班", "一（1）班"}


def test_reminding_stays_inside_the_scope(cast: Cast, sign_in: SignIn) -> None:
    principal = sign_in("principal")
    assert principal.post(f"/rollcall/remind/{cast.places['一（1）班'].pk}/").status_code == 404
    principal.post("/rollcall/remind/", {"place": str(cast.places["双河小学"].pk), "next": "//evil.example/"})
    assert not RollReminder.objects.exists()
    principal.post("/rollcall/remind/", {"place": "x" * 50})
    assert {row.klass.name for row in RollReminder.objects.all()} == {"八（3）班", "八（4）班"}


def test_a_class_that_has_reported_is_not_reminded(cast: Cast, sign_in: SignIn) -> None:
    take(cast)
    sign_in("principal").post(f"/rollcall/remind/{cast.klass.pk}/")
    assert not RollReminder.objects.exists()


# --- how many queries --------------------------------------------------------------------------------


def asked(client: Any, address: str) -> int:
    client.get(address)  # the first request of a session notes when it was seen
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def grow(cast: Cast, first: int, last: int) -> None:
    """One more class in one more school for each number."""
    for n in range(first, last):
        school = places.add_place(
            by=SYSTEM,
            now=START,
            parent=cast.places["双河中心学校"],
            kind=Kind.SCHOOL,
            name=f"第{n}小学",
            school_kind=SchoolKind.PRIMARY,
        )
        places.add_place(
            by=SYSTEM, now=START, parent=school, kind=Kind.CLASS, name="1班", grade=1, school_year=2026
        )


def test_the_county_board_asks_as_much_for_fifty_classes_as_for_five(cast: Cast, sign_in: SignIn) -> None:
    grow(cast, 0, 2)
    take(cast, {"李小满": Mark.NONE})
    county = sign_in("basic_education")
    few = asked(county, "/rollcall/board/")
    grow(cast, 2, 47)
    roll_of(cast, inside=False)
    many = asked(county, "/rollcall/board/")
    assert many == few
    assert many <= 15


def test_the_sheet_asks_at_most_ten_times(cast: Cast, sign_in: SignIn) -> None:
    take(cast, {"李小满": Mark.NONE, "何美琪": Mark.SICK}, day=date(2026, 9, 24))
    assert asked(sign_in("class_teacher"), f"/rollcall/class/{cast.klass.pk}/") <= 10


def test_the_school_board_asks_as_much_for_eight_absent_as_for_one(cast: Cast, sign_in: SignIn) -> None:
    take(cast, {"李小满": Mark.NONE})
    principal = sign_in("principal")
    few = asked(principal, "/rollcall/board/")
    names = [name for name in cast.children if name != "石远"]
    take(cast, dict.fromkeys(names, Mark.NONE), session=Session.AFTERNOON, now=at(MONDAY, 14))
    assert asked(principal, "/rollcall/board/?session=afternoon") == few
    assert few <= 24


def test_no_entry_is_written_by_looking(cast: Cast, sign_in: SignIn) -> None:
    take(cast, {"李小满": Mark.NONE})
    principal = sign_in("principal")
    before = Entry.objects.count()
    principal.get("/rollcall/board/")
    principal.get("/rollcall/board/", {"day": (MONDAY - timedelta(days=4)).isoformat()})
    assert Entry.objects.count() == before
