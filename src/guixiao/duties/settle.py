"""After a commit: bring the duties of what it touched up to what happened. Idempotent, safe beside others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import Q

from guixiao.facts import SYSTEM
from guixiao.facts.clock import day_of
from guixiao.journal.append import Touched
from guixiao.journal.models import Entry
from guixiao.notify import actions as notify
from guixiao.places import paths
from guixiao.places.models import Kind as PlaceKind
from guixiao.places.models import Place
from guixiao.policy import Outcome, Subject, SubjectKind, evaluate
from guixiao.policy.law import Every

from .actions.reconcile import Done, remember, write
from .adopted import packs
from .gather import Inputs, gather
from .models import Coming, Duty, Turn
from .plan import Plan, plan

BATCH = 40
BRANCHES = 100
LONG_AGO = timedelta(days=200)
ATTEMPTS = 6
AHEAD = timedelta(hours=1)  # how far one clock of the house may run before another, or a round last
LARGE = (PlaceKind.TOWNSHIP, PlaceKind.COUNTY, PlaceKind.PREFECTURE, PlaceKind.PROVINCE)


def settle(touched: Iterable[Touched], now: datetime) -> Done:
    """Reconcile the duties of children and places that a commit touched.

    A class brings along its children who owe or are owed something. Places above the school are left to the
    tick: what changes there touches too many for one request.
    """
    done = settle_subjects(subjects_of(touched, now), now)
    notify.fold(by=SYSTEM, now=now)
    return done


def subjects_of(touched: Iterable[Touched], now: datetime, large: bool = False) -> set[Subject]:
    """The subjects to be looked at again. Five queries, however many were touched."""
    touched = list(touched)
    found = children({item.id for item in touched if item.kind == "student"}, now)
    ids = [item.id for item in touched if item.kind == "place"]
    if not ids:
        return found
    places = list(Place.objects.filter(pk__in=ids))
    for place in places:
        if place.kind in (PlaceKind.CLASS, PlaceKind.SCHOOL):
            found.add(Subject(SubjectKind(place.kind), place.pk))
    return found | _live_beneath([place for place in places if large or place.kind not in LARGE])


def children(ids: set[int], now: datetime) -> set[Subject]:
    """Of these children, those of whom a rule can say anything: once away without leave, a mark corrected, a
    case, or something still demanded. The ill and the newly enrolled need no evaluation."""
    if not ids or _asks_every_child():
        return {Subject(SubjectKind.STUDENT, pk) for pk in ids}
    told = Entry.objects.filter(student__in=ids).filter(
        Q(kind="absence_marked", payload__mark="none", happened_at__gte=now - LONG_AGO)
        | Q(kind__in=("mark_corrected", "case_stage_changed"))
    )
    live = Duty.objects.filter(student__in=ids, demanded=True)
    found = {*told.values_list("student", flat=True), *live.values_list("student", flat=True)}
    return {Subject(SubjectKind.STUDENT, pk) for pk in found if pk}


def _asks_every_child() -> bool:
    """Whether any pack has calendar duties about single children."""
    rules = (rule for pack in packs().values() for rule in pack.rules)
    return any(rule.subject is SubjectKind.STUDENT and isinstance(rule.when, Every) for rule in rules)


def _live_beneath(places: Sequence[Place]) -> set[Subject]:
    """Whoever something is still demanded of at these places or beneath them. Nothing lies beneath a class, so a
    whole county's classes are one list; of other branches a query takes :data:`BRANCHES` at a time (SQLite
    refuses a condition of a thousand parts)."""
    leaves = [place.path for place in places if place.kind == PlaceKind.CLASS]
    found = live_subjects(Q(path__in=leaves)) if leaves else set()
    branches = paths.outermost(place.path for place in places if place.kind != PlaceKind.CLASS)
    for start in range(0, len(branches), BRANCHES):
        part = branches[start : start + BRANCHES]
        found |= live_subjects(paths.beneath_any("path", part) | paths.beneath_any("home_path", part))
    return found


def live_subjects(where: Q) -> set[Subject]:
    """Whoever something is still demanded of. Doubles fall together here: asked for distinct rows, SQLite would
    walk the index of all duties there ever were instead of the place's own."""
    rows = Duty.objects.filter(where, demanded=True).values_list("kind", "subject")
    return {Subject(SubjectKind(kind), subject) for kind, subject in rows}


def settle_subjects(subjects: Iterable[Subject], now: datetime, since: date | None = None) -> Done:
    """Reconcile these subjects; calendar occurrences from ``since`` (default: today) on.

    What another writer was at in all attempts stands in ``again``: its facts are not settled yet.
    """
    done = Done()
    waiting = sorted(set(subjects))
    for _attempt in range(ATTEMPTS):
        again: list[Subject] = []
        for batch in _batches(waiting):
            part = _settle_batch(batch, now, since or day_of(now), forward=since is not None)
            again += part.again
            part.again = []
            done.add(part)
        if not again:
            break
        waiting = sorted(again)
    else:
        done.again = waiting
    return done


def _batches(subjects: Sequence[Subject]) -> Iterator[Sequence[Subject]]:
    for start in range(0, len(subjects), BATCH):
        yield subjects[start : start + BATCH]


