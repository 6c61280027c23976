"""Every write of the school year: its preview, its opening, the opening taken back."""

from .drafting import begin, change, step_back
from .opening import open_year
from .undoing import undo_year

__all__ = ["begin", "change", "open_year", "step_back", "undo_year"]
