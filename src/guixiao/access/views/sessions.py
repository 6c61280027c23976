"""Signing in and out, and the language before either."""

from __future__ import annotations

from datetime import timedelta
from math import ceil
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from guixiao.access import actions
from guixiao.access.actor import actor_of
from guixiao.access.forms import SignInForm
from guixiao.access.models import Account
from guixiao.facts import By
from guixiao.facts.clock import local


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: Any) -> HttpResponse:
    """The way in. A failure says no more than that name or password is wrong."""
    if request.actor is not None:
        return redirect(_next(request))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = authenticate(request, **form.cleaned_data)
        if isinstance(account, Account):
            return _let_in(request, account)
        _note_failure(request, form.cleaned_data["username"])
        form.add_error(None, _wrong(request))
    status = 422 if form.errors else 200
    return render(request, "access/sign_in.html", {"form": form, "next": _next(request)}, status=status)


def _let_in(request: Any, account: Account) -> HttpResponse:
    login(request, account)
    by = actor_of(account, request.now).by_virtue_of()
    actions.signed_in(by=by, now=request.now, account=account)
    response = redirect(_next(request))
    _speak(response, account.language)
    return response


def _note_failure(request: Any, username: str) -> None:
    if getattr(request, "axes_locked_out", False) and not getattr(request, "axes_failures_since_start", 0):
        return  # already locked: the attempt did not reach the password
    account = Account.objects.filter(username=username).select_related("person").first()
    by = actor_of(account, request.now).by_virtue_of() if account else By(0, "none", 0)
    actions.sign_in_failed(by=by, now=request.now, account=account)


def _wrong(request: Any) -> str:
    said = _("账号或密码不对。忘了密码请找系统管理员重置。")
    left = settings.AXES_FAILURE_LIMIT - (getattr(request, "axes_failures_since_start", 0) or 0)
    if left > 2:
        return said
    warned = ngettext("再错 %(n)d 次将锁定 30 分钟。", "再错 %(n)d 次将锁定 30 分钟。", left) % {"n": left}
    return f"{said}{warned}"


def locked_out(
    request: Any, original: HttpResponse | None, credentials: dict[str, str] | None
) -> HttpResponse:
    """Five failures: the page that says when to try again."""
    attempts = AccessAttempt.objects.filter(ip_address=request.axes_ip_address)
    last = attempts.filter(username=(credentials or {}).get("username")).first()
    since = last.attempt_time if last else request.wall
    left = since + timedelta(hours=settings.AXES_COOLOFF_TIME) - request.wall
    context = {"minutes": max(1, ceil((left.total_seconds() - 1) / 60)), "until": local(request.now + left)}
    return render(request, "access/locked.html", context, status=429)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session. Only the browser's cache is cleared: roll calls waiting in IndexedDB must stay, and the
    page it leads to tells the service worker to forget its pages."""
    logout(request)
    response = redirect(settings.LOGOUT_REDIRECT_URL)
    response["Clear-Site-Data"] = '"cache"'
    return response


@require_POST
def language(request: Any) -> HttpResponse:
    """Switch the language, also before signing in."""
    chosen = request.POST.get("language", "")
    response = redirect(_next(request))
    if chosen in dict(settings.LANGUAGES):
        _speak(response, chosen)
        if request.actor is not None:
            by = request.actor.by_virtue_of()
            actions.use_language(by=by, now=request.now, account=request.user, language=chosen)
    return response


def _speak(response: HttpResponse, language_code: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language_code,
        max_age=365 * 86400,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
        httponly=True,
    )


def _next(request: Any) -> str:
    """Where to go: a page of ours that was asked for, else the start."""
    wanted: str = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and ours else str(settings.LOGIN_REDIRECT_URL)
