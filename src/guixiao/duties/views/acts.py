"""What is done about a duty from its page: report, remind, waive."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guixiao.access.actor import Actor
from guixiao.access.middleware import GuixiaoRequest
from guixiao.duties import queries
from guixiao.duties.actions import answer
from guixiao.duties.forms import ReportForm, WaiveForm
from guixiao.duties.models import Duty
from guixiao.duties.tasks import subject_words
from guixiao.duties.words import act_of
from guixiao.facts import By
from guixiao.facts.posts import climb, outranks

from .why import may_remind, may_waive


def acting(actor: Actor, duty: Duty) -> By | None:
    """In which post this actor may answer for a duty: the one that carries it, else one on the line above."""
    wanted = (duty.post, duty.asked, *climb(duty.asked))
    mine = queries.mine_q(actor)
    if not Duty.objects.filter(mine, pk=duty.pk).exists():
        return None
    for post in wanted:
        for held in actor.held:
            if held.post == post:
                return By(actor.account, held.post, held.org, held.for_person)
    return None


@require_http_methods(["GET", "POST"])
def report(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """Record a report, notice or registration. Only whoever has the duty."""
    duty = queries.duty_or_404(request.actor, pk)
    by = acting(request.actor, duty)
    if by is None:
        raise Http404
    form = ReportForm(request.POST or None, duty=duty, now=request.now)
    status = 200
    if request.method == "POST":
        form = ReportForm(request.POST, duty=duty, now=request.now)
        if form.is_valid() and _reported(request, duty, by, form):
            messages.success(request, _("已记下，这件事按报告的时间算。"))
            return redirect("duties:home")
        status = 422
    who, note = subject_words(duty, request.actor)
    context = {"form": form, "duty": duty, "who": who, "note": note, "what": act_of(duty.act, duty.title)}
    return render(request, "duties/report.html", context, status=status)


def _reported(request: GuixiaoRequest, duty: Duty, by: By, form: ReportForm) -> bool:
    try:
        answer.report(
            by=by,
            now=request.now,
            duty=duty,
            person=request.actor.person,
            to=form.cleaned_data["to"],
            at=form.cleaned_data["at"],
            how=form.cleaned_data["how"],
            words=form.cleaned_data["words"],
            client_id=form.cleaned_data["client_id"],
        )
    except ValidationError as refused:
        form.add_error(None, refused)
        return False
    return True


@require_POST
def remind(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """Remind whoever has it."""
    duty = queries.duty_or_404(request.actor, pk)
    over = request.actor.over("duty.remind", duty.path, duty.home_path)
    if not over:
        raise Http404
    if not may_remind(request, duty):
        messages.info(request, _("这件事已经办结，或就在您自己手里，不用提醒。"))
        return _back(request)
    told = answer.remind(by=request.actor.by("duty.remind", over), now=request.now, duty=duty)
    if told:
        messages.success(request, _("已提醒 %(n)s 人，记进经过。") % {"n": told})
    else:
        messages.info(request, _("这一小时已经提醒过，过一会儿再提醒。"))
    return _back(request)


@require_POST
def remind_all(request: GuixiaoRequest) -> HttpResponse:
    """Remind everybody beneath who has something overdue; one notice a task and person."""
    people: set[int] = set()
    for duty in queries.overdue_beneath(request.actor)[:200]:
        over = request.actor.over("duty.remind", duty.path, duty.home_path)
        if duty.holder_id is not None and over:
            by = request.actor.by("duty.remind", over)
            if answer.remind(by=by, now=request.now, duty=duty):
                people.add(duty.holder_id)
    if people:
        messages.success(request, _("已提醒 %(n)s 人，记进经过。") % {"n": len(people)})
    else:
        messages.info(request, _("没有要提醒的，或这一小时都提醒过了。"))
    return _back(request)


@require_http_methods(["GET", "POST"])
def waive(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """Say, with a reason, that a duty need not be done. Only a post above the one that answers."""
    duty = queries.duty_or_404(request.actor, pk)
    actor = request.actor
    over = actor.over("duty.waive", duty.path, duty.home_path)
    if not over:
        raise Http404
    if not may_waive(request, duty):
        messages.info(request, _("这件事已经办结，或要由职务更高的人来豁免。"))
        return redirect("duties:why", pk=duty.pk)
    form = WaiveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            by = _highest(actor, duty, actor.by("duty.waive", over))
            answer.waive(
                by=by, now=request.now, duty=duty, person=actor.person, reason=form.cleaned_data["reason"]
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("已豁免，知道这件事的人都会收到说明。"))
            return redirect("duties:why", pk=duty.pk)
    who, note = subject_words(duty, actor)
    context = {"form": form, "duty": duty, "who": who, "note": note, "what": act_of(duty.act, duty.title)}
    return render(request, "duties/waive.html", context, status=422 if form.errors else 200)


def _highest(actor: Actor, duty: Duty, by: By) -> By:
    """Of several posts held, the one that stands above the post that answers."""
    above = [held for held in actor.held if outranks(held.post, duty.post)]
    if above and not (by.post == duty.post or outranks(by.post, duty.post)):
        return By(actor.account, above[0].post, above[0].org, above[0].for_person)
    return by


def _back(request: GuixiaoRequest) -> HttpResponse:
    """Where the button was."""
    came = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came, allowed_hosts={request.get_host()}):
        return redirect(came)
    return redirect("duties:home")
