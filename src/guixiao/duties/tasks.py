"""Duties as people see them: obligations with the same act, subject and day are one task.

The earliest deadline, everyone it takes, every clause; each obligation is met by its own test.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guixiao.access.actor import Actor
from guixiao.facts.clock import day_of
from guixiao.places.wording import called

from .doors import Door, Doors
from .models import Duty, State
from .queries import named
from .words import act_of, short

FRESH = timedelta(minutes=30)


@dataclass
class Task:
    """One card."""

    duties: list[Duty]
    who: str
    who_note: str
    what: str
    why: str
    door: Door | None
    due: datetime
    new: bool
    holder: str
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def first(self) -> Duty:
        return self.duties[0]

    @property
    def pk(self) -> int:
        return self.first.pk

    @property
    def act(self) -> str:
        """What is to be done, without the others it takes."""
        return act_of(self.first.act, self.first.title)

    @property
    def why_url(self) -> str:
        return reverse("duties:why", args=[self.pk])

    @property
    def url(self) -> str:
        return self.door.url if self.door else ""

    @property
    def verb(self) -> str:
        return self.door.verb if self.door else ""

    @property
    def clauses(self) -> list[dict[str, str]]:
        """Every clause, once."""
        found: dict[tuple[str, str], dict[str, str]] = {}
        for duty in self.duties:
            note = _("%(code)s %(version)s 版") % {"code": duty.pack, "version": duty.version}
            found.setdefault(
                (duty.clause_title, duty.clause_article),
                {
                    "title": duty.clause_title,
                    "article": duty.clause_article,
                    "text": duty.clause_says,
                    "note": note,
                    "url": reverse("duties:regulation", args=[duty.pack]),
                },
            )
        return list(found.values())

    @property
    def missed(self) -> bool:
        return any(duty.state == State.MISSED for duty in self.duties)

    @property
    def unclear(self) -> bool:
        return self.first.state == State.CANNOT_TELL


def tasks(
    duties: Iterable[Duty], actor: Actor, now: datetime, people: dict[int, str], doors: Doors
) -> list[Task]:
    """Group duties into tasks, soonest first."""
    groups: dict[str, list[Duty]] = {}
    for duty in duties:
        groups.setdefault(duty.merge_key, []).append(duty)
    made = [
        _task(sorted(group, key=lambda d: (d.due, d.pk)), actor, now, people, doors)
        for group in groups.values()
    ]
    return sorted(made, key=lambda task: (task.due, task.pk))


def _task(group: list[Duty], actor: Actor, now: datetime, people: dict[int, str], doors: Doors) -> Task:
    first = group[0]
    who, note = subject_words(first, actor)
    return Task(
        duties=group,
        who=who,
        who_note=note,
        what=_what(group, actor, people),
        why=short(first),
        door=doors.of(first),
        due=first.due,
        new=any(now - FRESH <= duty.opened_at <= now for duty in group),
        holder=first.holder.name if first.holder else _("没有人"),
    )


def subject_words(duty: Duty, actor: Actor) -> tuple[str, str]:
    """Whom a duty is about, and the small print beside the name."""
    if duty.student is not None:
        if not named(actor, duty):
            return _("一名学生"), ""
        klass = duty.student.klass
        own = klass is not None and any(held.place_id == klass.pk for held in actor.held)
        seat = _("%(seat)s 号") % {"seat": duty.student.seat} if duty.student.seat else ""
        return duty.student.name, seat if own or klass is None else klass.name
    if duty.kind == "person":
        return (duty.holder.name if duty.holder else ""), (duty.place.name if duty.place else "")
    return (duty.place.name if duty.place else duty.title), ""


def _what(group: list[Duty], actor: Actor, people: dict[int, str]) -> str:
    """The act, with everyone else it takes."""
    first = group[0]
    act = act_of(first.act, first.title)
    others: dict[tuple[str, int | None], str] = {}
    for duty in group:
        doers = [{"post": duty.post, "person": duty.holder_id}, *duty.together]
        for who in doers if duty.together else []:
            if who["person"] != actor.person:
                others[who["post"], who["person"]] = called(who["post"], people.get(who["person"] or 0, ""))
    if not others:
        return act
    return _("和%(people)s：%(act)s") % {"people": _("、").join(others.values()), "act": act}


def person_ids(duties: Iterable[Duty]) -> set[int]:
    """Everybody whose name the cards of these duties need."""
    return {who["person"] for duty in duties for who in duty.together if who["person"] is not None}


def sections(found: list[Task], now: datetime) -> dict[str, list[Task]]:
    """Overdue, today, later."""
    today = day_of(now)
    split: dict[str, list[Task]] = {"overdue": [], "today": [], "later": []}
    for task in found:
        if task.due < now:
            split["overdue"].append(task)
        elif day_of(task.due) <= today:
            split["today"].append(task)
        else:
            split["later"].append(task)
    return split
