"""A post passes from hand to hand, with what is open: nothing falls between two chairs (交接)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from guixiao.facts import By, happenings
from guixiao.facts.clock import day_of
from guixiao.journal.append import Stated, append
from guixiao.journal.records import label
from guixiao.people import actions as people
from guixiao.people.models import Assignment
from guixiao.places import actions as places
from guixiao.places.models import Deputy, Holding, Person, Place
from guixiao.staffing.matters import snapshot
from guixiao.staffing.models import Handover, HandoverState

from .posts import reopen_post, take_back_post

ONE_DAY = timedelta(days=1)


def hand_over(
    *,
    by: By,
    now: datetime,
    holding: Holding,
    day: date,
    to: Person | None,
    reason: str = "",
    assignments: Collection[int] = (),
) -> Handover:
    """End a holding the day before ``day``, start the successor's on it, move the chosen assignments.

    Without a successor the post is vacant from ``day`` and what is open climbs. Deputies of the holder end
    with the holding. Raises ``ValidationError`` keyed ``day`` or ``name``.
    """
    with transaction.atomic():
        Place.objects.select_for_update(no_key=True).get(pk=holding.place_id)
        holding = Holding.objects.select_for_update(no_key=True).get(pk=holding.pk)
        _check(holding, day, to)
        row = Handover(
            holding=holding,
            person_id=holding.person_id,
            to_person=to,
            place_id=holding.place_id,
            post=holding.post,
            day=day,
            was_last=holding.last,
            reason=reason.strip()[:200],
            matters=snapshot(holding, now),
            account=by.account,
            at=now,
        )
        row.deputies = _end_deputies(by, now, holding, day)
        was_last = holding.last
        if was_last is None or was_last >= day:
            places.end_post(by=by, now=now, holding=holding, last=day - ONE_DAY)
        if to is not None:
            row.successor = places.hold_post(
                by=by, now=now, person=to, place=holding.place, post=holding.post, first=day, last=was_last
            )
            row.moved = _move(by, now, holding, day, to, assignments)
        row.save(force_insert=True)
        append([_told(row)], by=by, now=now)
    return row


def _told(row: Handover) -> Stated:
    fact = happenings.PostHandedOver(
        handover=row.pk,
        place=row.place_id,
        post=row.post,
        holding=row.holding_id,
        person=row.person_id,
        day=row.day,
        successor=row.successor_id,
        to_person=row.to_person_id,
        assignments=len(row.moved),
    )
    return Stated(fact, records=[row])


def _check(holding: Holding, day: date, to: Person | None) -> None:
    if day <= holding.first:
        said = _("接任日要晚于%(who)s的任职日（%(day)s）。任命错了，请撤回任命。")
        raise ValidationError({"day": said % {"who": holding.person.name, "day": _day(holding.first)}})
    if holding.last is not None and day > holding.last + ONE_DAY:
        said = _("%(who)s任职到 %(day)s，接任日最晚是第二天。以后的空缺请在岗位页任命。")
        raise ValidationError({"day": said % {"who": holding.person.name, "day": _day(holding.last)}})
    if to is not None and to.pk == holding.person_id:
        raise ValidationError({"name": _("接任人就是本人。请填另一个人，或选“暂时空缺”。")})
    if Handover.objects.filter(holding=holding, state=HandoverState.DONE).exists():
        raise ValidationError({"day": _("这个岗位已经办过交接。要改，请先撤销那一次。")})


def _end_deputies(by: By, now: datetime, holding: Holding, day: date) -> list[list[object]]:
    """Deputyships that would outlast the holding end with it; each with its former last day."""
    ended: list[list[object]] = []
    for deputy in holding.deputies.filter(first__lt=day):
        if deputy.last is None or deputy.last >= day:
            was = deputy.last.isoformat() if deputy.last else None
            places.end_deputy(by=by, now=now, deputy=deputy, last=day - ONE_DAY)
            ended.append([deputy.pk, was])
    return ended


def _move(
    by: By, now: datetime, holding: Holding, day: date, to: Person, wanted: Collection[int]
) -> list[list[object]]:
    """Each chosen assignment ends with the post and begins anew with the successor: ``[old, was_last, new]``."""
    moved: list[list[object]] = []
    rows = Assignment.objects.filter(pk__in=wanted, person=holding.person_id).select_related("student")
    for old in rows.order_by("pk"):
        if old.last is not None and old.last < day:
            continue
        until = old.last
        people.end_assignment(by=by, now=now, assignment=old, last=max(old.first, day - ONE_DAY))
        known = Assignment.objects.filter(student=old.student_id, person=to, role=old.role, last=None)
        new = None
        if not known.exists():
            first = max(day, old.first)
            new = people.assign(
                by=by, now=now, student=old.student, person_id=to.pk, role=old.role, first=first, last=until
            )
        moved.append([old.pk, until.isoformat() if until else None, new.pk if new else None])
    return moved


def undo_handover(*, by: By, now: datetime, handover: Handover) -> Handover:
    """Put everything back, while the successor has done nothing in the post.

    Raises ``ValidationError`` saying what holds it.
    """
    with transaction.atomic():
        Place.objects.select_for_update(no_key=True).get(pk=handover.place_id)
        row = Handover.objects.select_for_update(no_key=True).get(pk=handover.pk)
        if row.state != HandoverState.DONE:
            raise ValidationError(_("这次交接已经撤销过。"))
        if row.taken_at is not None:
            raise ValidationError(_("接任人已经确认接手，不能撤销。要换回来，请再办一次交接。"))
        successor = row.successor
        _still_vacant(row)
        Handover.objects.filter(pk=row.pk).update(state=HandoverState.UNDONE, successor=None)
        if successor is not None:
            take_back_post(by=by, now=now, holding=successor)
        reopen_post(by=by, now=now, holding=row.holding, last=row.was_last)
        _bring_back_deputies(by, now, row)
        gone = _bring_back(by, now, row)
        row.refresh_from_db()
        fact = happenings.HandoverUndone(handover=row.pk, place=row.place_id, post=row.post)
        append([Stated(fact, records=[row], gone=gone)], by=by, now=now)
    return row


def _still_vacant(row: Handover) -> None:
    """A post handed to nobody may have been given to somebody since."""
    if row.successor_id is None:
        later = Holding.objects.filter(place=row.place_id, post=row.post, first__gte=row.day)
        other = later.select_related("person").first()
        if other is not None:
            said = _("%(who)s已经任这个岗位，不能撤销。")
            raise ValidationError(said % {"who": other.person.name})


def _bring_back_deputies(by: By, now: datetime, row: Handover) -> None:
    for pk, was in row.deputies:
        Deputy.objects.filter(pk=pk).update(last=date.fromisoformat(was) if was else None)
        deputy = Deputy.objects.get(pk=pk)
        fact = happenings.DeputyNamed(
            holding=row.holding_id,
            place=row.place_id,
            post=row.post,
            person=deputy.person_id,
            first=deputy.first,
            last=deputy.last,
        )
        append([Stated(fact, records=[deputy])], by=by, now=now)


def _bring_back(by: By, now: datetime, row: Handover) -> list[tuple[str, int]]:
    """The assignments as they were; the new ones go, and the journal is told which."""
    gone: list[tuple[str, int]] = []
    for old_pk, was, new_pk in row.moved:
        Assignment.objects.filter(pk=old_pk).update(last=date.fromisoformat(was) if was else None)
        old = Assignment.objects.get(pk=old_pk)
        fact = happenings.Assigned(
            student=old.student_id,
            assignment=old.pk,
            person=old.person_id,
            role=old.role,
            first=old.first,
            last=old.last,
        )
        append([Stated(fact, records=[old])], by=by, now=now)
        if new_pk is not None:
            Assignment.objects.filter(pk=new_pk).delete()
            gone.append((label(Assignment), new_pk))
    return gone


def take_over(*, by: By, now: datetime, handover: Handover) -> Handover:
    """The successor says: these matters are in my hands."""
    with transaction.atomic():
        if handover.day > day_of(now):
            raise ValidationError(_("接任日还没到，到那天再确认。"))
        moved = Handover.objects.filter(pk=handover.pk, state=HandoverState.DONE, taken_at=None).update(
            taken_at=now
        )
        if not moved:
            raise ValidationError(_("已经确认过，或者这次交接撤销了。"))
        handover.refresh_from_db()
        person = handover.to_person_id or 0
        fact = happenings.HandoverTaken(handover=handover.pk, place=handover.place_id, person=person)
        append([Stated(fact, records=[handover])], by=by, now=now)
    return handover


def _day(day: date) -> str:
    return date_format(day, "Y-m-d")
