"""Every write to returns: compile, sign a step, send back, remind, export."""

from .compiling import compile_return
from .going_out import exported, remind
from .signing import send_back, sign

__all__ = ["compile_return", "exported", "remind", "send_back", "sign"]
