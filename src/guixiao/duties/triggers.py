"""Rules sorted by what sets them off, so that regulations can be laid side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from guixiao.access.actor import Actor
from guixiao.places.wording import word
from guixiao.policy import AdoptedPack, Pack, Rule
from guixiao.policy.law import (
    AbsentWithoutLeave,
    After,
    Every,
    Param,
    Period,
    PersuasionFailed,
    StageReached,
    Threshold,
)
from guixiao.policy.parameters import resolve
from guixiao.policy.templates import STAGES

from .rules import Shown, shown

Order = tuple[int, int, str]
PERIODS = list(Period)


@dataclass(frozen=True, slots=True)
class Cell:
    """One rule in its row; ``after`` names the rule it waits for."""

    shown: Shown
    after: str


def table(
    packs: Sequence[Pack], adoptions: Mapping[str, Sequence[AdoptedPack]], actor: Actor, today: date
) -> list[dict[str, object]]:
    """One row a trigger, one column a regulation."""
    rows: dict[Order, dict[str, object]] = {}
    cells: dict[Order, list[list[Cell]]] = {}
    for n, pack in enumerate(packs):
        adopted = adoptions.get(pack.code, ())
        for each in shown(pack, adopted, actor, today, today):
            root, after = _root(pack, each.rule)
            order, title = trigger(pack, root, adopted, today)
            rows.setdefault(order, {"title": title})
            cells.setdefault(order, [[] for _pack in packs])[n].append(Cell(each, after))
    return [{**rows[order], "cells": cells[order]} for order in sorted(rows)]


def _root(pack: Pack, rule: Rule) -> tuple[Rule, str]:
    """The rule that begins a chain, and the title of the one this waits for."""
    first, after = rule, ""
    while isinstance(first.when, After):
        first = pack.rule(first.when.rule)
        after = after or word(first.title)
    return first, after


def trigger(pack: Pack, rule: Rule, adopted: Sequence[AdoptedPack], today: date) -> tuple[Order, str]:
    """What sets a rule off, in order of time and in words."""
    when = rule.when
    if isinstance(when, AbsentWithoutLeave):
        n = _needed(pack, when.days, adopted, today)
        if when.each_day:
            return (1, n, "each"), _("每个没请假没来的上课日")
        return (1, n, ""), _("没请假没来满 %(n)s 天") % {"n": n}
    if isinstance(when, StageReached):
        return (2, 0, when.stage.value), _("个案到了“%(stage)s”") % {"stage": word(STAGES[when.stage.value])}
    if isinstance(when, PersuasionFailed):
        n = _needed(pack, when.times, adopted, today)
        return (3, n, ""), _("劝返 %(n)s 次没有成功") % {"n": n}
    assert isinstance(when, Every)
    titles = [_("每个上课日"), _("每个月"), _("每学期"), _("每学年")]
    place = PERIODS.index(when.period)
    return (0 if when.period is Period.SCHOOL_DAY else 4, place, ""), titles[place]


def _needed(pack: Pack, value: Threshold | Param, adopted: Sequence[AdoptedPack], today: date) -> int:
    if isinstance(value, Threshold):
        return value.needed
    chosen = resolve(value.name, pack, adopted, today, refuse=False)[0]
    comparator = pack.parameters[value.name].comparator
    assert comparator is not None
    assert isinstance(chosen, int)
    return Threshold(comparator, chosen).needed
