"""Reasons as Chinese sentences a head teacher would accept. Plain templates keyed by code.

The pure package does not translate: ``duties`` may look the template up in its catalogue and pass it as
``template``. People and places come by id; the caller names them through ``names``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Protocol

from guixiao.facts.clock import DAY_ENDS, local
from guixiao.facts.posts import POSTS

from .acts import ACTS
from .templates import (
    ALONE,
    AND_MORE,
    KINDS,
    LENGTHS,
    NOTATIONS,
    STAGES,
    STEPS,
    TEMPLATES,
    WEEKDAYS,
    WHY_FALSE,
)
from .values import Message, Outcome, Reason, State, Value

_SHOWN = 6


class Names(Protocol):
    """How the caller names people, places, children, posts and days; ``word`` is its catalogue."""

    def person(self, person: int) -> str: ...
    def place(self, place: int) -> str: ...
    def student(self, student: int) -> str: ...
    def post(self, post: str) -> str: ...
    def day(self, day: date) -> str: ...
    def moment(self, moment: datetime) -> str: ...
    def word(self, chinese: str) -> str: ...


class Numbers:
    """Names for logs and tests: the ids themselves, in Chinese."""

    def person(self, person: int) -> str:
        return f"#{person}"

    def place(self, place: int) -> str:
        return f"#{place}"

    def student(self, student: int) -> str:
        return f"#{student}"

    def post(self, post: str) -> str:
        return POSTS[post].zh

    def day(self, day: date) -> str:
        return f"{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"

    def moment(self, moment: datetime) -> str:
        """9月28日 24:00 for the last second of a day, else to the second."""
        there = local(moment)
        ends = there.time().replace(microsecond=0) == DAY_ENDS
        return f"{there.month}月{there.day}日 {'24:00' if ends else f'{there:%H:%M:%S}'}"

    def word(self, chinese: str) -> str:
        return chinese


def say(message: Message, names: Names | None = None) -> str:
    """One message as a sentence, in the language of ``names``."""
    named = names or Numbers()
    text = named.word(TEMPLATES.get(message.code, message.code))
    return text.format_map(_Words({name: words(name, v, named) for name, v in message.params.items()}))


class _Words(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def lines(
    node: Reason, names: Names | None = None, depth: int = 0, skip: tuple[str, ...] = ("strip",)
) -> Iterator[tuple[int, str, Reason]]:
    """The tree as (depth, sentence, reason), top down. The day strip is a picture and is left out."""
    if node.message.code in skip:
        return
    yield depth, say(node.message, names), node
    for child in node.children:
        yield from lines(child, names, depth + 1, skip)


def text(node: Reason, names: Names | None = None) -> str:
    """The whole tree as indented text."""
    return "\n".join("  " * depth + sentence for depth, sentence, _ in lines(node, names))


def headline(outcome: Outcome, names: Names | None = None) -> str:
    """The one sentence that heads the page: whose duty, why, what, by when."""
    named = names or Numbers()
    because = outcome.reasons.children[1].message
    who = _person(outcome.now_with.person if outcome.now_with else outcome.accountable.person, named)
    post = named.post((outcome.now_with or outcome.accountable).post)
    reason = say(Message(f"short_{because.code}", because.params), named)
    code = "headline_unclear" if outcome.state is State.CANNOT_TELL else "headline"
    params: dict[str, Value] = {"act": outcome.act, "due": outcome.due}
    sentence = named.word(TEMPLATES[code]).format_map(
        _Words({name: words(name, value, named) for name, value in params.items()})
        | {"reason": reason, "who": f"{post}{who}", "child": _subject(outcome, named)}
    )
    return sentence.strip("，")


def _subject(outcome: Outcome, names: Names) -> str:
    if outcome.subject.kind == "student":
        return names.student(outcome.subject.id)
    return names.place(outcome.subject.id) if outcome.subject.kind != "person" else ""


def words(name: str, value: Value, names: Names) -> str:
    """One value in words, by what it is called."""
    if value is None:
        return ""
    if name in _BY_NAME:
        return _BY_NAME[name](value, names)
    if isinstance(value, datetime):
        return names.moment(value)
    if isinstance(value, date):
        return names.day(value)
    if isinstance(value, tuple):
        shown = names.word("、").join(words("", item, names) for item in value[:_SHOWN])
        return shown + (names.word(AND_MORE).format(n=len(value)) if len(value) > _SHOWN else "")
    return str(value)


def deadline(value: str, names: Names) -> str:
    """A deadline, number or way of counting in notation (``parameters.notation``), in words."""
    head, _, rest = value.partition(" ")
    if head == "within":
        return names.word(NOTATIONS[head]).format(_length(rest, names))
    if head not in NOTATIONS:
        return value
    if not rest:
        return names.word(ALONE.get(head, NOTATIONS[head]))
    return names.word(NOTATIONS[head]).format(deadline(rest, names))


def _length(notation: str, names: Names) -> str:
    """``3600s`` as 1 小时, in the largest unit that divides it."""
    seconds = int(notation.removesuffix("s"))
    size, word = next(row for row in LENGTHS if seconds % row[0] == 0)
    return names.word(word).format(seconds // size)


def _post(value: Value, names: Names) -> str:
    return names.post(value) if isinstance(value, str) and value in POSTS else str(value)


def _posts(value: Value, names: Names) -> str:
    return names.word("、").join(_post(item, names) for item in value) if isinstance(value, tuple) else ""


def _person(value: Value, names: Names) -> str:
    return names.person(value) if isinstance(value, int) else ""


def _place(value: Value, names: Names) -> str:
    return names.place(value) if isinstance(value, int) else ""


def _word(value: Value, names: Names) -> str:
    return names.word(str(value)) if value else ""


def _notation(value: Value, names: Names) -> str:
    return deadline(str(value), names)


def _of(table: dict[str, str]) -> Callable[[Value, Names], str]:
    def worded(value: Value, names: Names) -> str:
        found = table.get(str(value))
        return names.word(found) if found else str(value)

    return worded


_BY_NAME: dict[str, Callable[[Value, Names], str]] = {
    "post": _post,
    "asked": _post,
    "posts": _posts,
    "vacancies": _posts,
    "person": _person,
    "place": _place,
    "act": _of(ACTS),
    "kind": _of(KINDS),
    "title": _word,
    "says": _word,
    "stage": _of(STAGES),
    "step": _of(STEPS),
    "why": _of(WHY_FALSE),
    "value": _notation,
    "old": _notation,
    "new": _notation,
}
