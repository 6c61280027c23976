"""The verbs of a scenario: each short sentence becomes one or two facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Protocol

from guixiao.facts import Fact
from guixiao.facts import happenings as h
from guixiao.facts.clock import SHANGHAI
from guixiao.facts.codes import (
    EnrolmentChange,
    FalseMark,
    LeaveKind,
    Mark,
    Means,
    Outcome,
    Session,
    SignStep,
    Stage,
)
from guixiao.facts.posts import Level
from guixiao.policy import Happened

CASE = 501
PLACES: dict[Level, int] = {level: n for n, level in enumerate(Level, start=1)}
Line_ = Mapping[str, Any]


class Speaker(Protocol):
    """Who knows the children's names and what has been said so far."""

    facts: list[Happened]

    def student(self, name: str) -> int: ...


def moment(raw: Any) -> datetime:
    """``2026-09-14 09:00`` or with seconds: wall-clock time in Shanghai."""
    if isinstance(raw, datetime):
        return raw.replace(tzinfo=SHANGHAI)
    if isinstance(raw, str):
        return datetime.fromisoformat(raw).replace(tzinfo=SHANGHAI)
    raise ValueError(f"not a moment: {raw!r}")


def is_roll(line: Mapping[str, Any]) -> bool:
    return any(word in line for word in ("absent", "present", "roll_call"))


def roll(day: date, session: Session, device_at: datetime | None, version: int = 1) -> h.RollCallTaken:
    return h.RollCallTaken(
        class_id=PLACES[Level.CLASS],
        day=day,
        session=session,
        roster_version=version,
        present=40,
        absent=0,
        device_at=device_at,
    )


def _session(line: Line_) -> Session:
    return Session(line.get("session", "morning"))


def _device(line: Line_) -> datetime | None:
    return None if line.get("clock_off") else moment(line["at"])


def _absent(script: Speaker, line: Line_, day: date) -> Iterator[Fact]:
    yield roll(day, _session(line), _device(line), line.get("roster_version", 1))
    yield h.AbsenceMarked(
        student=script.student(line["absent"]),
        class_id=PLACES[Level.CLASS],
        day=day,
        session=_session(line),
        mark=Mark(line.get("leave", "none")),
    )


def _present(script: Speaker, line: Line_, day: date) -> Iterator[Fact]:
    script.student(line["present"])
    yield roll(day, _session(line), _device(line), line.get("roster_version", 1))


def _roll_call(_script: Speaker, line: Line_, day: date) -> Iterator[Fact]:
    yield roll(day, _session(line), _device(line), line.get("roster_version", 1))


def _late(script: Speaker, line: Line_, day: date) -> Iterator[Fact]:
    yield h.ArrivedLate(
        student=script.student(line["late"]),
        class_id=PLACES[Level.CLASS],
        day=day,
        session=_session(line),
        arrived_at=moment(line["at"]),
    )


def _returned(script: Speaker, line: Line_, day: date) -> Iterator[Fact]:
    yield h.Returned(student=script.student(line["returned"]), day=day)


def _found_present(script: Speaker, line: Line_, day: date) -> Iterator[Fact]:
    yield h.PresenceMarked(
        student=script.student(line["found_present"]),
        class_id=PLACES[Level.CLASS],
        day=day,
        session=_session(line),
    )


def _visit_corrected(script: Speaker, line: Line_, _day: date) -> Iterator[Fact]:
    """Puts the last visit right; what it says instead follows as a visit with the same ``number``."""
    child, judged = script.student(line["visit_corrected"]), bool(line.get("judged", True))
    yield h.VisitCorrected(student=child, visit=line["number"], judged=judged)


def _corrected(script: Speaker, line: Line_, day: date) -> Iterator[Fact]:
    yield h.MarkCorrected(
        student=script.student(line["corrected"]),
        class_id=PLACES[Level.CLASS],
        day=day,
        session=_session(line),
        was=Mark(line.get("was", "none")),
        now=Mark(line.get("now", "present")),
        why=FalseMark(line["why"]),
    )


def _granted(script: Speaker, line: Line_, day: date) -> Iterator[Fact]:
    yield h.LeaveGranted(
        student=script.student(line["granted"]),
        leave=len(script.facts) + 1,
        kind_of_leave=LeaveKind(line.get("kind", "sick")),
        first=line.get("first", day),
        last=line.get("last", day),
        backdated_by=line.get("backdated_by"),
    )


