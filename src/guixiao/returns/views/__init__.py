"""Pages of the monthly return: thin. What a figure counts is said in ``cells``, who signs in ``who``."""

from .lists import current, index, list_excel
from .report import excel, list_behind, show
from .steps import check, compile_one, remind, send_back, step

__all__ = [
    "check",
    "compile_one",
    "current",
    "excel",
    "index",
    "list_behind",
    "list_excel",
    "remind",
    "send_back",
    "show",
    "step",
]
