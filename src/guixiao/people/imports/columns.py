"""The register's columns as values, read once from ``columns.yaml``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``key`` of a guardian's column begins with ``g1.`` or ``g2.``."""

    key: str
    header: str
    kind: str
    must: str = ""  # "", "yes", "expected"
    to: str = ""
    number: int | None = None
    aliases: tuple[str, ...] = ()
    codes: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    open: bool = False
    longest: int = 200
    width: int = 0  # a number shorter than this lost its leading zeros in Excel

    @property
    def required(self) -> bool:
        return self.must == "yes"

    def label(self, code: str) -> str:
        """The word behind a stored code."""
        return self.codes.get(code, code)


@cache
def columns() -> tuple[Column, ...]:
    """Every column in the order of the sheet, the two guardians last."""
    data = yaml.safe_load((files(__package__) / "columns.yaml").read_text(encoding="utf-8"))
    own = [_column(row, data) for row in data["columns"]]
    family = [_column(row, data, order) for order in (1, 2) for row in data["guardian"]]
    return tuple(own + family)


@cache
def by_key() -> dict[str, Column]:
    return {column.key: column for column in columns()}


@cache
def by_header() -> dict[str, Column]:
    """Every way to write a header, made plain → its column."""
    return {plain(name): column for column in columns() for name in (column.header, *column.aliases)}


def plain(header: str) -> str:
    """A header without stars, spaces, brackets, slashes and full-width forms."""
    half = "".join(chr(ord(sign) - 0xFEE0) if "！" <= sign <= "～" else sign for sign in header)
    return re.sub(r"[\s*★☆()/\\:]+", "", half)


def _column(row: dict[str, Any], data: dict[str, Any], order: int = 0) -> Column:
    def named(text: str) -> str:
        return text.replace("%d", str(order)) if order else text

    codes: dict[str, str] = data["codes"].get(row.get("codes", ""), {})
    words = {label: code for code, label in codes.items()} | data["also"].get(row.get("codes", ""), {})
    must = {True: "yes", "expected": "expected"}.get(row.get("must", False), "")
    return Column(
        key=f"g{order}.{row['key']}" if order else row["key"],
        header=named(row["header"]),
        kind=row["kind"],
        must=must,
        to=row.get("to", ""),
        number=row.get("number"),
        aliases=tuple(named(alias) for alias in row.get("aliases", ())),
        codes=codes,
        words=words,
        open=row.get("open", False),
        width=row.get("width", max((len(code) for code in codes if code.isdigit()), default=0)),
        longest=row.get("longest", 60 if row["kind"] == "name" else 200),
    )
