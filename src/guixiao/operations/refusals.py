"""Why a backup, a restore or a move does not happen. The message says what is wrong and what to do."""

from __future__ import annotations

import errno


class Refused(RuntimeError):
    """Nothing was changed; the message is for whoever gave the order."""


class Damaged(Refused):
    """The file is not as it was written: cut, altered, or no backup at all."""


class WrongKey(Refused):
    """The key ring at hand is not the one this backup was sealed with."""


def no_space(problem: Exception) -> bool:
    """Did the disk run full? SQLite says it in words, the system in a number."""
    if isinstance(problem, OSError):
        return problem.errno in (errno.ENOSPC, errno.EDQUOT)
    return "disk is full" in str(problem) or "No space left" in str(problem)
