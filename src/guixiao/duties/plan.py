"""What must change for the stored duties to say what the engine says. Decides in memory, writes nothing.

A waived duty is left alone. A duty that had ended lives again only when the engine demands it anew (a false
correction undone, a visit record taken back); the law is never outwitted by an order of events.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from guixiao.facts.clock import day_of, start_of
from guixiao.policy import Assignee, Message, Outcome, Reason, Rung, Subject, SubjectKind
from guixiao.policy import State as Said
from guixiao.policy.episodes import match
from guixiao.policy.escalation import fires_at
from guixiao.policy.explain import dump

from .adopted import packs
from .gather import Inputs
from .models import Coming, Duty, DutyRung, State


class Event(StrEnum):
    """What happens to a duty; each is journaled and told."""

    OPENED = "opened"
    MET = "met"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"
    RELEASED = "released"  # missed, and no longer demanded
    CHANGED = "changed"  # another holder or deadline


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored duty as matching needs it."""

    duty: Duty

    @property
    def pack(self) -> str:
        return self.duty.pack

    @property
    def rule(self) -> str:
        return self.duty.rule

    @property
    def subject(self) -> Subject:
        return Subject(SubjectKind(self.duty.kind), self.duty.subject)

    @property
    def episode(self) -> str:
        return self.duty.episode

    @property
    def days(self) -> Sequence[date]:
        return [date.fromisoformat(day) for day in self.duty.days]


@dataclass
class Change:
    """One duty in its new state, not yet written."""

    duty: Duty
    events: list[Event]
    rungs: list[Rung] = field(default_factory=list)
    moved: bool = False
    cached: bool = False
    rows: list[DutyRung] = field(default_factory=list)

    @property
    def counts(self) -> bool:
        return bool(self.events or self.rungs)


@dataclass
class Plan:
    """Everything to be written for one subject, as judged at ``moment``."""

    inputs: Inputs
    turn: int
    moment: datetime
    changes: list[Change]
    coming: list[Coming]
    known_coming: list[Coming]

    @property
    def empty(self) -> bool:
        return not any(change.counts for change in self.changes)


def plan(
    inputs: Inputs,
    turn: int,
    stored: Iterable[Duty],
    coming: Sequence[Coming],
    outcomes: Sequence[Outcome],
    now: datetime,
) -> Plan:
    """Match stored duties with outcomes and say what changes."""
    asked = [o for o in outcomes if o.state is not Said.UPCOMING]
    matched = match([Kept(duty) for duty in stored], asked)
    changes = [bring(kept.duty, outcome, inputs, now) for kept, outcome in matched.pairs]
    changes += [
        open_new(outcome, inputs, now) for outcome in matched.new if outcome.state is not Said.WITHDRAWN
    ]
    changes += [let_go(kept.duty, now) for kept in matched.gone if kept.duty.demanded]
    ahead = [soon(o, inputs) for o in outcomes if o.state is Said.UPCOMING]
    return Plan(inputs, turn, now, [c for c in changes if c.counts or c.cached], ahead, list(coming))


def open_new(outcome: Outcome, inputs: Inputs, now: datetime) -> Change:
    """A duty nobody has stored yet."""
    kind = outcome.subject.kind
    duty = Duty(
        pack=outcome.pack,
        version=outcome.version,
        rule=outcome.rule,
        kind=kind.value,
        subject=outcome.subject.id,
        student_id=inputs.student,
        place_id=inputs.place,
        episode=outcome.episode,
        opened_at=outcome.opened,
    )
    events = [Event.OPENED]
    _says(duty, outcome)
    _assign(duty, outcome.now_with or outcome.accountable)
    events += _state(duty, outcome, now, first=True)
    _cache(duty, outcome, inputs, now)
    return Change(duty, events, _fired(duty, outcome, set()))


def bring(duty: Duty, outcome: Outcome, inputs: Inputs, now: datetime) -> Change:
    """A stored duty towards what the engine says of it now."""
    if duty.state == State.WAIVED:
        return Change(duty, [])
    before = duty.holder_id
    events = _state(duty, outcome, now)
    if events:
        _says(duty, outcome)
    if outcome.demanded and duty.demanded:
        events += _hands(duty, outcome, events)
    cached = _cache(duty, outcome, inputs, now)
    known = {rung.rung for rung in duty.rungs.all()}
    fired = _fired(duty, outcome, known)
    return Change(duty, events, fired, duty.holder_id != before, cached)


def _fired(duty: Duty, outcome: Outcome, known: set[int]) -> list[Rung]:
    """The rungs not yet on record. Of what is over, those that fell while it was known and unmet: they count,
    also where no worker was awake to tell anybody."""
    return [
        rung for rung in outcome.rungs if rung.n not in known and (duty.demanded or rung.at > duty.opened_at)
    ]


def let_go(duty: Duty, now: datetime) -> Change:
    """No outcome carries this duty any more: its mark was false, or a longer episode swallowed it. A calendar
    duty that was missed stays so: a day declared closed afterwards is no way out."""
    duty.why_ended = dump(Reason(Message("ground_gone")))
    duty.demanded, duty.ended_at, duty.look_at = False, now, None
    if duty.state == State.MISSED and duty.student_id is None:
        return Change(duty, [Event.RELEASED])
    duty.state, duty.missed_at, duty.against_id, duty.against_post = State.WITHDRAWN, None, None, ""
    return Change(duty, [Event.WITHDRAWN])


