"""The one function: facts, standing, calendar and packs in; outcomes with their reasons out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from guixiao.facts import Calendar

from . import absence, calendar_duties
from .in_force import InForce
from .judge import Scene
from .known import Known
from .law import AdoptedPack, SubjectKind
from .standing import Standing
from .values import Happened, Outcome, Subject
from .who import Who


def evaluate(
    subject: Subject,
    facts: Sequence[Happened],
    standing: Standing,
    calendar: Calendar,
    packs: Sequence[AdoptedPack] | InForce,
    as_of: datetime,
    *,
    since: date | None = None,
    still: frozenset[date] = frozenset(),
) -> tuple[Outcome, ...]:
    """Everything the packs demand of ``subject`` as known at ``as_of``.

    Facts recorded after ``as_of`` are not seen, so any past moment can be rehearsed. ``since`` leaves out
    calendar occurrences before that day, except those of a day in ``still`` (something is yet demanded).
    For many subjects under the same packs pass one ``InForce(packs)``.
    """
    scene = Scene(subject, Known(facts, as_of), standing, calendar, as_of, Who(subject, standing))
    in_force = packs if isinstance(packs, InForce) else InForce(packs)
    found: list[Outcome] = []
    if subject.kind is SubjectKind.STUDENT:
        found += absence.outcomes(scene, in_force)
        found += calendar_duties.of_cases(scene, in_force)
    found += calendar_duties.recurring(scene, in_force, since, still)
    return tuple(sorted(found, key=lambda o: (o.pack, o.rule, o.episode)))
