"""The four steps: 学生科 → 班主任核对 → 分管副校长复核 → 校长签发并锁定 (A11-15…17).

Every step is a conditional update on the state it expects, so that nothing is signed twice, out of turn or
after the lock, whoever comes first.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guixiao.facts import By, happenings
from guixiao.facts.clock import day_of
from guixiao.facts.codes import SignStep
from guixiao.journal.append import Stated, append
from guixiao.journal.records import Recorded
from guixiao.notify.actions import Message, tell
from guixiao.notify.models import Kind
from guixiao.places.models import Place
from guixiao.returns.models import AWAITS, NEXT, MonthlyReturn, SendBack, Signature, State
from guixiao.returns.who import Seat, acting, names, staff

FOUR_EYES = (SignStep.CHECKED, SignStep.REVIEWED, SignStep.SIGNED)
SHORTEST_REASON = 4


def sign(
    *,
    by: By,
    now: datetime,
    report: MonthlyReturn,
    step: SignStep,
    person_id: int,
    klass: Place | None = None,
) -> MonthlyReturn:
    """Take one step. Class teachers sign for their class; the last of them moves the return on.

    Raises ``ValidationError`` out of turn, twice, by another than the post demands, by the same person as
    another of the last three steps while the post has another holder, or after the lock.
    """
    if step not in AWAITS:
        raise ValidationError(_("这一步在编制时已经签过。"))
    with transaction.atomic():
        held = MonthlyReturn.objects.select_for_update(no_key=True).get(pk=report.pk)
        _in_turn(held, step)
        path = _path(held, step, klass)
        seat, sole = _seat(held, step, path, person_id, now)
        signature, made = Signature.objects.get_or_create(
            report=held,
            step=step,
            klass=klass if step is SignStep.CHECKED else None,
            defaults={
                "person_id": seat.person,
                "acting_for_id": seat.acting_for,
                "post": seat.post,
                "sole": sole,
                "at": now,
            },
        )
        if not made:
            raise ValidationError(_("这一步已经签过了，不用再签。"))
        records: list[Recorded] = [signature]
        if step is not SignStep.CHECKED or not unchecked(held):
            _move(held, AWAITS[step], State(step.value))
            records.append(held)
        append(_facts(held, step, klass, records), by=acting(by, seat), now=now)
    return held


def send_back(
    *,
    by: By,
    now: datetime,
    report: MonthlyReturn,
    reason: str,
    person_id: int,
    klass: Place | None = None,
) -> MonthlyReturn:
    """Return it for correction. The version stays as it is; the next compile makes a new one.

    Whoever's turn it is may do so, each class teacher while classes are being checked, and whoever prepared
    it. Raises ``ValidationError`` without a reason, by anybody else, after the lock.
    """
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise ValidationError({"reason": _("请写明哪里不对（至少 4 个字），学生科才知道改哪里。")})
    with transaction.atomic():
        held = MonthlyReturn.objects.select_for_update(no_key=True).get(pk=report.pk)
        if held.state not in NEXT or held.superseded:
            raise ValidationError(_("这份月报已签发锁定或已退回，不能再退回。"))
        step = NEXT[State(held.state)]
        seat = _who_may_send_back(held, step, person_id, klass, now)
        before = State(held.state)
        row = SendBack.objects.create(
            report=held, klass=klass, person_id=seat.person, post=seat.post, reason=reason[:500], at=now
        )
        _move(held, before, State.SENT_BACK)
        fact = happenings.ReturnSentBack(
            report=held.pk, school=held.school_id, period=held.period, version=held.version, step=step
        )
        _tell(by, now, held)
        append([Stated(fact, records=[held, row])], by=acting(by, seat), now=now)
    return held


def unchecked(report: MonthlyReturn) -> list[int]:
    """The classes whose teacher has not checked the return yet."""
    signed = set(
        Signature.objects.filter(report=report, step=SignStep.CHECKED).values_list("klass", flat=True)
    )
    return [row["id"] for row in report.classes if row["id"] not in signed]


def _move(report: MonthlyReturn, was: State, now: State) -> None:
    """From one state to the next, or not at all: the database has the last word."""
    moved = MonthlyReturn.objects.filter(pk=report.pk, state=was, superseded=False).update(state=now)
    if not moved:
        raise ValidationError(_("这份月报刚刚被别人处理过，请刷新后再看。"))
    report.refresh_from_db()


def _in_turn(report: MonthlyReturn, step: SignStep) -> None:
    if report.locked:
        raise ValidationError(_("这份月报已由校长签发锁定，不能再改。"))
    if report.superseded or report.state == State.SENT_BACK:
        raise ValidationError(_("这一版已退回，请签新编的一版。"))
    if AWAITS[step] != report.state:
        raise ValidationError(
            _("还没轮到这一步，或这一步已经走过：这份月报现在“%(state)s”。")
            % {"state": report.get_state_display()}
        )


def _path(report: MonthlyReturn, step: SignStep, klass: Place | None) -> str:
    if step is not SignStep.CHECKED:
        return report.path
    if klass is None or klass.pk not in {row["id"] for row in report.classes}:
        raise ValidationError(_("这个班不在这份月报里，请选月报上的班来核对。"))
    return klass.path


def _seat(
    report: MonthlyReturn, step: SignStep, path: str, person_id: int, now: datetime
) -> tuple[Seat, bool]:
    """The seat by which ``person_id`` signs, and whether two steps in one hand could not be avoided."""
    team = staff([path], day_of(now))
    seat = team.seat(step, path, person_id)
    if seat is None:
        whose = names(team.of(step, path)) or _("还没有任命的人")
        raise ValidationError(_("这一步由 %(whose)s 来签，请联系本人。") % {"whose": whose})
    others = [other for other in team.of(step, path) if other.person != person_id]
    again = (
        Signature.objects.filter(report=report, person=person_id, step__in=FOUR_EYES)
        .exclude(step=step)
        .exists()
    )
    if again and others:
        raise ValidationError(
            _("核对、复核、签发要由不同的人来做，你已签过其中一步。请 %(whose)s 来签。")
            % {"whose": names(others)}
        )
    return seat, again


def _who_may_send_back(
    report: MonthlyReturn, step: SignStep, person_id: int, klass: Place | None, now: datetime
) -> Seat:
    path = _path(report, step, klass) if step is SignStep.CHECKED and klass else report.path
    team = staff([path], day_of(now))
    turns = [team.seat(SignStep.PREPARED, report.path, person_id)]
    if step is not SignStep.CHECKED or klass:
        turns.insert(0, team.seat(step, path, person_id))
    seat = next((turn for turn in turns if turn), None)
    if seat is None:
        raise ValidationError(_("轮到谁签，谁才能退回；编制的人也可以收回重编。"))
    return seat


def _tell(by: By, now: datetime, report: MonthlyReturn) -> None:
    """Those who can compile it anew learn of it at once; the reason stands on its page."""
    seats = staff([report.path], day_of(now)).of(SignStep.PREPARED, report.path)
    messages = [
        Message(
            person=seat.person,
            kind=Kind.SENT_BACK,
            text=gettext_noop("%(period)s的控辍保学月报被退回，请看原因，改好后重新编制。"),
            params={"period": report.period},
            url=reverse("returns:show", args=[report.pk]),
            place=report.school_id,
            key=f"return-{report.pk}-back-{seat.person}",
        )
        for seat in seats
    ]
    tell(by=by, now=now, messages=messages)


def _facts(
    report: MonthlyReturn, step: SignStep, klass: Place | None, records: list[Recorded]
) -> list[Stated]:
    taken = happenings.ReturnStep(
        report=report.pk,
        school=report.school_id,
        period=report.period,
        version=report.version,
        step=step,
        class_id=klass.pk if klass else None,
    )
    stated = [Stated(taken, records=records)]
    if step is SignStep.SIGNED:
        locked = happenings.ReturnSubmitted(
            report=report.pk,
            school=report.school_id,
            period=report.period,
            version=report.version,
            zero=report.zero,
        )
        stated.append(Stated(locked))
    return stated
