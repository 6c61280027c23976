"""The bytes on disk: AES-256-GCM with the field keys, one file a blob, the key's name in front.

``GX1`` · length of the key's name (one byte) · its name · nonce (12) · ciphertext. The blob's own name is the
associated data, so that two blobs cannot be swapped.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from guixiao.conf.keys import ring

MAGIC = b"GX1"
NONCE = 12


class CannotOpen(ValueError):
    """The blob is gone, was altered, or its key is not in the ring. The message says which."""


def folder() -> Path:
    return Path(settings.MEDIA_ROOT)


def path_of(name: str) -> Path:
    """Where a blob lies. Raises :class:`CannotOpen` for a name we did not make."""
    if len(name) != 32 or not all(sign in "0123456789abcdef" for sign in name):
        raise CannotOpen(f"{name!r} is not the name of a blob")
    return folder() / name[:2] / name


def put(plain: bytes) -> str:
    """Encrypt ``plain`` to disk and return the random name of the blob."""
    name = secrets.token_hex(16)
    _write(name, plain)
    return name


def get(name: str) -> bytes:
    """The plain content. Raises :class:`CannotOpen`."""
    raw = _read(name)
    key_name, body = _split(raw)
    key = ring().fields.get(key_name)
    if key is None:
        raise CannotOpen(f"key {key_name!r} is not in the ring")
    try:
        return AESGCM(key).decrypt(body[:NONCE], body[NONCE:], name.encode())
    except InvalidTag:
        raise CannotOpen(f"blob {name} was altered") from None


def sealed_by(name: str) -> str:
    """The name of the key a blob was sealed with; reads the head only."""
    try:
        with path_of(name).open("rb") as file:
            return _split(file.read(len(MAGIC) + 1 + 255))[0]
    except OSError:
        raise CannotOpen(f"blob {name} is gone") from None


def reseal(name: str) -> None:
    """Encrypt a blob again with the current key; the old bytes are replaced in one step."""
    _write(name, get(name))


def discard(name: str) -> None:
    """Remove a blob that no record points to."""
    path_of(name).unlink(missing_ok=True)


def _write(name: str, plain: bytes) -> None:
    keys = ring()
    nonce = os.urandom(NONCE)
    key_name = keys.current.encode()
    sealed = AESGCM(keys.fields[keys.current]).encrypt(nonce, plain, name.encode())
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    scratch = path.with_suffix(".new")
    with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(MAGIC + bytes([len(key_name)]) + key_name + nonce + sealed)
        file.flush()
        os.fsync(file.fileno())  # on the disk before its row is: a power cut loses neither or both
    scratch.replace(path)


def _read(name: str) -> bytes:
    try:
        return path_of(name).read_bytes()
    except OSError:
        raise CannotOpen(f"blob {name} is gone") from None


def _split(raw: bytes) -> tuple[str, bytes]:
    head = len(MAGIC)
    if raw[:head] != MAGIC or len(raw) < head + 1:
        raise CannotOpen("not a sealed blob")
    end = head + 1 + raw[head]
    try:
        return raw[head + 1 : end].decode("ascii"), raw[end:]
    except UnicodeDecodeError:
        raise CannotOpen("not a sealed blob") from None
