"""What happened to the child of a case, newest first, each event with the clause it answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from guixiao.access.actor import Actor
from guixiao.duties.models import Duty
from guixiao.facts import Fact
from guixiao.facts import happenings as h
from guixiao.facts.clock import start_of
from guixiao.facts.codes import Mark
from guixiao.facts.posts import POSTS
from guixiao.journal.models import Entry
from guixiao.journal.queries import Told, told
from guixiao.places.models import Person
from guixiao.policy.acts import ACTS
from guixiao.rollcall.models import MARKS
from guixiao.visits.models import Visit
from guixiao.visits.queries import Shown, harm_of_student, in_words
from guixiao.visits.words import MEANS, OUTCOMES

from .models import Case
from .queries import names
from .reasons import title_of
from .stages import RISKS, WORDS

BEFORE = timedelta(days=30)
PAGE = 30
HIDDEN = (
    "duty_opened",
    "duty_met",
    "duty_withdrawn",
    "reminded",
    "key_group_set",
    "student_changed",
    "file_stored",
)


@dataclass(frozen=True, slots=True)
class Chip:
    """A clause beside an event."""

    title: str
    article: str
    says: str


@dataclass(slots=True)
class Event:
    """One thing that happened, as the page and the print show it."""

    at: datetime
    icon: str
    title: str
    text: str = ""
    who: str = ""
    url: str = ""
    alarm: bool = False
    chips: list[Chip] = field(default_factory=list)


def timeline(actor: Actor, case: Case, more: bool = False) -> tuple[list[Event], bool]:
    """The events of a case and whether there are older ones that are not shown."""
    limit = 2000 if more else PAGE
    since = start_of(case.opened_day) - BEFORE
    entries = (
        Entry.objects.filter(student=case.student_id, happened_at__gte=since)
        .exclude(chain__name__startswith="looks:")
        .exclude(kind__in=HIDDEN)
    )
    if case.closed_at:
        entries = entries.filter(recorded_at__lte=case.closed_at)
    if not harm_of_student(actor, case.student):  # a report of harm is for its few readers only
        entries = entries.exclude(kind="reported", payload__act="harm")
    rows = list(entries.order_by("-happened_at", "-pk")[: limit + 1])
    facts = [told(entry) for entry in rows[:limit]]
    return _events(case, facts), len(rows) > limit


def _events(case: Case, facts: list[Told]) -> list[Event]:
    known = _Known(case, facts)
    events = []
    for one in facts:
        event = _event(one, known)
        event.who = known.who(one)
        event.chips += known.chips.get(one.entry, [])
        events.append(event)
    return events


class _Known:
    """What the events refer to, fetched together."""

    def __init__(self, case: Case, facts: list[Told]) -> None:
        self.names = names({one.account for one in facts})
        ids = {pk for one in facts if (pk := getattr(one.fact, "visit", None))}
        rows = Visit.objects.filter(pk__in=ids).prefetch_related("went")
        self.visits: dict[int, Shown] = {row.pk: in_words(row) for row in rows}
        people = {pk for one in facts if (pk := getattr(one.fact, "person", None))}
        self.people = dict(Person.objects.filter(pk__in=people).values_list("pk", "name"))
        duties = Duty.objects.filter(student=case.student_id)
        self.duties = {duty.pk: duty for duty in duties}
        self.chips: dict[int, list[Chip]] = {}
        for duty in self.duties.values():
            if duty.met_by:
                _once(self.chips.setdefault(duty.met_by, []), chip(duty))

    def who(self, one: Told) -> str:
        if not one.account:
            return _("系统")
        post = POSTS[one.post].zh if one.post in POSTS else ""
        return f"{self.names.get(one.account, '')} {post}".strip()


def chip(duty: Duty) -> Chip:
    return Chip(duty.clause_title, duty.clause_article, duty.clause_says)


def _once(chips: list[Chip], new: Chip) -> None:
    if new not in chips:
        chips.append(new)


def _event(one: Told, known: _Known) -> Event:
    fact = one.fact
    event = Event(one.happened_at, "circle", _(type(fact).title))
    if isinstance(fact, h.HomeVisitMade | h.ContactMade):
        return _visit(event, fact, known.visits.get(fact.visit))
    if isinstance(fact, h.DutyMissed | h.DutyEscalated | h.DutyWaived):
        return _duty(event, fact, known)
    if isinstance(fact, h.Assigned):
        event.icon, event.text = "user-plus", known.people.get(fact.person, "")
        return event
    return _case(event, fact) or _register(event, fact)


def _visit(event: Event, fact: h.HomeVisitMade | h.ContactMade, shown: Shown | None) -> Event:
    event.icon = "walk" if isinstance(fact, h.HomeVisitMade) else "phone"
    event.title = f"{MEANS[fact.means]}：{OUTCOMES[fact.outcome][0]}"
    event.url = reverse("visits:show", args=[fact.visit])
    if shown is not None:
        went = "、".join(name for name, _post in shown.went)
        words = shown.visit.child_words
        said = _("孩子：“%(words)s”") % {"words": _short(words)} if words else ""
        event.text = " ".join(part for part in (went, said) if part)
    return event


def _duty(event: Event, fact: h.DutyMissed | h.DutyEscalated | h.DutyWaived, known: _Known) -> Event:
    duty = known.duties.get(fact.duty)
    event.icon = {"duty_missed": "alert-triangle", "duty_escalated": "stairs-up"}.get(fact.kind, "flag")
    event.alarm = isinstance(fact, h.DutyMissed)
    if duty is not None:
        event.text = duty.title
        event.chips = [chip(duty)]
    post = getattr(fact, "post", "")
    if post in POSTS:
        event.text = f"{event.text} {POSTS[post].zh}"
    return event


def _case(event: Event, fact: Fact) -> Event | None:
    match fact:
        case h.CaseStageChanged():
            event.icon, event.text = "flag", f"{WORDS[fact.was]} → {WORDS[fact.now]}"
        case h.PlanMade() | h.PlanApproved():
            event.icon = "clipboard-check" if isinstance(fact, h.PlanApproved) else "list-details"
            event.text = _("第 %(n)d 版") % {"n": fact.version}
            if isinstance(fact, h.PlanMade):
                event.text += " " + _titles(fact.with_posts)
        case h.ClosingProposed() | h.CaseClosed():
            event.icon, event.text = "rubber-stamp", title_of(fact.reason)
        case h.CaseOpened() | h.CaseReopened() | h.ClosingRefused() | h.CaseNoted():
            event.icon = "folder-open"
        case h.RiskSet():
            event.icon, event.text = "adjustments-horizontal", str(RISKS[fact.risk])
        case _:
            return None
    return event


def _register(event: Event, fact: Fact) -> Event:
    match fact:
        case h.AbsenceMarked():
            event.icon, event.alarm = "user-off", fact.mark is Mark.NONE
            event.text = str(MARKS.get(fact.mark, ""))
        case h.ArrivedLate() | h.Returned():
            event.icon = "user-check"
        case h.LeaveGranted():
            event.icon, event.text = "calendar-event", f"{fact.first:%m-%d} — {fact.last:%m-%d}"
        case h.Reported():
            event.icon = "send"
            event.text = (
                f"{ACTS.get(fact.act, fact.act) if fact.act != 'harm' else _('侵害报告')} {_titles(fact.to)}"
            )
        case h.EnrolmentChanged():
            event.icon = "id-badge-2"
    return event


def _titles(posts: Iterable[str]) -> str:
    return "、".join(POSTS[post].zh for post in posts if post in POSTS)


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[:most]}…"
