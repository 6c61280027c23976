"""既有辍学: the children known to have dropped out before, by sheet or one by one."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixiao.access.looks import looked
from guixiao.access.middleware import GuixiaoRequest
from guixiao.access.scopes import place_or_404, visible_places
from guixiao.access.tree import at_their_fields
from guixiao.cases import actions
from guixiao.cases.known import sheet
from guixiao.cases.known.checking import check
from guixiao.cases.known.forms import KnownForm, UploadForm
from guixiao.cases.known.words import causes_in_words, explain
from guixiao.cases.models import Case, KnownBatch, KnownRow, KnownRowState
from guixiao.facts.clock import day_of
from guixiao.facts.codes import Stage
from guixiao.people import actions as people
from guixiao.people.imports.guard import MOST_BYTES, Unreadable
from guixiao.people.scopes import student_or_404, visible
from guixiao.people.sheets import download
from guixiao.places.models import Place

ACTION = "case.approve"
PAGE = 25


@require_http_methods(["GET", "POST"])
@never_cache
def known(request: GuixiaoRequest) -> HttpResponse:
    """Upload a sheet, and the sheets so far."""
    place = _place(request)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            if upload.size > MOST_BYTES:
                raise Unreadable(_("文件太大，最多 20 MB。请只留要登记的行再传。"))
            rows = check(sheet.read(upload.read()), visible(request.actor, ACTION), day_of(request.now))
        except Unreadable as refused:
            form.add_error("file", str(refused))
        else:
            by = request.actor.by(ACTION, place.path)
            batch = actions.stage_known(by=by, now=request.now, place=place, file_name=upload.name, rows=rows)
            return redirect("cases:known_show", place.pk, batch.pk)
    batches = KnownBatch.objects.filter(place__in=visible_places(request.actor, ACTION)).select_related(
        "place"
    )
    page = Paginator(batches.order_by("-pk"), PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "place": place}
    return render(request, "cases/known.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
def show(request: GuixiaoRequest, pk: int, batch: int) -> HttpResponse:
    """What the sheet would do: each row, the child it means, every bad row with its remedy."""
    found = _batch(request, pk, batch)
    state = request.GET.get("state", "")
    counts = [(value, word, found.rows.filter(state=value).count()) for value, word in KnownRowState.choices]
    counted = {value: number for value, _word, number in counts}
    if state not in counted:
        state = (
            KnownRowState.BAD
            if counted["bad"]
            else next((v for v, _w, n in counts if n), KnownRowState.WAITING)
        )
    rows = found.rows.filter(state=state).select_related("student__klass", "student__school", "case")
    page = Paginator(rows.order_by("number"), PAGE).get_page(request.GET.get("page"))
    if page.object_list:
        looked(request.actor, ACTION, count=len(page.object_list))
    context = {
        "batch": found,
        "place": found.place,
        "rows": [_shown(row) for row in page],
        "page": page,
        "kinds": [row for row in counts if row[2]],
        "state": state,
        "counted": counted,
        "done": counted["applied"] + counted["skipped"],
        "all": counted["applied"] + counted["skipped"] + counted["waiting"],
    }
    return render(request, "cases/known_show.html", context)


@require_POST
def apply(request: GuixiaoRequest, pk: int, batch: int) -> HttpResponse:
    """Write the next rows; the page asks again until none is left. Goes on where it stood."""
    found = _batch(request, pk, batch)
    by = request.actor.by(ACTION, found.place.path)
    try:
        actions.begin_known(by=by, now=request.now, batch=found)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        more = actions.apply_known(by=by, now=request.now, batch=found)
        if more and not found.rows.filter(state=KnownRowState.WAITING).exists():
            actions.apply_known(by=by, now=request.now, batch=found)
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return redirect("cases:known_show", pk, batch)


@require_POST
def undo(request: GuixiaoRequest, pk: int, batch: int) -> HttpResponse:
    found = _batch(request, pk, batch)
    try:
        by = request.actor.by(ACTION, found.place.path)
        undone, kept = actions.undo_known(by=by, now=request.now, batch=found)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("已撤销 %(n)s 个。") % {"n": undone})
        if kept:
            words = {"n": len(kept), "who": "、".join(kept[:10])}
            messages.warning(request, _("有 %(n)s 个已经有了后来的记录，没有动：%(who)s。") % words)
    return redirect("cases:known_show", pk, batch)


@require_POST
def discard(request: GuixiaoRequest, pk: int, batch: int) -> HttpResponse:
    found = _batch(request, pk, batch)
    try:
        actions.discard_known(by=request.actor.by(ACTION, found.place.path), now=request.now, batch=found)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("cases:known_show", pk, batch)
    messages.success(request, _("已放弃，表里的内容没有留下。"))
    return redirect("cases:known")


@require_safe
@never_cache
def bad(request: GuixiaoRequest, pk: int, batch: int) -> HttpResponse:
    """The refused rows as Excel, as they came: the download is on record."""
    found = _batch(request, pk, batch)
    rows = found.rows.filter(state__in=(KnownRowState.BAD, KnownRowState.SKIPPED)).order_by("number")
    table = [(json.loads(row.payload), row.faults) for row in rows]
    people.exported(
        by=request.actor.by(ACTION, found.place.path), now=request.now, what="known_bad_rows", rows=len(table)
    )
    return download(sheet.refused(table), _("有问题的行") + f"-{found.pk}.xlsx")


@require_safe
def blank(request: GuixiaoRequest) -> HttpResponse:
    return download(sheet.template(), _("既有辍学模板") + ".xlsx")


@require_http_methods(["GET", "POST"])
def one(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """Register one child by hand."""
    student = student_or_404(request.actor, ACTION, pk)
    form = KnownForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        path = request.actor.over(ACTION, student.path, student.home_path)
        try:
            case = actions.register_known(
                by=request.actor.by(ACTION, path), now=request.now, student=student, **form.cleaned_data
            )
        except ValidationError as refused:
            at_their_fields(form, refused)
        else:
            messages.success(request, _("已登记，个案从今天办起。"))
            shown = Case.objects.filter(pk=case.pk, student__in=visible(request.actor, "case.view")).exists()
            return redirect("cases:show", case.pk) if shown else redirect("cases:known")
    open_case = Case.objects.filter(student=student).exclude(stage=Stage.CLOSED).first()
    context = {"form": form, "student": student, "open_case": open_case}
    return render(request, "cases/known_one.html", context, status=422 if form.errors else 200)


def _place(request: GuixiaoRequest) -> Place:
    """The widest place over which this actor may register."""
    place = visible_places(request.actor, ACTION).order_by("path").first()
    if place is None:
        raise Http404
    return place


def _batch(request: GuixiaoRequest, pk: int, number: int) -> KnownBatch:
    place = place_or_404(request.actor, ACTION, pk)
    found = KnownBatch.objects.select_related("place").filter(place=place, pk=number).first()
    if found is None:
        raise Http404
    return found


def _shown(row: KnownRow) -> dict[str, Any]:
    given = json.loads(row.payload)
    return {
        "row": row,
        "given": given,
        "causes": causes_in_words(given.get("causes", [])) or given.get("cause", ""),
        "faults": explain(row.faults),
    }
