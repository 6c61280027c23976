"""Sets the stage for a scenario: a made-up class, its places, its posts, and facts from short sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from guixiao.facts import Calendar, Fact, Term
from guixiao.facts import happenings as h
from guixiao.facts.clock import SHANGHAI, at, day_of
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
from guixiao.facts.posts import POSTS, Level
from guixiao.places.national import national
from guixiao.policy import Deputy, Happened, Holding, Line, Membership, Pupil, Standing

CLASS, SCHOOL, CASE = 1, 3, 501
PLACES: dict[Level, int] = {level: n for n, level in enumerate(Level, start=1)}
_ENROLMENT = (Level.CLASS, Level.GRADE, Level.SCHOOL, Level.CENTRAL_SCHOOL, Level.TOWNSHIP, Level.COUNTY)
_RESIDENCE = (Level.HAMLET, Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY)
PEOPLE = {post: 1000 + n for n, post in enumerate(POSTS)}
_NEW = 1000
_LONG_AGO = date(2020, 1, 1)


def person_of(name: str) -> int:
    """``class_teacher``, or ``class_teacher_new`` after a handover."""
    return PEOPLE[name.removesuffix("_new")] + (_NEW if name.endswith("_new") else 0)


def moment(raw: Any) -> datetime:
    """``2026-09-14 09:00`` or with seconds: wall-clock time in Shanghai."""
    if isinstance(raw, datetime):
        return raw.replace(tzinfo=SHANGHAI)
    if isinstance(raw, str):
        return datetime.fromisoformat(raw).replace(tzinfo=SHANGHAI)
    raise ValueError(f"not a moment: {raw!r}")


def calendar(raw: Mapping[str, Any]) -> Calendar:
    """The real national arrangement, one autumn term, and this school's own decisions."""
    known = national()
    first = raw["term_start"]
    last = raw.get("term_end", date(first.year + 1, 1, 22))
    overlays = {day: (True, why) for day, why in raw.get("school", {}).items()}
    overlays |= {day: (False, why) for day, why in raw.get("closed", {}).items()}
    return Calendar(
        terms=(Term(f"{first.year}-1", first, last),),
        announced=frozenset(raw.get("announced", known.announced)),
        holidays=MappingProxyType(known.holidays),
        workdays=MappingProxyType(known.workdays),
        overlays=MappingProxyType(overlays),
    )


def standing(raw: Mapping[str, Any], student: bool) -> Standing:
    """Every post held, except the ``vacant`` ones; ``deputies``; ``handover: {post: first day of the new}``."""
    vacant = set(raw.get("vacant", []))
    handover: Mapping[str, date] = raw.get("handover", {})
    holdings: list[Holding] = []
    for code, post in POSTS.items():
        if code in vacant or PLACES[post.level] is None:
            continue
        new = handover.get(code)
        last = new - timedelta(days=1) if new else None
        holdings.append(Holding(code, PLACES[post.level], PEOPLE[code], _LONG_AGO, last))
        if new:
            holdings.append(Holding(code, PLACES[post.level], PEOPLE[code] + _NEW, new))
    deputies = tuple(
        Deputy(code, PLACES[POSTS[code].level], PEOPLE[code] + _NEW, _LONG_AGO)
        for code in raw.get("deputies", [])
    )
    without = {Level(level) for level in raw.get("without", [])}
    lines = [Line(_LONG_AGO, {lv: PLACES[lv] for lv in _ENROLMENT if lv not in without})]
    enrolment = () if raw.get("no_school") else tuple(lines)
    residence = (Line(_LONG_AGO, {lv: PLACES[lv] for lv in _RESIDENCE if lv not in without}),)
    versions: Mapping[str, int] = raw.get("roster", {})
    membership = Membership(
        PLACES[Level.CLASS], _LONG_AGO, None, versions.get("first_version", 0), versions.get("last_version")
    )
    pupils = tuple(Pupil(n, _LONG_AGO) for n in range(1, raw.get("pupils", 0) + 1))
    return Standing(
        enrolment=enrolment,
        residence=residence if student else (),
        holdings=tuple(holdings),
        deputies=deputies,
        memberships=(membership,) if student else (),
        pupils=pupils,
    )


