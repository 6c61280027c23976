"""Marks Chinese text of the pure packages for the catalogue; whoever shows it translates it.

``gettext`` finds strings by the name of the call, so this needs no Django.
"""

from __future__ import annotations


def gettext_noop(text: str) -> str:
    return text
