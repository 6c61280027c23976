"""Turning the practice county's clock a day on, from the bar on every page."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .clock import advance as turn


@require_POST
def advance(request: Any) -> HttpResponse:
    """The county lives on to the next school morning. Real installations refuse: their clock is the world's."""
    if not settings.DEMO:
        return HttpResponse(
            _("只有演练县的时钟可以往前拨。"), status=409, content_type="text/plain; charset=utf-8"
        )
    moment = turn(request.now)
    request.now = moment.astimezone(UTC)  # what the county did is settled at the moment it has come to
    messages.success(request, _("现在是 %s，各班正在点名。") % f"{moment:%m月%d日 %H:%M}")
    return redirect("web:start")
