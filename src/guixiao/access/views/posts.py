"""The tree, who holds which post, vacancies and deputies; appointing, ending, deputising."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guixiao.access import tree
from guixiao.access.admin_forms import AppointForm, DeputyForm, EndForm
from guixiao.access.scopes import place_or_404
from guixiao.facts import By
from guixiao.facts.clock import day_of
from guixiao.places import actions
from guixiao.places.models import Deputy, Holding, Place

EDIT = "place.edit"


@require_safe
def top(request: Any) -> HttpResponse:
    """The uppermost place this actor may look into."""
    place = tree.uppermost(request.actor)
    if place is None:
        raise Http404
    return redirect("access:posts", place.pk)


@require_safe
def posts(request: Any, pk: int) -> HttpResponse:
    place = place_or_404(request.actor, "place.view", pk)
    day = day_of(request.now)
    context = {
        "place": place,
        "line": tree.visible_line(request.actor, place),
        "seats": tree.seats(place, day),
        "children": tree.children(place, day),
        "may_edit": request.actor.may_at(EDIT, place),
    }
    return render(request, "access/posts.html", context)


@require_http_methods(["GET", "POST"])
def appoint(request: Any, pk: int) -> HttpResponse:
    place = place_or_404(request.actor, EDIT, pk)
    given = {"post": request.GET.get("post", ""), "first": day_of(request.now)}
    form = AppointForm(place, request.POST if request.method == "POST" else None, initial=given)

    def do(by: By, data: dict[str, Any]) -> None:
        person = tree.person_for(request.actor, data["name"], data["staff_number"])
        tree.appoint(by=by, now=request.now, place=place, person=person, data=data)

    said = _("已任命。")
    return _form(request, place, form, do, said, title=_("任命"), verb=_("任命"))


@require_http_methods(["GET", "POST"])
def end_post(request: Any, pk: int) -> HttpResponse:
    holding = _holding(request, pk)
    form = EndForm(request.POST if request.method == "POST" else None, initial={"last": day_of(request.now)})

    def do(by: By, data: dict[str, date]) -> None:
        actions.end_post(by=by, now=request.now, holding=holding, last=data["last"])

    title = _("%(who)s离任：%(post)s") % {"who": holding.person.name, "post": holding.get_post_display()}
    return _form(request, holding.place, form, do, _("已办离任。"), title=title, verb=_("办离任"))


@require_http_methods(["GET", "POST"])
def deputise(request: Any, pk: int) -> HttpResponse:
    holding = _holding(request, pk)
    form = DeputyForm(
        request.POST if request.method == "POST" else None, initial={"first": day_of(request.now)}
    )

    def do(by: By, data: dict[str, Any]) -> None:
        person = tree.person_for(request.actor, data["name"], data["staff_number"], known_only=True)
        actions.name_deputy(
            by=by,
            now=request.now,
            holding=holding,
            person=person.known,
            first=data["first"],
            last=data["last"],
        )

    title = _("给%(who)s（%(post)s）指定代理") % {
        "who": holding.person.name,
        "post": holding.get_post_display(),
    }
    return _form(request, holding.place, form, do, _("已指定代理。"), title=title, verb=_("指定代理"))


@require_http_methods(["GET", "POST"])
def end_deputy(request: Any, pk: int) -> HttpResponse:
    deputy = Deputy.objects.select_related("holding__place", "person").filter(pk=pk).first()
    if deputy is None:
        raise Http404
    place = place_or_404(request.actor, EDIT, deputy.holding.place_id)
    form = EndForm(request.POST if request.method == "POST" else None, initial={"last": day_of(request.now)})

    def do(by: By, data: dict[str, date]) -> None:
        actions.end_deputy(by=by, now=request.now, deputy=deputy, last=data["last"])

    title = _("结束%(who)s的代理") % {"who": deputy.person.name}
    return _form(request, place, form, do, _("代理已结束。"), title=title, verb=_("结束代理"))


def _holding(request: Any, pk: int) -> Holding:
    holding = Holding.objects.select_related("person", "place").filter(pk=pk).first()
    if holding is None:
        raise Http404
    place_or_404(request.actor, EDIT, holding.place_id)
    return holding


def _form(
    request: Any,
    place: Place,
    form: forms.Form,
    do: Callable[[By, dict[str, Any]], None],
    said: str,
    **words: str,
) -> HttpResponse:
    """Show a form, do what it asks for, say so; a refusal comes back at its field."""
    if request.method == "POST" and form.is_valid():
        try:
            do(request.actor.by(EDIT, place.path), form.cleaned_data)
        except ValidationError as error:
            tree.at_their_fields(form, error)
        else:
            messages.success(request, said)
            return redirect("access:posts", place.pk)
    context = {"form": form, "place": place, **words}
    return render(request, "access/post_form.html", context, status=422 if form.errors else 200)