# --- facts -----------------------------------------------------------------------------------------


@dataclass
class Script:
    """Turns a scenario's short sentences into facts with entries."""

    raw: Mapping[str, Any]
    calendar: Calendar
    as_of: datetime
    names: dict[str, int] = field(default_factory=dict)
    facts: list[Happened] = field(default_factory=list)

    def read(self) -> list[Happened]:
        """Every fact, in the order it was recorded, entries numbered from 1."""
        lines = self.raw.get("facts", [])
        for line in lines:
            self._line(line)
        if self.raw.get("about", "student") == "student":
            self._quiet_days({self._day(line) for line in lines if _is_roll(line)})
        self.facts.sort(key=lambda one: (one.recorded, one.entry))
        return [Happened(f.fact, f.at, f.recorded, n, f.post) for n, f in enumerate(self.facts, start=1)]

    def student(self, name: str) -> int:
        return self.names.setdefault(name, len(self.names) + 1)

    def _line(self, line: Mapping[str, Any]) -> None:
        verb = next((word for word in VERBS if word in line), None)
        if verb is None:
            raise ValueError(f"no known verb in {dict(line)}; one of: {', '.join(VERBS)}")
        when = moment(line["at"])
        received = moment(line["received"]) if "received" in line else when
        happened_at = received if line.get("clock_off") else when
        for fact in VERBS[verb](self, line, self._day(line)):
            self._state(fact, happened_at, received, str(line.get("by", "")))

    def _state(self, fact: Fact, at_: datetime, recorded: datetime, by: str = "") -> None:
        self.facts.append(Happened(fact, at_, recorded, len(self.facts) + 1, by))

    def _day(self, line: Mapping[str, Any]) -> date:
        day = line.get("day")
        return day if isinstance(day, date) else day_of(moment(line["at"]))

    def _quiet_days(self, mentioned: set[date]) -> None:
        """A school day not mentioned counts as recorded and present, unless listed as unrecorded."""
        unrecorded = set(self.raw.get("unrecorded", []))
        first = self.raw["calendar"]["term_start"]
        for day in self.calendar.school_days(first, day_of(self.as_of)):
            taken = at(day, 8)
            if day not in mentioned | unrecorded and taken <= self.as_of:
                self._state(_roll(day, Session.MORNING, taken), taken, taken)


def _is_roll(line: Mapping[str, Any]) -> bool:
    return any(word in line for word in ("absent", "present", "roll_call"))


def _roll(day: date, session: Session, device_at: datetime | None, version: int = 1) -> h.RollCallTaken:
    return h.RollCallTaken(
        class_id=PLACES[Level.CLASS],
        day=day,
        session=session,
        roster_version=version,
        present=40,
        absent=0,
        device_at=device_at,
    )


Line_ = Mapping[str, Any]


def _session(line: Line_) -> Session:
    return Session(line.get("session", "morning"))


def _device(line: Line_) -> datetime | None:
    return None if line.get("clock_off") else moment(line["at"])


def _absent(script: Script, line: Line_, day: date) -> Iterator[Fact]:
    yield _roll(day, _session(line), _device(line), line.get("roster_version", 1))
    yield h.AbsenceMarked(
        student=script.student(line["absent"]),
        class_id=PLACES[Level.CLASS],
        day=day,
        session=_session(line),
        mark=Mark(line.get("leave", "none")),
    )


def _present(script: Script, line: Line_, day: date) -> Iterator[Fact]:
    script.student(line["present"])
    yield _roll(day, _session(line), _device(line), line.get("roster_version", 1))


def _roll_call(_script: Script, line: Line_, day: date) -> Iterator[Fact]:
    yield _roll(day, _session(line), _device(line), line.get("roster_version", 1))


def _late(script: Script, line: Line_, day: date) -> Iterator[Fact]:
    yield h.ArrivedLate(
        student=script.student(line["late"]),
        class_id=PLACES[Level.CLASS],
        day=day,
        session=_session(line),
        arrived_at=moment(line["at"]),
    )


