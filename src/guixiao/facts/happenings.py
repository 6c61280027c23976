"""The one list of what can happen. Every action that changes the world states at least one of these.

Ids are database ids; days are local days; moments are aware. Free text and names stay in the records.
"""

from __future__ import annotations

from datetime import date, datetime

from .base import Fact, fact
from .codes import (
    EnrolmentChange,
    FalseMark,
    LeaveKind,
    Mark,
    Means,
    Outcome,
    Risk,
    Session,
    SignStep,
    Stage,
)
from .marking import gettext_noop

# --- roll call -------------------------------------------------------------------------------------


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


# --- contacts and visits ---------------------------------------------------------------------------


@fact("contact_made", gettext_noop("联系"))
class ContactMade(Fact):
    """A phone call, message or meeting with the family. ``posts`` are the posts of those who took part."""

    student: int
    visit: int
    day: date
    means: Means
    outcome: Outcome
    posts: tuple[str, ...]


@fact("home_visit_made", gettext_noop("家访"))
class HomeVisitMade(Fact):
    """Somebody went to the home. ``posts`` lists the posts of those who went, ``people`` their person ids."""

    student: int
    visit: int
    day: date
    means: Means
    outcome: Outcome
    posts: tuple[str, ...]
    people: tuple[int, ...] = ()
    contents: tuple[str, ...] = ()


@fact("visit_corrected", gettext_noop("更正家访记录"))
class VisitCorrected(Fact):
    """A record was put right. Only where ``judged`` is true did what rules look at change (day, means, outcome,
    who went, contents): then earlier statements of this visit fall and the one that follows stands."""

    student: int
    visit: int
    judged: bool = True


@fact("reported", gettext_noop("报告"))
class Reported(Fact):
    """A report or notice was given about a child: from ``from_post`` to the posts in ``to``."""

    student: int
    act: str
    day: date
    to: tuple[str, ...]
    duty: int | None = None


# --- cases -----------------------------------------------------------------------------------------


@fact("case_opened", gettext_noop("立案"))
class CaseOpened(Fact):
    student: int
    case: int
    day: date
    by_rule: str | None = None


@fact("plan_made", gettext_noop("拟定方案"))
class PlanMade(Fact):
    """A plan for this one child (一人一案), made together with the posts in ``with_posts``."""

    student: int
    case: int
    version: int
    day: date
    with_posts: tuple[str, ...] = ()


@fact("plan_approved", gettext_noop("批准方案"))
class PlanApproved(Fact):
    student: int
    case: int
    version: int
    day: date


@fact("case_stage_changed", gettext_noop("个案阶段"))
class CaseStageChanged(Fact):
    student: int
    case: int
    was: Stage
    now: Stage
    day: date
    reason: str | None = None


@fact("risk_set", gettext_noop("风险等级"))
class RiskSet(Fact):
    student: int
    case: int
    risk: Risk


@fact("closing_proposed", gettext_noop("提请销号"))
class ClosingProposed(Fact):
    student: int
    case: int
    reason: str
    day: date


@fact("closing_refused", gettext_noop("退回销号"))
class ClosingRefused(Fact):
    student: int
    case: int
    day: date


@fact("case_closed", gettext_noop("销号"))
class CaseClosed(Fact):
    """Closed by a second person in a post above the proposer's, with evidence."""

    student: int
    case: int
    reason: str
    day: date


@fact("case_note", gettext_noop("个案材料"))
class CaseNoted(Fact):
    """Papers or remarks were added to a case."""

    student: int
    case: int


@fact("case_reopened", gettext_noop("重开"))
class CaseReopened(Fact):
    student: int
    case: int
    previous: int
    day: date


# --- people ----------------------------------------------------------------------------------------


@fact("student_recorded", gettext_noop("建立学生记录"))
class StudentRecorded(Fact):
    student: int


@fact("student_changed", gettext_noop("更改学生信息"))
class StudentChanged(Fact):
    student: int
    fields: tuple[str, ...]


@fact("enrolment_changed", gettext_noop("学籍变动"))
class EnrolmentChanged(Fact):
    student: int
    change: EnrolmentChange
    day: date
    school_id: int | None = None
    class_id: int | None = None
    from_class_id: int | None = None


@fact("residence_changed", gettext_noop("住地变动"))
class ResidenceChanged(Fact):
    student: int
    day: date
    village_id: int | None = None


@fact("key_group_set", gettext_noop("重点人群标记"))
class KeyGroupSet(Fact):
    student: int
    group: str
    first: date
    last: date | None = None


@fact("assigned", gettext_noop("包保指派"))
class Assigned(Fact):
    """A person answers for a child (pairing, net, case, visit list) for a dated period."""

    student: int
    assignment: int
    person: int
    role: str
    first: date
    last: date | None = None


@fact("assignment_ended", gettext_noop("结束指派"))
class AssignmentEnded(Fact):
    student: int
    assignment: int
    last: date


@fact("import_staged", gettext_noop("导入待核"))
class ImportStaged(Fact):
    batch: int
    rows: int
    bad: int


@fact("import_batch_applied", gettext_noop("导入一批"))
class ImportBatchApplied(Fact):
    batch: int
    first_row: int
    last_row: int
    made: int
    changed: int


