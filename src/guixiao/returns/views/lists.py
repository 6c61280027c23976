"""The months of one's school, or the schools of one's area in a month."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guixiao.access.middleware import GuixiaoRequest
from guixiao.facts.clock import day_of
from guixiao.people.sheets import download
from guixiao.places.models import Place
from guixiao.returns import actions, excel, overview, periods, queries

PAGE = 25


@require_safe
def index(request: GuixiaoRequest) -> HttpResponse:
    chosen = _one_school(request)
    if chosen:
        return _months(request, *chosen)
    today = day_of(request.now)
    months = overview.months_of(request.actor, today)
    asked = overview.wanted(request.GET.dict(), months, today)
    page = Paginator(overview.schools(request.actor, asked), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": overview.rows(request.actor, list(page.object_list), asked.period),
        "cells": overview.SHOWN,
        "totals": overview.totals(request.actor, asked.period),
        "asked": asked,
        "months": [(month, periods.spoken(month)) for month in months[: overview.MONTHS]],
        "period_name": periods.spoken(asked.period),
        "states": overview.STATES.items(),
        "may_export": request.actor.may("return.export"),
    }
    return render(request, "returns/list.html", context)


def _one_school(request: GuixiaoRequest) -> tuple[Place, bool] | None:
    """The only school within sight, or the one asked for; and whether there are others."""
    found = queries.schools(request.actor)
    asked = request.GET.get("school", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 18:
        school = found.filter(pk=int(asked)).first()
        if school is None:
            raise Http404
        return school, True
    first = list(found.order_by("path")[:2])
    return (first[0], False) if len(first) == 1 else None


def _months(request: GuixiaoRequest, school: Place, others: bool) -> HttpResponse:
    months, preparers = overview.own_months(request.actor, school, request.now)
    due = [month for month in months if month.due]
    context: dict[str, Any] = {
        "school": school,
        "others": others,
        "months": [(month, periods.spoken(month.row.period)) for month in months],
        "first_due": due[-1] if due else None,
        "due_name": periods.spoken(due[-1].row.period) if due else "",
        "due_count": len(due),
        "preparers": preparers,
        "cells": overview.SHOWN,
        "whole": queries.sight(request.actor, school.path).whole,
    }
    return render(request, "returns/months.html", context)


@require_POST
def list_excel(request: GuixiaoRequest) -> HttpResponse:
    """The table of schools as Excel: figures only, on record."""
    today = day_of(request.now)
    months = overview.months_of(request.actor, today)
    asked = overview.wanted(request.POST.dict(), months, today)
    schools = list(overview.schools(request.actor, asked, "return.export")[: excel.MOST_SCHOOLS])
    rows = overview.rows(request.actor, schools, asked.period)
    data = excel.overview_workbook(rows, asked.period)
    by = request.actor.by("return.export")
    actions.exported(by=by, now=request.now, what="returns", rows=len(rows))
    return download(data, _("月报汇总") + f"-{asked.period}.xlsx")


@require_safe
def current(request: GuixiaoRequest, pk: int, period: str) -> HttpResponse:
    """A stable address for a school's return of a month, whichever version is in force."""
    school = queries.school_or_404(request.actor, "return.view", pk)
    if not periods.is_period(period):
        messages.warning(request, _("“%(period)s”不是一个月份，应当像 2026-10 这样写。") % {"period": period})
        return redirect("returns:list")
    report = queries.current(school, period)
    if report is None:
        messages.info(
            request,
            _("%(school)s%(period)s的月报还没有编制。")
            % {"school": school.name, "period": periods.spoken(period)},
        )
        return redirect("returns:list")
    return redirect("returns:show", report.pk)
