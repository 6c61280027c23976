"""A child changes its class inside its school (校内转班). Streaks and duties go on: they follow the child."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guixiao.access.models import Account
from guixiao.facts import By, happenings
from guixiao.facts.clock import day_of
from guixiao.facts.codes import EnrolmentChange
from guixiao.journal.append import Stated, append
from guixiao.journal.records import label
from guixiao.notify import actions as notify
from guixiao.notify.models import Kind as NoticeKind
from guixiao.people import actions as people
from guixiao.people.models import ON_THE_ROLL, Enrolment, Student
from guixiao.people.rosters import next_version
from guixiao.places.models import Kind, Place
from guixiao.rollcall.models import RollCall
from guixiao.staffing.models import Transfer, TransferState
from guixiao.staffing.rolls import after_move, first_free, taken_since

MOST_AHEAD = timedelta(days=120)
MOST_TOGETHER = 60
FAILED = gettext_noop("有一名学生的调班没有调成，请打开调班记录看原因。")


def transfer(*, by: By, now: datetime, student: Student, klass: Place, day: date, reason: str) -> Transfer:
    """Move a child to another class of its grade from ``day``: at once when the day has come, else on that day.

    Raises ``ValidationError`` keyed ``klass``, ``day`` or ``reason``: another school or grade, a day about
    which either class has taken its roll already, a change that is waiting already.
    """
    with transaction.atomic():
        return _order(by, now, student, klass, day, reason)


def transfer_together(
    *, by: By, now: datetime, moves: Sequence[tuple[Student, Place]], day: date, reason: str
) -> list[Transfer]:
    """Move several children (two classes are evened out): all of them, or none."""
    if not moves:
        raise ValidationError({"students": _("还没有勾选学生。请勾选要调班的学生。")})
    if len(moves) > MOST_TOGETHER:
        raise ValidationError({"students": _("一次最多调 %(n)d 名学生，请分几次办。") % {"n": MOST_TOGETHER}})
    with transaction.atomic():
        return [_order(by, now, student, klass, day, reason) for student, klass in moves]


def cancel_transfer(*, by: By, now: datetime, transfer: Transfer) -> Transfer:
    """Give up a change whose day has not come."""
    with transaction.atomic():
        moved = Transfer.objects.filter(pk=transfer.pk, state=TransferState.PLANNED).update(
            state=TransferState.CANCELLED, done_at=now
        )
        if not moved:
            raise ValidationError(_("这次调班已经办了或已经取消，不能再取消。请刷新看看。"))
        transfer.refresh_from_db()
        append([_ended(transfer)], by=by, now=now)
    return transfer


def carry_out(*, by: By, now: datetime, transfer: Transfer) -> Transfer:
    """The day has come. Where a roll was taken meanwhile, the change waits for the next day without one;
    where it has become impossible (the child left, the class closed) it fails and whoever ordered it is told."""
    with transaction.atomic():
        row = Transfer.objects.select_for_update(no_key=True, of=("self",)).select_related(
            "student", "school", "was", "klass"
        )
        found = row.filter(pk=transfer.pk, state=TransferState.PLANNED).first()
        if found is None:
            return transfer
        _lock(found.was_id, found.klass_id)
        day = first_free((found.was_id, found.klass_id), found.day, found.was)
        if day > day_of(now):
            Transfer.objects.filter(pk=found.pk).update(day=day)
            found.refresh_from_db()
            append([_ordered(found)], by=by, now=now)
            return found
        found.day = day
        try:
            with transaction.atomic():
                _check(found.student, found.klass)
                if found.student.klass_id != found.was_id:
                    raise ValidationError(_("学生已经不在原来的班。"))
                _do(by, now, found)
        except ValidationError as refused:
            _fail(by, now, found, " ".join(refused.messages))
    return found


def undo_transfer(*, by: By, now: datetime, transfer: Transfer) -> Transfer:
    """Take a change back on the day it was made, while neither class has taken its roll since."""
    with transaction.atomic():
        row = Transfer.objects.select_for_update(no_key=True, of=("self",)).select_related(
            "student", "was", "klass"
        )
        found = row.get(pk=transfer.pk)
        _lock(found.was_id, found.klass_id)
        made, closed = _undoable(found, now)
        student = Student.objects.select_for_update(no_key=True).get(pk=found.student_id)
        next_version(made.klass_id)
        gone = (label(made), made.pk)
        made.delete()
        next_version(closed.klass_id)
        closed.last, closed.exit, closed.exit_version = None, "", None
        closed.save(update_fields=["last", "exit", "exit_version"])
        Student.objects.filter(pk=student.pk).update(klass=found.was, path=found.was.path)
        student.refresh_from_db()
        Transfer.objects.filter(pk=found.pk).update(state=TransferState.UNDONE)
        found.refresh_from_db()
        back = happenings.EnrolmentChanged(
            student=student.pk,
            change=EnrolmentChange.MOVED_CLASS,
            day=day_of(now),
            school_id=found.school_id,
            class_id=found.was_id,
            from_class_id=found.klass_id,
        )
        append([Stated(back, records=[student, closed], gone=[gone]), _ended(found)], by=by, now=now)
    return found


def _undoable(found: Transfer, now: datetime) -> tuple[Enrolment, Enrolment]:
    """The enrolments a change made and ended. Raises ``ValidationError`` where it must stay."""
    if found.state != TransferState.DONE or found.done_at is None:
        raise ValidationError(_("这次调班没有办成或已经撤销，不用再撤。"))
    if day_of(found.done_at) != day_of(now):
        raise ValidationError(_("只能当天撤销。请从今天起再调一次班，把学生调回去。"))
    made = Enrolment.objects.filter(pk=found.enrolment or 0, last=None).first()
    closed = Enrolment.objects.filter(pk=found.closed or 0).first()
    if made is None or closed is None:
        raise ValidationError(_("调班以后，这名学生的学籍又变动过，不能撤销。"))
    roll = after_move(made, closed)
    if roll is not None:
        raise ValidationError(_("调班以后%(roll)s，不能撤销。请明天再调回去。") % {"roll": _called(roll)})
    return made, closed


def _order(by: By, now: datetime, student: Student, klass: Place, day: date, reason: str) -> Transfer:
    student = (
        Student.objects.select_for_update(no_key=True, of=("self",))
        .select_related("klass", "school")
        .get(pk=student.pk)
    )
    was = _check(student, klass)
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("请写明为什么调班。")})
    _lock(was.pk, klass.pk)
    _check_day(student, was, klass, day, now)
    made = Transfer(
        student=student,
        school_id=student.school_id or 0,
        was=was,
        klass=klass,
        day=day,
        reason=reason[:200],
        state=TransferState.PLANNED,
        account=by.account,
        post=by.post,
        org=by.org,
        for_account=by.for_account,
        ordered_at=now,
    )
    made.save(force_insert=True)
    if day <= day_of(now):
        return _do(by, now, made)
    append([_ordered(made)], by=by, now=now)
    return made


def _check(student: Student, klass: Place) -> Place:
    """The class the child is in now. Raises ``ValidationError`` when it cannot go to ``klass``."""
    was = student.klass
    if was is None or student.school is None or student.status not in ON_THE_ROLL:
        raise ValidationError({"klass": _("这名学生现在不在任何班，不能调班。请先办入学或转入。")})
    if klass.kind != Kind.CLASS or klass.closed_on or not klass.path.startswith(student.school.path):
        raise ValidationError({"klass": _("只能调到本校在用的班。转到别的学校请办“学籍变动”。")})
    if klass.pk == was.pk:
        raise ValidationError({"klass": _("%(name)s已经在这个班。") % {"name": student.name}})
    if klass.grade != was.grade:
        said = _("%(was)s和%(klass)s不是一个年级。义务教育阶段不随意跳级、留级，调班只在同年级内办。")
        raise ValidationError({"klass": said % {"was": was.name, "klass": klass.name}})
    if klass.school_year != was.school_year:
        raise ValidationError({"klass": _("这两个班不是同一学年的。升班请用“学年”里的升班。")})
    return was


def _check_day(student: Student, was: Place, klass: Place, day: date, now: datetime) -> None:
    today = day_of(now)
    waiting = Transfer.objects.filter(student=student, state=TransferState.PLANNED).first()
    if waiting is not None:
        said = _("%(name)s已安排 %(day)s 调班。请先取消那一次。")
        raise ValidationError({"day": said % {"name": student.name, "day": _day(waiting.day)}})
    if day > today + MOST_AHEAD:
        raise ValidationError({"day": _("日子太远了，最多提前 %(n)d 天安排。") % {"n": MOST_AHEAD.days}})
    entered = Enrolment.objects.filter(student=student, last=None).values_list("first", flat=True).first()
    if entered is not None and day <= entered:
        said = _("%(name)s %(day)s 才进现在的班，调班要在那天以后。")
        raise ValidationError({"day": said % {"name": student.name, "day": _day(entered)}})
    roll = taken_since((was.pk, klass.pk), day)
    if roll is not None:
        free = first_free((was.pk, klass.pk), max(today, day), was)
        said = _("%(roll)s，那天的名册不能再改。请选 %(free)s 或以后。")
        raise ValidationError({"day": said % {"roll": _called(roll), "free": _day(free)}})


def _do(by: By, now: datetime, row: Transfer) -> Transfer:
    """Change the enrolment, inside the caller's transaction."""
    old = Enrolment.objects.filter(student=row.student_id, last=None).first()
    assert row.student.school is not None
    made = people.move(
        by=by,
        now=now,
        student=row.student,
        klass=row.klass,
        school=row.student.school,
        day=row.day,
        change=EnrolmentChange.MOVED_CLASS,
    )
    Transfer.objects.filter(pk=row.pk).update(
        state=TransferState.DONE,
        day=row.day,
        done_at=now,
        enrolment=made.pk,
        closed=old.pk if old else None,
    )
    row.refresh_from_db()
    append([_ended(row)], by=by, now=now)
    return row


