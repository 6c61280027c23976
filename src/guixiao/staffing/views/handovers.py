"""Who holds which posts, and how a post passes on with what is open."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixiao.access import tree
from guixiao.access.actor import Actor
from guixiao.access.administration import person_or_404, staff
from guixiao.access.looks import looked
from guixiao.access.matrix import Way
from guixiao.access.middleware import GuixiaoRequest
from guixiao.facts.clock import day_of
from guixiao.facts.posts import POSTS, climb
from guixiao.places import actions as places
from guixiao.places import paths
from guixiao.places.models import Deputy, Holding, Person
from guixiao.places.queries import on
from guixiao.places.wording import title_of
from guixiao.staffing import actions, matters
from guixiao.staffing.forms import HandOverForm
from guixiao.staffing.models import Handover
from guixiao.staffing.scopes import EDIT, handover_or_404, handovers, holding_or_404

PAGE = 25


@require_safe
def people(request: GuixiaoRequest) -> HttpResponse:
    """Staff of the branch with the posts they hold today; searched by name, number, post or place."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:40]
    show = request.GET.get("show", "")
    found = staff(request.actor, EDIT)
    today = day_of(request.now)
    current = Holding.objects.filter(on(today))
    if text:
        seats = Holding.objects.filter(on(today), place__name__icontains=text).values("person")
        found = found.filter(Q(name__icontains=text) | Q(staff_number__icontains=text) | Q(pk__in=seats))
    if show == "none":
        found = found.exclude(pk__in=current.values("person"))
    elif show == "leaving":
        found = found.filter(pk__in=current.exclude(last=None).values("person"))
    page = Paginator(found.order_by("name", "pk"), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "q": text, "show": show, "top": tree.uppermost(request.actor)}
    return render(request, "staffing/people.html", context)


