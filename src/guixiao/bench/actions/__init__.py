"""Every write of the bench: the made-up county in bulk, and the bare row its figures are held against."""

from .bare import bare_table, insert_one
from .places import build_places
from .pupils import enrol_school
from .rolls import take_rolls
from .sessions import open_sessions
from .staff import appoint

__all__ = [
    "appoint",
    "bare_table",
    "build_places",
    "enrol_school",
    "insert_one",
    "open_sessions",
    "take_rolls",
]
