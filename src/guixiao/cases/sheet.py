"""The list of cases as a workbook. Every text is written as text: nothing a cell holds is ever a formula."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from io import BytesIO

import xlsxwriter
from django.utils.translation import gettext as _

from guixiao.facts.clock import day_of
from guixiao.facts.codes import Risk, Stage

from .models import Case
from .reasons import title_of
from .stages import RISKS, WORDS


def heads() -> list[str]:
    return [
        _("编号"), _("姓名"), _("性别"), _("学校"), _("班级"), _("村"), _("阶段"), _("风险"), _("立案日期"),
        _("立案原因"), _("已过天数"), _("说明返校日期"), _("销号日期"), _("销号理由"),
    ]  # fmt: skip


def workbook(cases: Iterable[Case], today: date) -> bytes:
    out = BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    page = book.add_worksheet(_("个案"))
    bold = book.add_format({"bold": True, "bottom": 1})
    page.freeze_panes(1, 0)
    page.set_column(0, len(heads()) - 1, 14)
    for column, head in enumerate(heads()):
        page.write_string(0, column, head, bold)
    for number, case in enumerate(cases, start=1):
        for column, value in enumerate(_cells(case, today)):
            if isinstance(value, int):
                page.write_number(number, column, value)
            else:
                page.write_string(number, column, value)
    book.close()
    return out.getvalue()


def _cells(case: Case, today: date) -> list[str | int]:
    student = case.student
    closed = day_of(case.closed_at) if case.closed_at else None
    return [
        case.number,
        student.name,
        student.get_sex_display(),
        student.school.name if student.school else "",
        student.klass.name if student.klass else "",
        student.village.name if student.village else "",
        str(WORDS[Stage(case.stage)]),
        str(RISKS[Risk(case.risk)]) if case.risk else "",
        case.opened_day.isoformat(),
        case.ground,
        ((closed or today) - case.opened_day).days + 1,
        case.returned_on.isoformat() if case.returned_on else "",
        closed.isoformat() if closed else "",
        title_of(case.closed_reason) if case.closed_reason else "",
    ]
