"""The staff sheet: upload, say which column is what, look at what it would do, write it, take it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixiao.access import actions as access
from guixiao.access.middleware import GuixiaoRequest
from guixiao.facts.clock import day_of
from guixiao.people.imports.guard import Unreadable, guard
from guixiao.people.sheets import download
from guixiao.places.wording import title_of
from guixiao.staffing import actions
from guixiao.staffing.forms import ColumnsForm, StaffSheetForm
from guixiao.staffing.models import RowKind, RowState, StaffBatch, StaffRow
from guixiao.staffing.scopes import EDIT, batch_or_404, batches, units
from guixiao.staffing.sheets import runner, workbooks
from guixiao.staffing.sheets.reading import missing
from guixiao.staffing.sheets.reasons import explain

PAGE = 25
MANAGE = "account.manage"
ORDER = (RowKind.BAD, RowKind.CLASH, RowKind.NEW_PERSON, RowKind.NEW_POST, RowKind.ENDING, RowKind.SAME)


@require_http_methods(["GET", "POST"])
def sheets(request: GuixiaoRequest) -> HttpResponse:
    """Upload a sheet, and the sheets so far."""
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = StaffSheetForm(*posted, places=units(request.actor), initial={"first": day_of(request.now)})
    if form.is_bound and form.is_valid():
        upload = form.cleaned_data["file"]
        data: bytes = upload.read()
        try:
            guard(data)
        except Unreadable as refused:
            form.add_error("file", str(refused))
        else:
            return _take_in(request, form.cleaned_data, upload.name, data)
    page = Paginator(batches(request.actor).order_by("-pk"), PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page}
    return render(request, "staffing/sheets.html", context, status=422 if form.errors else 200)


def _take_in(request: GuixiaoRequest, given: dict[str, Any], name: str, data: bytes) -> HttpResponse:
    place = given["place"]
    by = request.actor.by(EDIT, place.path)
    batch = actions.open_staff_batch(
        by=by, now=request.now, place=place, file_name=name, first=given["first"]
    )
    runner.take_in(batch, data, request.now)
    return redirect("staffing:sheet", batch.pk)


@require_safe
@never_cache
def show(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """What the sheet would do: every row with what it means, every fault with its remedy."""
    batch = batch_or_404(request.actor, pk)
    runner.revive(batch, request.now)
    batch.refresh_from_db()
    kinds = _kinds(batch)
    kind = request.GET.get("kind", "")
    if kind not in RowKind.values:
        kind = next((value for value, _word, number in kinds if number), RowKind.NEW_PERSON)
    page = Paginator(_rows(batch, kind), PAGE).get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "kind": kind,
        "kinds": kinds,
        "page": page,
        "rows": [_shown(row) for row in page.object_list],
        "form": ColumnsForm(batch),
        "lacking": missing(batch.mapping),
        "classes": [name for _key, name in batch.classes],
        "working": batch.state in runner.WORKING,
        "may_open": request.actor.may_at(MANAGE, batch.place),
        "clashes": batch.counts.get(RowKind.CLASH, 0),
        "decided": batch.counts.get("decided", 0),
        "unopened": list(batch.unopened.values()),
    }
    return render(request, "staffing/sheet.html", context)


def _rows(batch: StaffBatch, kind: str) -> QuerySet[StaffRow]:
    """Rows of one kind; those left out while writing stand with the bad ones."""
    rows = StaffRow.objects.filter(batch=batch)
    skipped = Q(state=RowState.SKIPPED)
    found = (
        rows.filter(Q(kind=kind) | skipped)
        if kind == RowKind.BAD
        else rows.filter(kind=kind).exclude(skipped)
    )
    return found.order_by("number")


def _kinds(batch: StaffBatch) -> list[tuple[str, str, int]]:
    """(kind, word, number) for the pills."""
    skipped = StaffRow.objects.filter(batch=batch, state=RowState.SKIPPED).count()
    return [
        (
            kind.value,
            str(kind.label),
            batch.counts.get(kind.value, 0) + (skipped if kind == RowKind.BAD else 0),
        )
        for kind in ORDER
    ]


def _shown(row: StaffRow) -> dict[str, Any]:
    meant = row.meant
    return {
        "number": row.number,
        "name": meant.get("name", ""),
        "post": title_of(meant["post"]) if meant.get("post") else "",
        "place": meant.get("place_name", ""),
        "first": meant.get("first"),
        "last": meant.get("last"),
        "state": row.state,
        "person": row.person if row.state == RowState.APPLIED else meant.get("person"),
        "reasons": explain(meant.get("faults", [])),
        "notes": explain(meant.get("notes", [])),
        "hand_over": row.hand_over,
        "clash": row.kind == RowKind.CLASH,
    }


@require_safe
@never_cache
def progress(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """The bar, asked for every second; sends the page on when the work is done."""
    batch = batch_or_404(request.actor, pk)
    runner.revive(batch, request.now)
    batch.refresh_from_db()
    working = batch.state in runner.WORKING
    response = render(request, "staffing/sheet_progress.html", {"batch": batch, "working": working})
    if not working:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def columns(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """Which column is what, corrected by hand."""
    batch = batch_or_404(request.actor, pk)
    form = ColumnsForm(batch, request.POST)
    by = request.actor.by(EDIT, batch.place.path)
    try:
        if not form.is_valid():
            raise ValidationError(_("选的列不在表里，请刷新再选。"))
        actions.map_columns(by=by, now=request.now, batch_id=batch.pk, mapping=form.mapping())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("按新的列重新检查过了。"))
    return redirect("staffing:sheet", pk)


@require_POST
def clash(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """Whether the holder of a post hands over on the day of a row; without a number, all of them."""
    batch = batch_or_404(request.actor, pk)
    text = request.POST.get("number", "")
    numbers = [int(text)] if text.isascii() and text.isdigit() and len(text) < 9 else None
    by = request.actor.by(EDIT, batch.place.path)
    yes = request.POST.get("hand_over") == "1"
    try:
        actions.decide_clash(by=by, now=request.now, batch_id=batch.pk, numbers=numbers, hand_over=yes)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect(f"{request.path.removesuffix('clash/')}?kind=clash")


@require_POST
def apply(request: GuixiaoRequest, pk: int) -> HttpResponse:
    batch = batch_or_404(request.actor, pk)
    by = request.actor.by(EDIT, batch.place.path)
    accounts = request.POST.get("accounts") == "1" and request.actor.may_at(MANAGE, batch.place)
    try:
        batch = actions.begin_staff(by=by, now=request.now, batch_id=batch.pk, accounts=accounts)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        runner.start_work(batch, request.now)
    return redirect("staffing:sheet", pk)


@require_POST
def undo(request: GuixiaoRequest, pk: int) -> HttpResponse:
    batch = batch_or_404(request.actor, pk)
    by = request.actor.by(EDIT, batch.place.path)
    try:
        batch = actions.begin_undoing_staff(by=by, now=request.now, batch_id=batch.pk)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        runner.start_work(batch, request.now)
    return redirect("staffing:sheet", pk)


@require_POST
def discard(request: GuixiaoRequest, pk: int) -> HttpResponse:
    batch = batch_or_404(request.actor, pk)
    by = request.actor.by(EDIT, batch.place.path)
    try:
        actions.discard_staff(by=by, now=request.now, batch_id=batch.pk)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("staffing:sheet", pk)
    messages.success(request, _("已放弃，表里的内容没有留下。"))
    return redirect("staffing:sheets")


@require_POST
def bad(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """The rows that were not written, as Excel; on record, for there may be telephone numbers among them."""
    batch = batch_or_404(request.actor, pk)
    data, rows = workbooks.bad_rows(batch)
    by = request.actor.by(EDIT, batch.place.path)
    access.exported(by=by, now=request.now, what="staff_bad_rows", rows=rows)
    return download(data, _("没有写入的行") + f"-{batch.pk}.xlsx")


@require_POST
@never_cache
def passwords(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """The one-time passwords, once."""
    batch = batch_or_404(request.actor, pk)
    if not request.actor.may_at(MANAGE, batch.place):
        raise Http404
    by = request.actor.by(MANAGE, batch.place.path)
    try:
        rows = actions.fetch_passwords(by=by, now=request.now, batch_id=batch.pk)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("staffing:sheet", pk)
    return download(workbooks.passwords(rows), _("一次性密码") + f"-{batch.pk}.xlsx")


@require_safe
def blank(request: GuixiaoRequest) -> HttpResponse:
    return download(workbooks.template(list(units(request.actor)[:50])), _("教职工导入模板") + ".xlsx")