@require_safe
def person(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """One person: every post with what is open under it, deputies, handovers so far."""
    found = person_or_404(request.actor, EDIT, pk)
    context = {"person": found, "own": False, **about(request, found, _within(request.actor))}
    return render(request, "staffing/person.html", context)


def _within(actor: Actor) -> QuerySet[Holding]:
    return Holding.objects.filter(paths.beneath_any("place__path", actor.paths(EDIT, Way.ENROLMENT)))


def about(request: GuixiaoRequest, person: Person, within: QuerySet[Holding]) -> dict[str, Any]:
    """The posts of a person from today on, each with counts of what is open; past ones; deputyships."""
    today = day_of(request.now)
    deputies = Deputy.objects.filter(Q(last=None) | Q(last__gte=today)).select_related("person")
    rows = within.filter(person=person).select_related("place", "person")
    held = list(
        rows.filter(Q(last=None) | Q(last__gte=today))
        .prefetch_related(Prefetch("deputies", deputies, to_attr="now_deputies"))
        .order_by("first", "pk")
    )
    held.sort(key=lambda row: (row.first > today, -POSTS[row.post].rank, row.first))
    open_now = {row.pk: matters.snapshot(row, request.now) for row in held if row.first <= today}
    seats = [
        {
            "holding": row,
            "begun": row.first <= today,
            "open": [
                {"title": each.title, "n": open_now[row.pk][each.kind]["all"]}
                for each in matters.SOURCES
                if each.kind in open_now.get(row.pk, {})
            ],
        }
        for row in held
    ]
    acting = Deputy.objects.filter(Q(last=None) | Q(last__gte=today), person=person)
    return {
        "seats": seats,
        "past": rows.filter(last__lt=today).order_by("-last", "-pk")[:10],
        "acting": acting.select_related("holding__person", "holding__place").order_by("first"),
        "given": Handover.objects.filter(person=person, holding__in=within)
        .select_related("place", "to_person")
        .order_by("-at")[:10],
        "today": today,
    }


@require_http_methods(["GET", "POST"])
def hand_over(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """What is open under one post; to whom it goes, and from when."""
    holding = holding_or_404(request.actor, pk)
    kept = matters.snapshot(holding, request.now)
    shown = matters.shown(holding, kept, request.actor)
    assignments = [item for each in shown if each.kind == "assignments" for item in each.items]
    posted = request.POST if request.method == "POST" else None
    today = day_of(request.now)
    form = HandOverForm(posted, initial={"day": max(today, holding.first), "to": "person"})
    ticked = {item.id for item in assignments}
    if posted is not None:
        ticked &= {int(text) for text in posted.getlist("assignment") if text.isdigit() and len(text) < 18}
    if form.is_bound and form.is_valid():
        try:
            row = _do(request, holding, form.cleaned_data, {int(number) for number in ticked})
        except ValidationError as error:
            tree.at_their_fields(form, error)
        else:
            messages.success(request, _said(row))
            return redirect("staffing:handover", row.pk)
    _look(request, shown)
    context = {
        "holding": holding,
        "form": form,
        "matters": shown,
        "ticked": ticked,
        "names": _names(request, holding),
        "climbs": _climbs(holding),
    }
    return render(request, "staffing/hand_over.html", context, status=422 if form.errors else 200)


def _do(request: GuixiaoRequest, holding: Holding, data: dict[str, Any], ticked: set[int]) -> Handover:
    by = request.actor.by(EDIT, holding.place.path)
    with transaction.atomic():
        to: Person | None = None
        if data["to"] == "person":
            meant = tree.person_for(request.actor, data["name"], data["staff_number"])
            to = meant.found or places.add_person(
                by=by, now=request.now, name=meant.name, staff_number=meant.staff_number
            )
        return actions.hand_over(
            by=by,
            now=request.now,
            holding=holding,
            day=data["day"],
            to=to,
            reason=data["reason"],
            assignments=ticked,
        )


def _said(row: Handover) -> str:
    words = {"who": row.person.name, "post": row.post_title}
    if row.to_person is None:
        return _("已登记：%(who)s不再任%(post)s，这个岗位暂时空缺。") % words
    return _("已交接：%(post)s由%(who)s交给%(to)s。") % {**words, "to": row.to_person.name}


def _names(request: GuixiaoRequest, holding: Holding) -> list[Person]:
    """Colleagues of the same organisation, for the list beneath the field."""
    here = Holding.objects.filter(on(day_of(request.now)), place__org_id=holding.place.org_id).values(
        "person"
    )
    return list(
        staff(request.actor, EDIT).filter(pk__in=here).exclude(pk=holding.person_id).order_by("name")[:300]
    )


def _climbs(holding: Holding) -> list[str]:
    """Where what is open goes while nobody holds the post."""
    stands_in = POSTS[holding.post].stands_in
    line = [*([stands_in] if stands_in else []), *climb(holding.post)]
    return [title_of(post) for post in dict.fromkeys(line)][:3]


@require_safe
def listed(request: GuixiaoRequest) -> HttpResponse:
    """Handovers so far, the latest first."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:40]
    rows = handovers(request.actor)
    if text:
        named = Q(person__name__icontains=text) | Q(to_person__name__icontains=text)
        rows = rows.filter(named | Q(place__name__icontains=text))
    page = Paginator(rows.order_by("-at", "-pk"), PAGE).get_page(request.GET.get("page"))
    return render(request, "staffing/handovers.html", {"page": page, "q": text})


@require_safe
def show(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """The list of a handover, to be printed and signed by both."""
    row = handover_or_404(request.actor, pk)
    shown = matters.shown(row.holding, row.matters, request.actor)
    _look(request, shown)
    moved = {pair[0] for pair in row.moved}
    context = {"row": row, "matters": shown, "moved": moved, "mine": False}
    return render(request, "staffing/handover.html", context)


@require_POST
def undo(request: GuixiaoRequest, pk: int) -> HttpResponse:
    row = handover_or_404(request.actor, pk)
    by = request.actor.by(EDIT, row.place.path)
    try:
        actions.undo_handover(by=by, now=request.now, handover=row)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("已撤销交接，岗位和包保恢复原样。"))
    return redirect("staffing:handover", pk)


def _look(request: GuixiaoRequest, shown: list[matters.Matter]) -> None:
    """Names of children were shown: that is on record."""
    count = sum(1 for each in shown for item in each.items if item.url and each.kind != "rolls")
    if count and request.actor.may("student.view"):
        looked(request.actor, "student.view", count=count)
