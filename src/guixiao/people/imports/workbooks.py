"""The Excel files of the import: the template, and the rows that were refused."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from guixiao.people import idnumbers
from guixiao.people.models import ImportBatch, ImportRow, RowKind, RowState
from guixiao.people.sheets import Book

from .columns import Column, columns
from .payload import Payload
from .reasons import explain

SAMPLE_BIRTH = date(2013, 3, 4)
SAMPLE = {
    "name": "样例学生", "sex": "女", "birth": "20130304", "birthplace": "999999", "ethnicity": "01",
    "nationality": "中国", "id_type": "居民身份证", "overseas": "否", "health": "健康或良好",
    "registered_area": "999999001001", "registered_kind": "农业户口", "seat": "01", "grade": "八年级",
    "klass": "3班", "entered": "202509", "entry_way": "就近入学", "boarding": "走读", "address": "某镇某村某组1号",
    "mail_address": "某镇某村某组1号", "home_address": "某镇某村某组1号", "phone": "13800000000",
    "postcode": "000000", "only_child": "否", "preschool": "是", "left_behind": "0", "migrant": "否",
    "orphan": "否", "martyr": "否", "needs_aid": "否", "has_aid": "否", "distance": "2.5", "travel": "步行",
    "school_bus": "否", "g1.name": "样例父亲", "g1.relation": "父亲", "g1.phone": "13800000000",
    "g1.is_guardian": "是", "g2.name": "样例母亲", "g2.relation": "母亲", "g2.is_guardian": "是",
}  # fmt: skip


def sample() -> dict[str, str]:
    """One made-up row; its ID number begins with 999999, which is nobody's area."""
    number = idnumbers.make(idnumbers.UNASSIGNED, SAMPLE_BIRTH, 2)
    return {**SAMPLE, "id_number": number, "student_number": f"G{number}"}


def template() -> bytes:
    """Headers, one sample row to be overwritten, and a sheet of notes with every code."""
    book = Book()
    row = sample()
    headers = [column.header + ("★" if column.must else "") for column in columns()]
    book.sheet(_("学籍表"), headers, [[row.get(column.key, "") for column in columns()]])
    book.sheet(
        _("说明"),
        [_("列名"), _("必填"), _("怎么填"), _("代码")],
        [[column.header, _must(column), HOW[column.kind](), _codes(column)] for column in columns()],
        wide=30,
    )
    return book.bytes()


def _must(column: Column) -> str:
    return {"yes": _("必填"), "expected": _("应填，空着会提醒")}.get(column.must, "")


def _codes(column: Column) -> str:
    return "；".join(f"{code} {word}" for code, word in column.codes.items())


HOW = {
    "text": lambda: _("照实填"),
    "name": lambda: _("照证件填；少数民族姓名中间用“·”"),
    "code": lambda: _("填代码或名称"),
    "sex": lambda: _("填代码或名称"),
    "yes_no": lambda: _("填“是”或“否”"),
    "date": lambda: _("八位数，如 20130304"),
    "month": lambda: _("六位数，如 202509"),
    "number": lambda: _("只填数字"),
    "id": lambda: _("单元格设成“文本”再填；没有身份证就留空，并填监护人证件"),
    "student_number": lambda: _("G、J 或 L 加 18 位；还没有就留空"),
    "phone": lambda: _("手机号，或带区号的座机"),
    "area": lambda: _("6、9 或 12 位区划代码，或地名；老代码也可以"),
    "grade": lambda: _("“八年级”或 8"),
    "class": lambda: _("“3班”或 3；还没有的班会提示新建"),
}


def bad_rows(batch: ImportBatch) -> tuple[bytes, int]:
    """The refused rows as they came, with the reason beside them: mend and upload again."""
    rows = ImportRow.objects.filter(batch=batch, kind=RowKind.BAD) | ImportRow.objects.filter(
        batch=batch, state=RowState.SKIPPED
    )
    headers: list[str] = [*batch.headers, _("原因和办法")]
    table = []
    for row in rows.order_by("number").iterator(chunk_size=500):
        payload = Payload.of(row)
        cells = payload.cells(batch.headers)
        padded = [*cells, *[""] * (len(batch.headers) - len(cells))]
        table.append([*padded, "\n".join(str(reason) for reason in explain(payload.faults))])
    book = Book()
    book.sheet(_("学籍表"), headers, table)
    return book.bytes(), len(table)
