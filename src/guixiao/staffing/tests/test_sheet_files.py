"""Staff sheets as they come: headers, files that cannot be read, formulas, thousands of rows, our own template."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from guixiao.facts import SYSTEM
from guixiao.journal.verify import verify
from guixiao.places.models import Holding, Person
from guixiao.staffing import actions
from guixiao.staffing.models import StaffRow
from guixiao.staffing.sheets import workbooks
from guixiao.testing.cast import NOW, Cast

from .sheets import HEADERS, book, codes, kinds, row, take_in, undo, write

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 9, 28)


def test_headers_as_schools_write_them(cast: Cast) -> None:
    """Merged titles above, other words, stars, spaces, full-width digits, empty rows and columns."""
    data = book(
        [
            ["１", " 覃 老师 ", "Ｔ００９", "班 主 任", "８", "４", "２０２６．９．１"],
            [],
            ["２", "王老师", "T010", "心理 教师", "", "", "46266"],
        ],
        headers=("序号", "教师姓名★", "职工号", "担任 职务", "年 级", "班", "任职时间"),
        titles=("石板河初级中学2026年秋季教职工一览表", "（盖章）"),
    )
    batch = take_in(cast, data)
    assert kinds(batch) == ["new_person", "new_person"]
    write(batch)
    held = Holding.objects.get(person__staff_number="T009")
    assert (held.person.name, held.place.name, held.first) == ("覃老师", "八（4）班", date(2026, 9, 1))
    assert Holding.objects.get(person__staff_number="T010").first == date(2026, 9, 1)


def test_columns_corrected_by_hand(cast: Cast) -> None:
    data = book([["甲", "N1", "辅导员"]], headers=("姓名", "工号", "干什么"))
    batch = take_in(cast, data)
    assert batch.state == "mapping"
    for mapping, words in (
        ({"name": 0}, "请指明哪一列是岗位"),
        ({"name": 0, "post": 0}, "被选了两次"),
        ({"name": 0, "post": 9}, "不在表里"),
        ({"name": 0, "post": 2, "nonsense": 1}, "不在表里"),
    ):
        with pytest.raises(ValidationError, match=words):
            actions.map_columns(by=SYSTEM, now=NOW, batch_id=batch.pk, mapping=mapping)
    batch = actions.map_columns(
        by=SYSTEM, now=NOW, batch_id=batch.pk, mapping={"name": 0, "number": 1, "post": 2}
    )
    assert (batch.state, kinds(batch)) == ("checked", ["new_person"])


def old_xls() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "文件是空的"),
        ("姓名,岗位\n甲,班主任\n".encode(), "CSV"),
        (old_xls(), "旧式的 .xls"),
        (b"PK\x03\x04 broken", "文件坏了"),
        (book([]), "只有表头"),
        (book([["甲", "八"]], headers=("学生", "成绩")), "没有找到教职工表的表头"),
    ],
)
def test_files_that_cannot_be_read(cast: Cast, data: bytes, words: str) -> None:
    batch = take_in(cast, data)
    assert batch.state == "failed"
    assert words in batch.message
    assert not StaffRow.objects.exists()


def test_formula_cells_count_by_their_value_or_say_what_is_wrong(cast: Cast) -> None:
    """A formula that was never calculated has no value: the cell is empty, and that is what is said."""
    sample = ["=A3", "N1", "", "石板河初级中学", "", "", "辅导员", "=TODAY()", "", ""]
    batch = take_in(cast, book([sample]))
    assert codes(batch) == [["empty"]]
    notes = StaffRow.objects.get(batch=batch).meant["notes"]
    assert ["first", "no_first", "2026-09-28"] in notes, "a day that is missing is said, not taken in silence"


def test_five_thousand_rows(cast: Cast, django_assert_max_num_queries: Any) -> None:
    """Checked in a few queries for every five hundred rows, written forty at a time."""
    rows = [row(f"教师{'甲乙丙丁'[n % 4]}", f"M{n:05d}", "科任教师", klass="八（3）班") for n in range(5000)]
    data = book(rows)
    with django_assert_max_num_queries(160):
        batch = take_in(cast, data)
    assert batch.counts == {"new_person": 5000}
    actions.begin_staff(by=batch.by, now=NOW, batch_id=batch.pk)
    assert actions.write_next(by=batch.by, now=NOW, batch_id=batch.pk)
    batch.refresh_from_db()
    assert (batch.done, batch.state) == (40, "applying")
    assert undo(batch).state == "undone", "also a sheet that was cut off half way"
    assert not Person.objects.filter(staff_number__startswith="M0").exists()
    assert verify().problems == []


def test_too_many_rows(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guixiao.staffing.sheets.reading.MOST_ROWS", 3)
    batch = take_in(cast, book([row("甲", f"N{n}", "辅导员") for n in range(4)]))
    assert "最多 3 行" in batch.message


def test_the_template_reads_itself(cast: Cast) -> None:
    """Every header of the template is known, and its sample row is understood but for the unit it makes up."""
    batch = take_in(cast, workbooks.template([cast.school]))
    assert batch.total == 1
    assert set(batch.mapping) == {"name", "number", "phone", "unit", "grade", "klass", "post", "first", "last",
                                  "deputy", "deputy_number", "deputy_first", "deputy_last"}  # fmt: skip
    assert codes(batch) == [["unit"]]
    assert len(HEADERS) == 10
