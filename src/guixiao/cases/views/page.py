"""The page of one case, and the same on paper."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from guixiao.access.looks import looked
from guixiao.access.matrix import may_open
from guixiao.access.middleware import GuixiaoRequest
from guixiao.cases import queries
from guixiao.cases.models import Case
from guixiao.cases.reasons import title_of
from guixiao.cases.scopes import case_or_404
from guixiao.cases.stages import RISKS, WORDS
from guixiao.cases.timeline import timeline
from guixiao.facts.clock import day_of
from guixiao.facts.codes import Risk, Stage
from guixiao.people.models import Status
from guixiao.people.page import age, family, rights
from guixiao.people.scopes import visible
from guixiao.rollcall.queries.days import away_days

RISK_STATES = {"high": "risk", "medium": "today", "low": "neutral"}


@require_safe
def show(request: GuixiaoRequest, pk: int) -> HttpResponse:
    case = case_or_404(request.actor, "case.view", pk)
    looked(request.actor, "case.view", student=case.student_id)
    return render(request, "cases/show.html", context(request, case, more="more" in request.GET))


@require_safe
def paper(request: GuixiaoRequest, pk: int) -> HttpResponse:
    case = case_or_404(request.actor, "case.view", pk)
    looked(request.actor, "case.view", student=case.student_id)
    return render(request, "cases/paper.html", context(request, case, more=True, printed=True))


def context(request: GuixiaoRequest, case: Case, more: bool, printed: bool = False) -> dict[str, Any]:
    actor, student, today = request.actor, case.student, day_of(request.now)
    events, older = timeline(actor, case, more, printed)
    closing = case.closings.order_by("-pk").first()
    accounts = {closing.proposer, closing.decider or 0} if closing else set()
    plans = queries.plans_of(case)
    accounts |= {account for plan in (plans.in_force, plans.waiting) if plan for account in _accounts(plan)}
    return {
        "case": case,
        "student": student,
        "age": age(student.birth, today),
        "family": family(student, rights(actor, student)),
        "stage": WORDS[Stage(case.stage)],
        "away": away_days([student.pk], today).get(student.pk, 0),
        "nth": queries.nth(case),
        "days": queries.days_open(case, actor),
        "risk": RISKS[Risk(case.risk)] if case.risk else "",
        "risk_state": RISK_STATES.get(case.risk, ""),
        "steps": queries.line(case),
        "plans": plans,
        "charge": queries.in_charge(case, today),
        "papers": queries.papers_of(case),
        "closing": closing,
        "closing_reason": title_of(closing.reason) if closing else "",
        "names": queries.names(accounts),
        "events": events,
        "older": older,
        "later": case.later.order_by("-pk").first(),
        "may": _rights(request, case),
        "dropped_out": student.status == Status.DROPPED_OUT,
        "duties_url": _door(request, "duties:of_student", student.pk),
        "looks_url": _door(request, "access:looks", student.pk),
        "student_url": _door(request, "people:show", student.pk),
        "visit_url": _door(request, "visits:new", student.pk)
        if visible(actor, "visit.record").filter(pk=student.pk).exists()
        else "",
    }


def _accounts(plan: Any) -> set[int]:
    return {plan.maker, plan.approver or 0}


def _rights(request: GuixiaoRequest, case: Case) -> dict[str, bool]:
    """Which steps this actor may take with this child's case."""
    wanted = (
        "case.plan",
        "case.mark",
        "case.approve",
        "case.propose",
        "case.close",
        "case.open",
        "student.assign",
    )
    actor = request.actor
    return {
        action.replace(".", "_"): actor.may(action)
        and visible(actor, action).filter(pk=case.student_id).exists()
        for action in wanted
    }


def _door(request: GuixiaoRequest, route: str, pk: int) -> str:
    """The address of a page beneath or beside this one, where it is open to the actor."""
    if not may_open(request.actor, route):
        return ""
    try:
        return reverse(route, args=[pk])
    except NoReverseMatch:
        return ""
