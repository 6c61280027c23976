"""Which schools have opened a year; one school's preview; one class of it."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guixiao.access.looks import looked
from guixiao.access.middleware import GuixiaoRequest
from guixiao.facts.clock import day_of
from guixiao.people.actions import exported
from guixiao.people.sheets import Book, download
from guixiao.places.models import Place
from guixiao.schoolyear import overview, preview
from guixiao.schoolyear.checks import examine, people, teacher_words
from guixiao.schoolyear.draft import idle, look, news
from guixiao.schoolyear.models import State, YearOpening
from guixiao.schoolyear.naming import year_name
from guixiao.schoolyear.plan import OUT, PERSONAL, STAY, Plan
from guixiao.schoolyear.rights import DRAFT, OPEN, VIEW, opening_or_404, refusal, school_or_404, schools
from guixiao.schoolyear.undoable import first_roll

PAGE = 25


@require_safe
def index(request: GuixiaoRequest) -> HttpResponse:
    only = list(schools(request.actor)[:2])
    if len(only) == 1:
        return redirect("schoolyear:school", only[0].pk)
    today = day_of(request.now)
    asked = overview.wanted(request.GET.dict(), today)
    everything = overview.rows(request.actor, overview.Wanted(asked.year))
    page = Paginator(overview.rows(request.actor, asked), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "asked": asked,
        "all": len(everything),
        "totals": overview.totals(everything),
        "years": [(year, year_name(year)) for year in overview.offered(today)],
        "year_name": year_name(asked.year),
        "states": [(code, word) for code, (_kind, word) in overview.STATES.items()],
    }
    return render(request, "schoolyear/list.html", context)


@require_POST
def export(request: GuixiaoRequest) -> HttpResponse:
    """The table of schools as Excel: states and figures, on record."""
    asked = overview.wanted(request.POST.dict(), day_of(request.now))
    found = overview.rows(request.actor, asked)
    head = [_("学校"), _("上级"), _("状态"), _("原学年的班"), _("新学年的班"), _("新班从哪天算起")]
    book = Book()
    book.sheet(
        _("学年"),
        head,
        (
            [
                row.school.name,
                row.school.parent.name if row.school.parent else "",
                row.word,
                row.old,
                row.new,
                row.opening.first if row.opening else None,
            ]
            for row in found
        ),
        wide=20,
    )
    by = request.actor.by(VIEW)
    exported(by=by, now=request.now, what="school_years", rows=len(found))
    return download(book.bytes(), _("学年进度") + f"-{asked.year}.xlsx")


@require_safe
def school(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """Where one school stands: not begun, a preview, or opened."""
    place = school_or_404(request.actor, VIEW, pk)
    year = overview.asked_year(request.GET.get("year", ""), day_of(request.now))
    found = YearOpening.objects.filter(school=place, year=year).exclude(state=State.UNDONE)
    opening = found.select_related("school").first()
    context = _frame(request, place, year)
    if opening is None:
        (context["row"],) = overview.rows_of([place], year)
        return render(request, "schoolyear/begin.html", context)
    if opening.state == State.OPENED:
        return render(request, "schoolyear/opened.html", context | _opened(request, opening))
    return render(request, "schoolyear/preview.html", context | _preview(request, opening))


def _frame(request: GuixiaoRequest, place: Place, year: int) -> dict[str, Any]:
    today = day_of(request.now)
    return {
        "school": place,
        "year": year,
        "year_name": year_name(year),
        "years": [(one, year_name(one)) for one in overview.offered(today)],
        "may_draft": request.actor.may_at(DRAFT, place),
        "may_open": request.actor.may_at(OPEN, place),
        "others": schools(request.actor).count() > 1,
    }


def _preview(request: GuixiaoRequest, opening: YearOpening) -> dict[str, Any]:
    now, plan = look(opening.school, opening.year), Plan.read(opening.plan)
    found = examine(now, plan, opening.year, request.now)
    first, last = now.span
    return {
        "opening": opening,
        "grades": preview.grades(plan, now),
        "found": found,
        "figures": preview.figures(plan, now),
        "news": preview.told_news(news(plan, now), now),
        "starting": len([one for one in plan.in_grade(first) if not one.sources]),
        "standing": now.standing,
        "fillable": min(len(idle(now, plan)), preview.vacant_beginners(plan, first)),
        "refusal": refusal(request.actor, opening.school),
        "last_grade": last,
        "may_export": request.actor.may_at("student.export", opening.school),
    }


def _opened(request: GuixiaoRequest, opening: YearOpening) -> dict[str, Any]:
    plan = Plan.read(opening.plan)
    made = opening.made["classes"]
    places = {place.pk: place for place in Place.objects.filter(pk__in=made.values())}
    teachers = people({pk for one in plan.classes for pk in one.seats.get(PERSONAL[0], ())})
    sizes = plan.sizes()
    rows = [
        (places[made[one.key]], sizes.get(one.key, 0), teachers.get(one.holder(PERSONAL[0]) or 0, ""))
        for one in sorted(preview.in_order(plan.classes), key=lambda one: one.grade)
        if made[one.key] in places
    ]
    return {
        "opening": opening,
        "rows": rows,
        "graduated": sizes.get(OUT, 0),
        "staying": sizes.get(STAY, 0),
        "moved": len(opening.made["moved"]),
        "held": first_roll(opening),
        "refusal": refusal(request.actor, opening.school),
    }


@require_safe
def klass(request: GuixiaoRequest, pk: int, key: str) -> HttpResponse:
    """One class of the preview: its name, who leads it, its children; split, merge, move. ``out`` and ``stay`` are
    the lists of those who graduate and of those who stay on the roll."""
    opening = opening_or_404(request.actor, VIEW, pk)
    now, plan = look(opening.school, opening.year), Plan.read(opening.plan)
    one = plan.find(key)
    if (one is None and key not in (OUT, STAY)) or opening.state == State.UNDONE:
        return _gone(opening)
    shown = preview.children(request.actor, plan, key, now)
    looked(request.actor, "student.list", count=len(shown))
    editable = opening.state == State.DRAFT and request.actor.may_at(DRAFT, opening.school)
    context: dict[str, Any] = {
        **_frame(request, opening.school, opening.year),
        "opening": opening,
        "key": key,
        "one": one,
        "children": shown,
        "editable": editable and one is not None,
        "home": f"{reverse('schoolyear:school', args=[opening.school_id])}?year={opening.year}",
    }
    if one is None:
        return render(request, "schoolyear/leaving.html", context)
    here = preview.staff(opening.school, day_of(request.now)) if editable else {}
    everybody = people({person for seat in one.seats.values() for person in seat})
    context |= {
        "others_here": [row for row in preview.in_order(plan.in_grade(one.grade)) if row.key != key],
        "sizes": plan.sizes(),
        "seats": [
            (post, one.holder(post), everybody.get(one.holder(post) or 0, ""),
             preview.candidates(plan, key, post, here | _kept(one.holder(post), everybody)))
            for post in PERSONAL
        ],
        "along": teacher_words(one, everybody),
        "parts": [2, 3, 4, 5, 6],
    }  # fmt: skip
    return render(request, "schoolyear/class.html", context)


def _kept(holder: int | None, names: dict[int, str]) -> dict[int, str]:
    """A newcomer chosen by staff number stands in the list too."""
    return {holder: names[holder]} if holder in names and holder is not None else {}


def _gone(opening: YearOpening) -> HttpResponse:
    """The class was merged away or the preview decided meanwhile: back to the school, not an error."""
    return redirect(f"{reverse('schoolyear:school', args=[opening.school_id])}?year={opening.year}")
