"""采用制度: choose, draft with numbers, see what it would have asked for, sign; amend and end the same way."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixiao.access.matrix import grants
from guixiao.access.middleware import GuixiaoRequest
from guixiao.access.models import Account
from guixiao.access.scopes import place_or_404, visible_places
from guixiao.access.tree import at_their_fields
from guixiao.duties.actions import sign as signings
from guixiao.duties.adopted import Adopted, packs
from guixiao.duties.adoption_forms import NumbersForm, SigningForm
from guixiao.duties.models import Adoption, Signing, Stand, What
from guixiao.duties.numbers import regular, spoken_raw
from guixiao.duties.occasions import calendar_subjects
from guixiao.duties.rehearsal import sample
from guixiao.duties.settle import LARGE, settle_subjects
from guixiao.facts.clock import day_of
from guixiao.packs import read_override
from guixiao.places import paths
from guixiao.places.models import Place
from guixiao.places.wording import called
from guixiao.policy import AdoptedPack, Pack

PREPARE, ADOPT = "regulation.prepare", "regulation.adopt"
MOST, BACK, PLACES, LISTED = 300, 30, 400, 100


@require_safe
def choose(request: GuixiaoRequest) -> HttpResponse:
    """Every regulation on the shelf: title, issuer, source, rules, and where it may be adopted."""
    today = day_of(request.now)
    places = visible_places(request.actor, PREPARE)
    cards = []
    for pack in packs().values():
        allowed = places.filter(kind__in=[level.value for level in pack.levels], closed_on=None).order_by(
            "path"
        )
        taken = set(
            Adoption.objects.filter(pack=pack.code, place__in=places)
            .exclude(last__lt=today)
            .values_list("place", flat=True)
        )
        free = list(allowed.exclude(pk__in=taken)[:PLACES])
        cards.append({"pack": pack, "places": free, "taken": len(taken), "count": len(pack.rules)})
    asked = request.GET.get("at", "")
    code, _sep, number = asked.partition(":")
    if code in packs() and number.isascii() and number.isdigit() and len(number) < 18:
        return redirect("duties:regulation_adopt", int(number), code)
    return render(request, "duties/adopt_choose.html", {"cards": cards})


@require_http_methods(["GET", "POST"])
def adopt(request: GuixiaoRequest, pk: int, code: str) -> HttpResponse:
    """Draft the adoption of a regulation by a place."""
    place, pack = place_or_404(request.actor, PREPARE, pk), _pack(code)
    if place.kind not in {level.value for level in pack.levels}:
        raise Http404
    return _numbers(request, place, pack, What.ADOPT, None)


@require_http_methods(["GET", "POST"])
def amend(request: GuixiaoRequest, pk: int, code: str) -> HttpResponse:
    """Draft other numbers from a day on."""
    place, pack = place_or_404(request.actor, PREPARE, pk), _pack(code)
    return _numbers(request, place, pack, What.AMEND, _standing(place, pack))


@require_http_methods(["GET", "POST"])
def end(request: GuixiaoRequest, pk: int, code: str) -> HttpResponse:
    """Draft the end of an adoption."""
    place, pack = place_or_404(request.actor, PREPARE, pk), _pack(code)
    adoption = _standing(place, pack)
    form = SigningForm(
        request.POST if request.method == "POST" else None,
        signers=signings.signers(place, day_of(request.now)),
        initial={"first": day_of(request.now) + timedelta(days=1)},
    )
    if form.is_bound and form.is_valid():
        try:
            row = signings.draft(
                by=request.actor.by(PREPARE, place.path), now=request.now, place=place, what=What.END,
                pack=pack.code, adoption=adoption, **form.given(),
            )  # fmt: skip
        except ValidationError as refused:
            at_their_fields(form, refused)
        else:
            return redirect("duties:regulation_signing", place.pk, row.pk)
    context = {"form": form, "place": place, "pack": pack, "title": _("停用"), "adoption": adoption}
    return render(request, "duties/adopt_form.html", context, status=422 if form.errors else 200)


def _numbers(
    request: GuixiaoRequest, place: Place, pack: Pack, what: What, adoption: Adoption | None
) -> HttpResponse:
    today = day_of(request.now)
    form = NumbersForm(
        request.POST if request.method == "POST" else None,
        pack=pack,
        above=_above(place, pack, today),
        day=today,
        chosen=adoption.overrides if adoption else {},
        signers=signings.signers(place, today),
        initial={"first": today + timedelta(days=1)},
    )
    if form.is_bound and form.is_valid():
        try:
            row = signings.draft(
                by=request.actor.by(PREPARE, place.path), now=request.now, place=place, what=what, pack=pack.code,
                adoption=adoption, overrides=form.cleaned_data["overrides"], **form.given(),
            )  # fmt: skip
        except ValidationError as refused:
            form.refuse(refused)
        else:
            return redirect("duties:regulation_signing", place.pk, row.pk)
    title = _("采用") if what == What.ADOPT else _("改数")
    context = {"form": form, "place": place, "pack": pack, "title": title, "adoption": adoption}
    return render(request, "duties/adopt_form.html", context, status=422 if form.errors else 200)


@require_safe
def signing(request: GuixiaoRequest, pk: int, signing: int) -> HttpResponse:
    """One decision: its paper, its numbers, who drafted and who signed; below, what it would have asked for."""
    row = _signing(request, pk, signing, PREPARE)
    names = dict(
        Account.objects.filter(pk__in=[row.drafted_by, row.decided_by or 0]).values_list("pk", "person__name")
    )
    context = {
        "row": row,
        "place": row.place,
        "pack": _pack(row.pack),
        "drafted": called(row.drafted_post, names.get(row.drafted_by, "")),
        "decided": called(row.decided_post, names.get(row.decided_by or 0, "")) if row.decided_by else "",
        "signer": called(row.signer_post, row.signer.name),
        "numbers": _changed(row),
        "may_sign": row.state == Stand.DRAFT and request.actor.may_at(ADOPT, row.place),
        "waiting": row.state == Stand.DRAFT,
        "large": row.place.kind in LARGE,
        "heads": [h for h in signings.signers(row.place, day_of(request.now)) if grants(h.post, ADOPT)],
    }
    return render(request, "duties/adopt_signing.html", context)


@require_safe
def rehearsal(request: GuixiaoRequest, pk: int, signing: int) -> HttpResponse:
    """htmx: the last month under this decision, counted by rule. Nothing is written."""
    row = _signing(request, pk, signing, PREPARE)
    pack, last = _pack(row.pack), day_of(request.now) - timedelta(days=1)
    first = last - timedelta(days=BACK - 1)
    overrides = {code: read_override(pack, code, raw) for code, raw in row.overrides.items()}
    found = sample(pack, row.place, first, last, overrides, MOST)
    counted: dict[str, dict[str, int]] = {}
    for outcome in found.outcomes:
        line = counted.setdefault(
            outcome.rule, {"all": 0, "met": 0, "late": 0, "missed": 0, "withdrawn": 0, "open": 0}
        )
        line["all"] += 1
        late = outcome.state == "met" and outcome.late
        key = "late" if late else outcome.state.value if outcome.state.value in line else "open"
        line[key] += 1
    rows = [{"rule": rule, **counted[rule.code]} for rule in pack.rules if rule.code in counted]
    context = {"found": found, "rows": rows, "first": first, "last": last, "all": len(found.outcomes)}
    return render(request, "duties/adopt_rehearsal.html", context)


@require_POST
def sign(request: GuixiaoRequest, pk: int, signing: int) -> HttpResponse:
    """Put a draft in force."""
    row = _signing(request, pk, signing, ADOPT)
    try:
        signings.put_in_force(by=request.actor.by(ADOPT, row.place.path), now=request.now, signing=row)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("duties:regulation_signing", row.place_id, row.pk)
    if row.place.kind not in LARGE and row.first <= day_of(request.now):
        settle_subjects(calendar_subjects(day_of(request.now), [row.place.path]), request.now)
    messages.success(request, _("已签发。"))
    return redirect("duties:regulation_signing", row.place_id, row.pk)


@require_POST
def drop(request: GuixiaoRequest, pk: int, signing: int) -> HttpResponse:
    """A draft is not wanted any more."""
    row = _signing(request, pk, signing, PREPARE)
    try:
        signings.drop(by=request.actor.by(PREPARE, row.place.path), now=request.now, signing=row)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("不用了，记录还在。"))
    return redirect("duties:regulation_signing", row.place_id, row.pk)


def _pack(code: str) -> Pack:
    if code not in packs():
        raise Http404
    return packs()[code]


def _signing(request: GuixiaoRequest, pk: int, number: int, action: str) -> Signing:
    place = place_or_404(request.actor, action, pk)
    row = Signing.objects.select_related("place", "signer", "adoption").filter(place=place, pk=number).first()
    if row is None or row.pack not in packs():
        raise Http404
    return row


def _standing(place: Place, pack: Pack) -> Adoption:
    """The adoption whose end nobody has decided."""
    rows = Adoption.objects.filter(place=place, pack=pack.code).select_related("place").order_by("-first")
    row = rows.filter(last=None).first()
    if row is None:
        raise Http404
    return row


def _above(place: Place, pack: Pack, today: date) -> list[AdoptedPack]:
    """The adoptions of this regulation above the place, in force today or later."""
    return [
        one
        for one in Adopted.along(paths.ids(place.path)).over(place.path)
        if one.pack.code == pack.code
        and one.place_id != place.pk
        and (one.last_day is None or one.last_day >= today)
    ]


def _changed(row: Signing) -> list[dict[str, Any]]:
    """The numbers a decision chooses, beside what the regulation says and what held before."""
    pack = _pack(row.pack)
    before = row.adoption.overrides if row.adoption and row.what == What.AMEND else {}
    if row.what == What.AMEND and row.state == Stand.IN_FORCE:
        before = {}
    return [
        {
            "title": pack.parameters[code].title,
            "text": regular(pack.parameters[code], row.first),
            "before": spoken_raw(before[code], pack.parameters[code].unit) if code in before else "",
            "chosen": spoken_raw(row.overrides[code], pack.parameters[code].unit)
            if code in row.overrides
            else "",
        }
        for code in pack.parameters
        if code in row.overrides or code in before
    ]


def history(request: GuixiaoRequest) -> list[dict[str, Any]]:
    """Every adoption along and beneath my places, the latest first, with its paper."""
    branches = paths.outermost(held.path for held in request.actor.held)
    ids = {number for path in branches for number in paths.ids(path)}
    mine = Q(place__in=ids) | paths.beneath_any("place__path", branches)
    rows = Adoption.objects.filter(mine, pack__in=list(packs())).select_related("place", "signed_by")
    papers = {
        row.adoption_id: row
        for row in Signing.objects.filter(adoption__in=rows, state=Stand.IN_FORCE).exclude(what=What.END)
    }
    today = day_of(request.now)
    return [
        {
            "row": row,
            "title": packs()[row.pack].title,
            "paper": papers.get(row.pk),
            "numbers": _numbers_of(row),
            "state": "over" if row.last and row.last < today else "ahead" if row.first > today else "now",
            "may": request.actor.may_at(PREPARE, row.place),
        }
        for row in rows.order_by("-first", "-pk")[:LISTED]
        if not (row.last and row.last < row.first)
    ]


def _numbers_of(row: Adoption) -> list[str]:
    parameters = packs()[row.pack].parameters if row.pack in packs() else {}
    return [
        f"{parameters[code].title}：{spoken_raw(raw, parameters[code].unit)}"
        for code, raw in row.overrides.items()
        if code in parameters
    ]


def waiting(request: GuixiaoRequest) -> list[Signing]:
    """Drafts that wait for a signature where I may prepare or sign."""
    places = visible_places(request.actor, PREPARE)
    rows = Signing.objects.filter(place__in=places, state=Stand.DRAFT).select_related("place", "signer")
    found = [row for row in rows.order_by("pk") if row.pack in packs()]
    for row in found:
        row.pack_title = packs()[row.pack].title  # type: ignore[attr-defined]  # for the template
    return found
