"""What is done to a return: compile, check, sign, send back, remind. Refusals come back as messages."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guixiao.access.looks import looked
from guixiao.access.middleware import GuixiaoRequest
from guixiao.access.scopes import place_or_404
from guixiao.facts.clock import day_of
from guixiao.facts.codes import SignStep
from guixiao.places.models import Kind, Place
from guixiao.places.paths import ancestors
from guixiao.returns import actions, periods, queries
from guixiao.returns.cells import CELLS
from guixiao.returns.models import MonthlyReturn, State
from guixiao.returns.page import Page, page_of

from .report import masked


@require_POST
def compile_one(request: GuixiaoRequest) -> HttpResponse:
    number, period = request.POST.get("school", ""), request.POST.get("period", "")
    if not (number.isascii() and number.isdigit() and len(number) < 18) or not periods.is_period(period):
        messages.error(request, _("请选学校和月份（如 2026-10），再编制。"))
        return redirect("returns:list")
    school = queries.school_or_404(request.actor, "return.prepare", int(number))
    try:
        report = actions.compile_return(
            by=request.actor.by("return.prepare", school.path),
            now=request.now,
            school=school,
            period=period,
            person_id=request.actor.person,
        )
    except ValidationError as error:
        _say(request, error)
        return redirect("returns:list")
    messages.success(
        request, _("%(period)s的月报已编好，已送各班主任核对。") % {"period": periods.spoken(period)}
    )
    return redirect("returns:show", report.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """本班: the class teacher reads the own class's lists and says they are right, a zero included."""
    klass = place_or_404(request.actor, "return.check", pk, Kind.CLASS)
    school = queries.schools(request.actor).filter(path__in=ancestors(klass.path)).first()
    if school is None:
        raise Http404
    period = request.POST.get("period") or request.GET.get("period") or ""
    report = queries.current(school, period if periods.is_period(period) else "")
    if report is None:
        messages.info(request, _("还没有编好的月报，等学生科编好再来核对。"))
        return redirect("returns:list")
    if request.method == "POST":
        return _sign(request, report, SignStep.CHECKED, klass)
    if report.state != State.PREPARED or klass.pk not in {row["id"] for row in report.classes}:
        return redirect("returns:show", report.pk)
    page = page_of(request.actor, report, day_of(request.now))
    return render(request, "returns/check.html", _class_page(request, page, klass))


def _class_page(request: GuixiaoRequest, page: Page, klass: Place) -> dict[str, Any]:
    seen = queries.Sight((klass.path,), whole=False, names=page.sight.names)
    found = queries.lines(page.report, [cell.code for cell in CELLS], seen)
    parts = [
        {"cell": cell, "lines": [masked(line) for line in found if line.cell == cell.code]} for cell in CELLS
    ]
    looked(request.actor, "return.view", count=len(found))
    return {
        "report": page.report,
        "klass": klass,
        "page": page,
        "parts": [part for part in parts if part["lines"] and part["cell"] is not CELLS[0]],
        "roll": parts[0]["lines"],
        "figures": queries.figures(page.report, page.family.earlier, seen),
        "zero": not (seen.count(page.report, "dropouts") or seen.count(page.report, "out")),
        "dropouts": seen.count(page.report, "dropouts"),
        "out": seen.count(page.report, "out"),
        "mine": any(row["id"] == klass.pk for row in page.doing.classes),
        "period_name": periods.spoken(page.report.period),
        "may_view": request.actor.may("student.view"),
    }


@require_POST
def step(request: GuixiaoRequest, pk: int) -> HttpResponse:
    report = queries.report_or_404(request.actor, pk)
    try:
        asked = SignStep(request.POST.get("step", ""))
    except ValueError:
        messages.error(request, _("请打开月报，按页面上的按钮签核。"))
        return redirect("returns:show", report.pk)
    return _sign(request, report, asked, None)


def _sign(
    request: GuixiaoRequest, report: MonthlyReturn, asked: SignStep, klass: Place | None
) -> HttpResponse:
    version = request.POST.get("report", "")
    if version and version != str(report.pk):
        messages.warning(request, _("月报已经重编过，请看新的一版再签。"))
        return redirect("returns:show", report.pk)
    try:
        signed = actions.sign(
            by=request.actor.by("return.view", report.path),
            now=request.now,
            report=report,
            step=asked,
            person_id=request.actor.person,
            klass=klass,
        )
    except ValidationError as error:
        _say(request, error)
    else:
        locked = _("已签发，月报从现在起锁定。")
        messages.success(request, locked if signed.locked else _("已签字，系统已记下你和时间。"))
    return redirect("returns:show", report.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """A dialog (or page) that asks why, then the way back to whoever compiled it."""
    report = queries.report_or_404(request.actor, pk)
    klass = _class_of(request, report)
    if request.method != "POST":
        return render(request, "returns/send_back.html", {"report": report, "klass": klass})
    reason = request.POST.get("reason", "").strip()
    child = request.POST.get("child", "").strip()[:40]
    try:
        actions.send_back(
            by=request.actor.by("return.view", report.path),
            now=request.now,
            report=report,
            reason=f"{child}：{reason}" if child and reason else reason,
            person_id=request.actor.person,
            klass=klass,
        )
    except ValidationError as error:
        context = {"report": report, "klass": klass, "reason": reason, "errors": error.messages}
        return render(request, "returns/send_back.html", context, status=422)
    messages.success(request, _("已退回，原因已告诉编制的人。重编后会再请你签。"))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("returns:show", args=[report.pk])})
    return redirect("returns:show", report.pk)


def _class_of(request: GuixiaoRequest, report: MonthlyReturn) -> Place | None:
    text = request.POST.get("klass") or request.GET.get("klass") or ""
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        return None
    if int(text) not in {row["id"] for row in report.classes}:
        raise Http404
    return place_or_404(request.actor, "return.check", int(text), Kind.CLASS)


@require_POST
def remind(request: GuixiaoRequest, pk: int) -> HttpResponse:
    report = queries.report_or_404(request.actor, pk)
    page = page_of(request.actor, report, day_of(request.now))
    if not page.doing.remind:
        messages.warning(request, _("现在没有要你提醒的人，或这份月报不归你催办。"))
        return redirect("returns:show", report.pk)
    seats = [seat for _name, seats in page.awaited for seat in seats]
    by = request.actor.by("duty.remind", report.path)
    asked = actions.remind(by=by, now=request.now, report=report, seats=seats)
    if asked:
        messages.success(request, _("已提醒 %(n)d 人，每人每天只收一条。") % {"n": asked})
    else:
        messages.warning(request, _("这一步还没有任命的人，请先在“机构和任职”里任命。"))
    return redirect("returns:show", report.pk)


def _say(request: GuixiaoRequest, error: ValidationError) -> None:
    for text in error.messages:
        messages.error(request, text)
