"""Every write of the import: staging, applying, undoing."""

from .applying import apply_next, begin_applying
from .batches import discard, fail, open_batch
from .staging import stage
from .undoing import begin_undoing, undo_next

__all__ = [
    "apply_next",
    "begin_applying",
    "begin_undoing",
    "discard",
    "fail",
    "open_batch",
    "stage",
    "undo_next",
]
