"""The second factor: switch it on with an authenticator, give its code at every sign-in, switch it off."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import qrcode
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_otp import login as verified
from django_otp import match_token
from qrcode.image.svg import SvgPathImage

from guixiao.access import actions
from guixiao.access.forms import CodeForm


@require_safe
def second_factor(request: Any) -> HttpResponse:
    return render(
        request, "access/second_factor.html", {"form": CodeForm(), "on": request.user.second_factor}
    )


@never_cache
@require_http_methods(["GET", "POST"])
def begin(request: Any) -> HttpResponse:
    """The QR to scan. Nothing is switched on until its first code is given."""
    if request.user.second_factor:
        return redirect("access:second_factor")
    return _scan(request, CodeForm())


@sensitive_post_parameters()
@never_cache
@require_POST
def confirm(request: Any) -> HttpResponse:
    """The first code. Right: switched on, and the recovery codes are shown, once."""
    if request.user.second_factor:
        return redirect("access:second_factor")
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _scan(request, form)
    by = request.actor.by_virtue_of()
    device = actions.begin_second_factor(by=by, now=request.now, account=request.user)
    code = form.cleaned_data["code"].strip()
    codes = actions.confirm_second_factor(
        by=by, now=request.now, account=request.user, device=device, code=code
    )
    if codes is None:
        form.add_error("code", _("动态码不对。请看手机上现在的 6 位数；手机时间要准。"))
        return _scan(request, form)
    verified(request, device)
    return render(request, "access/recovery_codes.html", {"codes": codes})


@require_POST
def switch_off(request: Any) -> HttpResponse:
    """Only from a session that gave the code, and with a code again."""
    form = CodeForm(request.POST)
    if form.is_valid() and match_token(request.user, form.cleaned_data["code"].strip()):
        by = request.actor.by_virtue_of()
        actions.set_second_factor(by=by, now=request.now, account=request.user, on=False)
        messages.success(request, _("两步验证已关闭。"))
        return redirect("access:second_factor")
    if form.is_valid():
        form.add_error("code", _("动态码不对，没有关闭。请看手机上现在的 6 位数。"))
    context = {"form": form, "on": request.user.second_factor}
    return render(request, "access/second_factor.html", context, status=422)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def verify(request: Any) -> HttpResponse:
    """The code at sign-in; nothing else opens before it."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = match_token(request.user, form.cleaned_data["code"].strip())
        if device is not None:
            verified(request, device)
            return redirect(settings.LOGIN_REDIRECT_URL)
        by = request.actor.by_virtue_of()
        actions.sign_in_failed(by=by, now=request.now, account=request.user)
        form.add_error("code", _("动态码不对，或刚错过要等几秒。请看手机上现在的 6 位数，或填一个恢复码。"))
    return render(request, "access/verify.html", {"form": form}, status=422 if form.errors else 200)


def _scan(request: Any, form: CodeForm) -> HttpResponse:
    by = request.actor.by_virtue_of()
    device = actions.begin_second_factor(by=by, now=request.now, account=request.user)
    context = {"form": form, "qr": _qr(device.config_url), "key": _in_fours(device.config_url)}
    return render(request, "access/second_factor_scan.html", context, status=422 if form.errors else 200)


def _qr(text: str) -> SafeString:
    out = BytesIO()
    qrcode.make(text, image_factory=SvgPathImage, box_size=12, border=2).save(out)
    svg = out.getvalue().decode()
    return mark_safe(svg[svg.index("<svg") :])  # noqa: S308  # made here from a path of modules, no input in it


def _in_fours(url: str) -> str:
    secret = url.partition("secret=")[2].partition("&")[0]
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