@fact("import_undone", gettext_noop("撤销导入"))
class ImportUndone(Fact):
    batch: int
    rows: int


# --- places and posts ------------------------------------------------------------------------------


@fact("place_changed", gettext_noop("机构变动"))
class PlaceChanged(Fact):
    place: int
    change: str


@fact("post_held", gettext_noop("任职"))
class PostHeld(Fact):
    holding: int
    place: int
    post: str
    person: int
    first: date
    last: date | None = None


@fact("post_ended", gettext_noop("离任"))
class PostEnded(Fact):
    holding: int
    place: int
    post: str
    person: int
    last: date


@fact("deputy_named", gettext_noop("指定代理"))
class DeputyNamed(Fact):
    holding: int
    place: int
    post: str
    person: int
    first: date
    last: date | None = None


@fact("calendar_changed", gettext_noop("校历变动"))
class CalendarChanged(Fact):
    place: int
    first: date
    last: date


@fact("term_set", gettext_noop("学期"))
class TermSet(Fact):
    place: int
    code: str
    first: date
    last: date


# --- regulations and duties ------------------------------------------------------------------------


@fact("pack_adopted", gettext_noop("采用制度"))
class PackAdopted(Fact):
    place: int
    pack: str
    version: str
    first: date


@fact("duty_opened", gettext_noop("责任产生"))
class DutyOpened(Fact):
    """A duty fell to ``post``: from then on that post has been told (semantics 4)."""

    duty: int
    pack: str
    rule: str
    due: datetime
    student: int | None = None
    place: int | None = None
    post: str | None = None


@fact("duty_changed", gettext_noop("责任变动"))
class DutyChanged(Fact):
    """The deadline moved, the post changed hands, or a missed duty is no longer demanded."""

    duty: int
    due: datetime
    post: str
    person: int | None = None
    demanded: bool
    student: int | None = None


@fact("duty_met", gettext_noop("责任完成"))
class DutyMet(Fact):
    duty: int
    late: bool
    student: int | None = None


@fact("duty_missed", gettext_noop("责任逾期"))
class DutyMissed(Fact):
    """The deadline passed: it counts against whoever held the post at the deadline."""

    duty: int
    person: int | None = None
    post: str
    student: int | None = None


@fact("duty_withdrawn", gettext_noop("责任撤回"))
class DutyWithdrawn(Fact):
    duty: int
    why: str
    student: int | None = None


@fact("duty_waived", gettext_noop("责任豁免"))
class DutyWaived(Fact):
    duty: int
    student: int | None = None


@fact("duty_escalated", gettext_noop("责任升级"))
class DutyEscalated(Fact):
    duty: int
    rung: int
    post: str
    person: int | None = None
    student: int | None = None


@fact("reminded", gettext_noop("提醒"))
class Reminded(Fact):
    duty: int
    person: int


# --- returns ---------------------------------------------------------------------------------------


@fact("return_compiled", gettext_noop("编制报表"))
class ReturnCompiled(Fact):
    report: int
    school: int
    period: str
    version: int


@fact("return_step", gettext_noop("报表签核"))
class ReturnStep(Fact):
    report: int
    school: int
    period: str
    version: int
    step: SignStep
    class_id: int | None = None


@fact("return_sent_back", gettext_noop("退回报表"))
class ReturnSentBack(Fact):
    report: int
    school: int
    period: str
    version: int
    step: SignStep


@fact("return_reminded", gettext_noop("提醒报表签核"))
class ReturnReminded(Fact):
    """Those whose signature a return waits for were asked; ``people`` are their person ids."""

    report: int
    school: int
    period: str
    people: tuple[int, ...]


@fact("return_submitted", gettext_noop("报表签发锁定"))
class ReturnSubmitted(Fact):
    """Signed by the principal and locked. ``zero`` is a zero return (零报告)."""

    report: int
    school: int
    period: str
    version: int
    zero: bool


# --- files, accounts and looks ---------------------------------------------------------------------


@fact("file_stored", gettext_noop("存入附件"))
class FileStored(Fact):
    file: int
    student: int | None = None


@fact("account_changed", gettext_noop("账号变动"))
class AccountChanged(Fact):
    account: int
    change: str


@fact("signed_in", gettext_noop("登录"))
class SignedIn(Fact):
    account: int


@fact("sign_in_failed", gettext_noop("登录失败"))
class SignInFailed(Fact):
    account: int | None = None


@fact("looked", gettext_noop("查看"))
class Looked(Fact):
    """A post looked at a child's record: lists are counted, single pages name the child."""

    what: str
    student: int | None = None
    count: int | None = None


@fact("revealed", gettext_noop("查看隐藏信息"))
class Revealed(Fact):
    """A masked field was shown, for a stated reason (kept in the record, not here)."""

    student: int
    field: str
    reveal: int


@fact("break_glass", gettext_noop("紧急查看"))
class BreakGlassOpened(Fact):
    student: int
    grant: int
    until: datetime


@fact("exported", gettext_noop("导出"))
class Exported(Fact):
    what: str
    rows: int


@fact("key_rotated", gettext_noop("更换密钥"))
class KeyRotated(Fact):
    rows: int
