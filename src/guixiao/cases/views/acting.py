"""The steps of a case, each with the words that say what will follow from it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from guixiao.access.middleware import GuixiaoRequest
from guixiao.cases import actions, forms
from guixiao.cases.models import Case
from guixiao.cases.reasons import LAWFUL
from guixiao.cases.scopes import case_or_404
from guixiao.facts import By
from guixiao.facts.clock import day_of
from guixiao.facts.codes import Risk, Stage
from guixiao.files.intake import received
from guixiao.people import actions as people
from guixiao.people.page import on_the_line
from guixiao.people.roles import Role
from guixiao.people.scopes import student_or_404

from .steps import Step, take

get_or_post = require_http_methods(["GET", "HEAD", "POST"])

OPEN = Step("case.open", _("立案"), _("给这个孩子建一人一案，以后的家访、方案、报告都归到这里。"), _("立案"))
REOPEN = Step("case.open", _("重开"), _("开一个新的个案，和原来的连在一起；原来的经过都留着。"), _("重开"))
RETURNED = Step(
    "case.plan",
    _("登记返校"),
    _("这只是一个说明。班主任点名到校以后，个案才会改成“返校”。"),
    _("登记返校"),
)
CONFIRM = Step(
    "case.approve",
    _("辍学登记"),
    _("确认辍学以后，孩子仍在名册上、仍计入人数，不再每天点名；学校要继续劝返。"),
    _("确认辍学"),
    decides=True,
    danger=True,
)
ENROL = Step(
    "case.approve",
    _("恢复在校"),
    _("孩子回到班里，从今天起照常点名；点名到校以后，个案改成“返校”。"),
    _("恢复在校"),
    decides=True,
)
RISK = Step(
    "case.plan",
    _("评风险等级"),
    _("由人来评，写明理由。等级只用来安排力量，不影响孩子的任何权利。"),
    _("确定"),
    choices={
        "risk": (
            {"value": "high", "label": _("高风险"), "note": _("离校久、原因复杂、家里不支持、难劝")},
            {"value": "medium", "label": _("中风险"), "note": _("时间不长、原因单一、家里一般支持")},
            {"value": "low", "label": _("低风险"), "note": _("时间短、原因清楚、家里支持")},
        )
    },
)
MARK = Step(
    "case.mark",
    _("标记阶段"),
    _("疑似辍学：按天数或核实结果标记，孩子仍照常点名。跟踪：返校以后继续关注。"),
    _("标记"),
    choices={
        "to": (
            {"value": "suspected", "label": _("疑似辍学"), "note": _("在学籍系统同步标记，继续点名和劝返")},
            {"value": "following", "label": _("跟踪"), "note": _("已经返校，定期了解学习和生活")},
        )
    },
)
PROPOSE = Step(
    "case.propose",
    _("提请销号"),
    _("销号要有合法的理由和证据，由职务更高的另一个人核准。失联、外出务工、已婚、拒返不能销号。"),
    _("提请销号"),
    choices={
        "reason": tuple(
            {"value": one.code, "label": one.title, "note": one.evidence} for one in LAWFUL.values()
        )
    },
    uploads="evidence",
    uploads_help=_("照片、PDF、Word 或 Excel，每个不超过 15 MB，最多 9 个。"),
)
CLOSE = Step(
    "case.close",
    _("核准销号"),
    _("核准以后个案结束，专班指派一并结束；孩子再缺勤会自动重开。"),
    _("核准销号"),
    decides=True,
)
REFUSE = Step("case.close", _("退回销号"), _("个案回到提请以前的阶段，接着办。"), _("退回"), decides=True)
ASSIGN = Step("student.assign", _("指派专班人员"), _("被指派的人可以看这个孩子的资料和个案。"), _("指派"))
PAPERS = Step(
    "case.plan",
    _("存材料"),
    _("通知书、证明、照片等。加密存放，看过有记录。"),
    _("存入"),
    uploads="papers",
    uploads_help=_("照片、PDF、Word 或 Excel，每个不超过 15 MB，最多 9 个。"),
)


def _today(request: GuixiaoRequest) -> dict[str, str]:
    return {"day": day_of(request.now).isoformat()}


@get_or_post
def open_case(request: GuixiaoRequest, pk: int) -> HttpResponse:
    student = student_or_404(request.actor, OPEN.needs, pk)

    def run(by: By, data: dict[str, Any]) -> Case:
        return actions.open_case(by=by, now=request.now, student=student, **data)

    form = forms.OpenForm(request.POST or None, initial=_today(request))
    return take(request, OPEN, form, run, student=student)


@get_or_post
def reopen(request: GuixiaoRequest, pk: int) -> HttpResponse:
    case = case_or_404(request.actor, REOPEN.needs, pk)

    def run(by: By, data: dict[str, Any]) -> Case:
        return actions.reopen(by=by, now=request.now, case=case, **data)

    form = forms.OpenForm(request.POST or None, initial=_today(request))
    return take(request, REOPEN, form, run, student=case.student, case=case)


@get_or_post
def returned(request: GuixiaoRequest, pk: int) -> HttpResponse:
    case = case_or_404(request.actor, RETURNED.needs, pk)

    def run(by: By, data: dict[str, Any]) -> Case:
        return actions.state_returned(by=by, now=request.now, case=case, day=data["day"])

    form = forms.DayForm(request.POST or None, initial=_today(request))
    return take(request, RETURNED, form, run, student=case.student, case=case)


@get_or_post
def confirm(request: GuixiaoRequest, pk: int) -> HttpResponse:
    case = case_or_404(request.actor, CONFIRM.needs, pk)

    def run(by: By, data: dict[str, Any]) -> Case:
        return actions.confirm_dropout(by=by, now=request.now, case=case, **data)

    form = forms.ReasonForm(request.POST or None, initial=_today(request))
    return take(request, CONFIRM, form, run, student=case.student, case=case)


@get_or_post
def enrol(request: GuixiaoRequest, pk: int) -> HttpResponse:
    case = case_or_404(request.actor, ENROL.needs, pk)

    def run(by: By, data: dict[str, Any]) -> Case:
        return actions.re_enrol(by=by, now=request.now, case=case, **data)

    form = forms.ReasonForm(request.POST or None, initial=_today(request))
    return take(request, ENROL, form, run, student=case.student, case=case)


@get_or_post
def mark(request: GuixiaoRequest, pk: int) -> HttpResponse:
    case = case_or_404(request.actor, MARK.needs, pk)

    def run(by: By, data: dict[str, Any]) -> Case:
        to = Stage(data["to"])
        return actions.change_stage(
            by=by, now=request.now, case=case, to=to, reason=data["reason"], day=data["day"]
        )

    form = forms.MarkForm(request.POST or None, initial=_today(request))
    return take(request, MARK, form, run, student=case.student, case=case)


@get_or_post
def risk(request: GuixiaoRequest, pk: int) -> HttpResponse:
    case = case_or_404(request.actor, RISK.needs, pk)

    def run(by: By, data: dict[str, Any]) -> Case:
        return actions.set_risk(
            by=by, now=request.now, case=case, risk=Risk(data["risk"]), reason=data["reason"]
        )

    form = forms.RiskForm(request.POST or None, initial={"risk": case.risk})
    return take(request, RISK, form, run, student=case.student, case=case)


@get_or_post
def propose(request: GuixiaoRequest, pk: int) -> HttpResponse:
    case = case_or_404(request.actor, PROPOSE.needs, pk)

    def run(by: By, data: dict[str, Any]) -> object:
        with received(request.FILES.getlist("evidence")) as evidence:
            return actions.propose_closing(by=by, now=request.now, case=case, evidence=evidence, **data)

    form = forms.ProposeForm(request.POST or None)
    return take(request, PROPOSE, form, run, student=case.student, case=case)


@get_or_post
def close(request: GuixiaoRequest, pk: int) -> HttpResponse:
    case = case_or_404(request.actor, CLOSE.needs, pk)

    def run(by: By, data: dict[str, Any]) -> Case:
        return actions.close(by=by, now=request.now, case=case, answer=data["answer"])

    form = forms.AnswerForm(request.POST or None)
    return take(request, CLOSE, form, run, student=case.student, case=case)


@get_or_post
def refuse(request: GuixiaoRequest, pk: int) -> HttpResponse:
    case = case_or_404(request.actor, REFUSE.needs, pk)

    def run(by: By, data: dict[str, Any]) -> Case:
        return actions.refuse_closing(by=by, now=request.now, case=case, answer=data["answer"])

    form = forms.AnswerForm(request.POST or None)
    return take(request, REFUSE, form, run, student=case.student, case=case)


@get_or_post
def assign(request: GuixiaoRequest, pk: int) -> HttpResponse:
    case = case_or_404(request.actor, ASSIGN.needs, pk)
    today: date = day_of(request.now)
    line = on_the_line(case.student, today)
    names = {one.person_id: f"{one.person.name} {one.place.name} {one.get_post_display()}" for one in line}

    def run(by: By, data: dict[str, Any]) -> object:
        return people.assign(
            by=by,
            now=request.now,
            student=case.student,
            person_id=data["person"],
            role=Role.CASE,
            first=data["first"],
        )

    form = forms.AssignForm(
        request.POST or None, people=list(names.items()), initial={"first": today.isoformat()}
    )
    return take(request, ASSIGN, form, run, student=case.student, case=case)


@get_or_post
def papers(request: GuixiaoRequest, pk: int) -> HttpResponse:
    case = case_or_404(request.actor, PAPERS.needs, pk)

    def run(by: By, data: dict[str, Any]) -> None:
        with received(request.FILES.getlist("papers")) as taken:
            actions.add_papers(by=by, now=request.now, case=case, papers=taken)

    return take(request, PAPERS, forms.EmptyForm(request.POST or None), run, student=case.student, case=case)
