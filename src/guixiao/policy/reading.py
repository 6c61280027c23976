"""A careful reader of pack data: every complaint names the file, the rule and the field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from guixiao.facts.posts import POSTS

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class PackError(ValueError):
    """A pack that does not load: which file, which rule, which field, what is wrong and what to write."""


@dataclass(frozen=True)
class At:
    """A mapping and where it stands."""

    data: Mapping[str, Any]
    file: str
    rule: str = ""
    field: str = ""

    def fail(self, what: str, field: str = "") -> PackError:
        parts = [self.file, f"rule {self.rule}" if self.rule else "", self._path(field)]
        return PackError(" · ".join(part for part in parts if part) + f": {what}")

    def _path(self, field: str) -> str:
        return ".".join(part for part in (self.field, field) if part)

    def only(self, allowed: Iterable[str]) -> None:
        """Refuse a word that is not in the vocabulary."""
        allowed = sorted(allowed)
        for name in self.data:
            if name not in allowed:
                raise self.fail(f"unknown word; one of: {', '.join(allowed)}", str(name))

    def get(self, name: str, kind: type[T], default: T | None = None) -> T:
        value = self.data.get(name, default)
        if value is None:
            raise self.fail("missing", name)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.fail(f"must be {kind.__name__}, not {value!r}", name)
        return value

    def child(self, name: str) -> At:
        return self.at(self.get(name, dict), name)

    def at(self, data: Any, field: str) -> At:
        if not isinstance(data, Mapping):
            raise self.fail(f"must be a mapping, not {data!r}", field)
        return At(data, self.file, self.rule, self._path(field))

    def word(self, name: str, kind: type[E], default: E | None = None) -> E:
        value = self.data.get(name, default)
        try:
            return kind(value)
        except ValueError:
            known = ", ".join(item.value for item in kind)
            raise self.fail(f"{value!r} is not one of: {known}", name) from None

    def words(self, name: str, required: bool = False) -> tuple[str, ...]:
        value = self.data.get(name, [])
        if not isinstance(value, list) or any(not isinstance(item, str) for item in value):
            raise self.fail(f"must be a list of words, not {value!r}", name)
        if required and not value:
            raise self.fail("must not be empty", name)
        return tuple(value)

    def post(self, name: str) -> str:
        return self._post(self.get(name, str), name)

    def posts(self, name: str) -> tuple[str, ...]:
        return tuple(self._post(post, name) for post in self.words(name))

    def _post(self, post: str, name: str) -> str:
        if post not in POSTS:
            raise self.fail(f"no such post: {post}; see guixiao/facts/posts.py", name)
        return post

    def day(self, name: str, default: date | None = None) -> date:
        value = self.data.get(name, default)
        if not isinstance(value, date):
            raise self.fail(f"must be a day like 2026-09-01, not {value!r}", name)
        return value

    def one_of(self, readers: Mapping[str, Callable[[At, Any], T]], what: str) -> T:
        """Exactly one word of a closed set, read by its own reader."""
        if len(self.data) != 1:
            raise self.fail(f"exactly one {what} is needed: {', '.join(sorted(readers))}")
        name, value = next(iter(self.data.items()))
        if name not in readers:
            raise self.fail(f"unknown {what}; one of: {', '.join(sorted(readers))}", name)
        return readers[name](self, value)
