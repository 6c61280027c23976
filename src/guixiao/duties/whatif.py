"""What would change a duty: the engine asked again with one fact more. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from guixiao.facts import Fact, happenings
from guixiao.facts.clock import at, day_of
from guixiao.facts.codes import Mark, Session
from guixiao.places.models import Place
from guixiao.policy import Happened, Outcome, Subject, SubjectKind
from guixiao.policy import State as Said

from .gather import Inputs, gather
from .models import Duty
from .settle import demanded_of

SUPPOSED = 10**15  # no entry carries this number
UNKNOWN_ASKED = 2


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that might turn out, and what would follow."""

    title: str
    text: str
    good: bool


def changes(duty: Duty, unknown: Sequence[date], now: datetime) -> list[Change]:
    """For a duty about absence: each unrecorded day either way, and the child coming today."""
    if duty.student_id is None or not duty.demanded or not duty.days:
        return []
    subject = Subject(SubjectKind.STUDENT, duty.student_id)
    inputs = gather([subject], day_of(now), date.fromisoformat(min(duty.days))).get(subject)
    if inputs is None or inputs.place is None:
        return []
    found: list[Change] = []
    for day in unknown[:UNKNOWN_ASKED]:
        words = {"month": day.month, "day": day.day}
        found.append(
            _try(_("%(month)s月%(day)s日查清是没来") % words, duty, inputs, _was(inputs, day, False), now)
        )
        found.append(
            _try(_("%(month)s月%(day)s日查清是到了") % words, duty, inputs, _was(inputs, day, True), now)
        )
    found.append(_try(_("孩子今天到校"), duty, inputs, _came(inputs, now), now))
    return found


def _try(title: str, duty: Duty, inputs: Inputs, facts: list[Fact], now: datetime) -> Change:
    moment = now + timedelta(minutes=1)
    more = tuple(Happened(fact, now, now, SUPPOSED + n, "class_teacher") for n, fact in enumerate(facts))
    outcomes = demanded_of(replace(inputs, facts=(*inputs.facts, *more)), moment, None)
    before = {_key(o) for o in demanded_of(inputs, moment, None) if o.demanded}
    mine = next(
        (o for o in outcomes if o.rule == duty.rule and o.pack == duty.pack and _shares(o, duty)), None
    )
    new = [o.title for o in outcomes if o.demanded and _key(o) not in before]
    return Change(title, _follows(duty, mine, new), mine is None or not mine.demanded)


def _follows(duty: Duty, mine: Outcome | None, new: list[str]) -> str:
    if mine is None or mine.state is Said.WITHDRAWN:
        text = _("这件事撤回，告诉过的人都会收到说明。")
    elif mine.state is Said.MISSED and not mine.demanded:
        text = _("不再催办；逾期仍然记着。")
    elif mine.demanded:
        text = _("这件事不变。")
    else:
        text = _("这件事办结。")
    return text + (_("还会多出：%(what)s。") % {"what": "、".join(new[:3])} if new else "")


def _key(outcome: Outcome) -> tuple[str, str, str]:
    return outcome.pack, outcome.rule, outcome.state.value


def _shares(outcome: Outcome, duty: Duty) -> bool:
    return outcome.episode == duty.episode or bool({d.isoformat() for d in outcome.days} & set(duty.days))


def _was(inputs: Inputs, day: date, present: bool) -> list[Fact]:
    facts: list[Fact] = [_called(inputs, day, Session.MORNING, 0 if present else 1)]
    if not present:
        facts.append(
            happenings.AbsenceMarked(
                student=inputs.subject.id,
                class_id=inputs.place or 0,
                day=day,
                session=Session.MORNING,
                mark=Mark.NONE,
            )
        )
    return facts


def _came(inputs: Inputs, now: datetime) -> list[Fact]:
    """The child comes now: marked as arrived today."""
    arrived = happenings.ArrivedLate(
        student=inputs.subject.id,
        class_id=inputs.place or 0,
        day=day_of(now),
        session=Session.MORNING if now < at(day_of(now), 12) else Session.AFTERNOON,
        arrived_at=now,
    )
    return [arrived]


def _called(inputs: Inputs, day: date, session: Session, absent: int) -> happenings.RollCallTaken:
    version = Place.objects.values_list("roster_version", flat=True).get(pk=inputs.place or 0)
    return happenings.RollCallTaken(
        class_id=inputs.place or 0, day=day, session=session, roster_version=version, present=0, absent=absent
    )
