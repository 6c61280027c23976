"""Every write of this room: changes of class, handovers, deputies, places, staff sheets."""

from .handover import hand_over, take_over, undo_handover
from .posts import reopen_post, take_back_post
from .transfers import cancel_transfer, carry_out, transfer, transfer_together, undo_transfer

__all__ = [
    "cancel_transfer",
    "carry_out",
    "hand_over",
    "reopen_post",
    "take_back_post",
    "take_over",
    "transfer",
    "transfer_together",
    "undo_handover",
    "undo_transfer",
]
