"""One return: its figures, the lists behind them, who signed, who is awaited; and its Excel."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guixiao.access import masks
from guixiao.access.looks import looked
from guixiao.access.middleware import GuixiaoRequest
from guixiao.facts.clock import day_of
from guixiao.people.sheets import download
from guixiao.returns import actions, periods, queries
from guixiao.returns.cells import BY_CODE, CELLS
from guixiao.returns.excel import workbook
from guixiao.returns.page import Page, page_of

PAGE = 25
INLINE = 12  # so many children of a list stand on the return's own page


@require_safe
def show(request: GuixiaoRequest, pk: int) -> HttpResponse:
    report = queries.report_or_404(request.actor, pk)
    page = page_of(request.actor, report, day_of(request.now))
    inline = _inline(page)
    if inline:
        looked(request.actor, "return.view", count=sum(len(part["lines"]) for part in inline))
    context = {
        "report": report,
        "page": page,
        "figures": queries.figures(report, page.family.earlier, page.sight),
        "inline": inline,
        "period_name": periods.spoken(report.period),
        "may_export": request.actor.may("return.export") and page.sight.whole,
        "may_view": request.actor.may("student.view"),
    }
    return render(request, "returns/show.html", context)


def _inline(page: Page) -> list[dict[str, Any]]:
    """The lists that must be read before signing stand on the page, the longest of them cut."""
    cells = [cell for cell in CELLS if cell.detailed and page.sight.count(page.report, cell.code)]
    if not cells:
        return []
    found = queries.lines(page.report, [cell.code for cell in cells], page.sight)
    parts = []
    for cell in cells:
        lines = [masked(line) for line in found if line.cell == cell.code]
        parts.append({"cell": cell, "lines": lines[:INLINE], "all": len(lines)})
    return [part for part in parts if part["all"]]


def masked(line: queries.Line) -> dict[str, Any]:
    """A line as a page shows it: phone and address hidden as everywhere (the signed paper is the Excel)."""
    fields = dict(line.fields)
    if "phone" in fields:
        fields["phone"] = masks.phone(fields["phone"])
        fields["address"] = masks.address(fields["address"])
    return {"student": line.student, "klass": line.klass, **fields}


@require_safe
def list_behind(request: GuixiaoRequest, pk: int, cell: str) -> HttpResponse:
    """The list behind one figure, found by name or class."""
    report = queries.report_or_404(request.actor, pk)
    seen = queries.sight(request.actor, report.path)
    if cell not in BY_CODE or not seen.names:
        raise Http404
    q = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    found = [masked(line) for line in queries.lines(report, [cell], seen)]
    matching = [line for line in found if q in line["name"] or q in line["klass"].name]
    page = Paginator(matching, PAGE).get_page(request.GET.get("page"))
    looked(request.actor, "return.view", count=len(page.object_list))
    context = {
        "report": report,
        "cell": BY_CODE[cell],
        "all": len(found),
        "page": page,
        "q": q,
        "whole": seen.whole,
        "period_name": periods.spoken(report.period),
        "may_view": request.actor.may("student.view"),
    }
    return render(request, "returns/list_behind.html", context)


@require_POST
def excel(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """The return as a workbook; names only for those who may see names, numbers for who may reveal them."""
    report = queries.report_or_404(request.actor, pk, "return.export")
    seen = queries.sight(request.actor, report.path, "return.export")
    full = request.actor.may_at("student.reveal", report.path)
    data, rows = workbook(report, seen, full=full)
    by = request.actor.by("return.export", report.path)
    actions.exported(by=by, now=request.now, what=f"return:{report.pk}", rows=rows)
    name = f"{report.school.name}-{report.period}-" + _("控辍保学月报告单").strip()
    version = (_("第 %(n)s 版") % {"n": report.version}).replace(" ", "")
    return download(data, f"{name}-{version}.xlsx")
