"""Every write to the tree, to posts and to calendars."""

from .posts import end_deputy, end_post, hold_post, name_deputy
from .tree import add_person, add_place, set_days, set_term, take_back_place

__all__ = [
    "add_person",
    "add_place",
    "end_deputy",
    "end_post",
    "hold_post",
    "name_deputy",
    "set_days",
    "set_term",
    "take_back_place",
]
