"""Writes to calendars: terms, and decisions that school is held or closed.

The past is left alone: a day that had a roll call was a school day, a day that is over does not become one, and
what is taken back is taken back from today on. Otherwise a calendar would be a way out of duties (A11-06).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guixiao.facts import By, happenings
from guixiao.facts.clock import day_of, days, end_of, start_of
from guixiao.journal.append import Stated, append
from guixiao.journal.models import Entry
from guixiao.places import paths, wording
from guixiao.places.calendars import calendar_of
from guixiao.places.models import Kind, Overlay, Place, SchoolTerm
from guixiao.places.terms import check_term

LONGEST = 60
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Decision:
    """School is held, or closed, from ``first`` to ``last`` (both included), and why."""

    first: date
    last: date
    is_school: bool
    reason: str


def set_term(*, by: By, now: datetime, place: Place, code: str, first: date, last: date) -> SchoolTerm:
    """Set or move a term of ``place``. Raises ``ValidationError`` by field: see :func:`places.terms.check_term`."""
    with transaction.atomic():
        check_term(place, code, first, last, day_of(now))
        term, _made = SchoolTerm.objects.update_or_create(
            place=place, code=code, defaults={"first": first, "last": last}
        )
        fact = happenings.TermSet(place=place.pk, code=code, first=first, last=last)
        append([Stated(fact, records=[term])], by=by, now=now)
    return term


def remove_term(*, by: By, now: datetime, term: SchoolTerm) -> None:
    """Take a term away that has not begun: what the place above set holds again."""
    if term.first <= day_of(now):
        raise ValidationError(_("%(code)s 学期已经开始，不能去掉。可以改最后一天。") % {"code": term.code})
    with transaction.atomic():
        pk = term.pk
        fact = happenings.TermSet(
            place=term.place_id, code=term.code, first=term.first, last=term.last, change="withdrawn"
        )
        if not SchoolTerm.objects.filter(pk=pk).delete()[0]:
            raise ValidationError(_("这个学期刚被别人去掉了。请刷新再看。"))
        append([Stated(fact, gone=[(SchoolTerm._meta.label, pk)])], by=by, now=now)


def set_days(
    *, by: By, now: datetime, place: Place, first: date, last: date, is_school: bool, reason: str
) -> Overlay:
    """Decide that school is held, or closed, from ``first`` to ``last`` at ``place`` and beneath.

    Raises ``ValidationError`` by field: the days in the wrong order or too many, a day that is over made a school
    day, a day with a roll call closed.
    """
    decision = Decision(first, last, is_school, reason)
    with transaction.atomic():
        check_days(place, decision, day_of(now))
        overlay, stated = _set(place, decision)
        append([stated], by=by, now=now)
    return overlay


def replace_days(
    *, by: By, now: datetime, overlay: Overlay, first: date, last: date, is_school: bool, reason: str
) -> Overlay:
    """Decide anew about the days of an earlier decision: that one is taken back, and both stay on record."""
    decision = Decision(first, last, is_school, reason)
    with transaction.atomic():
        gone = _withdraw(overlay, day_of(now))
        check_days(overlay.place, decision, day_of(now), kept=kept_of(overlay, day_of(now)))
        made, stated = _set(overlay.place, decision)
        append([*gone, stated], by=by, now=now)
    return made


def withdraw_days(*, by: By, now: datetime, overlay: Overlay) -> Overlay:
    """Take a decision back. Days that are over keep it; one that is wholly over stays as it is."""
    with transaction.atomic():
        stated = _withdraw(overlay, day_of(now))
        append(stated, by=by, now=now)
    return overlay


def kept_of(overlay: Overlay, today: date) -> Decision | None:
    """What stays of a decision that is taken back: its days before today."""
    if overlay.first >= today:
        return None
    return Decision(overlay.first, min(overlay.last, today - DAY), overlay.is_school, overlay.reason)


def check_days(place: Place, decision: Decision, today: date, kept: Decision | None = None) -> None:
    """Whether ``place`` may decide this today; raises ``ValidationError`` at the field. ``kept``: what already
    stands about days that are over."""
    first, last = decision.first, decision.last
    if last < first:
        raise ValidationError({"last": _("最后一天不能早于第一天。")})
    if (last - first).days + 1 > LONGEST:
        raise ValidationError(
            {"last": _("一次最多定 %(n)s 天。更长的请改学期，或分几次定。") % {"n": LONGEST}}
        )
    if not decision.reason.strip() or len(decision.reason) > 40:
        raise ValidationError({"note": _("请写明为什么，连同种类一共不超过四十个字。")})
    same = Overlay.objects.filter(
        place=place, withdrawn=False, first=first, last=last, is_school=decision.is_school
    )
    if kept is None and same.exists():
        raise ValidationError({"first": _("这里已经这样定过了。要改原因，请打开那个决定改。")})
    settled = set(days(kept.first, kept.last)) if kept and kept.is_school == decision.is_school else set()
    over = [day for day in days(first, last) if day < today and day not in settled]
    calendar = calendar_of(place)
    if decision.is_school:
        made = [day for day in over if not calendar.is_school_day(day)]
        if made:
            raise ValidationError(
                {
                    "first": _(
                        "%(day)s已经过去，不能补定为上课：那天没点名，会变成查不清的一天。请从今天起定。"
                    )
                    % {"day": wording.day(made[0])}
                }
            )
        return
    _not_called(place, [day for day in days(first, last) if day < today and day not in settled])


def _not_called(place: Place, closed: list[date]) -> None:
    """A day on which the roll was called was a school day."""
    if not closed:
        return
    classes = Place.objects.filter(paths.beneath("path", place.path), kind=Kind.CLASS).values("pk")
    called = Entry.objects.filter(
        kind="roll_call_taken",
        place__in=classes,
        happened_at__gte=start_of(min(closed)),
        happened_at__lte=end_of(max(closed)) + DAY,
        payload__day__in=[day.isoformat() for day in closed],
    )
    found = called.order_by("payload__day").values_list("payload__day", flat=True).first()
    if found is not None:
        raise ValidationError(
            {
                "first": _("%(day)s已经点过名，说明上了课，不能再定为停课。点错了名请先更正。")
                % {"day": wording.day(date.fromisoformat(found))}
            }
        )


def _set(place: Place, decision: Decision) -> tuple[Overlay, Stated]:
    overlay = Overlay.objects.create(
        place=place,
        first=decision.first,
        last=decision.last,
        is_school=decision.is_school,
        reason=decision.reason.strip(),
    )
    fact = happenings.CalendarChanged(
        place=place.pk, first=decision.first, last=decision.last, overlay=overlay.pk
    )
    return overlay, Stated(fact, records=[overlay])


def _withdraw(overlay: Overlay, today: date) -> list[Stated]:
    if overlay.last < today:
        raise ValidationError(_("这些天已经过去，不能撤。它怎样定的就怎样留着。"))
    if not Overlay.objects.filter(pk=overlay.pk, withdrawn=False).update(withdrawn=True):
        raise ValidationError(_("这个决定刚被别人撤了。请刷新再看。"))
    overlay.refresh_from_db()
    fact = happenings.CalendarChanged(
        place=overlay.place_id, first=max(overlay.first, today), last=overlay.last, overlay=overlay.pk,
        change="withdrawn",
    )  # fmt: skip
    stated = [Stated(fact, records=[overlay])]
    kept = kept_of(overlay, today)
    if kept is not None:
        stated.append(_set(overlay.place, kept)[1])
    return stated
