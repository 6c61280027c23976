"""Encryption of single fields: AES-256-GCM with key rotation, and a blind index for exact look-up.

Stored form: ``key-name:base64(nonce + ciphertext)``. The index is a keyed hash of the normalised text: it
finds an equal value and tells nothing else.
"""

from __future__ import annotations

import base64
import hmac
import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models

from guixiao.conf.keys import ring


class CannotDecrypt(ValueError):
    """The value was altered, or its key is not in the ring."""


def seal(text: str, context: str = "") -> str:
    """Encrypt ``text``; ``context`` binds it to its column so that values cannot be swapped between columns."""
    keys = ring()
    nonce = os.urandom(12)
    data = _cipher(keys.fields[keys.current]).encrypt(nonce, text.encode(), context.encode())
    return f"{keys.current}:{base64.b64encode(nonce + data).decode()}"


def unseal(sealed: str, context: str = "") -> str:
    """Decrypt. Raises :class:`CannotDecrypt`."""
    name, _, body = sealed.partition(":")
    key = ring().fields.get(name) or _key_made_meanwhile(name)
    try:
        raw = base64.b64decode(body, validate=True)
        return _cipher(key).decrypt(raw[:12], raw[12:], context.encode()).decode()
    except Exception as error:
        raise CannotDecrypt(
            "the value does not match its key: it was altered, or the ring is wrong"
        ) from error


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    """The cipher of a key; to make one costs more than to seal a name with it."""
    return AESGCM(key)


def _key_made_meanwhile(name: str) -> bytes:
    """Another process may have rotated the keys since this one read the ring."""
    ring.cache_clear()
    key = ring().fields.get(name)
    if key is None:
        raise CannotDecrypt(f"field key {name!r} is not in the key ring: restore the ring that had it")
    return key


def sealed_by(sealed: str) -> str:
    """The name of the key that sealed a value."""
    return sealed.partition(":")[0]


def blind_index(text: str) -> str:
    """A keyed hash of ``text`` (spaces dropped, upper case); empty for nothing."""
    plain = "".join(text.split()).upper()
    if not plain:
        return ""
    return hmac.digest(ring().index, plain.encode(), "sha256").hex()[:40]


if TYPE_CHECKING:
    _Text = models.TextField[str, str]
else:
    _Text = models.TextField


class SealedField(_Text):
    """A text column that is encrypted in the database and plain in Python."""

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return unseal(value, self.context) if value else value

    def get_prep_value(self, value: Any) -> Any:
        plain = super().get_prep_value(value)
        return seal(plain, self.context) if plain else plain

    @property
    def context(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise TypeError(f"{self.name} is encrypted: look it up by its blind index")
        return super().get_lookup(lookup_name)
