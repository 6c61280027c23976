"""Every write to returns: compile, sign a step, send back."""

from .compiling import compile_return
from .signing import send_back, sign

__all__ = ["compile_return", "send_back", "sign"]
