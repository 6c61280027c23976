"""The health page for administrators, and the knock for machines."""

from __future__ import annotations

from typing import Any

from django.db import Error, connection
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .health import Mood, look, worst


@require_safe
@never_cache
def health(request: Any) -> HttpResponse:
    """What is wrong comes first; each line says what to do."""
    lines = look(request.now, request.offset)
    to_do = [line for line in lines if line.mood is not Mood.GOOD]
    well = [line for line in lines if line.mood is Mood.GOOD]
    to_do.sort(key=lambda line: line.mood is not Mood.BAD)
    bad = sum(line.mood is Mood.BAD for line in lines)
    context = {"to_do": to_do, "well": well, "bad": bad, "worst": worst(lines), "now": request.now}
    return render(request, "operations/health.html", context)


@require_safe
@never_cache
def ping(_request: Any) -> HttpResponse:
    """For a proxy or a monitor: 200 while the database answers, else 503. Says nothing but that."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return HttpResponse("unavailable", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")