def _settle_batch(subjects: Sequence[Subject], now: datetime, since: date, forward: bool) -> Done:
    done = Done()
    plans = make_plans(subjects, now, since, forward)
    cached = [each for each in plans if each.empty]
    remember(by=SYSTEM, now=now, plans=cached)
    counting = sorted((each for each in plans if not each.empty), key=lambda each: each.inputs.org)
    for org, group in groupby(counting, key=lambda each: each.inputs.org):
        mine = list(group)
        part = write(by=replace(SYSTEM, org=org), now=now, plans=mine)
        remember(by=SYSTEM, now=now, plans=[p for p in mine if p.inputs.subject not in part.again])
        done.add(part)
    done.subjects = len(subjects)
    return done


def make_plans(subjects: Sequence[Subject], now: datetime, since: date, forward: bool) -> list[Plan]:
    """Read everything, ask the engine, compare with what is stored. Turns are read first: see :class:`Turn`.

    ``forward``: leave alone what a later round has judged (this one has been overtaken)."""
    turns = _turns(subjects)
    stored = _stored(subjects, since)
    coming = _coming(subjects)
    still = {subject: _still(duties) for subject, duties in stored.items()}
    inputs = gather(subjects, day_of(now), since, {day for days in still.values() for day in days})
    plans = []
    for subject, each in inputs.items():
        turn, judged = turns.get(subject, (0, None))
        if forward and judged is not None and judged > now + AHEAD:
            continue
        moment = latest(now, each, judged)
        asked = demanded_of(each, moment, since, still.get(subject, frozenset()))
        plans.append(plan(each, turn, stored.get(subject, []), coming.get(subject, []), asked, moment))
    return plans


def latest(now: datetime, inputs: Inputs, judged: datetime | None) -> datetime:
    """The moment to judge by: ``now``, or that of the latest fact or judgement if another writer was quicker.

    A round begins at one moment and ends later; what is committed meanwhile is known, and to judge without it
    would take back what its own request has settled. A moment too far ahead is a clock gone wrong, or a
    practice county's that was turned back, and is left aside.
    """
    known = [happened.recorded for happened in inputs.facts]
    if judged is not None:
        known.append(judged)
    return max([now, *(moment for moment in known if moment <= now + AHEAD)])


def demanded_of(
    inputs: Inputs, now: datetime, since: date | None, still: frozenset[date] = frozenset()
) -> Sequence[Outcome]:
    """The engine's word. A person owes only what a post of his or hers is asked for."""
    found = evaluate(
        inputs.subject,
        inputs.facts,
        inputs.standing,
        inputs.calendar,
        inputs.packs,
        now,
        since=since,
        still=still,
    )
    if inputs.subject.kind is not SubjectKind.PERSON:
        return found
    posts = {held.post for held in inputs.standing.holdings}
    return [outcome for outcome in found if outcome.accountable.asked in posts]


def _turns(subjects: Sequence[Subject]) -> dict[Subject, tuple[int, datetime | None]]:
    rows = Turn.objects.filter(_are(subjects)).values_list("kind", "subject", "number", "at")
    return {Subject(SubjectKind(kind), subject): (number, at) for kind, subject, number, at in rows}


def _stored(subjects: Sequence[Subject], since: date) -> dict[Subject, list[Duty]]:
    """All duties of children; of places and people those still demanded, those of the days looked at, and what
    else was asked for on a day that something is still demanded about."""
    rows = _rows(subjects, Q(kind="student") | Q(demanded=True) | Q(day__gte=since))
    still = {day for day in _still(rows) if day < since}
    if still:
        rows += _rows(subjects, Q(day__in=still, demanded=False) & ~Q(kind="student"))
    found: dict[Subject, list[Duty]] = {}
    for duty in sorted(rows, key=lambda duty: (duty.episode, duty.pk)):
        found.setdefault(Subject(SubjectKind(duty.kind), duty.subject), []).append(duty)
    return found


def _rows(subjects: Sequence[Subject], which: Q) -> list[Duty]:
    return list(Duty.objects.filter(_are(subjects), which).defer("reasons").prefetch_related("rungs"))


def _coming(subjects: Sequence[Subject]) -> dict[Subject, list[Coming]]:
    found: dict[Subject, list[Coming]] = {}
    for row in Coming.objects.filter(_are(subjects)):
        found.setdefault(Subject(SubjectKind(row.kind), row.subject), []).append(row)
    return found


def _are(subjects: Sequence[Subject]) -> Q:
    wanted = Q(pk__in=[])
    for kind, group in groupby(sorted(subjects), key=lambda subject: subject.kind):
        wanted |= Q(kind=kind.value, subject__in=[subject.id for subject in group])
    return wanted


def _still(duties: Sequence[Duty]) -> frozenset[date]:
    """The days anything still demanded is about. An occurrence in between that has ended is not looked at again."""
    demanded = [duty for duty in duties if duty.demanded]
    days = {date.fromisoformat(day) for duty in demanded for day in duty.days}
    return frozenset(days | {duty.day for duty in demanded})
