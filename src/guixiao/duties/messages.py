"""What is told to whom when duties change. No child's name in a text: that is shown inside the app only.

Obligations that make up one task are told once: keys carry the task, not the duty.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext_noop

from guixiao.notify.actions import Message
from guixiao.notify.models import Kind as Notice
from guixiao.notify.models import Notice as Row
from guixiao.policy.acts import ACTS

from .models import Duty, State
from .plan import Change, Event

OPENED = gettext_noop("%(what)s，%(due)s 前（《%(title)s》%(article)s）。")
UNCLEAR = gettext_noop("有几天没点名，不知道来没来，今天要查清（《%(title)s》%(article)s）。")
MISSED = gettext_noop("%(what)s：过了 %(due)s，还没办。")
RELEASED = gettext_noop("%(what)s：不再催办；逾期仍记着。")
WITHDRAWN = gettext_noop("撤回：不用再%(what)s了（《%(title)s》%(article)s）。")
MOVED = gettext_noop("转到你名下：%(what)s，%(due)s 前（《%(title)s》%(article)s）。")
ESCALATED = gettext_noop("下面有事逾期：%(what)s，应于 %(due)s 前办好（《%(title)s》%(article)s）。")
BEFORE = gettext_noop("快到期：%(what)s，%(due)s 前。")
AFTER = gettext_noop("还没办：%(what)s，应于 %(due)s 前办好。")
REMINDED = gettext_noop("有人提醒你：%(what)s，%(due)s 前。")
WAIVED = gettext_noop("已豁免：%(what)s（《%(title)s》%(article)s）。")


def message(duty: Duty, person: int, kind: Notice, text: str, key: str = "") -> Message:
    """One message about a duty to one person."""
    params = {
        "what": ACTS.get(duty.act, duty.title),
        "due": duty.due.isoformat(),
        "title": duty.clause_title,
        "article": duty.clause_article,
    }
    return Message(
        person,
        kind,
        text,
        params,
        student=duty.student_id,
        place=None if duty.student_id else duty.place_id,
        duty=duty.pk,
        key=f"{key}:{duty.merge_key}:{person}" if key else "",
    )


def told(duties: Sequence[Duty]) -> dict[str, set[int]]:
    """Everybody who was told about these tasks, by merge key. Two queries."""
    keys = {duty.merge_key for duty in duties}
    siblings = dict(Duty.objects.filter(merge_key__in=keys).values_list("pk", "merge_key"))
    found: dict[str, set[int]] = {}
    for number, person in Row.objects.filter(duty__in=siblings).values_list("duty", "person"):
        if number is not None:
            found.setdefault(siblings[number], set()).add(person)
    return found


def doers(duty: Duty) -> list[int]:
    """The holder and those who go along."""
    people = [duty.holder_id, *(who["person"] for who in duty.together)]
    return [person for person in dict.fromkeys(people) if person is not None]


def _everyday(duty: Duty) -> bool:
    """What comes back every school day stands on the home page; a notice each morning would be noise."""
    return any(child["code"] == "every_school_day" for child in duty.reasons.get("children", []))


class Telling:
    """Collects the messages of one transaction."""

    def __init__(self, now: datetime, duties: Iterable[Duty]) -> None:
        self.now = now
        self.messages: list[Message] = []
        ended = [duty for duty in duties if not duty.demanded]
        self._told = told(ended) if ended else {}

    def of(self, change: Change) -> None:
        duty, events = change.duty, change.events
        over = duty.state == State.MISSED and not duty.demanded  # missed and overtaken, perhaps at one stroke
        if Event.WITHDRAWN in events or Event.RELEASED in events or (over and Event.MISSED in events):
            self._ended(duty)
        elif duty.demanded:
            self._demanded(change)
            for row in change.rows:
                self._say(duty, row.person_id, Notice.ESCALATED, ESCALATED, f"rung:{row.rung}")

    def _ended(self, duty: Duty) -> None:
        text = WITHDRAWN if duty.state == State.WITHDRAWN else RELEASED
        for person in sorted(self._told.get(duty.merge_key, ())):
            self._say(duty, person, Notice.WITHDRAWN, text, f"withdrawn:{self._stamp}")

    def _demanded(self, change: Change) -> None:
        duty, events = change.duty, change.events
        if Event.MISSED in events:
            for person in dict.fromkeys((duty.holder_id, duty.against_id)):
                self._say(duty, person, Notice.DUE, MISSED, "due")
            for person in set(doers(duty)) - {
                duty.holder_id,
                duty.against_id,
            }:  # unless they heard when it opened
                self._say(duty, person, Notice.OPENED, OPENED, f"opened:{State.OPEN}:{duty.episode}")
        elif Event.OPENED in events and not _everyday(duty):
            text = UNCLEAR if duty.state == State.CANNOT_TELL else OPENED
            for person in doers(duty):
                self._say(duty, person, Notice.OPENED, text, f"opened:{duty.state}:{duty.episode}")
        elif Event.CHANGED in events and change.moved:
            self._say(duty, duty.holder_id, Notice.MOVED, MOVED, f"moved:{self._stamp}")

    @property
    def _stamp(self) -> str:
        return self.now.isoformat()

    def _say(self, duty: Duty, person: int | None, kind: Notice, text: str, key: str) -> None:
        if person is not None:
            self.messages.append(message(duty, person, kind, text, key))
