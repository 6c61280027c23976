"""制度: the regulations in force where I am, rule by rule, and what each has brought about this term."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from guixiao.access.middleware import GuixiaoRequest
from guixiao.duties import rules
from guixiao.duties.adopted import packs
from guixiao.facts.clock import day_of
from guixiao.places.calendars import calendars_of
from guixiao.places.models import Place

from . import adoption

TERM_AT_MOST = timedelta(days=180)


@require_GET
def regulations(request: GuixiaoRequest) -> HttpResponse:
    """What binds us."""
    found = rules.in_force(request.actor, day_of(request.now))
    rows = [{"pack": packs()[code], "adoptions": adoptions} for code, adoptions in found.items()]
    context = {
        "rows": rows,
        "waiting": adoption.waiting(request),
        "history": adoption.history(request),
        "may_prepare": request.actor.may(adoption.PREPARE),
    }
    return render(request, "duties/regulations.html", context)


@require_GET
def regulation(request: GuixiaoRequest, code: str) -> HttpResponse:
    """One regulation. One that binds none of my places is no such page."""
    today = day_of(request.now)
    adoptions = rules.in_force(request.actor, today).get(code)
    if not adoptions:
        raise Http404
    pack = packs()[code]
    context = {
        "pack": pack,
        "adoptions": adoptions,
        "rules": rules.shown(pack, adoptions, request.actor, _term_start(request, today), today),
        "parameters": rules.parameters(pack, adoptions, today),
        "status": rules.status_words(),
    }
    return render(request, "duties/regulation.html", context)


def _term_start(request: GuixiaoRequest, today: date) -> date:
    held = request.actor.main
    if held is None:
        return today
    calendar = calendars_of([Place(pk=held.place_id, path=held.path)])[held.place_id]
    term = calendar.term_of(today)
    return term.first if term else today - TERM_AT_MOST
