"""Every read of roll calls that is more than a look-up. What other apps may count on stands in ``__all__``."""

from .board import board, classes_of, schools_board, unreported
from .days import DayState, State, away_days, day_states
from .rolls import today_of
from .who import highest_notified

__all__ = [
    "DayState",
    "State",
    "away_days",
    "board",
    "classes_of",
    "day_states",
    "highest_notified",
    "schools_board",
    "today_of",
    "unreported",
]
