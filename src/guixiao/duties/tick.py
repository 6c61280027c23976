"""What time brings: unsettled entries, deadlines, rungs, calendar duties, reminders, anchors.

Safe to run as often as one likes, beside others, and after a week of silence: everything it does is done
once. Work grows with news and with what is still demanded; calendar duties with classes, schools, teachers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db.models import F, Q, QuerySet

from guixiao.facts import SYSTEM
from guixiao.facts.clock import at, day_of
from guixiao.journal import anchors
from guixiao.journal import queries as journal
from guixiao.journal.append import Touched
from guixiao.journal.models import Chain, Entry
from guixiao.notify import actions as notify
from guixiao.places import paths
from guixiao.places.models import Holding, Place
from guixiao.places.models import Kind as PlaceKind
from guixiao.policy import Subject, SubjectKind

from .actions import passes
from .actions.reconcile import Done
from .adopted import packs
from .followers import EARLIER, FOLLOWERS
from .models import Adoption, Duty, Pass, State
from .settle import live_subjects, settle_subjects, subjects_of

OWN = (
    "duty_opened",
    "duty_met",
    "duty_missed",
    "duty_withdrawn",
    "duty_escalated",
    "duty_changed",
    "reminded",
)
BINDING = ("calendar_changed", "term_set", "pack_adopted")
READER = "duties"
DAILY = "daily"
LONGEST_GAP = timedelta(days=60)
RECENT = timedelta(days=35)
BEFORE = timedelta(minutes=15)
MORNING, AFTERNOON = 8, 16
LIMIT = 20_000  # entries a chain and tick; what is left waits for the next


@dataclass
class Summary:
    """What one tick did."""

    read: int = 0
    done: Done = field(default_factory=Done)
    reminders: int = 0
    digests: int = 0
    anchors: int = 0
    daily: bool = False

    def __str__(self) -> str:
        d = self.done
        return (
            f"read {self.read} entries, looked at {d.subjects} subjects: {len(d.opened)} opened, {len(d.met)} met, "
            f"{len(d.missed)} missed, {len(d.withdrawn)} withdrawn, {len(d.changed)} changed, {d.rungs} rungs; "
            f"{self.reminders} reminders, {self.digests} digests, {self.anchors} anchors"
            + (", day begun" if self.daily else "")
        )


def tick(now: datetime, *, anchor_file: Path | None = None) -> Summary:
    """Everything that is due at ``now``. Each subject is looked at once; cursors move only after that."""
    summary = Summary()
    today = day_of(now)
    last = Pass.objects.filter(name=DAILY).values_list("day", flat=True).first()
    if last is not None and last > today:
        return summary  # another round has begun a later day: to go back would take its duties away again
    summary.daily = last is None or last < today
    for early in EARLIER:
        early(now)
    news = _news(now, summary)
    subjects = news.subjects | (_daily(now) if summary.daily else live_subjects(Q(look_at__lte=now)))
    since = max(last, today - LONGEST_GAP) if last and summary.daily else today
    summary.done.add(settle_subjects(subjects, now, since))
    for chain, seq in news.read:
        journal.mark_read(READER, chain, seq)
    _followed(news.touched, now, summary)
    if summary.daily:
        summary.anchors = anchors.write(today, anchor_file or anchors.default_file())
        passes.ran(by=SYSTEM, now=now, name=DAILY, day=today)
    summary.reminders = _remind(now)
    summary.digests = notify.fold(by=SYSTEM, now=now)
    return summary


@dataclass
class News:
    """What the journal says that no request has settled, and how far it was read."""

    touched: set[Touched] = field(default_factory=set)
    subjects: set[Subject] = field(default_factory=set)
    read: list[tuple[Chain, int]] = field(default_factory=list)


def _news(now: datetime, summary: Summary) -> News:
    """Each chain by its own sequence: a global id would lose rows committed out of order."""
    news = News()
    bound: set[int] = set()
    for chain, entries in journal.unread(READER, LIMIT):
        fresh = [entry for entry in entries if entry.kind not in OWN]
        bound |= {entry.place for entry in fresh if entry.kind in BINDING and entry.place}
        summary.read += len(fresh)
        news.touched |= _touched(fresh)
        news.subjects |= _visitors(fresh)
        news.read.append((chain, entries[-1].seq))
    news.subjects |= subjects_of(news.touched, now, large=True)
    if bound:
        branches = list(Place.objects.filter(pk__in=bound).values_list("path", flat=True))
        news.subjects |= calendar_subjects(day_of(now), branches)
    return news


def _touched(entries: list[Entry]) -> set[Touched]:
    found = {Touched("student", entry.student) for entry in entries if entry.student}
    return found | {Touched("place", entry.place) for entry in entries if entry.place}


def _visitors(entries: list[Entry]) -> set[Subject]:
    """Whose quota a visit counts for."""
    people = {person for entry in entries for person in entry.payload.get("people", ()) if entry.student}
    return {Subject(SubjectKind.PERSON, person) for person in people}


def _followed(touched: set[Touched], now: datetime, summary: Summary) -> None:
    """Let what stands on duties follow them: children who were touched, or of whom something is newly asked."""
    asked = Duty.objects.filter(pk__in=summary.done.opened).exclude(student=None)
    touched = touched | {Touched("student", pk) for pk in asked.values_list("student", flat=True) if pk}
    if touched:
        for follow in FOLLOWERS:
            follow(touched, now)


def _daily(now: datetime) -> set[Subject]:
    """Once a day: whatever is demanded, whoever was away without leave lately, and the calendar."""
    absent = Entry.objects.filter(kind="absence_marked", happened_at__gte=now - RECENT, payload__mark="none")
    children = {Subject(SubjectKind.STUDENT, pk) for pk in absent.values_list("student", flat=True) if pk}
    return children | live_subjects(Q()) | calendar_subjects(day_of(now))


def calendar_subjects(today: date, within: Iterable[str] | None = None) -> set[Subject]:
    """Every class, school and teacher for whom some adopted pack has calendar rules, or those in some branches."""
    found: set[Subject] = set()
    asked = Q() if within is None else paths.beneath_any("path", within)
    for kind, branches, posts in _calendar_rules(today):
        where = paths.beneath_any("path", branches) & asked
        if kind is SubjectKind.PERSON:
            seats = Place.objects.filter(where, kind=PlaceKind.CLASS)
            rows = Holding.objects.filter(place__in=seats, post__in=posts).filter(
                Q(last=None) | Q(last__gte=today)
            )
            found |= {Subject(kind, pk) for pk in rows.values_list("person", flat=True)}
        else:
            places = Place.objects.filter(where, kind=kind.value, closed_on=None)
            found |= {Subject(kind, pk) for pk in places.values_list("pk", flat=True)}
    return found


def _calendar_rules(today: date) -> Iterator[tuple[SubjectKind, list[str], set[str]]]:
    adoptions = Adoption.objects.filter(Q(last=None) | Q(last__gte=today), first__lte=today)
    rows = [
        (row.place.path, packs()[row.pack])
        for row in adoptions.select_related("place")
        if row.pack in packs()
    ]
    for kind in (SubjectKind.CLASS, SubjectKind.SCHOOL, SubjectKind.PERSON):
        rules = [(path, rule) for path, pack in rows for rule in pack.rules if rule.subject is kind]
        if rules:
            yield kind, paths.outermost(path for path, _rule in rules), {rule.who for _path, rule in rules}


def _remind(now: datetime) -> int:
    """Shortly before a deadline; for one at the end of the day at four in the afternoon; each morning after."""
    today = day_of(now)
    near = list(_open(due__gt=now, due__lte=now + BEFORE, opened_at__lte=now - BEFORE))
    if now >= at(today, AFTERNOON) and _first_today("afternoon", now):
        near += list(_open(due__gt=now, due__lte=at(today, 23, 59, 59), opened_at__lt=at(today, AFTERNOON)))
    sent = passes.remind_before(by=SYSTEM, now=now, duties=near) if near else 0
    morning = at(today, MORNING)
    if now >= morning and _first_today("morning", now):
        late = Duty.objects.filter(state=State.MISSED, demanded=True, missed_at__lt=morning)
        sent += passes.remind_after(by=SYSTEM, now=now, duties=late, day=today)
    return sent


def _first_today(name: str, now: datetime) -> bool:
    """Whether this pass has not run today; remembers that it has."""
    today = day_of(now)
    if Pass.objects.filter(name=name, day__gte=today).exists():
        return False
    passes.ran(by=SYSTEM, now=now, name=name, day=today)
    return True


def _open(**where: datetime) -> QuerySet[Duty]:
    """Open duties that were not born so near their deadline that a reminder is noise."""
    return Duty.objects.filter(state=State.OPEN, **where).exclude(due__lte=F("opened_at") + BEFORE)
