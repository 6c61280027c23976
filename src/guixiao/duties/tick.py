"""What time brings: unsettled entries, deadlines, rungs, calendar duties, reminders, anchors.

Safe to run as often as one likes, beside others, and after a week of silence: everything it does is done
once. Work grows with news and with what is still demanded; calendar duties with classes, schools, teachers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import takewhile
from pathlib import Path

from django.db.models import Q

from guixiao.facts import SYSTEM
from guixiao.facts.clock import day_of
from guixiao.journal import queries as journal
from guixiao.journal.append import Touched
from guixiao.journal.models import Chain, Entry
from guixiao.notify import actions as notify
from guixiao.policy import Subject, SubjectKind

from .actions import sharing
from .followers import EARLIER
from .hands import Hand, alone
from .models import Pass, Round
from .occasions import of_a_new_day
from .reminding import remind
from .settle import AHEAD, live_subjects, subjects_of
from .shares import CAUGHT_UP, DAILY, READER, Summary, settle_safely, whole
from .shares import followed as _followed

OWN = (
    "duty_opened",
    "duty_met",
    "duty_missed",
    "duty_withdrawn",
    "duty_escalated",
    "duty_changed",
    "reminded",
)
LONGEST_GAP = timedelta(days=60)
LIMIT = 20_000  # entries a chain and tick; what is left waits for the next
LARGE = 240  # subjects from which on a round is shared


def tick(now: datetime, *, anchor_file: Path | None = None, hand: Hand | None = None) -> Summary:
    """Everything that is due at ``now``. Each subject is looked at once; cursors move only after that.

    Whoever calls needs no lease: two at once do some work twice and nothing twice over. A round that somebody
    began and left is ended first, at its own moment.
    """
    hand = hand or alone(now)
    summary = Summary()
    if _overtaken(now):
        return summary  # another round has begun a later day: to go back would take its duties away again
    _end_what_was_begun(now, hand, anchor_file, summary)
    if summary.stopped:
        return summary
    for early in EARLIER:
        early(now)
    news = _news(now, summary)
    today, last = day_of(now), _last_day()
    summary.daily = last is None or last < today
    subjects = news.subjects | (of_a_new_day(now) if summary.daily else live_subjects(Q(look_at__lte=now)))
    since = max(last, today - LONGEST_GAP) if last and summary.daily else today
    gap = (today - last).days if last and summary.daily else 0
    if summary.daily or len(subjects) > LARGE:
        row = _round(now, since, summary.daily, gap, news)
        if sharing.begin(by=SYSTEM, now=now, round_=row, subjects=subjects) is not None:
            whole(row, hand, anchor_file, summary)
    else:
        _at_once(subjects, since, news, now, summary)
    if not summary.stopped:
        summary.reminders = remind(now)
        summary.digests += notify.fold(by=SYSTEM, now=now, flood=CAUGHT_UP if gap > 1 else notify.FLOOD)
    return summary


def _overtaken(now: datetime) -> bool:
    last = _last_day()
    return last is not None and last > day_of(now)


def _last_day() -> date | None:
    return Pass.objects.filter(name=DAILY).values_list("day", flat=True).first()


def _end_what_was_begun(now: datetime, hand: Hand, anchor_file: Path | None, summary: Summary) -> None:
    """A round still under way: ended together with whoever is at it, or given up when its moment is long past
    (nothing is lost by that: its entries are unread and its day has not been noted)."""
    row = Round.objects.filter(current=True).first()
    if row is None:
        return
    if abs(now - row.moment) < AHEAD and day_of(row.moment) == day_of(now):
        whole(row, hand, anchor_file, summary)
    else:
        sharing.close(by=SYSTEM, now=now, round_=row)


def _at_once(subjects: set[Subject], since: date, news: News, now: datetime, summary: Summary) -> None:
    """A small round, the usual one: settled here and now, and read only when all of it is."""
    summary.done.add(settle_safely(subjects, now, since))
    _followed(news.touched, now, summary)
    if not summary.done.again:
        for chain, seq in news.read:
            journal.mark_read(READER, chain, seq)


def _round(now: datetime, since: date, daily: bool, gap: int, news: News) -> Round:
    return Round(
        moment=now,
        since=since,
        daily=daily,
        gap=gap,
        read=[[chain.pk, seq] for chain, seq in news.read],
        students=sorted(item.id for item in news.touched if item.kind == "student"),
        places=sorted(item.id for item in news.touched if item.kind == "place"),
    )


@dataclass
class News:
    """What the journal says that no request has settled, and how far it was read."""

    touched: set[Touched] = field(default_factory=set)
    subjects: set[Subject] = field(default_factory=set)
    read: list[tuple[Chain, int]] = field(default_factory=list)


def _news(now: datetime, summary: Summary) -> News:
    """Each chain by its own sequence: a global id would lose rows committed out of order.

    An entry of a clock that runs far ahead of ours waits until we are there: it would not be seen yet.
    What was opened by whoever was killed before the cases followed is followed now.
    """
    news = News()
    changed: set[Touched] = set()
    for chain, entries in journal.unread(READER, LIMIT):
        known = list(takewhile(lambda entry: entry.recorded_at <= now + AHEAD, entries))
        if not known:
            continue
        fresh = [entry for entry in known if entry.kind not in OWN]
        summary.read += len(fresh)
        changed |= _touched(fresh)
        news.touched |= {
            Touched("student", e.student) for e in known if e.kind == "duty_opened" and e.student
        }
        news.subjects |= _visitors(fresh)
        news.read.append((chain, known[-1].seq))
    news.subjects |= subjects_of(changed, now, large=True)
    news.touched |= changed
    return news


def _touched(entries: list[Entry]) -> set[Touched]:
    found = {Touched("student", entry.student) for entry in entries if entry.student}
    return found | {Touched("place", entry.place) for entry in entries if entry.place}


def _visitors(entries: list[Entry]) -> set[Subject]:
    """Whose quota a visit counts for."""
    people = {person for entry in entries for person in entry.payload.get("people", ()) if entry.student}
    return {Subject(SubjectKind.PERSON, person) for person in people}
