"""为什么: which days counted, the steps of the reason, what would change it, who has been told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guixiao.access.middleware import GuixiaoRequest
from guixiao.duties import queries, tasks, whatif
from guixiao.duties.doors import Doors
from guixiao.duties.models import Duty
from guixiao.duties.words import Names, ids_of, sentence, tree
from guixiao.facts import DayKind
from guixiao.notify.queries import told_of_duty
from guixiao.places.models import Place
from guixiao.places.wording import word
from guixiao.policy import Reason
from guixiao.policy.templates import KINDS

from .home import names_of

LOOKS = {
    "present": "present",
    "absent": "absent",
    "returned": "late",
    "leave": "leave",
    "unknown": "unknown",
    "pending": "unknown",
    "unannounced": "unknown",
    "off": "holiday",
    "held": "neutral",
}
STEP_ICONS = {"rule_says": "book-2", "who": "user-check", "nobody": "user-off", "due": "clock"}
WEIGHT_ICONS = {
    "for": "circle-check",
    "against": "circle-x",
    "neutral": "circle-minus",
    "unknown": "help-circle",
}
STEPS = {"unknown": "unknown", "present": "walked"}
SCHOOL = (DayKind.SCHOOL.value, DayKind.MADE_SCHOOL.value)


@require_GET
def why(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """One duty explained, from what was stored with it."""
    actor, now = request.actor, request.now
    duty = queries.duty_or_404(actor, pk)
    reason = tree(duty)
    shown = names(duty, reason, queries.named(actor, duty))
    group = [row for row in queries.siblings(duty) if row.pk != duty.pk]
    people = names_of(tasks.person_ids([duty, *group]))
    (task,) = tasks.tasks([duty], actor, now, people, Doors(actor, [duty]))
    days = list(strip(reason))
    unknown = [day["day"] for day in days if day["kind"] == "unknown" and isinstance(day["day"], date)]
    context = {
        "duty": duty,
        "task": task,
        "siblings": group,
        "days": days,
        "notes": [day for day in days if day["note"]],
        "steps": list(steps(reason, shown)),
        "changes": whatif.changes(duty, unknown, now),
        "told": told(duty),
        "rungs": duty.rungs.select_related("person").order_by("rung"),
        "mine": any(held.post == duty.post for held in actor.held) or duty.holder_id == actor.person,
        "may_remind": may_remind(request, duty),
        "may_waive": may_waive(request, duty),
    }
    return render(request, "duties/why.html", context)


def may_remind(request: GuixiaoRequest, duty: Duty) -> bool:
    over = request.actor.may_at("duty.remind", duty.path) or (
        bool(duty.home_path) and request.actor.may_at("duty.remind", duty.home_path)
    )
    return over and duty.demanded and duty.holder_id not in (None, request.actor.person)


def may_waive(request: GuixiaoRequest, duty: Duty) -> bool:
    """Over this branch, and above the post that answers."""
    actor = request.actor
    over = actor.may_at("duty.waive", duty.path) or (
        bool(duty.home_path) and actor.may_at("duty.waive", duty.home_path)
    )
    return over and duty.demanded and actor.outranks(duty.post)


def names(duty: Duty, reason: Reason, named: bool) -> Names:
    """Everybody and every place a tree speaks of; two queries."""
    found = list(ids_of([reason]))
    places = {value for kind, value in found if kind == "place"}
    return Names(
        people=names_of({value for kind, value in found if kind == "person"}),
        places=dict(Place.objects.filter(pk__in=places).values_list("pk", "name")),
        students={duty.student.pk: duty.student.name} if named and duty.student else {},
    )


def strip(reason: Reason) -> Iterator[dict[str, object]]:
    """The days of the reasons as tiles with their place on the line 1-2-?-3."""
    for node in _find(reason, "strip"):
        for child in node.children:
            params = child.message.params
            kind, off = str(params.get("kind", "")), str(params.get("off", ""))
            note, n = str(params.get("note") or ""), params.get("n")
            look = LOOKS.get(kind, "neutral")
            yield {
                "day": params["day"],
                "kind": look,
                "word": word(KINDS.get(kind, "")) if kind != "off" else note or _("不上课"),
                "school": off in SCHOOL,
                "tag": _("调休上课") if off == DayKind.MADE_SCHOOL.value else "",
                "note": note if off == DayKind.MADE_SCHOOL.value else "",
                "n": n,
                "state": "counted"
                if n
                else "unknown"
                if look == "unknown"
                else "walked"
                if look == "present"
                else "tocome",
                "label": _("第 %(n)s 天") % {"n": n} if n else _label(look),
            }


def _label(look: str) -> str:
    return {"unknown": _("不明"), "present": _("起算")}.get(look, _("不计"))


def _find(reason: Reason, code: str) -> Iterator[Reason]:
    if reason.message.code == code:
        yield reason
    for child in reason.children:
        yield from _find(child, code)


def steps(reason: Reason, shown: Names) -> Iterator[dict[str, object]]:
    """The branches of the tree as steps, each with its rows."""
    for child in reason.children:
        code = child.message.code
        yield {
            "code": code,
            "icon": STEP_ICONS.get(code) or ("checks" if code.startswith("met_") else "calendar-check"),
            "text": sentence(child.message, shown),
            "weight": child.weight.value,
            "rows": list(_rows(child, shown)),
        }


def _rows(reason: Reason, shown: Names) -> Iterator[dict[str, object]]:
    for child in reason.children:
        if child.message.code != "strip":
            yield {
                "icon": WEIGHT_ICONS[child.weight.value],
                "weight": child.weight.value,
                "text": sentence(child.message, shown),
            }
            yield from _rows(child, shown)


def told(duty: Duty) -> list[dict[str, object]]:
    """Who knows, by the moment they were told."""
    rows = list(told_of_duty(duty.pk))
    return [
        {"at": at, "kind": kind, "people": "、".join(dict.fromkeys(row.person.name for row in group))}
        for (at, kind), group in groupby(rows, key=lambda row: (row.at, row.get_kind_display()))
    ]
