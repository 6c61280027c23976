"""One's own account: posts, password, last sign-ins."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from guixiao.access import actions, queries
from guixiao.access.forms import ChangePasswordForm
from guixiao.access.middleware import password_is_old
from guixiao.facts.clock import day_of
from guixiao.places.queries import deputyships_of, holdings_of


@require_safe
def me(request: Any) -> HttpResponse:
    day = day_of(request.now)
    context = {
        "account": request.user,
        "name": request.actor.name,
        "held": request.actor.held,
        "holdings": holdings_of(request.actor.person, day).prefetch_related("deputies__person"),
        "deputyships": deputyships_of(request.actor.person, day).select_related("holding__person"),
        "sign_ins": queries.last_sign_ins(request.user.pk),
    }
    return render(request, "access/me.html", context)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def change_password(request: Any) -> HttpResponse:
    """Also the page that nobody gets past at the first sign-in, or with a password of ninety days."""
    account = request.user
    form = ChangePasswordForm(account, request.POST or None)
    if request.method == "POST" and form.is_valid():
        by = request.actor.by_virtue_of()
        actions.change_password(by=by, now=request.now, account=account, password=form.cleaned_data["new"])
        update_session_auth_hash(request, account)
        messages.success(request, _("密码改好了。别处登录的会话已经退出。"))
        return redirect("access:me")
    why = "first" if account.must_change_password else "old" if password_is_old(account, request.now) else ""
    status = 422 if form.errors else 200
    return render(request, "access/change_password.html", {"form": form, "why": why}, status=status)
