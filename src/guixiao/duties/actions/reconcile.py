"""Write planned changes: each once, journaled, told. The one place where duties open and end by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as with_values
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from guixiao.duties.messages import Telling
from guixiao.duties.models import Coming, Duty, DutyRung, Part, Turn
from guixiao.duties.plan import Change, Event, Plan, rung_row
from guixiao.facts import By, Fact, happenings
from guixiao.journal.append import Stated, append
from guixiao.journal.records import Recorded
from guixiao.notify import actions as notify
from guixiao.policy import Subject


@dataclass
class Done:
    """What a settling changed, by duty id. ``again`` lists subjects another worker wrote to meanwhile."""

    opened: list[int] = field(default_factory=list)
    met: list[int] = field(default_factory=list)
    missed: list[int] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    rungs: int = 0
    subjects: int = 0
    again: list[Subject] = field(default_factory=list)

    def add(self, other: Done) -> None:
        for name in ("opened", "met", "missed", "withdrawn", "changed", "again"):
            getattr(self, name).extend(getattr(other, name))
        self.rungs += other.rungs
        self.subjects += other.subjects

    @property
    def nothing(self) -> bool:
        return not (self.opened or self.met or self.missed or self.withdrawn or self.changed or self.rungs)


LISTS = {
    Event.OPENED: "opened",
    Event.MET: "met",
    Event.MISSED: "missed",
    Event.WITHDRAWN: "withdrawn",
    Event.RELEASED: "changed",
    Event.CHANGED: "changed",
}


def write(*, by: By, now: datetime, plans: Sequence[Plan]) -> Done:
    """Write the plans of subjects of one organisation in one transaction.

    A subject whose turn moved since it was planned is left alone and named in ``again``: compare and set.
    """
    done = Done()
    with transaction.atomic():
        mine = [plan for plan in plans if _claim(plan)]
        done.again = [plan.inputs.subject for plan in plans if plan not in mine]
        changes = [change for plan in mine for change in plan.changes if change.counts]
        _save(changes)
        stated = [item for change in changes for item in _facts(change)]
        telling = Telling(now, [change.duty for change in changes])
        for change in changes:
            telling.of(change)
        notify.tell(by=by, now=now, messages=telling.messages)
        append(stated, by=with_values(by, org=mine[0].inputs.org if mine else by.org), now=now)
    for change in changes:
        for event in change.events:
            getattr(done, LISTS[event]).append(change.duty.pk)
        done.rungs += len(change.rungs)
    done.subjects = len(mine)
    return done


def _claim(plan: Plan) -> bool:
    kind, subject = plan.inputs.subject.kind.value, plan.inputs.subject.id
    if plan.turn == 0:
        Turn.objects.bulk_create([Turn(kind=kind, subject=subject)], ignore_conflicts=True)
    turn = Turn.objects.filter(kind=kind, subject=subject, number=plan.turn)
    return bool(turn.update(number=F("number") + 1, at=plan.moment))


def _save(changes: Sequence[Change]) -> None:
    new = [change.duty for change in changes if change.duty._state.adding]
    for duty in (change.duty for change in changes if not change.duty._state.adding):
        duty.save()
    Duty.objects.bulk_create(new)
    for change in changes:
        change.rows = [rung_row(change.duty, rung) for rung in change.rungs]
    DutyRung.objects.bulk_create([row for change in changes for row in change.rows])
    _parts([change.duty for change in changes])


def _parts(duties: Sequence[Duty]) -> None:
    Part.objects.filter(duty__in=duties).delete()
    rows = {
        (duty.pk, person): Part(duty=duty, person_id=person)
        for duty in duties
        for person in [duty.holder_id, *(who["person"] for who in duty.together)]
        if person is not None and duty.demanded
    }
    Part.objects.bulk_create(rows.values())


def _facts(change: Change) -> list[Stated]:
    """One fact an event, one a rung."""
    duty = change.duty
    facts: list[Fact] = [_fact(duty, event) for event in change.events]
    stated = [Stated(fact) for fact in facts]
    if stated:
        stated[-1] = with_values(stated[-1], records=[duty])  # the last vouches for the duty's new state
    for row in change.rows:
        fact = happenings.DutyEscalated(
            duty=duty.pk, rung=row.rung, post=row.post, person=row.person_id, student=duty.student_id
        )
        records: list[Recorded] = [row]
        stated.append(Stated(fact, records=records))
    return stated


def _fact(duty: Duty, event: Event) -> Fact:
    student = duty.student_id
    match event:
        case Event.OPENED:
            return happenings.DutyOpened(
                duty=duty.pk,
                pack=duty.pack,
                rule=duty.rule,
                due=duty.due,
                student=student,
                place=duty.place_id if student is None else None,
                post=duty.post or None,
            )
        case Event.MET:
            return happenings.DutyMet(duty=duty.pk, late=duty.late, student=student)
        case Event.MISSED:
            return happenings.DutyMissed(
                duty=duty.pk, person=duty.against_id, post=duty.against_post, student=student
            )
        case Event.WITHDRAWN:
            return happenings.DutyWithdrawn(duty=duty.pk, why=_why(duty), student=student)
        case _:
            return happenings.DutyChanged(
                duty=duty.pk,
                due=duty.due,
                post=duty.post,
                person=duty.holder_id,
                demanded=duty.demanded,
                student=student,
            )


def _why(duty: Duty) -> str:
    reason: dict[str, Any] = duty.why_ended or {}
    return str(reason.get("code", ""))


def remember(*, by: By, now: datetime, plans: Iterable[Plan]) -> None:
    """Caches only: days of an episode, next look, progress, and what is coming. Nothing here is journaled."""
    plans = list(plans)
    duties = [c.duty for plan in plans for c in plan.changes if c.cached and not c.counts]
    if duties:
        Duty.objects.bulk_update(
            duties, ["days", "done", "needed", "path", "home_path", "look_at"], batch_size=200
        )
    for plan in plans:
        _coming(plan)


def _coming(plan: Plan) -> None:
    kind, subject = plan.inputs.subject.kind.value, plan.inputs.subject.id
    here = Coming.objects.filter(kind=kind, subject=subject)
    known = {(row.pack, row.rule, row.day, row.holder_id, row.due) for row in plan.known_coming}
    wanted = {(row.pack, row.rule, row.day, row.holder_id, row.due) for row in plan.coming}
    if known != wanted:
        here.delete()
        Coming.objects.bulk_create(plan.coming)
