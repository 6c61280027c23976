"""The key ring: secrets that never enter the database.

A JSON file readable by its owner only::

    {"secret": "…", "journal": "…", "index": "…", "fields": {"current": "k1", "keys": {"k1": "…"}}}

Every value is base64 of 32 random bytes. ``fields`` may hold several keys: the current one encrypts, all of
them decrypt, so that ``guixiao rotate-keys`` can move data over at leisure.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from .home import keys_file


class KeysMissing(RuntimeError):
    """There is no usable key ring; the message says what to do."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    secret: str
    journal: bytes
    index: bytes
    current: str
    fields: dict[str, bytes]

    @staticmethod
    def new() -> KeyRing:
        return KeyRing(secrets.token_urlsafe(48), _random(), _random(), "k1", {"k1": _random()})

    def with_new_field_key(self) -> KeyRing:
        """A ring whose current field key is fresh; the old ones still decrypt."""
        name = f"k{len(self.fields) + 1}"
        return replace(self, current=name, fields={**self.fields, name: _random()})

    def save(self, path: Path) -> None:
        """Write the ring so that only its owner can read it; the old file is replaced in one step."""
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(
            {
                "secret": self.secret,
                "journal": _text(self.journal),
                "index": _text(self.index),
                "fields": {
                    "current": self.current,
                    "keys": {name: _text(key) for name, key in self.fields.items()},
                },
            },
            indent=1,
        )
        scratch = path.with_suffix(".new")
        with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
        scratch.replace(path)

    @staticmethod
    def load(path: Path) -> KeyRing:
        """Read a ring. Raises :class:`KeysMissing` when the file is absent or not a key ring."""
        try:
            data = json.loads(path.read_text())
            return KeyRing(
                data["secret"],
                base64.b64decode(data["journal"]),
                base64.b64decode(data["index"]),
                data["fields"]["current"],
                {name: base64.b64decode(key) for name, key in data["fields"]["keys"].items()},
            )
        except FileNotFoundError:
            raise KeysMissing(f"no key ring at {path}: run `guixiao init`, or restore the file") from None
        except (ValueError, KeyError, TypeError) as error:
            raise KeysMissing(
                f"{path} is not a key ring ({error}): restore it from your safe copy"
            ) from error


def _random() -> bytes:
    return secrets.token_bytes(32)


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()


@cache
def ring() -> KeyRing:
    """The ring of this installation, made on first use where ``GUIXIAO_MAKE_KEYS=1`` (demo, tests)."""
    path = keys_file()
    if not path.exists() and os.environ.get("GUIXIAO_MAKE_KEYS") == "1":
        KeyRing.new().save(path)
    return KeyRing.load(path)
