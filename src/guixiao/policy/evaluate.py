"""The one function: facts, standing, calendar and packs in; outcomes with their reasons out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from guixiao.facts import Calendar

from .law import AdoptedPack
from .standing import Standing
from .values import Happened, Outcome, Subject


def evaluate(
    subject: Subject,
    facts: Sequence[Happened],
    standing: Standing,
    calendar: Calendar,
    packs: Sequence[AdoptedPack],
    as_of: datetime,
    *,
    since: date | None = None,
) -> tuple[Outcome, ...]:
    """Everything the packs demand of ``subject`` as known at ``as_of``.

    Facts recorded after ``as_of`` are not seen, so any past moment can be rehearsed. ``since`` leaves out
    calendar occurrences before that day.
    """
    raise NotImplementedError
