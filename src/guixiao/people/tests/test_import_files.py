"""Files that cannot be taken: each refused with what is wrong and what to do, and nothing kept."""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from guixiao.people.imports import guard
from guixiao.people.imports.guard import Unreadable
from guixiao.people.imports.reading import read
from guixiao.people.models import ImportRow
from guixiao.testing.cast import Cast

from .registers import book, child, staged

GOOD = book([child(1), child(2)])


def remade(change: Callable[[str, bytes], bytes], extra: dict[str, bytes] | None = None) -> bytes:
    """The good workbook with its parts changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
        for name, data in (extra or {}).items():
            new.writestr(name, data)
    return buffer.getvalue()


def in_sheet(old: bytes, new: bytes) -> bytes:
    return remade(lambda name, data: data.replace(old, new, 1) if "sheet1.xml" in name else data)


def plain_book(write: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer, {"in_memory": True})
    write(made)
    made.close()
    return buffer.getvalue()


def two_sheets(made: xlsxwriter.Workbook) -> None:
    made.add_worksheet("课表").write(0, 0, "星期一")
    made.add_worksheet("成绩").write(0, 0, "语文")


ENTITY = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'

BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "空的"),
    "text": ("姓名,性别\n张三,男\n".encode(), "CSV"),
    "gbk text": ("姓名,性别\n张三,男\n".encode("gbk"), "CSV"),
    "truncated": (GOOD[: len(GOOD) // 2], "没有传完整"),
    "garbled": (GOOD[:40] + bytes(200) + GOOD[240:], "文件"),
    "zip of nothing": (b"PK\x05\x06" + bytes(18), "没有 Excel 表"),
    "old xls": (guard.OLE + bytes(3000), ".xls"),
    "with password": (guard.OLE + bytes(600) + guard.ENCRYPTED + bytes(600), "密码"),
    "macro": (remade(lambda _n, data: data, {"xl/vbaProject.bin": b"x"}), "宏"),
    "entities": (in_sheet(b"<worksheet", ENTITY + b"<worksheet"), "实体"),
    "a cell far out": (
        in_sheet(b"</sheetData>", b'<row r="9"><c r="XFD9"><v>1</v></c></row></sheetData>'),
        "表格太大",
    ),
    "a row far down": (
        in_sheet(b"</sheetData>", b'<row r="9"><c r="A1048576"><v>1</v></c></row></sheetData>'),
        "表格太大",
    ),
    "another sheet": (plain_book(two_sheets), "课表、成绩"),
    "no sheet content": (plain_book(lambda made: made.add_worksheet("空")), "空"),
    "columns missing": (book([child(1)], drop=("health", "g2.name")), "健康状况、成员2姓名"),
    "headers only": (book([]), "只有表头"),
    "not a workbook": (remade(lambda name, data: b"<x/>" if "workbook.xml" in name else data), "文件"),
    "broken xml": (
        remade(lambda name, data: data[: len(data) // 2] if "sheet1.xml" in name else data),
        "文件",
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_refused_in_words(what: str) -> None:
    data, word = BAD[what]
    with pytest.raises(Unreadable, match=word):
        read(data)


def test_a_refused_file_leaves_nothing(cast: Cast) -> None:
    batch = staged(cast, BAD["truncated"][0])
    assert batch.state == "failed"
    assert "另存" in batch.message
    assert not ImportRow.objects.exists()


def test_a_huge_file_is_refused_by_its_size() -> None:
    with pytest.raises(Unreadable, match="最多 20 MB"):
        read(b"PK" + bytes(guard.MOST_BYTES))


@pytest.mark.parametrize("name", ["xl/media/image1.bin", "xl/worksheets/sheet9.xml"])
def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(guard, "MOST_UNPACKED", 1_000_000)
    bomb = remade(lambda _name, data: data, {name: bytes(2_000_000)})
    assert len(bomb) < 100_000
    with pytest.raises(Unreadable, match="大得不正常"):
        read(bomb)


def test_too_many_rows_are_refused_with_the_limit() -> None:
    rows = b"".join(b'<row r="%d"/>' % n for n in range(10, 200_100))
    with pytest.raises(Unreadable, match="200000"):
        read(in_sheet(b"</sheetData>", rows + b"</sheetData>"))


def test_a_column_twice_is_named(cast: Cast) -> None:
    def write(made: xlsxwriter.Workbook) -> None:
        from guixiao.people.imports.columns import columns

        page = made.add_worksheet("学籍表")
        page.write_row(0, 0, [column.header for column in columns()] + ["性别"])
        page.write_row(1, 0, ["x"])

    with pytest.raises(Unreadable, match="出现了两次：性别"):
        read(plain_book(write))


def test_titles_above_stars_and_another_sheet_do_not_disturb(cast: Cast) -> None:
    found = read(book([child(1), child(2)], above=3))
    assert (found.head, found.total) == (4, 2)
    assert [number for number, _cells in found.rows()] == [5, 6]


@given(st.binary(max_size=4000), st.sampled_from([b"", b"PK\x03\x04", guard.OLE, GOOD[:200], GOOD[:2000]]))
def test_garbage_is_refused_never_an_error(junk: bytes, head: bytes) -> None:
    with pytest.raises(Unreadable):
        read(head + junk)


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_one_changed_byte_is_read_or_refused(at: int, by: int) -> None:
    data = bytearray(GOOD)
    data[at] ^= by
    with contextlib.suppress(Unreadable):
        assert len(list(read(bytes(data)).rows())) <= 4
