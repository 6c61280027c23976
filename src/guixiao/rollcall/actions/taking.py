"""Taking the roll: one submission, one roll call, whoever sends it and however often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guixiao.facts import By, Fact, happenings
from guixiao.facts.clock import day_of, local, whole_second
from guixiao.facts.codes import LeaveKind, Mark, Session
from guixiao.journal.append import Stated, append
from guixiao.people.models import Status, Student
from guixiao.people.rosters import covered
from guixiao.places import wording
from guixiao.places.calendars import calendar_of
from guixiao.places.models import Place
from guixiao.rollcall.models import AWAY, SESSIONS, Leave, RollCall, RollMark
from guixiao.rollcall.queries.who import person_of
from guixiao.rollcall.rules import AlreadyTaken, check_day, check_leaves, read_clock, spoken

ID_USED = gettext_noop("这次提交的编号已经用过。请重新打开点名页再报。")
NO_LEAVES: Mapping[int, tuple[date, date]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Seen:
    """The children a roster version lists: those to be marked, and those on the roll but not marked."""

    marked: frozenset[int]
    apart: tuple[int, ...]


def take(
    *,
    by: By,
    now: datetime,
    klass: Place,
    day: date,
    session: Session,
    roster_version: int,
    marks: Mapping[int, Mark],
    client_id: UUID,
    device_time: datetime,
    leaves: Mapping[int, tuple[date, date]] = NO_LEAVES,
    sent_at: datetime | None = None,
) -> RollCall:
    """Take the roll of ``klass``. Children without a mark were present.

    A repeated ``client_id`` returns the first roll call unchanged, whatever else it says. Raises
    :class:`AlreadyTaken` when another submission holds this class and session, ``ValidationError`` (keyed
    by field) when the day, the roster, a mark or a leave cannot be. Nothing is written then.
    """
    clock = read_clock(device_time, sent_at, now)
    draft = RollCall(
        klass=klass,
        day=day,
        session=session,
        roster_version=roster_version,
        post=by.post,
        device_time=whole_second(device_time),
        clock_offset=clock.offset,
        received_at=whole_second(now),
        received_late=clock.late,
        client_id=client_id,
    )
    try:
        with transaction.atomic():
            return _take(by, now, draft, marks, leaves, clock.at)
    except IntegrityError:  # somebody else's transaction ended first
        return _replay(klass, client_id) or _refuse(klass, day, session)


def _take(
    by: By,
    now: datetime,
    draft: RollCall,
    marks: Mapping[int, Mark],
    leaves: Mapping[int, tuple[date, date]],
    device_at: datetime | None,
) -> RollCall:
    klass = Place.objects.select_for_update(no_key=True).get(
        pk=draft.klass_id
    )  # one writer a class at a time
    first = _replay(klass, draft.client_id)
    if first is not None:
        return first
    check_day(by=by, day=draft.day, now=now, calendar=calendar_of(klass))
    if RollCall.objects.filter(klass=klass, day=draft.day, session=draft.session).exists():
        _refuse(klass, draft.day, Session(draft.session))
    seen = _seen(klass, draft.roster_version, draft.day)
    _check_children(klass, marks, seen)
    away = {child: mark for child, mark in marks.items() if child in seen.marked and mark is not Mark.PRESENT}
    periods = check_leaves(marks=away, leaves=leaves, day=draft.day)
    draft.listed, draft.apart, draft.taken_by_id = len(seen.marked), list(seen.apart), person_of(by)
    draft.save(force_insert=True)
    happened = device_at or draft.received_at
    rows = RollMark.objects.bulk_create(
        RollMark(
            roll_call=draft, student_id=child, mark=mark, arrived_at=happened if mark is Mark.LATE else None
        )
        for child, mark in sorted(away.items())
    )
    granted = _grant(by, now, draft, away, periods)
    append(_facts(draft, rows, granted, device_at, happened), by=by, now=now, client_id=draft.client_id)
    return draft


def _facts(
    taken: RollCall,
    rows: Iterable[RollMark],
    granted: Iterable[Leave],
    device_at: datetime | None,
    happened: datetime,
) -> list[Stated]:
    rows, session = list(rows), Session(taken.session)
    absent = sum(row.mark in AWAY for row in rows)
    roll = happenings.RollCallTaken(
        class_id=taken.klass_id,
        day=taken.day,
        session=session,
        roster_version=taken.roster_version,
        present=taken.listed - absent,
        absent=absent,
        device_at=device_at,
    )
    stated = [Stated(roll, at=happened, records=[taken])]
    stated += [mark_fact(taken, row, happened) for row in rows]
    stated += [Stated(leave_fact(leave), at=happened, records=[leave]) for leave in granted]
    return stated


def mark_fact(taken: RollCall, row: RollMark, at: datetime) -> Stated:
    """What one mark states: an absence, a late arrival, or (added by name) a presence."""
    child, klass, day = row.student_id, taken.klass_id, taken.day
    session, mark = Session(taken.session), Mark(row.mark)
    fact: Fact
    if mark is Mark.LATE:
        came = row.arrived_at or at
        fact = happenings.ArrivedLate(
            student=child, class_id=klass, day=day, session=session, arrived_at=came
        )
    elif mark is Mark.PRESENT:
        fact = happenings.PresenceMarked(student=child, class_id=klass, day=day, session=session)
    else:
        fact = happenings.AbsenceMarked(student=child, class_id=klass, day=day, session=session, mark=mark)
    return Stated(fact, at=at, records=[row])


def leave_fact(leave: Leave) -> happenings.LeaveGranted:
    return happenings.LeaveGranted(
        student=leave.student_id,
        leave=leave.pk,
        kind_of_leave=LeaveKind(leave.kind),
        first=leave.first,
        last=leave.last,
        backdated_by=leave.backdated_by or None,
    )


def _grant(
    by: By,
    now: datetime,
    taken: RollCall,
    away: Mapping[int, Mark],
    periods: Mapping[int, tuple[date, date]],
) -> list[Leave]:
    """Leave for those marked sick or personal, unless leave of that kind already covers the period."""
    if periods:  # nobody else grants these children leave meanwhile
        list(
            Student.objects.select_for_update(no_key=True).filter(pk__in=periods).order_by("pk").values("pk")
        )
    known = Leave.objects.filter(student__in=periods, first__lte=taken.day, last__gte=taken.day)
    until = {(leave.student_id, leave.kind): leave.last for leave in known.order_by("last")}
    return Leave.objects.bulk_create(
        Leave(
            student_id=child,
            kind=away[child].value,
            first=first,
            last=last,
            granted_last=last,
            granted_by_id=taken.taken_by_id,
            post=by.post,
            granted_at=whole_second(now),
            roll_call=taken,
        )
        for child, (first, last) in sorted(periods.items())
        if until.get((child, away[child].value), date.min) < last
    )


def _seen(klass: Place, version: int, day: date) -> Seen:
    """The children listed by ``version`` who were enrolled by ``day``."""
    if not 1 <= version <= klass.roster_version:
        raise ValidationError(
            {"roster_version": _("名单版本 %(n)s 不存在。请重新打开点名页再报。") % {"n": version}}
        )
    rows = covered(klass.pk, version).filter(first__lte=day).values_list("student_id", "student__status")
    apart = (Status.DROPPED_OUT, Status.SUSPENDED)
    return Seen(
        frozenset(child for child, status in rows if status not in apart),
        tuple(sorted(child for child, status in rows if status in apart)),
    )


def _check_children(klass: Place, marks: Mapping[int, Mark], seen: Seen) -> None:
    """Marks may speak only of children on the roster. A stranger is named only if ever in this class."""
    strangers = [child for child in marks if child not in seen.marked and child not in seen.apart]
    if not strangers:
        return
    rows = klass.enrolments.filter(student__in=strangers).values_list("student_id", "student__name")
    names = dict(rows)
    raise ValidationError(
        {
            f"mark-{child}": _("%(who)s不在这份名单上，不能在这里点名。请重新打开点名页。")
            % {"who": names.get(child) or _("编号 %(n)s 的学生") % {"n": child}}
            for child in strangers
        }
    )


def _replay(klass: Place, client_id: UUID) -> RollCall | None:
    first = RollCall.objects.filter(client_id=client_id).first()
    if first is not None and first.klass_id != klass.pk:
        raise ValidationError({"client_id": _(ID_USED)})
    return first


def _refuse(klass: Place, day: date, session: Session) -> RollCall:
    """Raises :class:`AlreadyTaken` naming who took the roll and when."""
    taken = RollCall.objects.select_related("taken_by").filter(klass=klass, day=day, session=session).first()
    if taken is None:  # the id belongs to some other kind of submission
        raise ValidationError({"client_id": _(ID_USED)})
    at = local(taken.received_at)
    when = f"{at:%H:%M}" if day_of(taken.received_at) == day else f"{wording.day(at)} {at:%H:%M}"
    raise AlreadyTaken(
        taken,
        _("%(who)s%(post)s %(when)s 已经报过%(klass)s %(day)s%(session)s的点名。要改，请在回执里改。")
        % {
            "who": taken.taken_by.name if taken.taken_by else _("系统"),
            "post": f"（{taken.post_title}）" if taken.post_title else "",
            "when": when,
            "klass": klass.name,
            "day": spoken(day),
            "session": SESSIONS[session],
        },
    )
