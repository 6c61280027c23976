"""One's own posts: who acts for me while I am away, and what I took over."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixiao.access import tree
from guixiao.access.looks import looked
from guixiao.access.middleware import GuixiaoRequest
from guixiao.facts import By
from guixiao.facts.clock import day_of
from guixiao.places import actions as places
from guixiao.places.models import Deputy, Holding, Person
from guixiao.places.queries import on
from guixiao.staffing import actions, matters
from guixiao.staffing.forms import OwnDeputyForm
from guixiao.staffing.models import Handover
from guixiao.staffing.scopes import taken_over

from .handovers import about


@require_safe
def mine(request: GuixiaoRequest) -> HttpResponse:
    """My posts, what is open under each, who acts for me."""
    me = Person.objects.get(pk=request.actor.person)
    own = Holding.objects.filter(person=me)
    context = {
        "person": me,
        "own": True,
        "received": taken_over(request.actor).order_by("-day")[:10],
        **about(request, me, own),
    }
    return render(request, "staffing/person.html", context)


@require_http_methods(["GET", "POST"])
def deputise(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """Name who acts for me, from when to when."""
    holding = _own(request, pk)
    today = day_of(request.now)
    colleagues = _colleagues(holding, request)
    form = OwnDeputyForm(request.POST if request.method == "POST" else None, initial={"first": today})
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            if data["first"] < today:
                raise ValidationError({"first": _("代理不能从过去的日子算起，请从今天或以后起。")})
            person = _meant(colleagues, data["name"], data["staff_number"])
            places.name_deputy(
                by=_by(request, holding),
                now=request.now,
                holding=holding,
                person=person,
                first=data["first"],
                last=data["last"],
            )
        except ValidationError as error:
            tree.at_their_fields(form, error)
        else:
            messages.success(
                request, _("已请%(who)s代理。代理期里待办两个人都看得到。") % {"who": person.name}
            )
            return redirect("staffing:mine")
    context = {"holding": holding, "form": form, "names": colleagues}
    return render(request, "staffing/deputise.html", context, status=422 if form.errors else 200)


@require_POST
def end_deputy(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """I am back: the deputy acts today for the last time."""
    deputy = Deputy.objects.select_related("holding__place", "person").filter(pk=pk).first()
    if deputy is None:
        raise Http404
    holding = _own(request, deputy.holding_id)
    last = max(day_of(request.now), deputy.first)
    try:
        places.end_deputy(by=_by(request, holding), now=request.now, deputy=deputy, last=last)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("%(who)s的代理到今天为止。") % {"who": deputy.person.name})
    return redirect("staffing:mine")


@require_safe
def received(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """What I took over with a post, and what became of each matter."""
    row = _received(request, pk)
    shown = matters.shown(row.holding, row.matters, request.actor)
    if any(item.url for each in shown for item in each.items) and request.actor.may("student.view"):
        looked(request.actor, "student.view", count=sum(len(each.items) for each in shown))
    moved = {pair[0] for pair in row.moved}
    ripe = row.taken_at is None and row.day <= day_of(request.now)
    context = {"row": row, "matters": shown, "moved": moved, "mine": True, "ripe": ripe}
    return render(request, "staffing/handover.html", context)


@require_POST
def take_over(request: GuixiaoRequest, pk: int) -> HttpResponse:
    row = _received(request, pk)
    by = request.actor.by_virtue_of()
    try:
        actions.take_over(by=by, now=request.now, handover=row)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("已确认接手。清单随时可以在“我的岗位”里再看。"))
    return redirect("staffing:received", pk)


def _received(request: GuixiaoRequest, pk: int) -> Handover:
    row = taken_over(request.actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _own(request: GuixiaoRequest, pk: int) -> Holding:
    """A post of mine that I hold or shall hold."""
    rows = Holding.objects.select_related("person", "place").filter(pk=pk, person=request.actor.person)
    found = rows.first()
    if found is None or (found.last is not None and found.last < day_of(request.now)):
        raise Http404
    return found


def _by(request: GuixiaoRequest, holding: Holding) -> By:
    """The holder, in the post it is about."""
    return By(request.actor.account, holding.post, holding.place.org_id)


def _colleagues(holding: Holding, request: GuixiaoRequest) -> list[Person]:
    """Who works in the same organisation today: the only ones who may be asked."""
    held = Holding.objects.filter(on(day_of(request.now)), place__org_id=holding.place.org_id)
    rows = Person.objects.filter(pk__in=held.values("person")).exclude(pk=holding.person_id)
    return list(rows.order_by("name", "pk"))


def _meant(colleagues: list[Person], name: str, number: str) -> Person:
    found = [one for one in colleagues if one.name == name and number in ("", one.staff_number)]
    if not found:
        raise ValidationError(
            {"name": _("本单位没有叫“%(name)s”的同事。请核对姓名和工号。") % {"name": name}}
        )
    if len(found) > 1:
        numbers = "、".join(one.staff_number or "—" for one in found)
        said = _("叫“%(name)s”的有几个人（工号：%(all)s）。请填工号。")
        raise ValidationError({"staff_number": said % {"name": name, "all": numbers}})
    return found[0]
