"""How much of a hidden value may be shown to everybody who may see the record."""

from __future__ import annotations


def id_number(text: str) -> str:
    """``G**************2417``: the first sign of a student number, the last four of any."""
    if len(text) <= 4:
        return "*" * len(text)
    head = text[0] if text[0].isalpha() else ""
    return f"{head}{'*' * (len(text) - 4 - len(head))}{text[-4:]}"


def phone(text: str) -> str:
    """``138****7702``."""
    return f"{text[:3]}****{text[-4:]}" if len(text) >= 8 else "*" * len(text)


def address(text: str) -> str:
    """The first six characters, then how it goes on is hidden."""
    return f"{text[:6]}****" if text else ""
