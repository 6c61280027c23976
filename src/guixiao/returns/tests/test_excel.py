"""The workbook opened again: every figure equals the list behind it, and nothing in it can run."""

from __future__ import annotations

import io
import re
from datetime import date
from uuid import uuid4

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from guixiao.cases.actions import open_case
from guixiao.facts import SYSTEM
from guixiao.facts.clock import at
from guixiao.facts.codes import Means, Outcome
from guixiao.journal.models import Entry
from guixiao.people import actions as people
from guixiao.places import actions as places
from guixiao.places.models import Kind
from guixiao.returns.cells import CELLS
from guixiao.returns.excel import overview_workbook, workbook
from guixiao.returns.models import MonthlyReturn
from guixiao.returns.overview import Row
from guixiao.returns.queries import sight
from guixiao.returns.reasons import reasons_of
from guixiao.testing.cast import FIRST, Cast
from guixiao.visits.models import Visit

from .conftest import SignIn
from .test_pages import url
from .tools import absent, compiled, drop_out, signed

S28 = date(2026, 9, 28)
EVIL = ("=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\t=1", "<b>&")
HEADERS = ["班级", "学生姓名", "性别", "家长姓名", "住址", "电话", "原因", "动员返校情况"]


def opened(data: bytes, values: bool) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


def evil_month(cast: Cast) -> MonthlyReturn:
    """Names that would be formulas, two classes, a dropout, a truant."""
    twin = places.add_place(
        by=SYSTEM, now=at(FIRST), parent=cast.places["八年级"], kind=Kind.CLASS, name="=八（5）班",
        grade=8, school_year=2026,
    )  # fmt: skip
    for number, name in enumerate(EVIL):
        new = people.NewStudent(
            name=name, sex="1", birth=date(2012, 5, 5), values={"address": name, "phone": "13800009999"},
            guardians=[people.NewGuardian(name=name, relation="父亲", phone="13900009999")],
        )  # fmt: skip
        child = people.register(
            by=SYSTEM, now=at(FIRST), new=new, klass=twin, first=FIRST, school=cast.school,
            village=cast.places["岩脚村"],
        )  # fmt: skip
        if number % 2:
            drop_out(child, S28)
    drop_out(cast.child, S28)
    absent(cast.children["罗天佑"], cast.klass, S28)
    return compiled(cast)


def whole(cast: Cast, post: str = "principal", full: bool = True) -> tuple[MonthlyReturn, bytes]:
    report = evil_month(cast)
    actor = cast.actor(post, report.compiled_at)
    return report, workbook(report, sight(actor, report.path), full=full)[0]


def recount(formula: str, book: Workbook) -> int:
    """What ``=COUNTA('list'!$B$5:$B$9)`` gives, counted by hand."""
    found = re.fullmatch(r"=COUNTA\('(.+)'!\$B\$(\d+):\$B\$(\d+)\)", formula)
    assert found, formula
    cells = book[found[1]][f"B{found[2]}:B{found[3]}"]
    return sum(cell.value is not None for (cell,) in cells)


def test_every_figure_equals_its_list_and_reaches_all_of_it(cast: Cast) -> None:
    report, data = whole(cast)
    formulas, values = opened(data, values=False), opened(data, values=True)
    assert formulas.sheetnames == ["月报", "核对", *(str(cell.title) for cell in CELLS)]
    front = values["月报"]
    for number, cell in enumerate(CELLS, start=5):
        title = str(cell.title)
        assert front.cell(number, 1).value == title
        stored, written = front.cell(number, 3).value, formulas["月报"].cell(number, 3).value
        assert isinstance(written, str)
        names = [row[1] for row in values[title].iter_rows(min_row=5, values_only=True) if any(row)]
        assert stored == recount(written, values) == len(names) == report.count(cell.code)
    assert report.count("roll") == 14
    assert report.count("dropouts") == report.count("out") == 4


def test_each_class_is_counted_out_of_the_same_lists(cast: Cast) -> None:
    report, data = whole(cast)
    values, sheet = opened(data, values=True), opened(data, values=False)["核对"]
    for number, klass in enumerate(report.classes, start=5):
        label = values["核对"].cell(number, 1).value
        for column, cell in enumerate(CELLS, start=2):
            title = str(cell.title)
            names = [row[0] for row in values[title].iter_rows(min_row=5, values_only=True)]
            stored = values["核对"].cell(number, column).value
            assert stored == names.count(label) == klass["counts"].get(cell.code, 0)
            formula = sheet.cell(number, column).value
            assert isinstance(formula, str)
            assert formula.startswith(f"=SUMPRODUCT(--('{title}'!$A$5:")
    assert [row["name"] for row in report.classes] == ["=八（5）班", "八（3）班"]


def test_no_cell_but_ours_is_a_formula(cast: Cast) -> None:
    _report, data = whole(cast)
    book = opened(data, values=False)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@", "\t", "\r")):
                    assert re.match(r"=(COUNTA|SUMPRODUCT)\(", cell.value), (sheet.title, cell.coordinate)
    names = {
        row[1] for row in opened(data, values=True)["月末在册学生"].iter_rows(min_row=5, values_only=True)
    }
    assert {"'=1+1", "'+cmd|' /C calc'!A0", "'-2", "'@SUM(A1)", "<b>&"} <= names


def test_chinese_headers_the_six_fields_and_a_page_that_prints(cast: Cast) -> None:
    _report, data = whole(cast)
    book = opened(data, values=True)
    assert [cell.value for cell in book["当月辍学"][4]] == HEADERS
    assert [cell.value for cell in book["月末在册学生"][4]] == HEADERS[:3]
    for sheet in book:
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.fitToHeight == 0
        fitting = sheet.sheet_properties.pageSetUpPr
        assert fitting is not None
        assert fitting.fitToPage is True
        assert sheet.print_title_rows == "$4:$4"


