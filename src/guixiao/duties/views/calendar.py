"""校历: a month at a glance, terms and decisions; each change shows what it does before it is saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guixiao.access.middleware import GuixiaoRequest
from guixiao.access.scopes import place_or_404, visible_places
from guixiao.access.tree import at_their_fields
from guixiao.duties import calendar_page
from guixiao.duties.calendar_forms import DaysForm, TermForm, given_of
from guixiao.duties.effect import Effect, effect_of
from guixiao.duties.effect_words import listed
from guixiao.duties.occasions import calendar_subjects
from guixiao.duties.settle import LARGE, settle_subjects
from guixiao.facts import By
from guixiao.facts.clock import day_of
from guixiao.places import actions, paths, terms
from guixiao.places.actions.calendars import check_days, kept_of
from guixiao.places.calendars import Supposed
from guixiao.places.models import Kind, Overlay, Place, SchoolTerm
from guixiao.places.queries import line

VIEW, EDIT = "place.view", "calendar.edit"
WITH_TERMS = (Kind.COUNTY, Kind.TOWNSHIP, Kind.CENTRAL_SCHOOL, Kind.SCHOOL)
SHOWN = 40


@require_safe
def calendars(request: GuixiaoRequest) -> HttpResponse:
    """The calendar of where I am."""
    main = request.actor.main
    places = visible_places(request.actor, VIEW)
    place = places.filter(pk=main.place_id).first() if main else None
    place = place or places.order_by("path").first()
    if place is None:
        raise Http404
    return redirect("duties:calendar", place.pk)


@require_safe
def calendar(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """One place's calendar, a month at a time."""
    place = place_or_404(request.actor, VIEW, pk)
    today = day_of(request.now)
    month = _month(request.GET.get("month", ""), today)
    weeks = calendar_page.month_of(place, month, today)
    overlays = calendar_page.overlays_of(place)
    context = {
        "place": place,
        "line": _line(request, place),
        "beneath": _beneath(request, place),
        "month": month,
        "earlier": (month - timedelta(days=1)).replace(day=1),
        "later": (month + timedelta(days=32)).replace(day=1),
        "weeks": weeks,
        "today": calendar_page.cell_of(place, today),
        "terms": calendar_page.terms_of(place, today),
        "own": [row for row in reversed(overlays) if row.place_id == place.pk],
        "above": [row for row in reversed(overlays) if row.place_id != place.pk],
        "workdays": calendar_page.undecided_workdays(place, today),
        "unknown": calendar_page.unannounced(place, today),
        "history": calendar_page.history(place),
        "may_edit": request.actor.may_at(EDIT, place),
        "with_terms": place.kind in WITH_TERMS,
        "day": today,
    }
    return render(request, "duties/calendar.html", context)


def _month(asked: str, today: date) -> date:
    """The first day of the month asked for; nonsense is this month."""
    try:
        found = date.fromisoformat(f"{asked}-01")
    except ValueError:
        return today.replace(day=1)
    return found if 2020 <= found.year <= 2100 else today.replace(day=1)


def _line(request: GuixiaoRequest, place: Place) -> list[Place]:
    """The places above that this actor may look into, outermost first."""
    above = visible_places(request.actor, VIEW).filter(pk__in=paths.ids(place.path)).exclude(pk=place.pk)
    return list(above.order_by("path"))


def _beneath(request: GuixiaoRequest, place: Place) -> list[Place]:
    return list(
        place.children.filter(closed_on=None).exclude(kind=Kind.HAMLET).order_by("kind", "grade", "name")[:80]
    )


# --- one change: form → what it does → saved ----------------------------------------------------------


@dataclass
class Step:
    """A change on its way: what would be other, how to save it, and the words around it."""

    place: Place
    title: str
    supposed: Callable[[], Supposed]
    save: Callable[[By], object]
    said: str
    form: forms.Form | None = None
    verb: str = ""


