"""Opening the year, with its consequences in numbers first, and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guixiao.access.middleware import GuixiaoRequest
from guixiao.facts.clock import day_of
from guixiao.schoolyear import actions, preview
from guixiao.schoolyear.checks import examine
from guixiao.schoolyear.draft import look
from guixiao.schoolyear.models import State
from guixiao.schoolyear.naming import year_name
from guixiao.schoolyear.plan import Plan
from guixiao.schoolyear.rights import OPEN, opening_or_404, refusal

from .editing import address


@require_http_methods(["GET", "POST"])
def open_year(request: GuixiaoRequest, pk: int) -> HttpResponse:
    opening = opening_or_404(request.actor, OPEN, pk)
    if opening.state != State.DRAFT:
        return redirect(address(opening))
    said: list[str] = []
    if request.method == "POST":
        text = request.POST.get("version", "")
        version = int(text) if text.isascii() and text.isdigit() else 0
        why = refusal(request.actor, opening.school)
        try:
            if why:
                raise ValidationError(why)
            by = request.actor.by(OPEN, opening.school.path)
            actions.open_year(by=by, now=request.now, opening=opening, version=version)
        except ValidationError as refused:
            said = refused.messages
            opening.refresh_from_db()
        else:
            messages.success(
                request,
                _("%(year)s已开。第一次点名以前都可以撤销。") % {"year": year_name(opening.year)},
            )
            return redirect(address(opening))
    now, plan = look(opening.school, opening.year), Plan.read(opening.plan)
    found = examine(now, plan, opening.year, request.now)
    context = {
        "opening": opening,
        "school": opening.school,
        "home": address(opening),
        "year_name": year_name(opening.year),
        "figures": preview.figures(plan, now),
        "found": found,
        "said": [text for text in said if text not in {point.text for point in found.blocking}],
        "refusal": refusal(request.actor, opening.school),
        "today": day_of(request.now),
        "later": bool(found.first and found.first > day_of(request.now)),
    }
    return render(request, "schoolyear/open.html", context, status=422 if said else 200)


@require_POST
def undo_year(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """Everything as before; the preview is there again as a draft."""
    opening = opening_or_404(request.actor, OPEN, pk)
    try:
        why = refusal(request.actor, opening.school)
        if why:
            raise ValidationError(why)
        by = request.actor.by(OPEN, opening.school.path)
        actions.undo_year(by=by, now=request.now, opening=opening)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("已撤销。班级、学生、老师都和开学年以前一样，安排还留着，可以改了再开。"))
    return redirect(address(opening))
