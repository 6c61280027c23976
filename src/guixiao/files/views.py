"""Showing a stored file: decrypted for this one answer, never kept by a browser or proxy."""

from __future__ import annotations

import logging
from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guixiao.access.looks import looked
from guixiao.access.middleware import GuixiaoRequest

from . import blobs
from .models import NEEDS
from .queries import file_or_404

log = logging.getLogger(__name__)
CSP = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"


@require_safe
def show(request: GuixiaoRequest, pk: int) -> HttpResponse:
    row = file_or_404(request.actor, pk)
    try:
        data = blobs.get(row.store)
    except blobs.CannotOpen as problem:
        log.error("stored file %s: %s", row.pk, problem)
        return render(request, "files/gone.html", {"file": row}, status=410)
    looked(request.actor, NEEDS[row.purpose], student=row.student_id)
    kind = "inline" if row.is_picture else "attachment"
    response = HttpResponse(data, content_type=row.mime)
    response["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(row.title, safe='')}"
    response["Content-Security-Policy"] = CSP
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
