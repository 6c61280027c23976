"""Locks, second factors, keys and emergency looks, for the security administrator."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guixiao.access import actions, administration


@require_safe
def security(request: Any) -> HttpResponse:
    have, everybody, without = administration.second_factors(request.actor)
    shift = request.now - request.wall
    context = {
        "idle": settings.GUIXIAO_IDLE_MINUTES,
        "failures": settings.AXES_FAILURE_LIMIT,
        "lock_minutes": round(settings.AXES_COOLOFF_TIME * 60),
        "password_days": settings.GUIXIAO_PASSWORD_DAYS,
        "locked": administration.locked(request.actor, request.wall, shift),
        "have": have,
        "everybody": everybody,
        "without": without,
        "must_second": settings.GUIXIAO_ADMIN_SECOND_FACTOR,
        "keys": administration.key_state(),
        "page": Paginator(administration.glasses(), 25).get_page(request.GET.get("page")),
    }
    return render(request, "access/security.html", context)


@require_POST
def unlock(request: Any, pk: int) -> HttpResponse:
    """Let somebody in before the thirty minutes are over; ``pk`` is the person."""
    account = administration.accounts(request.actor).filter(person=pk).first()
    if account is None:
        raise Http404
    actions.unlock(by=request.actor.by("security.manage"), now=request.now, account=account)
    messages.success(request, _("已解锁，可以重新登录。"))
    return redirect("access:security")
