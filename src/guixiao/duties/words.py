"""The engine's reasons in words, with people, places and children named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from guixiao.places import wording
from guixiao.places.wording import title_of
from guixiao.policy import Message, Reason
from guixiao.policy.acts import ACTS
from guixiao.policy.explain import load
from guixiao.policy.say import say

from .models import Duty


@dataclass
class Names:
    """Names by id, fetched beforehand; a name that may not be shown is left out."""

    people: dict[int, str] = field(default_factory=dict)
    places: dict[int, str] = field(default_factory=dict)
    students: dict[int, str] = field(default_factory=dict)

    def person(self, person: int) -> str:
        return self.people.get(person, "")

    def place(self, place: int) -> str:
        return self.places.get(place, "")

    def student(self, student: int) -> str:
        return self.students.get(student, _("一名学生"))

    def post(self, post: str) -> str:
        return title_of(post)

    def day(self, day: date) -> str:
        return wording.day(day) + _("（%s）") % wording.weekday(day, short=True)

    def moment(self, moment: datetime) -> str:
        return wording.moment(moment)

    def word(self, chinese: str) -> str:
        return wording.word(chinese)


def act_of(act: str, title: str = "") -> str:
    """What an act is called; an act nobody declared goes by the title of its rule."""
    return wording.word(ACTS.get(act, title))


def sentence(message: Message, names: Names | None = None) -> str:
    """One message in the reader's language."""
    return say(message, names or Names()).strip().strip("，,")


def tree(duty: Duty) -> Reason:
    """The stored reasons."""
    return load(duty.reasons)


def because(duty: Duty) -> Message:
    """Why this duty exists at all: the second branch of its reasons."""
    children: list[dict[str, Any]] = duty.reasons.get("children", [])
    for child in children:
        if child["code"] in BECAUSE:
            return load(child).message
    return Message("ground_gone")


BECAUSE = (
    "count_reached", "count_unclear", "every_school_day", "every_month", "every_term", "every_school_year",
    "stage_reached", "persuasion_failed", "after_met", "after_still_absent", "absent_on",
)  # fmt: skip


def short(duty: Duty) -> str:
    """The reason in a few words, for a card."""
    message = because(duty)
    return (
        sentence(Message(f"short_{message.code}", message.params))
        if message.code in BECAUSE
        else wording.word(duty.title)
    )


def test_code(duty: Duty) -> str:
    """What meets it, as the reasons name it: ``met_home_visit``, ``met_reported``, …"""
    children: list[dict[str, Any]] = duty.reasons.get("children", [])
    return next((child["code"] for child in children if child["code"].startswith("met_")), "")


def ids_of(reasons: Iterable[Reason]) -> Iterator[tuple[str, int]]:
    """Every person and place a tree speaks of."""
    for node in reasons:
        for name, value in node.message.params.items():
            if name in ("person", "place") and isinstance(value, int):
                yield name, value
        yield from ids_of(node.children)
