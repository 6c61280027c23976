"""The gate: every request gets ``now`` and ``actor``; every route is closed unless the matrix opens it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guixiao.conf import edge
from guixiao.facts.posts import ADMINISTRATORS

from .actor import Actor, actor_of
from .matrix import PUBLIC, may_open, routes
from .models import Account

ALWAYS_OPEN = frozenset({"access:sign_out", "access:language"})
SETTING_UP = frozenset({"access:second_factor", "access:second_factor_begin", "access:second_factor_confirm"})


class GuixiaoRequest(HttpRequest):
    """What every view below the gate may count on."""

    now: datetime
    offset: timedelta  # how far our clock stands from the world's: zero but in a demo
    wall: datetime  # the moment without the demo's offset: what sessions, locks and codes go by
    actor: Actor
    counts: dict[str, int]  # set by a view for the frame: duties, notices


class ActorMiddleware:
    """Sets ``request.now`` and ``request.actor``, ends idle sessions, and keeps undeclared routes shut."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.now = edge.now()
        request.offset = edge.offset()
        request.wall = request.now - edge.offset()
        request.actor = None
        if request.user.is_authenticated:
            if _idle(request):
                logout(request)
                messages.info(request, _("太久没有操作，已自动退出。请重新登录，没交的内容还在本机。"))
            else:
                request.actor = actor_of(_with_person(request.user), request.now)
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        name = request.resolver_match.view_name
        row = routes().get(name)
        if row is None:
            raise Http404(f"route {name} has no row in the access matrix")
        if row.needs == PUBLIC:
            return None
        if request.actor is None:
            return _sign_in(request)
        if not may_open(request.actor, name):
            raise Http404
        step = _step_before_all(request, name)
        return redirect(step) if step else None


def _with_person(user: Any) -> Account:
    account: Account = user
    return account


def _step_before_all(request: Any, name: str) -> str:
    """The page that comes before every other: the second factor, then a password that is one's own and fresh."""
    account = _with_person(request.user)
    if name in ALWAYS_OPEN:
        return ""
    if account.second_factor and not request.user.is_verified():
        return "" if name == "access:verify" else "access:verify"
    if name == "access:verify":
        return str(settings.LOGIN_REDIRECT_URL)
    if account.must_change_password or password_is_old(account, request.now):
        return "" if name == "access:change_password" else "access:change_password"
    if settings.GUIXIAO_ADMIN_SECOND_FACTOR and not account.second_factor and is_administrator(request.actor):
        return "" if name in SETTING_UP else "access:second_factor"
    return ""


def password_is_old(account: Account, now: datetime) -> bool:
    """Older than ninety days (standards.md §11)."""
    changed = account.password_changed_at
    return changed is not None and now - changed > timedelta(days=settings.GUIXIAO_PASSWORD_DAYS)


def is_administrator(actor: Actor) -> bool:
    return any(held.post in ADMINISTRATORS for held in actor.held)


def _idle(request: Any) -> bool:
    """Idle too long, by the wall clock of the session; remembers the last request once a minute.

    What a page fetches by itself (``GX-Poll``) does not count as somebody being there.
    """
    moment = request.wall.timestamp()
    last = request.session.get("seen")
    if last is not None and moment - last > timedelta(minutes=settings.GUIXIAO_IDLE_MINUTES).total_seconds():
        return True
    if last is None or (moment - last > 60 and "GX-Poll" not in request.headers):
        request.session["seen"] = moment
    return False


def _sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = redirect_to_login(request.get_full_path()).url
        return response
    return redirect_to_login(request.get_full_path())
