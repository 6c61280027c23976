"""The register's spreadsheet: upload, look at what it would do, write it, take it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixiao.access.looks import looked
from guixiao.access.middleware import GuixiaoRequest
from guixiao.access.scopes import visible_places
from guixiao.facts.clock import day_of
from guixiao.people import actions as people
from guixiao.people.forms import UploadForm
from guixiao.people.imports import actions, preview, runner
from guixiao.people.imports.guard import Unreadable, guard
from guixiao.people.imports.workbooks import bad_rows, template
from guixiao.people.models import ImportBatch, RowKind
from guixiao.people.sheets import download
from guixiao.places.models import Kind, Place

PAGE = 25


def schools_of(request: GuixiaoRequest) -> QuerySet[Place]:
    return visible_places(request.actor, "import.run", Kind.SCHOOL).order_by("path")


def batch_or_404(request: GuixiaoRequest, pk: int) -> ImportBatch:
    found = ImportBatch.objects.select_related("school").filter(pk=pk, school__in=schools_of(request)).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def imports(request: GuixiaoRequest) -> HttpResponse:
    """Upload a sheet, and the imports so far."""
    schools = schools_of(request)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = UploadForm(*posted, schools=schools, initial={"first": day_of(request.now)})
    if form.is_bound and form.is_valid():
        upload = form.cleaned_data["file"]
        data: bytes = upload.read()
        try:
            guard(data)
        except Unreadable as refused:
            form.add_error("file", str(refused))
        else:
            return _check(request, form.cleaned_data, upload.name, data)
    batches = ImportBatch.objects.filter(school__in=schools).select_related("school").order_by("-pk")
    page = Paginator(batches, PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page}
    return render(request, "people/imports.html", context, status=422 if form.errors else 200)


def _check(request: GuixiaoRequest, given: dict[str, Any], name: str, data: bytes) -> HttpResponse:
    school: Place = given["school"]
    by = request.actor.by("import.run", school.path)
    batch = actions.open_batch(by=by, now=request.now, school=school, file_name=name, first=given["first"])
    runner.start_check(batch, data, request.now)
    return redirect("people:import_show", batch.pk)


@require_safe
@never_cache
def show(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """What the sheet would do: counts, every bad row with its remedy, every change with old and new."""
    batch = batch_or_404(request, pk)
    runner.revive(batch, request.now)
    batch.refresh_from_db()
    kind = request.GET.get("kind", "")
    if kind not in RowKind.values:
        kind = preview.first_kind(batch)
    page = Paginator(preview.rows(batch, kind), PAGE).get_page(request.GET.get("page"))
    shown = [preview.shown(row) for row in page.object_list]
    if shown:
        looked(request.actor, "import.run", count=len(shown))
    context = {
        "batch": batch,
        "kind": kind,
        "kinds": preview.kinds(batch),
        "page": page,
        "rows": shown,
        "classes": [key.partition("|")[2] for key in batch.classes],
        "working": preview.working(batch),
        "to_write": batch.new + batch.changed,
        "held": batch.message,
    }
    return render(request, "people/import_show.html", context)


@require_safe
@never_cache
def progress(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """The bar, asked for every second; sends the page on when the work is done."""
    batch = batch_or_404(request, pk)
    runner.revive(batch, request.now)
    batch.refresh_from_db()
    response = render(
        request, "people/import_progress.html", {"batch": batch, "working": preview.working(batch)}
    )
    if not preview.working(batch):
        response["HX-Refresh"] = "true"
    return response


@require_POST
def apply(request: GuixiaoRequest, pk: int) -> HttpResponse:
    batch = batch_or_404(request, pk)
    by = request.actor.by("import.run", batch.school.path)
    try:
        batch = actions.begin_applying(by=by, now=request.now, batch_id=batch.pk)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        runner.start_work(batch, request.now)
    return redirect("people:import_show", pk)


@require_POST
def undo(request: GuixiaoRequest, pk: int) -> HttpResponse:
    batch = batch_or_404(request, pk)
    by = request.actor.by("import.run", batch.school.path)
    try:
        batch = actions.begin_undoing(by=by, now=request.now, batch_id=batch.pk)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        runner.start_work(batch, request.now)
    return redirect("people:import_show", pk)


@require_POST
def discard(request: GuixiaoRequest, pk: int) -> HttpResponse:
    batch = batch_or_404(request, pk)
    try:
        by = request.actor.by("import.run", batch.school.path)
        actions.discard(by=by, now=request.now, batch_id=batch.pk)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("已放弃，表里的内容没有留下。"))
    return redirect("people:imports")


@require_safe
@never_cache
def bad(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """The refused rows as Excel. They hold what was uploaded, unmasked: the download is on record."""
    batch = batch_or_404(request, pk)
    data, rows = bad_rows(batch)
    by = request.actor.by("import.run", batch.school.path)
    people.exported(by=by, now=request.now, what="import_bad_rows", rows=rows)
    return download(data, _("有问题的行") + f"-{batch.pk}.xlsx")


@require_safe
def blank(request: GuixiaoRequest) -> HttpResponse:
    return download(template(), _("学籍导入模板") + ".xlsx")
