"""A register's spreadsheet of any length, made up: numbers of nobody's area, names of nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

from guixiao.people import idnumbers
from guixiao.people.imports.columns import Column, columns
from guixiao.people.imports.workbooks import SAMPLE

WIDTH = 45
CLASS, GRADES = 45, 9
A_DAY = 900  # ID numbers of one birth day; the sequence has three digits
MORE = ("id_number", "student_number", "g1.id_number", "g2.phone", "g1.address", "origin")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"
GIVEN = "安宁平和顺利明亮春秋山水云石松柏禾苗青蓝文武德才思远志高家国子欣雨晨晓月星辰"
VILLAGES = 20
VILLAGE_CODE = "999999001%03d"


def sheet_columns() -> list[Column]:
    """The 45 columns: those a sheet cannot do without, then others in the sheet's own order."""
    wanted = [column for column in columns() if column.key in SAMPLE or column.key in MORE]
    return wanted[:WIDTH]


def rows(count: int) -> Iterator[dict[str, str]]:
    """``count`` valid rows, no two of one child, 45 to a class."""
    for n in range(count):
        birth = date(2013, 1, 1) + timedelta(days=n // A_DAY)
        number = idnumbers.make(idnumbers.UNASSIGNED, birth, n % A_DAY)
        name = (
            _of(SURNAMES, n) + _of(GIVEN, n // len(SURNAMES)) + _of(GIVEN, n // (len(SURNAMES) * len(GIVEN)))
        )
        klass = n // CLASS
        yield SAMPLE | {
            "name": name,
            "sex": "男" if int(number[16]) % 2 else "女",
            "birth": f"{birth:%Y%m%d}",
            "id_number": number,
            "student_number": f"G{number}",
            "seat": f"{n % CLASS + 1:02d}",
            "grade": str(klass % GRADES + 1),
            "klass": f"{klass // GRADES + 1}班",
            "phone": f"138{n:08d}",
            "g2.phone": "13900000000",
            "g1.address": "某镇某村某组",
            "origin": "999999",
            "registered_area": VILLAGE_CODE % (n % VILLAGES),
        }


def write(path: Path, count: int) -> None:
    """An .xlsx of ``count`` rows under the register's own headers, row by row: memory stays flat."""
    wanted = sheet_columns()
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("学籍表")
    for at, column in enumerate(wanted):
        sheet.write_string(0, at, column.header)
    for line, row in enumerate(rows(count), start=1):
        for at, column in enumerate(wanted):
            sheet.write_string(line, at, row.get(column.key, ""))
    book.close()


def _of(signs: str, n: int) -> str:
    return signs[n % len(signs)]
