"""A row is locked so that others may still refer to it, or PostgreSQL would see two transactions wait in a ring."""

from __future__ import annotations

import re

from tests.architecture.tree import product_modules, text_of

CALL = re.compile(r"select_for_update\((.*)")


def test_locks_leave_the_key_alone() -> None:
    """``FOR UPDATE`` shuts out even a foreign key's look at commit: who holds the class and waits for the chain
    meets who holds the chain and ends with a row about the class."""
    found = {
        name: wrong
        for name in product_modules()
        if (wrong := [one for one in CALL.findall(text_of(name)) if "no_key=True" not in one])
    }
    assert not found, f"write select_for_update(no_key=True): {found}"
