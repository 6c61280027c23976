"""Every write of this room: changes of class, handovers, deputies, places, staff sheets."""

from .transfers import cancel_transfer, carry_out, transfer, transfer_together, undo_transfer

__all__ = [
    "cancel_transfer",
    "carry_out",
    "transfer",
    "transfer_together",
    "undo_transfer",
]
