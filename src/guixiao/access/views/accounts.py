"""Accounts of staff, for the system administrator. No page here knows a child."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from guixiao.access import actions, administration, sheets
from guixiao.access.admin_forms import OpenAccountForm
from guixiao.access.models import Account
from guixiao.places.models import Person

MANAGE = "account.manage"


@require_safe
def accounts(request: Any) -> HttpResponse:
    found, asked = _asked(request)
    page = Paginator(found, 25).get_page(request.GET.get("page"))
    return render(request, "access/accounts.html", {"page": page, **asked})


@require_safe
def export(request: Any) -> HttpResponse:
    found, _given = _asked(request)
    rows = [_row(person) for person in found]
    actions.exported(by=request.actor.by(MANAGE), now=request.now, what="access.accounts", rows=len(rows))
    heads = [_("姓名"), _("工号"), _("岗位"), _("账号"), _("状态"), _("两步验证")]
    return sheets.table(_("账号"), heads, rows)


def _asked(request: Any) -> tuple[Any, dict[str, str]]:
    text = request.GET.get("q", "").replace("\x00", "").strip()[:40]
    state = request.GET.get("state", "")
    state = state if state in administration.STATES else ""
    return administration.wanted_staff(request.actor, text, state), {"q": text, "state": state}


def _row(person: Any) -> list[str]:
    account = _account(person)
    posts = "；".join(f"{held.place.name} {held.get_post_display()}" for held in person.held)
    if account is None:
        return [person.name, person.staff_number, posts, "", _("没有账号"), ""]
    state = _("可用") if account.is_active else _("停用")
    second = _("已打开") if account.second_factor else ""
    return [person.name, person.staff_number, posts, account.username, state, second]


@never_cache
@require_safe
def account(request: Any, pk: int) -> HttpResponse:
    person = administration.person_or_404(request.actor, MANAGE, pk)
    return _show(request, person, OpenAccountForm(initial={"username": person.staff_number}))


@never_cache
@require_POST
def open_account(request: Any, pk: int) -> HttpResponse:
    """Make the account and show its one-time password, once."""
    person = administration.person_or_404(request.actor, MANAGE, pk)
    form = OpenAccountForm(request.POST)
    if _account(person) is not None:
        messages.info(request, _("这个人已有账号。"))
        return redirect("access:account", pk)
    if not form.is_valid():
        return _show(request, person, form, status=422)
    by = request.actor.by(MANAGE)
    try:
        made = actions.open_account(
            by=by, now=request.now, person=person, username=form.cleaned_data["username"]
        )
    except ValidationError as error:
        form.add_error("username", error)
        return _show(request, person, form, status=422)
    password = actions.reset_password(by=by, now=request.now, account=made)
    return _show(request, person, form, password=password, made=made)


@never_cache
@require_POST
def reset(request: Any, pk: int) -> HttpResponse:
    """A one-time password, shown once; the old one ends at once, and every session with it."""
    person = administration.person_or_404(request.actor, MANAGE, pk)
    found = _must(person)
    password = actions.reset_password(by=request.actor.by(MANAGE), now=request.now, account=found)
    return _show(request, person, OpenAccountForm(), password=password)


@require_POST
def active(request: Any, pk: int) -> HttpResponse:
    """Disable, or let in again."""
    person = administration.person_or_404(request.actor, MANAGE, pk)
    found = _must(person)
    if found.pk == request.actor.account:
        messages.error(request, _("不能停用自己的账号。请另一位系统管理员来办。"))
        return redirect("access:account", pk)
    on = request.POST.get("active") == "1"
    actions.set_active(by=request.actor.by(MANAGE), now=request.now, account=found, active=on)
    messages.success(request, _("账号已恢复。") if on else _("账号已停用，正在用的会话也已退出。"))
    return redirect("access:account", pk)


def _account(person: Person) -> Account | None:
    return getattr(person, "account", None)


def _must(person: Person) -> Account:
    found = _account(person)
    if found is None:
        raise Http404
    return found


def _show(
    request: Any,
    person: Person,
    form: OpenAccountForm,
    status: int = 200,
    password: str = "",
    made: Account | None = None,
) -> HttpResponse:
    context = {"person": person, "account": made or _account(person), "form": form, "password": password}
    return render(request, "access/account.html", context, status=status)
