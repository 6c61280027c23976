"""The journal as an auditor reads it: who did what when, in which post. Ids and codes, no names of children."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guixiao.access import actions, administration, audit_words, sheets
from guixiao.access.admin_forms import AuditForm, chain_label
from guixiao.access.models import Account
from guixiao.facts import REGISTRY
from guixiao.facts.clock import local
from guixiao.journal import anchors, results
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.places.wording import title_of

MOST = 20_000
AT_ONCE = 50_000  # more entries than this are verified by the command, not by a page


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as a person reads it."""

    at: datetime
    happened: datetime
    what: str
    who: str
    post: str
    org: str
    where: str
    says: str


@require_safe
def audit(request: Any) -> HttpResponse:
    form = AuditForm(request.GET or None)
    page = Paginator(administration.entries(request.actor, _asked(form)), 25).get_page(
        request.GET.get("page")
    )
    chains = list(administration.chains(request.actor))
    names = audit_words.place_names({int(chain.name.partition(":")[2]) for chain in chains})
    context = {
        "form": form,
        "page": page,
        "lines": lines(list(page.object_list)),
        "chains": [(chain.name, chain_label(chain, names)) for chain in chains],
        "kinds": sorted(((kind, _(fact.title)) for kind, fact in REGISTRY.items()), key=lambda pair: pair[1]),
        "asked": form.data,
        "last": results.last(),
    }
    return render(request, "access/audit.html", context)


@require_safe
def export(request: Any) -> HttpResponse:
    """What was asked for, as Excel; the newest twenty thousand."""
    form = AuditForm(request.GET or None)
    found = lines(list(administration.entries(request.actor, _asked(form))[:MOST]))
    by = request.actor.by("audit.view")
    actions.exported(by=by, now=request.now, what="access.audit", rows=len(found))
    heads = [
        _("记录时间"),
        _("发生时间"),
        _("什么事"),
        _("谁"),
        _("岗位"),
        _("单位"),
        _("链和序号"),
        _("内容"),
    ]
    rows = [
        (_moment(row.at), _moment(row.happened), row.what, row.who, row.post, row.org, row.where, row.says)
        for row in found
    ]
    return sheets.table(_("审计记录"), heads, rows)


@require_POST
def check(request: Any) -> HttpResponse:
    """Run the verification here where it is quick; a large journal is checked by ``guixiao verify``."""
    if Entry.objects.count() > AT_ONCE:
        messages.info(
            request, _("记录太多，不能在页面上核验。请在服务器上运行 guixiao verify，结果会显示在这里。")
        )
        return redirect("access:audit")
    report = verify(anchors.default_file())
    results.keep(report, request.now)
    if report.problems:
        messages.error(
            request, _("核验发现 %(n)d 处不符，见下。请立即报告并对照备份。") % {"n": len(report.problems)}
        )
    else:
        messages.success(request, _("核验通过：%(n)d 条记录一条不少、一字未改。") % {"n": report.entries})
    return redirect("access:audit")


def lines(entries: list[Entry]) -> list[Line]:
    """Entries with the names of the staff who made them."""
    people = dict(
        Account.objects.filter(pk__in={row.account for row in entries}).values_list("pk", "person__name")
    )
    orgs = audit_words.place_names({row.org for row in entries} | audit_words.place_ids(entries))
    return [
        Line(
            row.recorded_at,
            row.happened_at,
            _(REGISTRY[row.kind].title) if row.kind in REGISTRY else row.kind,
            people.get(row.account, _("系统")),
            title_of(row.post),
            orgs.get(row.org, ""),
            f"{row.chain.name}#{row.seq}",
            audit_words.in_words(row.payload, orgs),
        )
        for row in entries
    ]


def _asked(form: AuditForm) -> administration.Asked:
    """What can be understood of the question; a day that is none is left out and named by the form."""
    form.is_valid()
    given: dict[str, Any] = getattr(form, "cleaned_data", {})
    return administration.Asked(**{name: value for name, value in given.items() if value})


def _moment(at: datetime) -> str:
    return local(at).strftime("%Y-%m-%d %H:%M:%S")
