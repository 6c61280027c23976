"""Every write of this room: changes of class, handovers, deputies, places, staff sheets."""

from .handover import hand_over, take_over, undo_handover
from .places import make_place, unmake_place
from .posts import reopen_post, take_back_post
from .staging import (
    check_staff,
    decide_clash,
    discard_staff,
    fail_staff,
    map_columns,
    open_staff_batch,
    stage_staff,
)
from .transfers import cancel_transfer, carry_out, transfer, transfer_together, undo_transfer
from .unwriting import begin_undoing_staff, unwrite_next
from .writing import begin_staff, fetch_passwords, write_next

__all__ = [
    "begin_staff",
    "begin_undoing_staff",
    "cancel_transfer",
    "carry_out",
    "check_staff",
    "decide_clash",
    "discard_staff",
    "fail_staff",
    "fetch_passwords",
    "hand_over",
    "make_place",
    "map_columns",
    "open_staff_batch",
    "reopen_post",
    "stage_staff",
    "take_back_post",
    "take_over",
    "transfer",
    "transfer_together",
    "undo_handover",
    "undo_transfer",
    "unmake_place",
    "unwrite_next",
    "write_next",
]
