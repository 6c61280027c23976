"""Drawing up a plan, approving it, noting what was done."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from guixiao.access.middleware import GuixiaoRequest
from guixiao.cases import actions, forms, queries
from guixiao.cases.models import Plan, PlanRow
from guixiao.cases.scopes import case_or_404
from guixiao.facts import By
from guixiao.facts.clock import day_of
from guixiao.visits.companions import choices

from .steps import Step, take

get_or_post = require_http_methods(["GET", "HEAD", "POST"])

PLAN = Step(
    "case.plan",
    _("拟方案"),
    _("一人一案：定人员、定任务、定时间、定标准。拟好以后由职务更高的另一个人批准。"),
    _("交批准"),
)
APPROVE = Step(
    "case.approve", _("批准方案"), _("批准以后方案生效，各人按方案去做。"), _("批准方案"), decides=True
)
DONE = Step("case.plan", _("记完成情况"), _("写哪天做到的、凭什么看得出来。"), _("记下"))


@get_or_post
def plan(request: GuixiaoRequest, pk: int) -> HttpResponse:
    case = case_or_404(request.actor, PLAN.needs, pk)
    people = choices(case.student, day_of(request.now))
    found = queries.plans_of(case)
    form = forms.PlanForm(request.POST or None, choices=people, before=found.waiting or found.in_force)

    def run(by: By, data: dict[str, Any]) -> Plan:
        return actions.make_plan(
            by=by, now=request.now, case=case, rows=form.rows(), with_posts=form.posts(), note=data["note"]
        )

    extra = {"people": people}
    return take(
        request, PLAN, form, run, student=case.student, case=case, extra=extra, template="cases/plan.html"
    )


@get_or_post
def approve(request: GuixiaoRequest, pk: int) -> HttpResponse:
    case = case_or_404(request.actor, APPROVE.needs, pk)
    waiting = queries.plans_of(case).waiting

    def run(by: By, data: dict[str, Any]) -> Plan:
        return actions.approve_plan(
            by=by, now=request.now, plan=_newest(case.plans.order_by("version").last())
        )

    form = forms.EmptyForm(request.POST or None)
    return take(request, APPROVE, form, run, student=case.student, case=case, extra={"waiting": waiting})


def _newest(found: Plan | None) -> Plan:
    if found is None:
        raise ValidationError(_("还没有方案。请先拟方案。"))
    return found


@get_or_post
def done(request: GuixiaoRequest, pk: int, row: int) -> HttpResponse:
    case = case_or_404(request.actor, DONE.needs, pk)
    task = get_object_or_404(PlanRow.objects.select_related("plan__case__student"), pk=row)
    if task.plan.case_id != case.pk:
        raise Http404

    def run(by: By, data: dict[str, Any]) -> PlanRow:
        return actions.mark_done(by=by, now=request.now, row=task, **data)

    form = forms.DoneForm(request.POST or None, initial={"day": day_of(request.now).isoformat()})
    return take(request, DONE, form, run, student=case.student, case=case, extra={"task": task})
