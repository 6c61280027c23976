"""Who did it, and by virtue of which post."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class By:
    """The author of a fact: account, the post it acted in, and the organisation of that post.

    ``account`` 0 is the system itself (``guixiao tick``); ``for_account`` names the holder a deputy acts for.
    """

    account: int
    post: str
    org: int
    for_account: int | None = None


SYSTEM = By(account=0, post="system", org=0)
