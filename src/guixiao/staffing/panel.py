"""接手的事项 on the first page: posts taken over and not yet confirmed. One query."""

from __future__ import annotations

from django.template.loader import render_to_string

from guixiao.access.middleware import GuixiaoRequest
from guixiao.facts.clock import day_of

from .scopes import taken_over


def taken_over_panel(request: GuixiaoRequest) -> str:
    waiting = taken_over(request.actor).filter(taken_at=None, day__lte=day_of(request.now)).order_by("day")
    rows = list(waiting[:5])
    if not rows:
        return ""
    return render_to_string("staffing/panel.html", {"rows": rows, "now": request.now}, request=request)
