"""What happened to the child of a case, newest first, each event with the clause it answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _

from guixiao.access.actor import Actor
from guixiao.duties.models import Duty
from guixiao.duties.words import act_of
from guixiao.facts import Fact
from guixiao.facts import happenings as h
from guixiao.facts.clock import day_of, start_of
from guixiao.facts.codes import Mark
from guixiao.journal.models import Entry
from guixiao.journal.queries import Told, told
from guixiao.places import wording
from guixiao.places.models import Person
from guixiao.rollcall.models import MARKS
from guixiao.visits.models import Visit
from guixiao.visits.queries import Shown, harm_of_student, in_words
from guixiao.visits.words import MEANS, OUTCOMES

from .models import Case
from .queries import names
from .reasons import title_of
from .stages import RISKS, WORDS

BEFORE = timedelta(days=30)
PAGE = 15
MOST = 2000
SHOWN_TITLES = 4
DUTIES = (h.DutyMissed, h.DutyEscalated)
KINDS = (
    "absence_marked", "late_arrival", "mark_corrected", "leave_granted", "leave_ended", "returned",
    "contact_made", "home_visit_made", "visit_corrected", "reported", "case_opened", "plan_made", "plan_approved",
    "case_stage_changed", "risk_set", "closing_proposed", "closing_refused", "case_closed", "case_reopened",
    "case_note", "enrolment_changed", "residence_changed", "assigned", "assignment_ended", "duty_missed",
    "duty_escalated", "duty_waived",
)  # fmt: skip


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


def timeline(actor: Actor, case: Case, more: bool = False, printed: bool = False) -> tuple[list[Event], bool]:
    """The events of a case and whether there are older ones that are not shown."""
    since = start_of(case.opened_day) - BEFORE
    entries = Entry.objects.filter(student=case.student_id, happened_at__gte=since, kind__in=KINDS).exclude(
        chain__name__startswith="looks:"
    )
    if case.closed_at:
        entries = entries.filter(recorded_at__lte=case.closed_at)
    # A report of harm is for its few readers only, and never on paper that others sign.
    if printed or not harm_of_student(actor, case.student):
        entries = entries.exclude(kind="reported", payload__act="harm")
    facts = [told(entry) for entry in entries.order_by("-happened_at", "-pk")[:MOST]]
    events = _events(case, facts)
    return (events, False) if more else (events[:PAGE], len(events) > PAGE)


def _events(case: Case, facts: list[Told]) -> list[Event]:
    known = _Known(case, facts)
    events = []
    for (_day, folded), group in groupby(
        facts, key=lambda one: (day_of(one.happened_at), isinstance(one.fact, DUTIES))
    ):
        several = list(group)
        if folded:
            events.append(_fold(several, known))
            continue
        for one in several:
            event = _event(one, known)
            event.who = known.who(one)
            event.chips += known.chips.get(one.entry, [])
            events.append(event)
    return events


def _same_day_duties(one: Told) -> tuple[object, bool]:
    return day_of(one.happened_at), isinstance(one.fact, DUTIES)


def _fold(facts: list[Told], known: _Known) -> Event:
    """What was overdue or went up the line on one day, as one event: the child's story is not a list of delays."""
    missed = [one.fact for one in facts if isinstance(one.fact, h.DutyMissed)]
    raised = [one.fact for one in facts if isinstance(one.fact, h.DutyEscalated)]
    titles: dict[str, None] = {}
    chips: list[Chip] = []
    told_of: list[h.DutyMissed | h.DutyEscalated] = [*missed, *raised]
    for fact in told_of:
        duty = known.duties.get(fact.duty)
        if duty is not None:
            titles[wording.word(duty.title)] = None
            if len(chips) < SHOWN_TITLES:
                _once(chips, chip(duty))
    parts = [_("%(n)d 项逾期") % {"n": len(missed)}] if missed else []
    parts += [_("%(n)d 项报给上一级") % {"n": len(raised)}] if raised else []
    text = "；".join(list(titles)[:SHOWN_TITLES]) + ("…" if len(titles) > SHOWN_TITLES else "")
    icon = "alert-triangle" if missed else "stairs-up"
    return Event(
        facts[0].happened_at, icon, "，".join(parts), text, _("系统"), alarm=bool(missed), chips=chips
    )


class _Known:
    """What the events refer to, fetched together."""

    def __init__(self, case: Case, facts: list[Told]) -> None:
        self.case = case
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
        post = wording.title_of(one.post)
        return f"{self.names.get(one.account, '')} {post}".strip()


def chip(duty: Duty) -> Chip:
    return Chip(duty.clause_title, duty.clause_article, duty.clause_says)


def _once(chips: list[Chip], new: Chip) -> None:
    if all((one.title, one.article) != (new.title, new.article) for one in chips):
        chips.append(new)


def _event(one: Told, known: _Known) -> Event:
    fact = one.fact
    event = Event(one.happened_at, "circle", _(type(fact).title))
    if isinstance(fact, h.HomeVisitMade | h.ContactMade):
        return _visit(event, fact, known.visits.get(fact.visit))
    if isinstance(fact, h.DutyWaived):
        return _waived(event, fact, known)
    if isinstance(fact, h.CaseOpened):
        event.icon, event.text = "folder-open", known.case.ground if fact.case == known.case.pk else ""
        return event
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


def _waived(event: Event, fact: h.DutyWaived, known: _Known) -> Event:
    duty = known.duties.get(fact.duty)
    event.icon = "flag"
    if duty is not None:
        event.text, event.chips = wording.word(duty.title), [chip(duty)]
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
        case h.CaseReopened() | h.ClosingRefused() | h.CaseNoted():
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
            what = _("侵害报告") if fact.act == "harm" else act_of(fact.act, fact.act)
            event.text = f"{what} {_titles(fact.to)}"
        case h.EnrolmentChanged():
            event.icon = "id-badge-2"
    return event


def _titles(posts: Iterable[str]) -> str:
    return _("、").join(wording.title_of(post) for post in posts)


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[:most]}…"
