"""How one return stands for one reader: the line of signatures, who is awaited, what the reader may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from guixiao.access.actor import Actor
from guixiao.facts.clock import local
from guixiao.facts.codes import SignStep
from guixiao.places import wording

from . import queries
from .models import NEXT, MonthlyReturn, SendBack, Signature, State
from .who import Seat, Staff, staff

ORDER = (SignStep.PREPARED, SignStep.CHECKED, SignStep.REVIEWED, SignStep.SIGNED)


@dataclass(frozen=True, slots=True)
class Doing:
    """What the reader may do with this return now."""

    step: SignStep | None = None
    classes: tuple[dict[str, Any], ...] = ()
    send_back: bool = False
    remind: bool = False
    compile: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    report: MonthlyReturn
    sight: queries.Sight
    family: queries.Family
    signed: list[Signature]
    awaited: list[tuple[str, list[Seat]]]
    doing: Doing

    @property
    def steps(self) -> list[dict[str, Any]]:
        """The four steps for ``{% line %}``."""
        standing = self.report.state
        done = {SignStep(item.step) for item in self.signed}
        found = []
        for number, step in enumerate(ORDER, start=1):
            waits = standing in NEXT and NEXT[State(standing)] is step and not self.report.superseded
            walked = step in done and not waits
            state = "now" if waits else "walked" if walked else "tocome"
            found.append({"label": word(step), "state": state, "note": self._note(step), "mark": number})
        return found

    def _note(self, step: SignStep) -> str:
        mine = [item for item in self.signed if item.step == step]
        if step is SignStep.CHECKED:
            checked, everybody = len(mine), len(self.report.classes)
            return _("%(n)d／%(all)d 个班") % {"n": checked, "all": everybody}
        return " ".join(signed_by(item) for item in mine)

    @property
    def checks(self) -> list[dict[str, Any]]:
        """Each class within sight: who checked it, or who is awaited."""
        by_class = {item.klass_id: item for item in self.signed if item.step == SignStep.CHECKED}
        waiting = dict(self.awaited)
        return [
            {
                "id": row["id"],
                "name": row["name"],
                "counts": row["counts"],
                "signature": by_class.get(row["id"]),
                "seats": waiting.get(row["name"], []),
            }
            for row in self.report.classes
            if self.sight.covers(row["path"])
        ]

    @property
    def sent_back(self) -> list[tuple[MonthlyReturn, SendBack]]:
        """The versions that were sent back up to this one, with the reason, newest first."""
        found = [
            (version, version.send_back)
            for version in self.family.versions
            if version.state == State.SENT_BACK and version.version <= self.report.version
        ]
        return found[::-1]

    @property
    def first(self) -> list[tuple[str, Signature]]:
        """The signature of whoever compiled it."""
        return self._of(SignStep.PREPARED)

    @property
    def others(self) -> list[tuple[str, Signature]]:
        """The signatures after the classes'."""
        return self._of(SignStep.REVIEWED) + self._of(SignStep.SIGNED)

    def _of(self, step: SignStep) -> list[tuple[str, Signature]]:
        return [(word(step), item) for item in self.signed if item.step == step]


def word(step: SignStep) -> str:
    return {
        SignStep.PREPARED: _("学生科统计"),
        SignStep.CHECKED: _("班主任核对"),
        SignStep.REVIEWED: _("分管副校长复核"),
        SignStep.SIGNED: _("校长签发"),
    }[step]


def signed_by(signature: Signature) -> str:
    moment = local(signature.at)
    acting = _("代%(name)s ") % {"name": signature.acting_for.name} if signature.acting_for else ""
    return f"{acting}{signature.person.name} {wording.day(moment)} {moment:%H:%M}"


def page_of(actor: Actor, report: MonthlyReturn, today: date) -> Page:
    """Three queries, and one more until the return is locked."""
    seen = queries.sight(actor, report.path)
    kin = queries.family(report)
    signed = queries.signatures(report)
    if report.locked or report.superseded:
        return Page(report, seen, kin, signed, [], Doing())
    team = staff([report.path, *(row["path"] for row in report.classes)], today)
    waiting = queries.awaited(report, team, signed)
    return Page(report, seen, kin, signed, waiting, _doing(actor, report, team, signed, bool(waiting)))


def _doing(actor: Actor, report: MonthlyReturn, team: Staff, signed: list[Signature], waiting: bool) -> Doing:
    me = actor.person
    prepares = team.seat(SignStep.PREPARED, report.path, me) is not None
    if report.state == State.SENT_BACK:
        return Doing(compile=prepares)
    step = NEXT[State(report.state)]
    done = {item.klass_id for item in signed if item.step == SignStep.CHECKED}
    mine = tuple(
        row
        for row in report.classes
        if step is SignStep.CHECKED and row["id"] not in done and team.seat(step, row["path"], me)
    )
    turn = step is not SignStep.CHECKED and team.seat(step, report.path, me) is not None
    return Doing(
        step=step if turn else None,
        classes=mine,
        send_back=turn or prepares,
        remind=waiting and actor.may("duty.remind") and actor.may_at("duty.remind", report.path),
    )