@pytest.mark.parametrize("full", [True, False])
def test_numbers_only_for_who_may_reveal_them(cast: Cast, full: bool) -> None:
    _report, data = whole(cast, full=full)
    row = next(
        row for row in opened(data, values=True)["当月辍学"].iter_rows(values_only=True) if row[1] == "李小满"
    )
    assert row[5] == ("13900000001" if full else "139****0001")
    assert row[4] == ("岩脚村第三组1号" if full else "岩脚村第三组****")


def test_reasons_and_efforts_as_the_visits_tell_them(cast: Cast) -> None:
    def visit(day: date, means: Means, outcome: Outcome, causes: list[str]) -> None:
        Visit.objects.create(
            student=cast.child, means=means, outcome=outcome, purpose="劝返", day=day, causes=causes,
            client_id=uuid4(), author=1, author_post="class_teacher", recorded_at=at(day, 18),
        )  # fmt: skip

    visit(date(2026, 8, 30), Means.PHONE, Outcome.NOBODY, [])
    visit(date(2026, 9, 28), Means.VISIT, Outcome.REFUSES, ["weary", "hardship"])
    visit(date(2026, 9, 29), Means.PHONE, Outcome.WILL_RETURN, [])
    visit(date(2026, 10, 1), Means.VISIT, Outcome.WORKING, ["work"])
    drop_out(cast.child, S28)
    report = compiled(cast)
    actor = cast.actor("principal", report.compiled_at)
    data, count = workbook(report, sight(actor, report.path), full=True)
    row = next(opened(data, values=True)["当月辍学"].iter_rows(min_row=5, values_only=True))
    assert row[6] == "厌学、家庭经济困难"
    assert row[7] == "本月家访 1 次、联系 1 次；此前家访 0 次、联系 1 次；最近一次（9月29日）：答应返校"
    assert count == 8 + 1 + 1


def test_figures_alone_hold_no_list(cast: Cast) -> None:
    report, data = whole(cast, "county_head")
    book = opened(data, values=False)
    assert book.sheetnames == ["月报"]
    assert book["月报"]["C5"].value == report.count("roll")
    assert "李小满" not in str(list(book["月报"].iter_rows(values_only=True)))


def test_the_signatures_and_the_zero_are_on_the_front(cast: Cast) -> None:
    report = signed(cast, compiled(cast))
    actor = cast.actor("principal", report.compiled_at)
    data, _rows = workbook(report, sight(actor, report.path), full=True)
    front = opened(data, values=True)["月报"]
    cells = {str(cell) for row in front.iter_rows(values_only=True) for cell in row if cell}
    assert any(cell.startswith("零报告") for cell in cells)
    assert {"学生科统计", "班主任核对", "分管副校长复核", "校长签发", "1／1 个班已核对"} <= cells
    assert "2026-10-02 09:00:00" in cells


def test_the_export_is_on_record_and_a_right(cast: Cast, sign_in: SignIn) -> None:
    drop_out(cast.child, S28)
    report = compiled(cast)
    answer = sign_in("principal").post(url("excel", report.pk))
    assert opened(answer.content, values=True)["月报"]["C6"].value == 1
    assert Entry.objects.get(kind="exported").payload == {"what": f"return:{report.pk}", "rows": 10}
    assert sign_in("principal").get(url("excel", report.pk)).status_code == 405
    assert sign_in("class_teacher").post(url("excel", report.pk)).status_code == 404
    hidden = opened(sign_in("inspectorate").post(url("excel", report.pk)).content, values=True)
    assert hidden["当月辍学"]["F5"].value == "139****0001"


def test_the_table_of_schools_adds_up(cast: Cast, sign_in: SignIn) -> None:
    compiled(cast)
    answer = sign_in("basic_education").post(url("list_excel"), {"period": "2026-09"})
    sheet = opened(answer.content, values=True)["汇总"]
    rows = {row[0]: row for row in sheet.iter_rows(min_row=5, values_only=True)}
    assert rows["石板河初级中学"][1:4] == ("待班主任核对", 8, 0)
    assert rows["双河小学"][1:4] == ("未编制", None, None)
    assert rows["合计"][2] == 8
    assert opened(answer.content, values=False)["汇总"]["C7"].value == "=SUM(C5:C6)"
    assert Entry.objects.get(kind="exported").payload == {"what": "returns", "rows": 2}


def test_an_empty_table_is_still_a_workbook() -> None:
    rows: list[Row] = []
    assert opened(overview_workbook(rows, "2026-09"), values=True)["汇总"]["A5"].value == "合计"


def test_a_case_opened_by_hand_tells_why_until_somebody_visited(cast: Cast) -> None:
    told, ruled = cast.child, cast.children["罗天佑"]
    open_case(by=SYSTEM, now=at(S28, 9), student=told, ground="跟父亲去县城打工", day=S28)
    open_case(by=SYSTEM, now=at(S28, 9), student=ruled, ground="第三天没来", day=S28, by_rule="a11/A11-08")
    late = cast.children["韦思敏"]
    open_case(
        by=SYSTEM, now=at(date(2026, 10, 1), 9), student=late, ground="十月才知道", day=date(2026, 10, 1)
    )
    ids = [told.pk, ruled.pk, late.pk]
    assert reasons_of(ids, date(2026, 9, 30)) == {told.pk: "跟父亲去县城打工"}
