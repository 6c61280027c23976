"""From where somebody signs in. Behind the proxy every request comes from the proxy itself."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address the proxy saw: the last of ``X-Forwarded-For``, which the proxy writes and nobody else can.

    Only behind https, where a proxy stands in front (docs/deployment.md); a plain trial believes no header.
    """
    said = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() if settings.HTTPS else ""
    return said if _is_address(said) else request.META.get("REMOTE_ADDR", "")


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
