"""责任: everything still demanded beneath me, to filter, sort, page and take away."""

from __future__ import annotations

from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from guixiao.access.middleware import GuixiaoRequest
from guixiao.access.scopes import place_or_404
from guixiao.duties import queries
from guixiao.duties.actions.answer import exported
from guixiao.duties.models import Duty, State
from guixiao.duties.tasks import subject_words
from guixiao.duties.words import act_of
from guixiao.facts.clock import local
from guixiao.people.scopes import student_or_404, student_q
from guixiao.people.sheets import Book, download
from guixiao.policy.acts import ACTS

from .home import rows_of

PAGE, MOST = 25, 20_000
SORTS = {
    "due": ("due", "pk"),
    "who": ("holder__name", "due"),
    "about": ("student__pinyin", "place__name", "due"),
}
STATES = {
    "": gettext_lazy("逾期"),
    "open": gettext_lazy("还没到期"),
    "unclear": gettext_lazy("要查清"),
    "all": gettext_lazy("全部未办结"),
    "missed": gettext_lazy("本学期逾期过的"),
}


@require_GET
def beneath(request: GuixiaoRequest) -> HttpResponse:
    """The list; the longest overdue first."""
    found = _asked(request)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    counted = queries.overdue_counts(request.actor)
    context = {
        "page": page,
        "rows": rows_of(list(page.object_list), request.actor),
        "counted": counted,
        "states": STATES,
        "state": request.GET.get("state", ""),
        "q": request.GET.get("q", ""),
        "act": request.GET.get("act", ""),
        "acts": {code: act_of(code) for code in ACTS},
        "query": request.GET.urlencode(),
        "may_remind": request.actor.may("duty.remind"),
    }
    return render(request, "duties/beneath.html", context)


def _asked(request: GuixiaoRequest) -> QuerySet[Duty]:
    """The duties a request asks for; unknown filters and sorts are as if not given."""
    state = request.GET.get("state", "")
    if state == "missed":
        found = Duty.objects.filter(queries.beneath_q(request.actor)).exclude(missed_at=None)
        found = found.select_related(*queries.SHOWN)
    else:
        found = queries.beneath(request.actor)
        wanted = {"open": State.OPEN, "unclear": State.CANNOT_TELL, "": State.MISSED}.get(state)
        found = found.filter(state=wanted) if wanted else found
    if request.GET.get("act") in ACTS:
        found = found.filter(act=request.GET["act"])
    q = request.GET.get("q", "").strip()[:40]
    if q:
        children = student_q(request.actor, "student.list", "student__") & Q(student__name__icontains=q)
        found = found.filter(Q(holder__name__icontains=q) | Q(place__name__icontains=q) | children)
    sort = request.GET.get("sort", "due")
    down, order = sort.startswith("-"), SORTS.get(sort.lstrip("-"), SORTS["due"])
    return found.order_by(*(f"-{name}" if down else name for name in order))


@require_GET
def excel(request: GuixiaoRequest) -> HttpResponse:
    """The same list as a workbook; recorded."""
    rows = [_line(duty, request) for duty in _asked(request)[:MOST]]
    heads = [
        _("学生或班"), _("班级"), _("什么事"), _("依据"), _("条款"), _("产生"), _("应于"), _("现由"), _("岗位"),
        _("状态"), _("逾期记在"), _("升级到第几级"),
    ]  # fmt: skip
    book = Book()
    book.sheet(_("未办结事项"), heads, rows)
    exported(by=request.actor.by("duty.beneath"), now=request.now, what="duties.beneath", rows=len(rows))
    return download(book.bytes(), _("未办结事项.xlsx"))


def _line(duty: Duty, request: GuixiaoRequest) -> list[str]:
    who, note = subject_words(duty, request.actor)
    return [
        who,
        note,
        act_of(duty.act, duty.title),
        duty.clause_title,
        duty.clause_article,
        _moment(duty.opened_at),
        _moment(duty.due),
        duty.holder.name if duty.holder else _("没有人"),
        duty.post_title,
        duty.get_state_display(),
        duty.against.name if duty.against else "",
        str(duty.rungs.count()),
    ]


def _moment(value: datetime) -> str:
    return f"{local(value):%Y-%m-%d %H:%M:%S}"


@require_GET
def of_student(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """htmx: what is still demanded about one child."""
    student = student_or_404(request.actor, "student.view", pk)
    rows = Duty.objects.filter(student=student, demanded=True).select_related(*queries.SHOWN)
    may = request.actor.may("regulation.view")
    context = {
        "rows": rows_of(list(rows.order_by("due")), request.actor),
        "compare_url": reverse("duties:compare_student", args=[student.pk]) if may else "",
    }
    return render(request, "duties/part.html", context)


@require_GET
def of_place(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """htmx: what is still demanded about a class or school itself."""
    place = place_or_404(request.actor, "place.view", pk)
    rows = Duty.objects.filter(place=place, student=None, demanded=True).select_related(*queries.SHOWN)
    return render(request, "duties/part.html", {"rows": rows_of(list(rows.order_by("due")), request.actor)})
