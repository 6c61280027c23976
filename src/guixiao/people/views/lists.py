"""The list of children, its Excel, and the roster of a class."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guixiao.access.looks import looked
from guixiao.access.middleware import GuixiaoRequest
from guixiao.access.scopes import place_or_404
from guixiao.people import actions, search
from guixiao.people.exports import students_workbook
from guixiao.people.models import Group, Status
from guixiao.people.rosters import roster
from guixiao.people.scopes import visible
from guixiao.people.sheets import download
from guixiao.places.models import Kind

PAGE = 25


@require_safe
def students(request: GuixiaoRequest) -> HttpResponse:
    """Who is in the reader's care, found by name, pinyin or exact number."""
    asked = search.wanted(request.GET.dict())
    page = Paginator(search.students(request.actor, "student.list", asked), PAGE).get_page(
        request.GET.get("page")
    )
    shown = list(page.object_list)
    looked(request.actor, "student.list", count=len(shown))
    schools, classes = search.choices(request.actor, asked)
    tags = search.tags_of(request.actor, shown)
    context = {
        "page": page,
        "rows": [{"student": student, "tags": tags.get(student.pk, [])} for student in shown],
        "asked": asked,
        "schools": schools,
        "classes": classes,
        "statuses": Status.choices,
        "groups": Group.choices if request.actor.may("student.tags") else [],
        "may_export": request.actor.may("student.export"),
        "export_fields": search.without_page(asked),
    }
    return render(request, "people/list.html", context)


@require_POST
def export(request: GuixiaoRequest) -> HttpResponse:
    """The same list as Excel: numbers masked, formulas disarmed, the export on record."""
    asked = search.wanted(request.POST.dict())
    found = search.students(request.actor, "student.export", asked)
    data, count = students_workbook(request.actor, found)
    by = request.actor.by("student.export")
    actions.exported(by=by, now=request.now, what="students", rows=count)
    return download(data, _("学生名单") + f"-{request.now:%Y%m%d}.xlsx")


@require_safe
def class_roster(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """Everybody on the roll of one class, in seat order, for reading and for print."""
    klass = place_or_404(request.actor, "student.list", pk, Kind.CLASS)
    allowed = visible(request.actor, "student.list")
    shown = list(roster(klass).filter(pk__in=allowed.values("pk")).prefetch_related("guardians"))
    looked(request.actor, "student.list", count=len(shown))
    context = {
        "klass": klass,
        "students": shown,
        "may_view": request.actor.may("student.view"),
        "may_transfer": request.actor.may_at("student.transfer", klass) and not klass.closed_on,
    }
    return render(request, "people/roster.html", context)
