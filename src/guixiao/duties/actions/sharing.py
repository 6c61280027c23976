"""Who leads, who is alive, whose share of a round is whose: every write of what the workers share.

Each is a compare and set, so that two of them at once leave one winner on either engine. A worker that is gone
without a word loses what it held when its time is over, or at once where another can see that it is gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from guixiao.duties.hands import gone
from guixiao.duties.models import Lease, Round, Share, Stuck, Worker
from guixiao.facts import By
from guixiao.policy import Subject

HOLD = timedelta(seconds=60)
SHARE = 120  # subjects: a few seconds of work, well within HOLD
FORGOTTEN = timedelta(days=7)


def beat(*, by: By, now: datetime, name: str, took: float | None = None, failure: str = "") -> None:
    """Say that this worker is alive; ``took`` (seconds) that a whole round went well, ``failure`` that one did not."""
    new: dict[str, object] = {"seen_at": now}
    if took is not None:
        new |= {"round_at": now, "took": took}
    if failure:
        new |= {"failed_at": now, "failure": failure[:200]}
    if not Worker.objects.filter(name=name).update(**new):
        Worker.objects.filter(seen_at__lt=now - FORGOTTEN).delete()
        Worker.objects.update_or_create(name=name, defaults=new, create_defaults=new | {"started_at": now})


def leave(*, by: By, now: datetime, name: str) -> None:
    """This worker ends in good order: it is not missed, and what it held is free."""
    Worker.objects.filter(name=name).delete()
    Lease.objects.filter(holder=name).update(holder="", until=None)
    Share.objects.filter(holder=name, done=False).update(holder="", until=None)


def lead(*, by: By, now: datetime, name: str, holder: str) -> bool:
    """Take or renew a lease. Whether it is the holder's now."""
    row = Lease.objects.filter(name=name).first() or Lease.objects.get_or_create(name=name)[0]
    if _held(row.holder, row.until, holder, now):
        return False
    mine = Lease.objects.filter(pk=row.pk, holder=row.holder, until=row.until)
    return bool(mine.update(holder=holder, until=now + HOLD))


def renew(*, by: By, now: datetime, name: str, holder: str) -> None:
    """Keep a lease that is the holder's still; one that another has taken since stays theirs."""
    Lease.objects.filter(name=name, holder=holder).update(until=now + HOLD)


def release(*, by: By, now: datetime, name: str, holder: str) -> None:
    Lease.objects.filter(name=name, holder=holder).update(holder="", until=None)


def _held(holder: str, until: datetime | None, me: str, now: datetime) -> bool:
    """Whether somebody else has it. A time far ahead was set by a clock that has been turned back since."""
    if holder in ("", me) or until is None or gone(holder):
        return False
    return now < until <= now + 2 * HOLD


def begin(*, by: By, now: datetime, round_: Round, subjects: Iterable[Subject]) -> Round | None:
    """Store a round and its shares. ``None`` when another is under way."""
    waiting = [[subject.kind.value, subject.id] for subject in sorted(set(subjects))]
    parts = [waiting[start : start + SHARE] for start in range(0, len(waiting), SHARE)]
    try:
        with transaction.atomic():
            round_.current = True
            round_.save(force_insert=True)
            Share.objects.bulk_create(
                Share(round=round_, number=number, subjects=part) for number, part in enumerate(parts)
            )
    except IntegrityError:
        return None
    return round_


def take_share(*, by: By, now: datetime, round_: Round, holder: str) -> Share | None:
    """A share nobody is at, the holder's for a minute."""
    open_ = Share.objects.filter(round=round_, done=False, round__current=True).order_by("number")
    for pk, other, until in open_.values_list("pk", "holder", "until"):
        mine = Share.objects.filter(pk=pk, done=False, holder=other, until=until)
        if not _held(other, until, holder, now) and mine.update(holder=holder, until=now + HOLD):
            return Share.objects.filter(pk=pk).first()
    return None


def finish_share(*, by: By, now: datetime, share: Share, again: Sequence[Subject] = ()) -> None:
    """It is done, or what another writer was at in the meantime is left for the next taker."""
    row = Share.objects.filter(pk=share.pk)
    if again:
        left = [[subject.kind.value, subject.id] for subject in again]
        row.update(subjects=left, holder="", until=None)
    else:
        row.update(done=True)


def close(*, by: By, now: datetime, round_: Round) -> bool:
    """The round has ended, finished or given up; whether it was still under way."""
    with transaction.atomic():
        ended = Round.objects.filter(pk=round_.pk, current=True).update(current=None)
        Share.objects.filter(round=round_).delete()
        Round.objects.filter(pk=round_.pk).delete()
    return bool(ended)


def set_aside(*, by: By, now: datetime, subject: Subject, why: str) -> None:
    """These duties could not be worked out: said on the health page, tried again whenever the subject is."""
    Stuck.objects.get_or_create(
        kind=subject.kind.value, subject=subject.id, defaults={"since": now, "why": why[:300]}
    )


def went_well(*, by: By, now: datetime, subjects: Iterable[Subject]) -> None:
    """Whatever of these was set aside is so no longer."""
    stuck = {(row.kind, row.subject) for row in Stuck.objects.all()}
    for kind, number in stuck & {(subject.kind.value, subject.id) for subject in subjects}:
        Stuck.objects.filter(Q(kind=kind, subject=number)).delete()
