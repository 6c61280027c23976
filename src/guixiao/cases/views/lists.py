"""The list of cases, its Excel, and the cases of one child."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guixiao.access.looks import looked
from guixiao.access.middleware import GuixiaoRequest
from guixiao.cases import queries
from guixiao.cases.actions import export
from guixiao.cases.models import Case
from guixiao.cases.sheet import workbook
from guixiao.cases.stages import LINE, RISKS, WORDS
from guixiao.facts.clock import day_of
from guixiao.facts.codes import Risk, Stage
from guixiao.people.scopes import student_or_404, visible

PER_PAGE = 25
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RISK_STATES = {"high": "risk", "medium": "today", "low": "neutral"}


@require_safe
def listed(request: GuixiaoRequest) -> HttpResponse:
    rows = queries.listed(request.actor, request.GET.dict())
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    looked(request.actor, "case.view", count=len(page.object_list))
    context = {
        "page": page,
        "rows": [_row(case, request) for case in page],
        "asked": request.GET,
        "stages": [(stage.value, WORDS[stage]) for stage in LINE],
        "risks": [(risk.value, text) for risk, text in RISKS.items()],
        "schools": queries.schools(request.actor),
        "may_export": request.actor.may("student.export"),
        "may_known": request.actor.may("case.approve"),
        "filtered": any(request.GET.get(key) for key in ("q", "stage", "risk", "school")),
    }
    return render(request, "cases/list.html", context)


@require_safe
def excel(request: GuixiaoRequest) -> HttpResponse:
    rows = queries.listed(request.actor, request.GET.dict())
    rows = rows.filter(student__in=visible(request.actor, "student.export").values("pk"))
    cases = list(rows)
    data = workbook(cases, day_of(request.now))
    export(by=request.actor.by("student.export"), now=request.now, rows=len(cases))
    response = HttpResponse(data, content_type=XLSX)
    name = _("个案") + f"-{day_of(request.now):%Y%m%d}.xlsx"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def of_student(request: GuixiaoRequest, pk: int) -> HttpResponse:
    student = student_or_404(request.actor, "case.view", pk)
    cases = queries.of_student(request.actor, student)
    looked(request.actor, "case.view", student=student.pk)
    may_open = not any(case.is_open for case in cases) and (
        visible(request.actor, "case.open").filter(pk=student.pk).exists()
    )
    context = {
        "student": student,
        "rows": [_row(case, request) for case in cases],
        "may_open": may_open,
        "may_known": may_open and visible(request.actor, "case.approve").filter(pk=student.pk).exists(),
    }
    return render(request, "cases/of_student.html", context)


def _row(case: Case, request: GuixiaoRequest) -> dict[str, object]:
    today: date = day_of(request.now)
    return {
        "case": case,
        "stage": WORDS[Stage(case.stage)],
        "state": "done" if not case.is_open else "pending" if case.stage == "closing" else "out",
        "risk": RISKS[Risk(case.risk)] if case.risk else "",
        "risk_state": RISK_STATES.get(case.risk, ""),
        "days": (today - case.opened_day).days + 1,
    }