@require_http_methods(["GET", "POST"])
def decide(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """School is held, or closed, on some days."""
    place = place_or_404(request.actor, EDIT, pk)
    initial = {name: request.GET[name] for name in ("kind", "first", "last") if name in request.GET}
    form = DaysForm(request.POST if request.method == "POST" else None, initial=initial)

    def supposed() -> Supposed:
        given = form.decision()
        check_days(place, given, day_of(request.now))
        return Supposed(place.pk, days=(_row(place, form),))

    def save(by: By) -> object:
        given = form.decision()
        return actions.set_days(
            by=by, now=request.now, place=place, first=given.first, last=given.last,
            is_school=given.is_school, reason=given.reason,
        )  # fmt: skip

    return _go(request, Step(place, _("定上课或停课"), supposed, save, _("已定下。"), form))


@require_http_methods(["GET", "POST"])
def redecide(request: GuixiaoRequest, pk: int, overlay: int) -> HttpResponse:
    """Change a decision: the old one is taken back and stays on record."""
    place, row = _overlay(request, pk, overlay)
    form = DaysForm(request.POST if request.method == "POST" else None, initial=given_of(row))
    today = day_of(request.now)

    def supposed() -> Supposed:
        given, kept = form.decision(), kept_of(row, today)
        check_days(place, given, today, kept=kept)
        stays = (_kept_row(place, row, today),) if kept else ()
        return Supposed(place.pk, days=(*stays, _row(place, form)), gone=frozenset({row.pk}))

    def save(by: By) -> object:
        given = form.decision()
        return actions.replace_days(
            by=by, now=request.now, overlay=row, first=given.first, last=given.last,
            is_school=given.is_school, reason=given.reason,
        )  # fmt: skip

    return _go(request, Step(place, _("改这个决定"), supposed, save, _("已改。"), form))


@require_http_methods(["GET", "POST"])
def withdraw(request: GuixiaoRequest, pk: int, overlay: int) -> HttpResponse:
    """Take a decision back from today on."""
    place, row = _overlay(request, pk, overlay)
    today = day_of(request.now)

    def supposed() -> Supposed:
        stays = (_kept_row(place, row, today),) if kept_of(row, today) else ()
        return Supposed(place.pk, days=stays, gone=frozenset({row.pk}))

    def save(by: By) -> object:
        return actions.withdraw_days(by=by, now=request.now, overlay=row)

    title = _("撤回“%(why)s”（%(days)s）") % {
        "why": row.reason,
        "days": calendar_page.span(row.first, row.last),
    }
    return _go(request, Step(place, title, supposed, save, _("已撤回。"), verb=_("撤回")))


@require_http_methods(["GET", "POST"])
def term(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """Set or move a term."""
    place = place_or_404(request.actor, EDIT, pk)
    if place.kind not in WITH_TERMS:
        raise Http404
    today = day_of(request.now)
    form = TermForm(
        request.POST if request.method == "POST" else None, today=today, initial=_known(request, place)
    )

    def supposed() -> Supposed:
        given = form.cleaned_data
        terms.check_term(place, given["code"], given["first"], given["last"], today)
        return Supposed(place.pk, term=SchoolTerm(place=place, **given))

    def save(by: By) -> object:
        return actions.set_term(by=by, now=request.now, place=place, **form.cleaned_data)

    return _go(request, Step(place, _("定学期"), supposed, save, _("学期已定下。"), form))


@require_http_methods(["GET", "POST"])
def remove_term(request: GuixiaoRequest, pk: int, code: str) -> HttpResponse:
    """Take away a term this place set itself."""
    place = place_or_404(request.actor, EDIT, pk)
    row = SchoolTerm.objects.filter(place=place, code=code).first()
    if row is None:
        raise Http404

    def save(by: By) -> None:
        actions.remove_term(by=by, now=request.now, term=row)

    title = _("去掉%(term)s（%(days)s）") % {
        "term": terms.title(code),
        "days": calendar_page.span(row.first, row.last),
    }
    step = Step(place, title, lambda: Supposed(place.pk, no_term=code), save, _("已去掉。"), verb=_("去掉"))
    return _go(request, step)


def _known(request: GuixiaoRequest, place: Place) -> dict[str, Any]:
    code = request.GET.get("code", "")
    row = (
        SchoolTerm.objects.filter(place__in=[p.pk for p in line(place)], code=code)
        .order_by("-place__path")
        .first()
    )
    return {"code": row.code, "first": row.first, "last": row.last} if row else {"code": code}


def _overlay(request: GuixiaoRequest, pk: int, overlay: int) -> tuple[Place, Overlay]:
    place = place_or_404(request.actor, EDIT, pk)
    row = Overlay.objects.select_related("place").filter(place=place, pk=overlay, withdrawn=False).first()
    if row is None:
        raise Http404
    return place, row


def _row(place: Place, form: DaysForm) -> Overlay:
    given = form.decision()
    return Overlay(
        place=place, first=given.first, last=given.last, is_school=given.is_school, reason=given.reason
    )


def _kept_row(place: Place, row: Overlay, today: date) -> Overlay:
    kept = kept_of(row, today)
    assert kept is not None
    return Overlay(
        place=place, first=kept.first, last=kept.last, is_school=kept.is_school, reason=kept.reason
    )


def _go(request: GuixiaoRequest, step: Step) -> HttpResponse:
    """The form; then what it would do; then, if that is still what was shown, the writing."""
    form = step.form
    if form is not None and not (
        request.method == "POST" and form.is_valid() and "again" not in request.POST
    ):
        return _form(request, step)
    try:
        effect = effect_of(step.place, step.supposed(), request.now)
        seen = request.POST.get("seen", "")
        if request.method == "POST" and seen == effect.stamp:
            step.save(request.actor.by(EDIT, step.place.path))
            return _saved(request, step)
    except ValidationError as refused:
        if form is not None:
            at_their_fields(form, refused)
            return _form(request, step)
        messages.error(request, " ".join(refused.messages))
        return redirect("duties:calendar", step.place.pk)
    return _effect(request, step, effect, stale=bool(seen))


def _form(request: GuixiaoRequest, step: Step) -> HttpResponse:
    assert step.form is not None
    context = {"form": step.form, "place": step.place, "title": step.title}
    return render(request, "duties/calendar_form.html", context, status=422 if step.form.errors else 200)


def _effect(request: GuixiaoRequest, step: Step, effect: Effect, stale: bool) -> HttpResponse:
    context = {
        "place": step.place,
        "title": step.title,
        "what": _said(step.form),
        "effect": effect,
        "shown": calendar_page.shown_days(effect.days)[:SHOWN],
        "lines": listed(effect.running[:SHOWN], request.actor),
        "more": max(0, len(effect.running) - SHOWN),
        "stale": stale,
        "verb": step.verb or _("存下"),
        "large": step.place.kind in LARGE,
        "posted": step.form.data.items() if step.form else [],
        "counted": {
            name: effect.count(name) for name in ("moved", "withdrawn", "opened")
        },
    }  # fmt: skip
    return render(request, "duties/calendar_effect.html", context, status=409 if stale else 200)


def _said(form: forms.Form | None) -> str:
    """What is about to be decided, in words."""
    if isinstance(form, DaysForm):
        given = form.decision()
        words = {"days": calendar_page.span(given.first, given.last), "why": given.reason}
        return (_("%(days)s上课：%(why)s") if given.is_school else _("%(days)s不上课：%(why)s")) % words
    if isinstance(form, TermForm):
        given_term = form.cleaned_data
        days = calendar_page.span(given_term["first"], given_term["last"])
        return _("%(term)s：%(days)s") % {"term": terms.title(given_term["code"]), "days": days}
    return ""


def _saved(request: GuixiaoRequest, step: Step) -> HttpResponse:
    """Small places are settled before the answer leaves, large ones by the next round of the worker."""
    if step.place.kind in LARGE:
        when = _("下面的事由系统在几分钟内跟上。")
    else:
        settle_subjects(calendar_subjects(day_of(request.now), [step.place.path]), request.now)
        when = _("下面的事已经跟上。")
    messages.success(request, f"{step.said}{when}")
    return redirect("duties:calendar", step.place.pk)