def _fail(by: By, now: datetime, row: Transfer, why: str) -> None:
    Transfer.objects.filter(pk=row.pk).update(state=TransferState.FAILED, why=why[:300], done_at=now)
    row.refresh_from_db()
    person = Account.objects.filter(pk=row.account).values_list("person_id", flat=True).first()
    if person is not None:
        message = notify.Message(
            person=person,
            kind=NoticeKind.REMINDED,
            text=FAILED,
            url="/staffing/transfers/",
            key=f"transfer-{row.pk}",
        )
        notify.tell(by=by, now=now, messages=[message])
    append([_ended(row)], by=by, now=now)


def _lock(*classes: int) -> None:
    """Nobody takes these rolls or moves other children meanwhile. In one order, so nobody waits in a ring."""
    list(Place.objects.select_for_update(no_key=True).filter(pk__in=classes).order_by("pk"))


def _ordered(row: Transfer) -> Stated:
    fact = happenings.TransferOrdered(
        student=row.student_id, transfer=row.pk, day=row.day, from_class=row.was_id, to_class=row.klass_id
    )
    return Stated(fact, records=[row])


def _ended(row: Transfer) -> Stated:
    fact = happenings.TransferEnded(student=row.student_id, transfer=row.pk, state=row.state)
    return Stated(fact, records=[row])


def _called(roll: RollCall) -> str:
    """``八（3）班 2026-09-28 已由李明点过名``."""
    words = {
        "klass": roll.klass.name,
        "day": _day(roll.day),
        "who": roll.taken_by.name if roll.taken_by else _("系统"),
    }
    return _("%(klass)s %(day)s 已由%(who)s点过名") % words


def _day(day: date) -> str:
    return date_format(day, "Y-m-d")
