"""A round many hands share: shares are taken, settled, given back when their taker is gone; then all is followed.

Everything is judged as of the round's moment, whoever is at it. Whoever is killed loses nothing: what was not
noted as done is done again, and doing a thing twice changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.db import InterfaceError, OperationalError

from guixiao.facts import SYSTEM
from guixiao.facts.clock import day_of
from guixiao.journal import anchors
from guixiao.journal import queries as journal
from guixiao.journal.append import Touched
from guixiao.journal.models import Chain
from guixiao.notify import actions as notify
from guixiao.policy import Subject, SubjectKind

from .actions import passes, sharing
from .actions.reconcile import Done
from .followers import FOLLOWERS
from .hands import Hand
from .models import Duty, Round
from .settle import settle_subjects

log = logging.getLogger("guixiao.worker")
READER, DAILY = "duties", "daily"
REST = 0.3  # seconds between two looks at a share another worker is at
CAUGHT_UP = 2  # after silence, from two notices on a digest says it all


@dataclass
class Summary:
    """What one tick did."""

    read: int = 0
    done: Done = field(default_factory=Done)
    reminders: int = 0
    digests: int = 0
    anchors: int = 0
    daily: bool = False
    stopped: bool = False
    led: bool = True

    def __str__(self) -> str:
        d = self.done
        return (
            f"read {self.read} entries, looked at {d.subjects} subjects: {len(d.opened)} opened, {len(d.met)} met, "
            f"{len(d.missed)} missed, {len(d.withdrawn)} withdrawn, {len(d.changed)} changed, {d.rungs} rungs; "
            f"{self.reminders} reminders, {self.digests} digests, {self.anchors} anchors"
            + (", day begun" if self.daily else "")
            + (", stopped halfway" if self.stopped else "")
            + ("" if self.led else ", beside another")
        )


def help_along(hand: Hand) -> Done:
    """Take shares of the round another worker leads, until none is free."""
    done = Done()
    row = Round.objects.filter(current=True).first()
    while row is not None and not hand.stop.is_set():
        part = _next_share(row, hand)
        if part is None:
            break
        done.add(part)
    return done


def whole(row: Round, hand: Hand, anchor_file: Path | None, summary: Summary) -> None:
    """Take shares until all are done, others' that time out included; then what comes after all of them."""
    while not hand.stop.is_set():
        part = _next_share(row, hand)
        if part is not None:
            summary.done.add(part)
        elif row.shares.filter(done=False).exists():
            hand.stop.wait(REST)  # another worker is at it
        else:
            break
    if hand.stop.is_set():
        summary.stopped = True
    elif Round.objects.filter(pk=row.pk, current=True).exists():
        _after_all(row, anchor_file, summary)


def _next_share(row: Round, hand: Hand) -> Done | None:
    """Settle one share as of the round's moment; ``None`` when none is free. Tells that this hand is alive."""
    share = sharing.take_share(by=SYSTEM, now=hand.clock(), round_=row, holder=hand.name)
    if share is None:
        return None
    subjects = [Subject(SubjectKind(kind), number) for kind, number in share.subjects]
    done = settle_safely(subjects, row.moment, row.since)
    notify.fold(by=SYSTEM, now=row.moment, flood=flood_of(row))
    again, done.again = done.again, []
    sharing.finish_share(by=SYSTEM, now=hand.clock(), share=share, again=again)
    hand.sign()
    return done


def _after_all(row: Round, anchor_file: Path | None, summary: Summary) -> None:
    """What stands on the duties follows; then the journal counts as read and the day as begun, and last the
    round has ended. Whoever is killed in between is followed by another who does it again."""
    touched = {Touched("student", pk) for pk in row.students} | {Touched("place", pk) for pk in row.places}
    followed(touched, row.moment, summary)
    chains = Chain.objects.in_bulk([chain for chain, _seq in row.read])
    for chain, seq in row.read:
        journal.mark_read(READER, chains[chain], seq)
    if row.daily:
        day = day_of(row.moment)
        summary.anchors = anchors.write(day, anchor_file or anchors.default_file())
        passes.ran(by=SYSTEM, now=row.moment, name=DAILY, day=day)
    summary.digests += notify.fold(by=SYSTEM, now=row.moment, flood=flood_of(row))
    sharing.close(by=SYSTEM, now=row.moment, round_=row)


def flood_of(row: Round) -> int:
    return CAUGHT_UP if row.gap > 1 else notify.FLOOD


def settle_safely(subjects: Iterable[Subject], now: datetime, since: date) -> Done:
    """Settle; a subject that cannot be worked out is set aside and named, and holds up nobody else."""
    subjects = list(subjects)
    try:
        done = settle_subjects(subjects, now, since)
    except (OperationalError, InterfaceError):
        raise  # the database is busy or away: the whole round waits
    except Exception as failed:
        if len(subjects) == 1:
            log.exception("the duties of %s cannot be worked out", subjects[0])
            why = f"{type(failed).__name__}: {failed}"
            sharing.set_aside(by=SYSTEM, now=now, subject=subjects[0], why=why)
            return Done(subjects=1)
        done = Done()
        half = len(subjects) // 2
        for part in (subjects[:half], subjects[half:]):
            done.add(settle_safely(part, now, since))
        return done
    sharing.went_well(by=SYSTEM, now=now, subjects=subjects)
    return done


def followed(touched: set[Touched], now: datetime, summary: Summary) -> None:
    """Let what stands on duties follow them: children who were touched, or of whom something is newly asked."""
    asked = Duty.objects.filter(pk__in=summary.done.opened).exclude(student=None)
    touched = touched | {Touched("student", pk) for pk in asked.values_list("student", flat=True) if pk}
    if touched:
        for follow in FOLLOWERS:
            follow(touched, now)
