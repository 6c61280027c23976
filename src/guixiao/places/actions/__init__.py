"""Every write to the tree, to posts and to calendars."""

from .calendars import remove_term, replace_days, set_days, set_term, withdraw_days
from .posts import end_deputy, end_post, hold_post, name_deputy
from .tree import add_person, add_place, take_back_place

__all__ = [
    "add_person",
    "add_place",
    "end_deputy",
    "end_post",
    "hold_post",
    "name_deputy",
    "remove_term",
    "replace_days",
    "set_days",
    "set_term",
    "take_back_place",
    "withdraw_days",
]
