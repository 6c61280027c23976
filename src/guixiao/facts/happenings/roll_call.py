"""Roll call, leave, absence."""

from __future__ import annotations

from datetime import date, datetime

from guixiao.facts.base import Fact, fact
from guixiao.facts.codes import FalseMark, LeaveKind, Mark, Session
from guixiao.facts.marking import gettext_noop


@fact("roll_call_taken", gettext_noop("点名"))
class RollCallTaken(Fact):
    """The roll of ``class_id`` was taken over roster ``roster_version``; who is outside it stays unknown.

    ``device_at`` is the device's time if its clock was off by less than five minutes, else ``None`` and
    the entry counts from when the server received it (policy.md, semantics 5).
    """

    class_id: int
    day: date
    session: Session
    roster_version: int
    present: int
    absent: int
    device_at: datetime | None = None


@fact("absence_marked", gettext_noop("缺勤"))
class AbsenceMarked(Fact):
    """A child was not there. ``mark`` is ``none`` (unexcused), ``sick`` or ``personal``."""

    student: int
    class_id: int
    day: date
    session: Session
    mark: Mark


@fact("presence_marked", gettext_noop("补点到校"))
class PresenceMarked(Fact):
    """A child whom the roll call's roster did not list yet was there: marked afterwards, by name."""

    student: int
    class_id: int
    day: date
    session: Session


@fact("late_arrival", gettext_noop("迟到到校"))
class ArrivedLate(Fact):
    """A child came after the roll: presence from then on, never a correction."""

    student: int
    class_id: int
    day: date
    session: Session
    arrived_at: datetime


@fact("mark_corrected", gettext_noop("更正点名"))
class MarkCorrected(Fact):
    """A mark was false and is replaced. The old entry stays in the chain."""

    student: int
    class_id: int
    day: date
    session: Session
    was: Mark
    now: Mark
    why: FalseMark


@fact("roll_call_reminded", gettext_noop("提醒点名"))
class RollCallReminded(Fact):
    """Somebody above asked for a roll call that is missing; ``people`` are the person ids who were asked."""

    class_id: int
    day: date
    session: Session
    people: tuple[int, ...]


@fact("leave_granted", gettext_noop("准假"))
class LeaveGranted(Fact):
    """Leave from ``first`` to ``last``. Days before its granting count only when ``backdated_by`` a post
    at least as high as the highest already notified (policy.md, semantics 4)."""

    student: int
    leave: int
    kind_of_leave: LeaveKind
    first: date
    last: date
    backdated_by: str | None = None


@fact("leave_ended", gettext_noop("销假"))
class LeaveEnded(Fact):
    """Leave ended early: ``last`` is its new last day."""

    student: int
    leave: int
    last: date


@fact("returned", gettext_noop("返校说明"))
class Returned(Fact):
    """Somebody states that a child is back: a statement until a roll call agrees."""

    student: int
    day: date
