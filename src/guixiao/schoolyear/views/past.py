"""The classes of years gone by, and who was in them at the end."""

from __future__ import annotations

from itertools import groupby

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from guixiao.access.looks import looked
from guixiao.access.middleware import GuixiaoRequest
from guixiao.access.scopes import place_or_404
from guixiao.people.models import Enrolment
from guixiao.people.scopes import visible
from guixiao.places import paths
from guixiao.places.models import Kind, Place
from guixiao.schoolyear.naming import year_name
from guixiao.schoolyear.rights import VIEW, school_or_404


@require_safe
def classes(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """Closed classes by year, the latest first."""
    school = school_or_404(request.actor, VIEW, pk)
    found = Place.objects.filter(paths.beneath("path", school.path), kind=Kind.CLASS).exclude(closed_on=None)
    counted = found.annotate(size=Count("enrolments")).order_by("-school_year", "grade", "path")
    years = [
        (year_name(year) if year else "—", list(group))
        for year, group in groupby(counted, key=lambda klass: klass.school_year)
    ]
    context = {
        "school": school,
        "years": years,
        "may_list": request.actor.may_at("student.list", school),
    }
    return render(request, "schoolyear/past.html", context)


@require_safe
def roster(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """Everybody who was in a closed class, with the last day and why it ended. An open class has its own page."""
    klass = place_or_404(request.actor, "student.list", pk, Kind.CLASS)
    if klass.closed_on is None:
        return redirect("people:roster", klass.pk)
    rows = Enrolment.objects.filter(klass=klass, student__in=visible(request.actor, "student.list"))
    shown = list(
        rows.select_related("student", "student__klass").order_by(
            "student__seat", "student__pinyin", "student", "first"
        )
    )
    looked(request.actor, "student.list", count=len(shown))
    context = {
        "klass": klass,
        "rows": shown,
        "year_name": year_name(klass.school_year) if klass.school_year else "",
        "may_view": request.actor.may("student.view"),
        "school": Place.objects.filter(pk=klass.org_id).first(),
        "may_past": request.actor.may_at(VIEW, klass),
    }
    return render(request, "schoolyear/roster.html", context)