def _corrected(script: Script, line: Line_, day: date) -> Iterator[Fact]:
    yield h.MarkCorrected(
        student=script.student(line["corrected"]),
        class_id=PLACES[Level.CLASS],
        day=day,
        session=_session(line),
        was=Mark(line.get("was", "none")),
        now=Mark(line.get("now", "present")),
        why=FalseMark(line["why"]),
    )


def _granted(script: Script, line: Line_, day: date) -> Iterator[Fact]:
    yield h.LeaveGranted(
        student=script.student(line["granted"]),
        leave=len(script.facts) + 1,
        kind_of_leave=LeaveKind(line.get("kind", "sick")),
        first=line.get("first", day),
        last=line.get("last", day),
        backdated_by=line.get("backdated_by"),
    )


def _visit(script: Script, line: Line_, day: date) -> Iterator[Fact]:
    yield h.HomeVisitMade(
        student=line["visit"] if isinstance(line["visit"], int) else script.student(line["visit"]),
        visit=len(script.facts) + 1,
        day=day,
        means=Means(line.get("means", "visit")),
        outcome=Outcome(line.get("outcome", "will_return")),
        posts=tuple(line.get("with", [])),
        contents=tuple(line.get("contents", [])),
    )


def _contact(script: Script, line: Line_, day: date) -> Iterator[Fact]:
    yield h.ContactMade(
        student=script.student(line["contact"]),
        visit=len(script.facts) + 1,
        day=day,
        means=Means(line.get("means", "phone")),
        outcome=Outcome(line.get("outcome", "will_return")),
        posts=tuple(line.get("with", [])),
    )


def _reported(script: Script, line: Line_, day: date) -> Iterator[Fact]:
    yield h.Reported(student=script.student(line["reported"]), act=line["act"], day=day, to=tuple(line["to"]))


def _plan(script: Script, line: Line_, day: date) -> Iterator[Fact]:
    yield h.PlanMade(
        student=script.student(line["plan"]), case=CASE, version=1, day=day, with_posts=tuple(line["with"])
    )


def _approved(script: Script, line: Line_, day: date) -> Iterator[Fact]:
    yield h.PlanApproved(student=script.student(line["approved"]), case=CASE, version=1, day=day)


def _stage(script: Script, line: Line_, day: date) -> Iterator[Fact]:
    was, now = Stage(line.get("was", "open")), Stage(line["now"])
    yield h.CaseStageChanged(student=script.student(line["stage"]), case=CASE, was=was, now=now, day=day)


def _enrolment(script: Script, line: Line_, day: date) -> Iterator[Fact]:
    change = EnrolmentChange(line["change"])
    yield h.EnrolmentChanged(student=script.student(line["enrolment"]), change=change, day=day)


def _return(_script: Script, line: Line_, _day: date) -> Iterator[Fact]:
    yield h.ReturnStep(
        report=1,
        school=PLACES[Level.SCHOOL],
        period=str(line["period"]),
        version=1,
        step=SignStep(line["return"]),
        class_id=line.get("class_id", PLACES[Level.CLASS] if line["return"] == "checked" else None),
    )


def _sent_back(_script: Script, line: Line_, _day: date) -> Iterator[Fact]:
    period, step = str(line["period"]), SignStep(line["sent_back"])
    yield h.ReturnSentBack(report=1, school=PLACES[Level.SCHOOL], period=period, version=1, step=step)


def _submitted(_script: Script, line: Line_, _day: date) -> Iterator[Fact]:
    period, zero = str(line["submitted"]), bool(line.get("zero"))
    yield h.ReturnSubmitted(report=1, school=PLACES[Level.SCHOOL], period=period, version=1, zero=zero)


VERBS: dict[str, Callable[[Script, Line_, date], Iterator[Fact]]] = {
    "absent": _absent,
    "present": _present,
    "roll_call": _roll_call,
    "late": _late,
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
    "submitted": _submitted,
}
