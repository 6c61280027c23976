"""Parameters by date and by place: read, resolve, and refuse a loosening (policy.md, semantics 8)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from .law import (
    AdoptedPack,
    Clause,
    CountedIn,
    Dated,
    Deadline,
    DueKind,
    Pack,
    Parameter,
    ParameterValue,
    Stricter,
)
from .values import Message

_DAY = 86_400
_LENGTH = re.compile(r"^(\d+)(h|m|s)$")
_SECONDS = {"h": 3600, "m": 60, "s": 1}
_DAYS = (DueKind.SCHOOL_DAYS, DueKind.WORKING_DAYS, DueKind.NATURAL_DAYS)
_BARE = (DueKind.SAME_DAY, DueKind.NEXT_SCHOOL_DAY, DueKind.MONTH_END, DueKind.PERIOD_END)


class LooseningRefused(ValueError):
    """A lower place tried to loosen, or to change what nobody may change. ``message`` names both clauses."""

    def __init__(self, message: Message) -> None:
        super().__init__(f"{message.code}: {dict(message.params)}")
        self.message = message


def read_deadline(raw: Any) -> Deadline:
    """``same_day``, ``{within: 1h}``, ``{at: "09:00"}``, ``{school_days: 2}``, … Raises ``ValueError``."""
    if isinstance(raw, str) and raw in {kind.value for kind in _BARE}:
        return Deadline(DueKind(raw))
    if isinstance(raw, Mapping) and len(raw) == 1:
        name, value = next(iter(raw.items()))
        if name == "within" and (match := _LENGTH.match(str(value))):
            return Deadline(DueKind.WITHIN, int(match[1]) * _SECONDS[match[2]])
        if name == "at" and isinstance(value, str):
            return Deadline(DueKind.AT, at=time.fromisoformat(value))
        if name in {kind.value for kind in _DAYS} and _is_count(value):
            return Deadline(DueKind(name), value)
        if name in (DueKind.PERIOD_END, DueKind.TERM_START):
            return Deadline(DueKind(name), after=read_deadline(value))
    raise ValueError(
        f"not a deadline: {raw!r}; write same_day, next_school_day, month_end, period_end, {{within: 1h}}, "
        '{at: "09:00"}, {school_days: 2}, {working_days: 2}, {natural_days: 2}, {period_end: {working_days: 2}} or '
        "{term_start: {natural_days: 7}}"
    )


def read_value(raw: Any, unit: str) -> ParameterValue:
    """A parameter's value from a pack file or a form. Raises ``ValueError``."""
    if unit == "deadline":
        return read_deadline(raw)
    if unit == "counted_in":
        return CountedIn(raw)
    if _is_count(raw):
        return int(raw)
    raise ValueError(f"not a whole number: {raw!r}")


def _is_count(raw: Any) -> bool:
    return isinstance(raw, int) and not isinstance(raw, bool) and raw >= 0


def weight(value: ParameterValue) -> float:
    """Where a value stands on its own scale: deadlines in seconds, day counts from strict to loose."""
    if isinstance(value, CountedIn):
        return list(CountedIn).index(value)
    if isinstance(value, int):
        return value
    return _seconds(value)


def _seconds(deadline: Deadline) -> float:
    match deadline.kind:
        case DueKind.WITHIN:
            return deadline.n
        case DueKind.AT:
            assert deadline.at is not None
            return deadline.at.hour * 3600 + deadline.at.minute * 60 + deadline.at.second
        case DueKind.SAME_DAY:
            return _DAY - 1
        case DueKind.NATURAL_DAYS:
            return _DAY * (deadline.n + 1) - 3
        case DueKind.WORKING_DAYS:
            return _DAY * (deadline.n + 1) - 2
        case DueKind.SCHOOL_DAYS:
            return _DAY * (deadline.n + 1) - 1
        case DueKind.NEXT_SCHOOL_DAY:
            return _DAY * 2 - 1
        case DueKind.MONTH_END | DueKind.PERIOD_END | DueKind.TERM_START:
            return 31 * _DAY + (_seconds(deadline.after) if deadline.after else 0)


def on_day(values: Sequence[Dated], day: date) -> ParameterValue:
    """The value in effect on a day; before the first date, the first value."""
    current = [dated.value for dated in values if dated.first <= day]
    return current[-1] if current else values[0].value


def tightened(parameter: Parameter, old: ParameterValue, new: ParameterValue) -> bool:
    """Whether ``new`` is the same as or stricter than ``old``."""
    if parameter.stricter is Stricter.LOWER:
        return weight(new) <= weight(old)
    if parameter.stricter is Stricter.HIGHER:
        return weight(new) >= weight(old)
    return new == old


def resolve(
    name: str, pack: Pack, adoptions: Sequence[AdoptedPack], day: date, refuse: bool = True
) -> tuple[ParameterValue, AdoptedPack | None]:
    """A parameter's value on a day and the adoption that chose it (``None``: as the regulation says).

    ``adoptions`` are of one pack and of those it extends, from the top downward. What a place chose for
    an extended pack holds where it is stricter. A loosening raises :class:`LooseningRefused`, or gives way to
    what stands above it where ``refuse`` is off: a place above may tighten later than the one beneath.
    """
    parameter = pack.parameters[name]
    value = on_day(parameter.values, day)
    free = not parameter.written
    chosen: AdoptedPack | None = None
    for adoption in adoptions:
        new = adoption.overrides.get(name)
        if new is None or adoption.first_day > day or (adoption.last_day and adoption.last_day < day):
            continue
        if not free and not tightened(parameter, value, new):
            if adoption.pack.code != pack.code or not refuse:
                continue
            raise LooseningRefused(_refusal(parameter, adoption, chosen, value, new))
        value, chosen, free = new, adoption, False
    return value, chosen


def check_adoption(adoptions: Sequence[AdoptedPack]) -> None:
    """Check every override of adoptions of one pack. Raises :class:`LooseningRefused` or ``KeyError``."""
    for adoption in adoptions:
        for name in adoption.overrides:
            if name not in adoption.pack.parameters:
                raise KeyError(name)
            resolve(name, adoption.pack, adoptions, max(a.first_day for a in adoptions))


def _refusal(
    parameter: Parameter,
    adoption: AdoptedPack,
    chosen: AdoptedPack | None,
    old: ParameterValue,
    new: ParameterValue,
) -> Message:
    clause = parameter.clause or _first_clause(adoption)
    return Message(
        "fixed_refused" if parameter.stricter is Stricter.NONE else "loosening_refused",
        {
            "parameter": parameter.title,
            "old": notation(old),
            "new": notation(new),
            "clause": f"《{clause.title}》{clause.article}",
            "set_by": chosen.place_name if chosen else f"《{adoption.pack.title}》",
            "place": adoption.place_name,
            "own_clause": f"《{adoption.pack.title}》",
        },
    )


def _first_clause(adoption: AdoptedPack) -> Clause:
    return adoption.pack.rules[0].clause


def notation(value: ParameterValue) -> str:
    """A value as it is written in a pack file, for messages and for storage."""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, CountedIn):
        return value.value
    if value.kind is DueKind.WITHIN:
        return f"within {value.n}s"
    if value.kind is DueKind.AT:
        assert value.at is not None
        return f"at {value.at:%H:%M}"
    if value.kind in _DAYS:
        return f"{value.kind.value} {value.n}"
    return value.kind.value + (f" {notation(value.after)}" if value.after else "")
