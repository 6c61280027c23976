"""Every write of roll calls, marks, leave and reminders."""

from guixiao.rollcall.rules import AlreadyTaken, Stale

from .exporting import exported
from .leaving import end_leave, grant_leave, state_returned
from .marking import add_missing, arrived, correct
from .reminding import remind
from .taking import take

__all__ = [
    "AlreadyTaken",
    "Stale",
    "add_missing",
    "arrived",
    "correct",
    "end_leave",
    "exported",
    "grant_leave",
    "remind",
    "state_returned",
    "take",
]
