"""Every write to cases. Each verb is one journaled transaction."""

from .closing import close, propose_closing, refuse_closing
from .known import apply_known, begin_known, discard_known, register_known, stage_known, undo_known
from .opening import open_case, reopen
from .papers import add_papers, export
from .plans import NewRow, approve_plan, make_plan, mark_done
from .stages import (
    change_stage,
    confirm_dropout,
    found_present,
    left_again,
    re_enrol,
    set_risk,
    state_returned,
)

__all__ = [
    "NewRow",
    "add_papers",
    "apply_known",
    "approve_plan",
    "begin_known",
    "change_stage",
    "close",
    "confirm_dropout",
    "discard_known",
    "export",
    "found_present",
    "left_again",
    "make_plan",
    "mark_done",
    "open_case",
    "propose_closing",
    "re_enrol",
    "refuse_closing",
    "register_known",
    "reopen",
    "set_risk",
    "stage_known",
    "state_returned",
    "undo_known",
]
