"""Every write to accounts, reveals, break-glass grants and sealed columns."""

from .accounts import (
    change_password,
    open_account,
    reset_password,
    set_active,
    set_second_factor,
    unlock,
    use_language,
)
from .exports import exported
from .glass import open_glass, reveal
from .keys import reseal
from .second_factor import begin_second_factor, confirm_second_factor, new_recovery_codes
from .sessions import sign_in_failed, signed_in

__all__ = [
    "begin_second_factor",
    "change_password",
    "confirm_second_factor",
    "exported",
    "new_recovery_codes",
    "open_account",
    "open_glass",
    "reseal",
    "reset_password",
    "reveal",
    "set_active",
    "set_second_factor",
    "sign_in_failed",
    "signed_in",
    "unlock",
    "use_language",
]
