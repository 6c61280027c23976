"""What a county's proxy must do, asked of one that stands: NAME HTTPS-PORT HTTP-PORT CA LOGIN PASSWORD."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import ssl
import sys
from collections.abc import Callable
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from playwright.sync_api import sync_playwright

NAME, HTTPS, HTTP, CA, LOGIN, PASSWORD = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:7]
MEGABYTE = 1 << 20
failed: list[str] = []


class Answer:
    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.status = answer.status
        self.headers = answer.headers
        self.text = answer.read().decode(errors="replace")

    def cookies(self) -> SimpleCookie:
        jar: SimpleCookie = SimpleCookie()
        for line in self.headers.get_all("Set-Cookie") or []:
            jar.load(line)
        return jar


def ask(
    method: str, path: str, *, plain: bool = False, body: bytes = b"", host: str = NAME, **headers: str
) -> Answer:
    """One request through the proxy, its certificate checked against our own authority."""
    if plain:
        line: http.client.HTTPConnection = http.client.HTTPConnection("127.0.0.1", HTTP, timeout=240)
    else:
        trust = ssl.create_default_context(cafile=CA)
        line = http.client.HTTPSConnection("127.0.0.1", HTTPS, timeout=240, context=trust)
        line.sock = trust.wrap_socket(
            http.client.socket.create_connection(("127.0.0.1", HTTPS)), server_hostname=NAME
        )
    said = {"Host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
    with contextlib.suppress(OSError):  # it has heard enough: its answer waits
        line.request(method, path, body=body or None, headers=said)
    return Answer(line.getresponse())


def holds(what: str, truth: bool, seen: object = "") -> None:
    print(f"  {'ok ' if truth else 'NO '} {what}" + (f": {seen}" if seen != "" else ""))
    if not truth:
        failed.append(what)


def plain_http() -> None:
    answer = ask("GET", "/access/sign-in/", plain=True, X_Forwarded_Proto="https")
    to = answer.headers.get("Location", "")
    holds(
        "http leads to https, whatever it claims to be",
        answer.status in (301, 308) and to.startswith("https://"),
        to,
    )


def sign_in() -> None:
    page = ask("GET", PAGE)
    holds("the sign-in page over https", page.status == 200, page.status)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    csrf = page.cookies()["csrftoken"]
    holds("the form's cookie is Secure", bool(csrf["secure"]), csrf.OutputString().partition(";")[2].strip())
    form = {"username": LOGIN, "password": PASSWORD, "csrfmiddlewaretoken": token[1] if token else ""}
    answer = ask(
        "POST", PAGE, body=urlencode(form).encode(), Cookie=f"csrftoken={csrf.value}", Referer=f"https://{NAME}{PAGE}",
        Content_Type="application/x-www-form-urlencoded",
    )  # fmt: skip
    holds(
        "signing in", answer.status == 302 and "sessionid" in answer.cookies(), answer.headers.get("Location")
    )
    cookie = answer.cookies()["sessionid"]
    right = bool(cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax")
    holds("the session's cookie is Secure, HttpOnly, SameSite=Lax", right)
    home = ask("GET", answer.headers["Location"], Cookie=f"sessionid={cookie.value}")
    holds("the page behind it", home.status in (200, 302), home.status)


def headers() -> None:
    hsts = ask("GET", PAGE).headers.get("Strict-Transport-Security", "")
    holds("Strict-Transport-Security", "max-age=31536000" in hsts, hsts)
    lied = ask("GET", PAGE, X_Forwarded_Proto="http").headers.get("Strict-Transport-Security")
    holds("a client that claims X-Forwarded-Proto: http over https is not believed", bool(lied))
    stranger = ask("GET", "/", host="evil.example")  # Caddy says 200 and nothing
    holds("another host name is not answered", stranger.status >= 400 or not stranger.text, stranger.status)
    holds("/operations/ping", ask("GET", "/operations/ping").status in (200, 503))
    style = re.search(r'href="(/static/[^"]+\.css[^"]*)"', ask("GET", PAGE).text)
    found = ask("GET", style[1] if style else "/", Accept_Encoding="gzip")
    small = "gzip" in found.headers.get("Content-Encoding", "")
    kept = f"{found.headers.get('Cache-Control')}, {found.headers.get('Content-Encoding')}"
    holds("a style sheet, cached and compressed", found.status == 200 and small, kept)


def uploads() -> None:
    """135 MB, nine photos of 15, pass the proxy and are judged by the product; 150 MB do not."""
    for size, wanted in ((135, "passes"), (150, "refused")):
        answer = ask("POST", PAGE, body=bytes(size * MEGABYTE), Content_Type="application/octet-stream")
        right = answer.status == 413 if wanted == "refused" else answer.status not in (413, 502, 504)
        holds(f"a body of {size} MB {wanted}", right, answer.status)


def browser() -> None:
    """Chromium, with our authority in its store and no exception made for certificates."""
    with sync_playwright() as play:
        chromium = play.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", f"--host-resolver-rules=MAP {NAME} 127.0.0.1"],
        )
        page = chromium.new_page()
        page.set_default_timeout(180_000)
        page.set_default_navigation_timeout(180_000)
        page.goto(f"https://{NAME}:{HTTPS}{PAGE}")
        holds("Chromium trusts the page", bool(page.evaluate("window.isSecureContext")), page.title())
        ready = "navigator.serviceWorker.ready.then(r => r.active.scriptURL)"
        seen = page.evaluate(
            f"Promise.race([{ready}, new Promise(done => setTimeout(() => done('none'), 120000))])"
        )
        holds("its service worker is active", str(seen).endswith("/sw.js"), seen)
        page.fill("input[name=username]", LOGIN)
        page.fill("input[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_load_state()
        cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
        holds("signed in by hand", "sessionid" in cookies and cookies["sessionid"]["secure"], page.url)
        chromium.close()


PAGE = "/access/sign-in/"
CHECKS: tuple[Callable[[], None], ...] = (plain_http, sign_in, headers, uploads, browser)
for check in CHECKS:
    check()
if failed:
    sys.exit(json.dumps(failed))