def _state(duty: Duty, outcome: Outcome, now: datetime, first: bool = False) -> list[Event]:
    """Move the state; say which events that is."""
    target = State(outcome.state.value)
    if not first and duty.state == target:
        if target == State.MISSED and duty.demanded and not outcome.demanded:
            _end(duty, outcome)
            return [Event.RELEASED]
        if target != State.MISSED or duty.demanded == outcome.demanded:
            return []
    events: list[Event] = []
    if target in (State.OPEN, State.CANNOT_TELL) and not first:
        events.append(Event.OPENED)
    if target == State.MISSED or (target == State.MET and outcome.late):
        if duty.missed_at is None:
            duty.missed_at = outcome.due + timedelta(seconds=1)
            duty.against_id, duty.against_post = outcome.accountable.person, outcome.accountable.post
            events.append(Event.MISSED)
    else:
        duty.missed_at, duty.against_id, duty.against_post = None, None, ""
    events += {State.MET: [Event.MET], State.WITHDRAWN: [Event.WITHDRAWN]}.get(target, [])
    duty.state = target
    _end(duty, outcome)
    return events or [Event.CHANGED]


def _end(duty: Duty, outcome: Outcome) -> None:
    duty.demanded = outcome.demanded
    duty.met_by, duty.met_at, duty.late = outcome.met_by, outcome.met_at, outcome.late
    duty.ended_at = None if outcome.demanded else outcome.ended
    duty.why_ended = dump(Reason(outcome.why_ended)) if outcome.why_ended else None


def _says(duty: Duty, outcome: Outcome) -> None:
    """What the law said when this happened: kept with the duty, with the pack's version."""
    duty.version, duty.title, duty.act = outcome.version, outcome.title, outcome.act
    duty.day, duty.due = outcome.day, outcome.due
    duty.clause_title, duty.clause_article = outcome.clause.title, outcome.clause.article
    duty.clause_says, duty.clause_ids = outcome.clause.says, list(outcome.covers)
    duty.together = [_person(who) for who in outcome.together_with]
    duty.report_to = [_person(who) for who in outcome.report_to]
    duty.reasons = dump(outcome.reasons)
    act, kind, subject, day = outcome.merge_key
    duty.merge_key = f"{act}:{kind.value}:{subject}:{day.isoformat()}"


def _hands(duty: Duty, outcome: Outcome, events: Sequence[Event]) -> list[Event]:
    """Another holder, others who go along, another deadline. What cannot be told keeps its first deadline."""
    who = outcome.now_with or outcome.accountable
    together = [_person(other) for other in outcome.together_with]
    due = duty.due if duty.state == State.CANNOT_TELL else outcome.due
    same = (duty.holder_id, duty.post, duty.together, duty.due) == (who.person, who.post, together, due)
    if same:
        return []
    _assign(duty, who)
    duty.together, duty.due = together, due
    return [] if events else [Event.CHANGED]


def _assign(duty: Duty, who: Assignee) -> None:
    duty.asked, duty.post, duty.via = who.asked, who.post, who.via.value
    duty.holder_id, duty.post_place_id = who.person, who.place
    duty.vacancies = list(who.vacancies)


def _person(who: Assignee) -> dict[str, Any]:
    return {
        "asked": who.asked,
        "post": who.post,
        "person": who.person,
        "place": who.place,
        "via": who.via.value,
        "vacancies": list(who.vacancies),
    }


def _cache(duty: Duty, outcome: Outcome, inputs: Inputs, now: datetime) -> bool:
    """What can be worked out again at any time; true if it changed."""
    before = (duty.days, duty.done, duty.needed, duty.path, duty.home_path, duty.look_at)
    duty.days = [day.isoformat() for day in outcome.days]
    if outcome.progress:
        duty.done, duty.needed = outcome.progress.done, outcome.progress.needed
    duty.path, duty.home_path = inputs.path, inputs.home_path
    duty.look_at = _look_at(duty, outcome, inputs, now)
    return before != (duty.days, duty.done, duty.needed, duty.path, duty.home_path, duty.look_at)


def _look_at(duty: Duty, outcome: Outcome, inputs: Inputs, now: datetime) -> datetime | None:
    """When time alone may change this duty: its deadline, then each rung. Every day it is looked at anyway."""
    if not duty.demanded:
        return None
    if duty.state == State.OPEN:
        return duty.due + timedelta(seconds=1)
    tomorrow = start_of(day_of(now) + timedelta(days=1))
    pack = packs().get(duty.pack)
    if duty.state == State.CANNOT_TELL or pack is None:
        return tomorrow
    rung = len(outcome.rungs) + 1
    at = fires_at(pack.escalation, duty.due, rung, inputs.calendar) if rung <= pack.escalation.rungs else None
    return at if at is not None and at > now else tomorrow


def soon(outcome: Outcome, inputs: Inputs) -> Coming:
    """Not asked for yet: what its holder can see coming."""
    who = outcome.now_with or outcome.accountable
    return Coming(
        pack=outcome.pack,
        rule=outcome.rule,
        title=outcome.title,
        act=outcome.act,
        kind=outcome.subject.kind.value,
        subject=outcome.subject.id,
        place_id=inputs.place,
        holder_id=who.person,
        day=outcome.day,
        opens=outcome.opened,
        due=outcome.due,
        clause_title=outcome.clause.title,
        clause_article=outcome.clause.article,
        done=outcome.progress.done if outcome.progress else None,
        needed=outcome.progress.needed if outcome.progress else None,
    )


def rung_row(duty: Duty, rung: Rung) -> DutyRung:
    return DutyRung(
        duty=duty, rung=rung.n, post=rung.post, person_id=rung.person, place_id=rung.place, at=rung.at
    )
