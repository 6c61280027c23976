"""A browser as far as handing in needs one: cookies, forms, files, no following, nothing tried twice by itself."""

from __future__ import annotations

import http.client
import http.cookiejar
import json
import secrets
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TIMEOUT = 60.0
Gone = (
    urllib.error.URLError,
    http.client.HTTPException,
    OSError,
)  # no answer: nobody knows whether it arrived


@dataclass(frozen=True, slots=True)
class Upload:
    field: str
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    location: str

    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


class Browser:
    """One person's telephone. Raises :data:`Gone` when no whole answer came."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.cookies = http.cookiejar.CookieJar()
        self._open = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.cookies), urllib.request.ProxyHandler({}), _Stay()
        ).open

    def sign_in(self, username: str, password: str) -> None:
        self.get("/access/sign-in/")
        answer = self.post("/access/sign-in/", {"username": username, "password": password})
        if answer.status != 302:
            raise RuntimeError(f"{username} could not sign in: {answer.status}")

    def get(self, path: str) -> Answer:
        return self._ask(urllib.request.Request(self.root + path))

    def post(
        self,
        path: str,
        fields: Mapping[str, str | Sequence[str]],
        uploads: Sequence[Upload] = (),
        **headers: str,
    ) -> Answer:
        flat = [(k, one) for k, v in fields.items() for one in ([v] if isinstance(v, str) else v)]
        if uploads:
            body, kind = multipart(flat, uploads)
        else:
            body, kind = urllib.parse.urlencode(flat).encode(), "application/x-www-form-urlencoded"
        request = urllib.request.Request(self.root + path, body, {"Content-Type": kind})
        request.add_header("X-CSRFToken", self._token())
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        return self._ask(request)

    def _token(self) -> str:
        return next((cookie.value or "" for cookie in self.cookies if cookie.name == "csrftoken"), "")

    def _ask(self, request: urllib.request.Request) -> Answer:
        try:
            with self._open(request, timeout=TIMEOUT) as answer:
                return Answer(answer.status, answer.read(), answer.headers.get("Location", ""))
        except urllib.error.HTTPError as refused:
            return Answer(refused.code, refused.read(), refused.headers.get("Location", ""))


def multipart(fields: Sequence[tuple[str, str]], uploads: Sequence[Upload]) -> tuple[bytes, str]:
    """The body of a form with files, and its content type."""
    line = secrets.token_hex(16)
    parts = [
        f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    ]
    for one in uploads:
        head = f'--{line}\r\nContent-Disposition: form-data; name="{one.field}"; filename="{one.name}"\r\n'
        parts.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + one.data + b"\r\n")
    return b"".join(parts) + f"--{line}--\r\n".encode(), f"multipart/form-data; boundary={line}"
