"""PURE: the vocabulary of what can happen, typed and frozen. No Django, no clock, no I/O."""

from . import happenings as happenings
from .actor import SYSTEM, By
from .base import REGISTRY, Fact, UnknownFact, from_payload, to_payload
from .calendar import Calendar, DayKind, Term

__all__ = [
    "REGISTRY",
    "SYSTEM",
    "By",
    "Calendar",
    "DayKind",
    "Fact",
    "Term",
    "UnknownFact",
    "from_payload",
    "happenings",
    "to_payload",
]
