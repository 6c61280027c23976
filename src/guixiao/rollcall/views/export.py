"""The board as a workbook."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from guixiao.access.middleware import GuixiaoRequest
from guixiao.rollcall import actions, excel
from guixiao.rollcall.queries.board import (
    Figures,
    SchoolBoard,
    SchoolRow,
    Tile,
    classes_of,
    in_several_schools,
    schools_board,
)
from guixiao.rollcall.queries.board import (
    board as class_board,
)

from .board import BOARD, asked_for, names_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Rows = tuple[str, list[str], list[list[excel.Cell]]]
STATES = {
    "reported": gettext_noop("已报"),
    "missing": gettext_noop("未报"),
    "closed": gettext_noop("不上课"),
    "open": gettext_noop("待定"),
}


@require_safe
def export(request: GuixiaoRequest, pk: int | None = None) -> HttpResponse:
    """The board as a workbook: one sheet of classes or schools, one of names for those entitled to them."""
    asked = asked_for(request, pk)
    classes = classes_of(asked.branches, asked.day)
    if in_several_schools(classes):
        sheets = [_school_sheet(schools_board(classes, asked.day, asked.session))]
    else:
        held = list(classes.select_related("parent").order_by("path"))
        found = class_board(held, asked.day, asked.session, names_of(request))
        sheets = [
            _class_sheet(found.tiles),
            *([_absent_sheet(found)] if names_of(request) is not None else []),
        ]
    path = asked.place.path if asked.place else ""
    rows = sum(len(rows) for _name, _heads, rows in sheets)
    actions.exported(by=request.actor.by(BOARD, path), now=request.now, what="rollcall.board", rows=rows)
    response = HttpResponse(excel.workbook(sheets), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="rollcall-{asked.day}-{asked.session}.xlsx"'
    return response


def _class_sheet(tiles: list[Tile]) -> Rows:
    heads = [
        _("年级"),
        _("班"),
        _("状态"),
        _("应到"),
        _("到校"),
        _("未请假"),
        _("病假"),
        _("事假"),
        _("迟到"),
        _("班主任"),
    ]
    rows: list[list[excel.Cell]] = [
        [tile.grade, tile.klass.name, _(STATES[tile.state]), *_numbers(tile.figures), tile.teacher]
        for tile in tiles
    ]
    return _("各班"), heads, rows


def _school_sheet(schools: list[SchoolRow]) -> Rows:
    heads = [
        _("学校"),
        _("班数"),
        _("已报"),
        _("未报"),
        _("应到"),
        _("到校"),
        _("未请假"),
        _("病假"),
        _("事假"),
        _("迟到"),
    ]
    rows: list[list[excel.Cell]] = [
        [row.school.name, f.classes, f.reported, f.missing, *_numbers(f)]
        for row in schools
        for f in [row.figures]
    ]
    return _("各校"), heads, rows


def _number_heads() -> list[str]:
    return [_("应到"), _("到校"), _("未请假"), _("病假"), _("事假"), _("迟到")]


def _numbers(f: Figures) -> list[excel.Cell]:
    return [f.listed, f.present, f.none, f.sick, f.personal, f.late]


def _absent_sheet(found: SchoolBoard) -> Rows:
    heads = [_("姓名"), _("班"), _("原因"), _("第几天")]
    rows: list[list[excel.Cell]] = [
        [a.mark.student.name, a.klass.name, a.mark.get_mark_display(), a.days] for a in found.absent
    ]
    return _("没到的学生"), heads, rows
