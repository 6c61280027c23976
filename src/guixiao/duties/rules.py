"""The regulations in force somewhere, rule by rule in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from guixiao.access.actor import Actor
from guixiao.facts.clock import start_of
from guixiao.places import paths
from guixiao.places.wording import title_of
from guixiao.policy import AdoptedPack, Deadline, Message, Pack, Rule
from guixiao.policy.law import Param, Status
from guixiao.policy.parameters import notation, resolve
from guixiao.policy.say import deadline as in_words

from .adopted import Adopted
from .models import Duty, State
from .words import Names, act_of, sentence


@dataclass(frozen=True, slots=True)
class Shown:
    """One rule as a reader sees it, with what it brought about."""

    rule: Rule
    what: str
    who: str
    together: str
    to: str
    by: str
    status: str
    produced: dict[str, int]


def in_force(actor: Actor, today: date) -> dict[str, list[AdoptedPack]]:
    """The packs that bind the actor's places today, by code, each with its adoptions from the top downward."""
    branches = paths.outermost(held.path for held in actor.held)
    ids = {number for path in branches for number in paths.ids(path)}
    adopted = Adopted.along(ids).over(*branches)
    found: dict[str, list[AdoptedPack]] = {}
    for one in adopted:
        if one.first_day <= today and (one.last_day is None or today <= one.last_day):
            found.setdefault(one.pack.code, []).append(one)
    return found


def shown(
    pack: Pack, adoptions: Sequence[AdoptedPack], actor: Actor, since: date, today: date
) -> list[Shown]:
    """Every rule of a pack; counts of this term over the actor's branches. One query."""
    produced = _produced(pack.code, actor, start_of(since))
    return [
        Shown(
            rule,
            act_of(rule.must, rule.title),
            _posts([rule.who]),
            _posts(rule.together_with),
            _posts(rule.report_to),
            by_when(rule, pack, adoptions, today),
            rule.status.value if rule.status is not Status.IN_FORCE else "",
            produced.get(rule.code, {}),
        )
        for rule in pack.rules
    ]


def parameters(pack: Pack, adoptions: Sequence[AdoptedPack], today: date) -> list[dict[str, str]]:
    """Every number of a pack that a place may choose, its value here and who chose it."""
    rows = []
    for code, parameter in pack.parameters.items():
        value, chosen = resolve(code, pack, adoptions, today, refuse=False)
        message = "chosen_by" if chosen else "as_written" if parameter.written else "not_written"
        words = sentence(
            Message(
                message,
                {
                    "title": parameter.title,
                    "value": notation(value),
                    "place_name": chosen.place_name if chosen else "",
                    "since": chosen.first_day if chosen else None,
                },
            )
        )
        rows.append({"code": code, "words": words, "note": parameter.note})
    return rows


def by_when(rule: Rule, pack: Pack, adoptions: Sequence[AdoptedPack], today: date) -> str:
    """The deadline of a rule here, in words; with that of mid-term where the rule has one."""
    by = _in_words(rule.by, pack, adoptions, today)
    if rule.mid_term is None:
        return by
    other = _in_words(rule.mid_term, pack, adoptions, today)
    return _("%(by)s；学期中途%(other)s") % {"by": by, "other": other}


def _in_words(by: Deadline | Param, pack: Pack, adoptions: Sequence[AdoptedPack], today: date) -> str:
    deadline: Any = by
    if isinstance(by, Param):
        deadline = resolve(by.name, pack, adoptions, today, refuse=False)[0]
    return in_words(notation(deadline), Names()) if isinstance(deadline, Deadline) else ""


def _posts(codes: Iterable[str]) -> str:
    return _("、").join(title_of(code) for code in codes)


def _produced(pack: str, actor: Actor, since: datetime) -> dict[str, dict[str, int]]:
    where = Q(pk__in=[])
    for held in actor.held:
        where |= paths.beneath("path", held.path) | paths.beneath("home_path", held.path)
    rows = Duty.objects.filter(where, pack=pack, opened_at__gte=since).values("rule")
    counted = rows.annotate(
        all=Count("pk"),
        in_time=Count("pk", filter=Q(state=State.MET, late=False)),
        missed=Count("pk", filter=Q(missed_at__isnull=False)),
        open=Count("pk", filter=Q(demanded=True, missed_at=None)),
    )
    return {
        row["rule"]: {name: row[name] for name in ("all", "in_time", "missed", "open")} for row in counted
    }


def status_words() -> dict[str, str]:
    return {"to_be_decided": _("待定：原文说不清，县里选定前不生效"), "off": _("没有启用：要有书面依据")}
