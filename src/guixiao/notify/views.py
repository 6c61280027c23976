"""通知: a person's own notices."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guixiao.access.actor import Actor
from guixiao.access.middleware import GuixiaoRequest
from guixiao.facts import By
from guixiao.people.models import Student
from guixiao.people.scopes import student_q
from guixiao.places import wording

from . import actions, queries
from .models import Notice

PAGE = 25
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


@require_GET
def inbox(request: GuixiaoRequest) -> HttpResponse:
    """What I was told, latest first."""
    page = Paginator(queries.inbox(request.actor.person), PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    children = children_of(rows, request.actor)
    shown = [
        {
            "notice": row,
            "text": words(row),
            "child": children.get(row.student or 0, ""),
        }
        for row in rows
    ]
    unread = queries.unread_count(request.actor.person)
    return render(request, "notify/inbox.html", {"page": page, "rows": shown, "unread": unread})


def words(notice: Notice) -> str:
    """The text in the reader's language."""
    try:
        return str(_(notice.text) % {name: _said(value) for name, value in notice.params.items()})
    except (KeyError, ValueError, TypeError):
        return _(notice.text)


def _said(value: object) -> object:
    """A moment by the reader's clock words, a word of the catalogue in the reader's language."""
    if not isinstance(value, str):
        return value
    return wording.moment(datetime.fromisoformat(value)) if MOMENT.match(value) else wording.word(value)


def children_of(notices: Iterable[Notice], actor: Actor) -> dict[int, str]:
    """The names of the children the actor may still see; one query."""
    ids = {notice.student for notice in notices if notice.student}
    if not ids:
        return {}
    seen = Student.objects.filter(student_q(actor, "student.view"), pk__in=ids)
    return dict(seen.values_list("pk", "name"))


def address(notice: Notice) -> str:
    """Where a notice leads."""
    if notice.url:
        return notice.url
    if notice.duty is not None:
        try:
            return reverse("duties:why", args=[notice.duty])
        except NoReverseMatch:
            return reverse("notify:inbox")
    return reverse("notify:inbox")


@require_POST
def read(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """I have read it; go to what it is about when asked to."""
    notice = Notice.objects.filter(person_id=request.actor.person, pk=pk).first()
    if notice is None:
        raise Http404
    actions.mark_read(by=myself(request), now=request.now, person=request.actor.person, notice=pk)
    return redirect(address(notice) if "go" in request.POST else "notify:inbox")


@require_POST
def read_all(request: GuixiaoRequest) -> HttpResponse:
    actions.mark_read(by=myself(request), now=request.now, person=request.actor.person)
    return redirect("notify:inbox")


def myself(request: GuixiaoRequest) -> By:
    held = request.actor.main
    return By(request.actor.account, held.post if held else "", held.org if held else 0)
