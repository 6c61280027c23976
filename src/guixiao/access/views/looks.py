"""Who has looked at a child; and looking, in an emergency, at one outside one's scope."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guixiao.access import actions, queries
from guixiao.access.children import the_register
from guixiao.access.forms import GlassForm
from guixiao.access.looks import looked

MISSES_AN_HOUR = 5


@require_safe
def looks(request: Any, pk: int) -> HttpResponse:
    """Every look at this child's record, latest first."""
    child = the_register().visible(request.actor, "student.view", pk)
    if child is None:
        raise Http404
    page = Paginator(queries.looks_at(pk), 25).get_page(request.GET.get("page"))
    context = {"child": child, "page": page, "rows": queries.told_looks(page.object_list)}
    looked(request.actor, "access.looks", student=pk)
    return render(request, "access/looks.html", context)


@require_http_methods(["GET", "POST"])
def glass(request: Any) -> HttpResponse:
    """Ask for an emergency look: an exact number and a reason, two hours, and the principal is told."""
    form = GlassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = _find(request, form)
        if found is not None:
            try:
                by = request.actor.by("glass.break")
                row = actions.open_glass(
                    by=by,
                    now=request.now,
                    student=found,
                    reason=form.cleaned_data["reason"],
                )
            except ValidationError as error:
                form.add_error("reason", error)
            else:
                messages.success(request, _("已打开，两小时后自动关上。校长会收到通知，这次查看已记录。"))
                return redirect(reverse("people:show", args=[row.student]))
    mine = queries.open_glasses(request.now).filter(account=request.actor.account)
    status = 422 if form.errors else 200
    return render(request, "access/glass.html", {"form": form, "mine": mine}, status=status)


def _find(request: Any, form: GlassForm) -> int | None:
    """The child whose exact number it is. Guessing is on record, and ends after five misses an hour."""
    if queries.glass_misses(request.actor.account, request.now) >= MISSES_AN_HOUR:
        form.add_error("number", _("一小时内查错 5 次，请过一小时再查，或先核对号码。"))
        return None
    found = the_register().by_number(form.cleaned_data["number"])
    if found is None:
        looked(request.actor, queries.GLASS_MISS, count=0)
        form.add_error("number", _("没有这个号码的学生。请核对学籍号或身份证件号，一位也不能差。"))
    return found
