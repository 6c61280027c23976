"""A preview is begun, edited step by step, taken away as Excel."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from guixiao.access.middleware import GuixiaoRequest
from guixiao.facts.clock import day_of
from guixiao.people.actions import exported
from guixiao.people.sheets import Book, download
from guixiao.schoolyear import actions, overview, preview
from guixiao.schoolyear.draft import look
from guixiao.schoolyear.edits import Edit, edited
from guixiao.schoolyear.models import YearOpening
from guixiao.schoolyear.naming import grade_name, year_name
from guixiao.schoolyear.plan import OUT, STAY, Plan
from guixiao.schoolyear.rights import DRAFT, opening_or_404, school_or_404


def address(opening: YearOpening) -> str:
    return f"{reverse('schoolyear:school', args=[opening.school_id])}?year={opening.year}"


@require_POST
def begin(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """Begin the preview: every class promoted as it stands."""
    school = school_or_404(request.actor, DRAFT, pk)
    year = overview.asked_year(request.POST.get("year", ""), day_of(request.now))
    by = request.actor.by(DRAFT, school.path)
    try:
        actions.begin(by=by, now=request.now, school=school, year=year)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect(f"{reverse('schoolyear:school', args=[school.pk])}?year={year}")


SAID = {
    "start": gettext_noop("起始年级的班数改好了。"),
    "rename": gettext_noop("班名改好了。"),
    "seat": gettext_noop("班主任改好了。"),
    "fill": gettext_noop("起始班的班主任排上了，可以逐个再换。"),
    "split": gettext_noop("已分班。下面可以再调个别学生。"),
    "merge": gettext_noop("已并班。"),
    "move": gettext_noop("已调班。"),
    "take_over": gettext_noop("变动已并入。"),
    "reset": gettext_noop("已恢复成自动排的样子。"),
    "back": gettext_noop("已撤回上一步。"),
}


@require_POST
def change(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """One edit; back to the class it concerned, or to the preview."""
    opening = opening_or_404(request.actor, DRAFT, pk)
    given = request.POST
    do = given.get("do", "")
    version = int(text) if (text := given.get("version", "")).isascii() and text.isdigit() else 0
    by = request.actor.by(DRAFT, opening.school.path)
    try:
        if do == "back":
            actions.step_back(by=by, now=request.now, opening=opening, version=version)
        else:
            now = look(opening.school, opening.year)
            plan = edited(do, Edit(given, Plan.read(opening.plan), now, day_of(request.now)))
            actions.change(by=by, now=request.now, opening=opening, version=version, plan=plan, what=do)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _(SAID[do]))
    key = given.get("stay", "")
    if key and key.isascii() and key.isalnum():
        return redirect("schoolyear:klass", opening.pk, key)
    return redirect(address(opening))


@require_POST
def excel(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """Who goes where, class by class, for those who may export the children; on record."""
    opening = opening_or_404(request.actor, "student.export", pk)
    now, plan = look(opening.school, opening.year), Plan.read(opening.plan)
    rows: list[list[str]] = []
    ends = [(OUT, _("毕业")), (STAY, _("留在册上"))]
    rooms = [
        (one.key, one.name, grade_name(one.grade)) for one in sorted(plan.classes, key=lambda o: o.grade)
    ]
    for key, name, grade in [*rooms, *((key, word, "") for key, word in ends)]:
        rows += [
            [grade, name, child.name, child.seat, child.source, child.word]
            for child in preview.children(request.actor, plan, key, now)
        ]
    book = Book()
    head = [_("年级"), _("新学年的班"), _("姓名"), _("班内学号"), _("原来的班"), _("状态")]
    book.sheet(_("分班名单"), head, rows)
    by = request.actor.by("student.export", opening.school.path)
    exported(by=by, now=request.now, what="school_year_plan", rows=len(rows))
    return download(
        book.bytes(), f"{opening.school.name}-{year_name(opening.year)}-" + _("分班名单") + ".xlsx"
    )
