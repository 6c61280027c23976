"""A new school, grade, class or village; taken back while nothing refers to it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guixiao.access import tree
from guixiao.access.middleware import GuixiaoRequest
from guixiao.access.scopes import place_or_404
from guixiao.facts.clock import day_of
from guixiao.places.models import Kind
from guixiao.staffing import actions
from guixiao.staffing.forms import PlaceForm
from guixiao.staffing.kinds import beneath
from guixiao.staffing.scopes import EDIT

NEW_YEAR = 8  # a school year begins in August


@require_http_methods(["GET", "POST"])
def add(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """Add a place beneath this one."""
    parent = place_or_404(request.actor, EDIT, pk)
    today = day_of(request.now)
    year = today.year if today.month >= NEW_YEAR else today.year - 1
    form = PlaceForm(
        parent, request.POST if request.method == "POST" else None, initial={"school_year": year}
    )
    if form.is_bound and form.is_valid():
        data = {**form.cleaned_data, "kind": Kind(form.cleaned_data["kind"])}
        by = request.actor.by(EDIT, parent.path)
        try:
            made = actions.make_place(by=by, now=request.now, parent=parent, **data)
        except ValidationError as error:
            tree.at_their_fields(form, error)
        else:
            messages.success(request, _("已加上%(name)s。建错了，可以在它的页面撤回。") % {"name": made.name})
            return redirect("access:posts", made.pk)
    context = {"place": parent, "form": form, "kinds": beneath(parent)}
    return render(request, "staffing/place.html", context, status=422 if form.errors else 200)


@require_POST
def take_back(request: GuixiaoRequest, pk: int) -> HttpResponse:
    place = place_or_404(request.actor, EDIT, pk)
    parent = place.parent_id
    by = request.actor.by(EDIT, place.path)
    try:
        gone = actions.unmake_place(by=by, now=request.now, place=place)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("access:posts", pk)
    said = _("已撤回%(name)s。") if gone else _("%(name)s已有系统产生的记录，没有删去，已停用。")
    messages.success(request, said % {"name": place.name})
    return redirect("access:posts", parent) if parent else redirect("access:tree")
