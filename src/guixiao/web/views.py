"""The house's own pages and its calm error pages."""

from __future__ import annotations

import json
from hashlib import sha256

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from guixiao.web import nav

SHELL = ("build/app.css", "build/app.js", "build/icons.svg", "build/mark.svg", "django_htmx/htmx-2.min.js")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page stood open too long: say what to do, lose nothing."""
    return render(request, "403.html", {"stale": True}, status=403)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The front door leads to the first page of the rail that is open: for most posts, what they owe today."""
    actor = getattr(request, "actor", None)
    return redirect(nav.first_address(tuple(door.route for door in nav.RAIL), actor) or "web:me")


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """Kept by the service worker for pages that were not."""
    return render(request, "offline.html")


@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """我的: on a phone, the doors that do not fit into the tab bar, and the way out."""
    return render(request, "web/me.html")


@require_GET
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker at the root, so that its scope is the whole house; told here what the shell consists of."""
    shell = [static(name) for name in SHELL] + [reverse("web:offline")]
    told = {"version": _version(), "shell": shell, "offline": reverse("web:offline")}
    body = f"self.GX={json.dumps(told)};\n{_built('build/sw.js').decode()}"
    return HttpResponse(body, content_type="text/javascript", headers={"Service-Worker-Allowed": "/"})


@require_GET
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone needs to put 归校 on its home screen."""
    icon = {"src": static("build/mark.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    told = {
        "name": _("归校"),
        "short_name": _("归校"),
        "description": _("控辍保学：一个都不能少"),
        "lang": "zh-Hans",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f5f6f3",
        "theme_color": "#f5f6f3",
        "icons": [icon],
    }
    return JsonResponse(told, content_type="application/manifest+json")


def _version() -> str:
    """Changes when any file of the shell does, so that the worker takes a new copy."""
    digest = sha256()
    for name in (*SHELL, "build/sw.js"):
        digest.update(_built(name))
    return digest.hexdigest()[:12]


def _built(name: str) -> bytes:
    """A built file. Raises ``FileNotFoundError`` with the remedy when the front end has not been built."""
    found = finders.find(name)
    if found is None:
        raise FileNotFoundError(f"{name}: run `npm ci --ignore-scripts && npm run build`")
    with open(found, "rb") as file:
        return file.read()