def _visit(script: Speaker, line: Line_, day: date) -> Iterator[Fact]:
    yield h.HomeVisitMade(
        student=line["visit"] if isinstance(line["visit"], int) else script.student(line["visit"]),
        visit=line.get("number", len(script.facts) + 1),
        day=day,
        means=Means(line.get("means", "visit")),
        outcome=Outcome(line.get("outcome", "will_return")),
        posts=tuple(line.get("with", [])),
        contents=tuple(line.get("contents", [])),
    )


def _contact(script: Speaker, line: Line_, day: date) -> Iterator[Fact]:
    yield h.ContactMade(
        student=script.student(line["contact"]),
        visit=line.get("number", len(script.facts) + 1),
        day=day,
        means=Means(line.get("means", "phone")),
        outcome=Outcome(line.get("outcome", "will_return")),
        posts=tuple(line.get("with", [])),
    )


def _reported(script: Speaker, line: Line_, day: date) -> Iterator[Fact]:
    yield h.Reported(student=script.student(line["reported"]), act=line["act"], day=day, to=tuple(line["to"]))


def _school_reported(_script: Speaker, line: Line_, day: date) -> Iterator[Fact]:
    """The school as such reports for a period: ``{school_reported: opening_report, period: 2026-1, to: […]}``."""
    yield h.Reported(
        act=line["school_reported"],
        day=day,
        to=tuple(line["to"]),
        place=PLACES[Level.SCHOOL],
        period=str(line["period"]),
    )


def _case_opened(script: Speaker, line: Line_, day: date) -> Iterator[Fact]:
    yield h.CaseOpened(student=script.student(line["case_opened"]), case=CASE, day=day)


def _plan(script: Speaker, line: Line_, day: date) -> Iterator[Fact]:
    yield h.PlanMade(
        student=script.student(line["plan"]), case=CASE, version=1, day=day, with_posts=tuple(line["with"])
    )


def _approved(script: Speaker, line: Line_, day: date) -> Iterator[Fact]:
    yield h.PlanApproved(student=script.student(line["approved"]), case=CASE, version=1, day=day)


def _stage(script: Speaker, line: Line_, day: date) -> Iterator[Fact]:
    was, now = Stage(line.get("was", "open")), Stage(line["now"])
    yield h.CaseStageChanged(student=script.student(line["stage"]), case=CASE, was=was, now=now, day=day)


def _enrolment(script: Speaker, line: Line_, day: date) -> Iterator[Fact]:
    change = EnrolmentChange(line["change"])
    yield h.EnrolmentChanged(student=script.student(line["enrolment"]), change=change, day=day)


def _return(_script: Speaker, line: Line_, _day: date) -> Iterator[Fact]:
    yield h.ReturnStep(
        report=1,
        school=PLACES[Level.SCHOOL],
        period=str(line["period"]),
        version=1,
        step=SignStep(line["return"]),
        class_id=line.get("class_id", PLACES[Level.CLASS] if line["return"] == "checked" else None),
    )


def _sent_back(_script: Speaker, line: Line_, _day: date) -> Iterator[Fact]:
    period, step = str(line["period"]), SignStep(line["sent_back"])
    yield h.ReturnSentBack(report=1, school=PLACES[Level.SCHOOL], period=period, version=1, step=step)


def _submitted(_script: Speaker, line: Line_, _day: date) -> Iterator[Fact]:
    period, zero = str(line["submitted"]), bool(line.get("zero"))
    yield h.ReturnSubmitted(report=1, school=PLACES[Level.SCHOOL], period=period, version=1, zero=zero)


VERBS: dict[str, Callable[[Speaker, Line_, date], Iterator[Fact]]] = {
    "absent": _absent,
    "present": _present,
    "roll_call": _roll_call,
    "late": _late,
    "returned": _returned,
    "found_present": _found_present,
    "visit_corrected": _visit_corrected,
    "corrected": _corrected,
    "granted": _granted,
    "visit": _visit,
    "contact": _contact,
    "reported": _reported,
    "plan": _plan,
    "approved": _approved,
    "stage": _stage,
    "enrolment": _enrolment,
    "return": _return,
    "sent_back": _sent_back,
    "school_reported": _school_reported,
    "case_opened": _case_opened,
    "submitted": _submitted,
}
