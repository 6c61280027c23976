"""Every row is checked: what is refused, why, and what to do; what is only remarked on."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import openpyxl
import pytest

from guixiao.facts import SYSTEM
from guixiao.people import actions as people
from guixiao.people.imports.classes import Classes, number_in
from guixiao.people.imports.payload import Payload
from guixiao.people.imports.reading import read
from guixiao.people.imports.reasons import explain
from guixiao.people.imports.rows import Checked, RowChecker
from guixiao.people.imports.workbooks import bad_rows, template
from guixiao.people.models import ImportRow, RowKind
from guixiao.places.models import Place
from guixiao.testing.cast import Cast

from .registers import BIRTH, book, child, number, staged

TODAY = date(2026, 9, 28)
BAD_CHECK = number(1)[:17] + ("0" if number(1)[17] != "0" else "1")


def rows_of(cast: Cast, *rows: dict[str, Any]) -> list[tuple[ImportRow, Payload]]:
    batch = staged(cast, book(rows))
    assert batch.state == "checked", batch.message
    return [(row, Payload.of(row)) for row in ImportRow.objects.filter(batch=batch).order_by("number")]


def checked(row: dict[str, Any]) -> Checked:
    """One row against its own rules, without a database."""
    register = read(book([row]))
    checker = RowChecker(register.columns, Classes(Place(name="石板河初级中学")), TODAY)
    ((number, cells),) = register.rows()
    return checker.check(number, cells)


def codes(**changes: Any) -> list[tuple[str, str]]:
    return [(key, code) for key, code, _was in checked(child(1, **changes)).faults]


def test_a_good_row_is_new(cast: Cast) -> None:
    ((row, payload),) = rows_of(cast, child(1))
    assert (row.kind, payload.faults, payload.notes) == (RowKind.NEW, [], [])
    assert payload.values["ethnicity"] == "01"
    assert payload.values["birth"] == "2013-03-04"
    assert payload.klass == cast.klass.pk


@pytest.mark.parametrize(
    "column", ["name", "sex", "birth", "ethnicity", "registered_area", "phone", "g2.name"]
)
def test_what_is_starred_must_be_there(column: str) -> None:
    assert (column, "empty", "") in checked(child(1) | {column: ""}).faults


def test_an_empty_star_of_the_uncertain_part_is_a_remark() -> None:
    row = checked(child(1, orphan=""))
    assert (row.faults, row.notes) == ([], [("orphan", "empty", "")])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"id_number": BAD_CHECK}, ("id_number", "id_check")),
        ({"id_number": "123"}, ("id_number", "id_form")),
        ({"id_number": number(1, date(2027, 1, 1)), "birth": "20130304"}, ("id_number", "id_future")),
        ({"id_number": float(number(2))}, ("id_number", "lost")),
        ({"birth": "20130305"}, ("birth", "birth_differs")),
        ({"birth": "20130230"}, ("birth", "date")),
        ({"birth": "20270101"}, ("birth", "future")),
        ({"sex": "3"}, ("sex", "code")),
        ({"ethnicity": "60"}, ("ethnicity", "code")),
        ({"health": "棒"}, ("health", "code")),
        ({"student_number": "G123"}, ("student_number", "student_number")),
        ({"student_number": "J" + BAD_CHECK}, ("student_number", "student_number")),
        ({"name": "张3"}, ("name", "name")),
        ({"name": "李？明"}, ("name", "name")),
        ({"grade": "大班"}, ("grade", "grade")),
        ({"entered": "202513"}, ("entered", "month")),
        ({"only_child": "也许"}, ("only_child", "yes_no")),
        ({"phone": "无"}, ("phone", "phone")),
        ({"g1_id_number": BAD_CHECK}, ("g1.id_number", "id_check")),
        ({"address": "长" * 300}, ("address", "long")),
        ({"id_number": "", "id_type": "无"}, ("g1.id_number", "guardian_document")),
    ],
)
def test_a_wrong_cell_is_refused(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert expected in codes(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"birth": 20130304},
        {"birth": BIRTH},
        {"birth": "2013-3-4"},
        {"birth": "2013年3月4日"},
        {"birth": 41337},  # the same day as Excel counts
        {"sex": 2, "id_number": "", "g1_id_number": number(7, date(1985, 1, 1))},
        {"sex": "１"},
        {"ethnicity": 1},
        {"ethnicity": "01-汉族"},
        {"ethnicity": "汉"},
        {"health": 10},
        {"id_number": "９９９９９９" + number(1)[6:].lower()},
        {"student_number": "L" + BAD_CHECK},
        {"student_number": "G" + number(77)},
        {"student_number": ""},
        {"name": "买买提·阿不都"},
        {"name": "买买提•阿不都"},
        {"name": "张　 三"},
        {"name": "𠀀明"},
        {"birthplace": "110229"},
        {"birthplace": 999999},
        {"birthplace": "旧区划里的县"},
        {"grade": "初二"},
        {"grade": 8},
        {"klass": 3},
        {"klass": "八（3）班"},
        {"klass": "（3）"},
        {"klass": "八年级3班"},
        {"postcode": 12345},
        {"entered": 202509},
        {"phone": "0871-6512 3456"},
        {"phone": 13800000001},
        {"id_type": "护照", "id_number": "E12345678"},
    ],
)
def test_what_people_write_is_understood(changes: dict[str, Any]) -> None:
    assert codes(**changes) == []


def test_values_are_made_plain() -> None:
    given = child(
        1, name="买买提 • 阿不都", postcode=12345, klass=3, phone=13800000001, id_number=number(1).lower()
    )
    values = checked(given).values
    assert values["name"] == "买买提·阿不都"
    assert values["postcode"] == "012345"
    assert values["klass"] == "3"
    assert values["phone"] == "13800000001"
    assert values["id_number"] == number(1)


def test_sex_and_old_areas_are_remarks_only() -> None:
    row = checked(child(1, sex="女", birthplace="1234567"))
    assert row.faults == []
    assert {note[1] for note in row.notes} == {"sex_differs", "area"}


def test_the_same_child_twice_in_the_sheet(cast: Cast) -> None:
    third = child(3, id_number="", student_number="", g1_id_number=number(9, date(1980, 5, 5)))
    found = rows_of(
        cast, child(1), child(1, name="别名"), child(2, student_number=f"G{number(1)}"), third, third
    )
    refused = {row.number: [fault[1:] for fault in payload.faults] for row, payload in found}
    assert refused[2] == [("twice", "3"), ("twice", "3、4")]
    assert refused[4] == [("twice", "2、3")]
    assert refused[5] == [("twice", "6")]
    assert "第 3 行重复" in str(explain([("id_number", "twice", "3")])[0])


def test_a_known_child_is_an_update_that_names_its_fields(cast: Cast) -> None:
    known = cast.child
    people.change_student(by=SYSTEM, now=cast.now, student=known, values={"id_number": number(1)})
    given = child(1, name=known.name, seat="44", phone="13911112222")
    ((row, payload),) = rows_of(cast, given)
    assert (row.kind, payload.match) == (RowKind.CHANGED, known.pk)
    changes = {name: (old, new) for name, old, new in payload.changes}
    assert changes["seat"] == ("01", "44")
    assert changes["phone"] == ("13800000001", "13911112222")
    assert "name" not in changes
    assert "klass" not in changes


def test_a_child_known_by_name_birth_and_guardian(cast: Cast) -> None:
    known = cast.child
    given = child(
        1, name=known.name, birth=known.birth.isoformat(), g1_name="李国栋", id_number=number(1, known.birth)
    )
    ((row, payload),) = rows_of(cast, given)
    assert (row.kind, payload.match) == (RowKind.CHANGED, known.pk)


def test_a_child_of_another_school_is_named_and_refused(cast: Cast) -> None:
    far = cast.children["石远"]
    people.change_student(by=SYSTEM, now=cast.now, student=far, values={"id_number": number(1)})
    ((row, payload),) = rows_of(cast, child(1, name="石远"))
    assert row.kind == RowKind.BAD
    said = str(explain(payload.faults)[0])
    assert "双河小学" in said
    assert "转" in said


def test_a_likely_child_of_another_school_is_for_a_person_to_decide(cast: Cast) -> None:
    far = cast.children["石远"]
    given = child(
        1, name="石远", birth=far.birth.isoformat(), g1_name="石国栋", id_number=number(1, far.birth)
    )
    ((row, payload),) = rows_of(cast, given)
    assert (row.kind, payload.faults[0][1]) == (RowKind.BAD, "likely_elsewhere")


def test_id_and_student_number_of_two_children(cast: Cast) -> None:
    one, two = cast.children["李小满"], cast.children["罗天佑"]
    people.change_student(by=SYSTEM, now=cast.now, student=one, values={"id_number": number(1)})
    people.change_student(by=SYSTEM, now=cast.now, student=two, values={"student_number": f"G{number(2)}"})
    ((row, payload),) = rows_of(cast, child(1, student_number=f"G{number(2)}"))
    assert (row.kind, payload.faults[0][1]) == (RowKind.BAD, "two_children")


def test_a_class_that_is_missing_is_proposed(cast: Cast) -> None:
    batch = staged(cast, book([child(1, klass="5班"), child(2, grade="七年级", klass="启明班")]))
    assert batch.classes == ["7|启明班", "8|八（5）班"]
    assert batch.new == 2


@pytest.mark.parametrize(
    ("text", "grade", "expected"),
    [
        ("八（3）班", 8, 3),
        ("803", 8, 3),
        ("8.12", 8, 12),
        ("三班", 8, 3),
        ("十二班", 8, 12),
        ("2403", 8, 3),
        ("启明班", 8, None),
    ],
)
def test_the_number_of_a_class(text: str, grade: int, expected: int | None) -> None:
    assert number_in(text, grade) == expected


def test_the_template_passes_its_own_check(cast: Cast) -> None:
    data = template()
    batch = staged(cast, data)
    assert (batch.state, batch.total, batch.new, batch.bad) == ("checked", 1, 1, 0)
    notes = openpyxl.load_workbook(io.BytesIO(data)).worksheets[1]
    assert "12 侗族" in "".join(str(cell.value) for row in notes.iter_rows() for cell in row)


def test_bad_rows_come_back_in_their_shape_and_can_be_sent_again(cast: Cast) -> None:
    batch = staged(cast, book([child(1), child(2, sex="=cmd()", name="张3")], above=2))
    data, count = bad_rows(batch)
    assert count == 1
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    headers = [cell.value for cell in next(sheet.iter_rows(max_row=1))]
    row = {name: cell.value for name, cell in zip(headers, next(sheet.iter_rows(min_row=2)), strict=True)}
    assert row["性别"] == "'=cmd()"
    assert "代码表" in str(row["原因和办法"])
    again = staged(cast, data)
    assert (again.total, again.bad) == (1, 1)


def test_what_is_staged_is_sealed(cast: Cast) -> None:
    from django.db import connection

    staged(cast, book([child(1)]))
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM people_importrow")
        raw = str(cursor.fetchall())
    assert number(1) not in raw
    assert json.dumps("赵")[1:-1] not in raw
