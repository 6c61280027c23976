"""One backup is one file: sealed in pieces, in order, with an end, so that nothing can be cut off or swapped.

``GXB1`` · length of the head (4 bytes) · head (JSON, readable by anybody: when, engine, which keys) · pieces.
Each piece is AES-256-GCM over 1 MiB of content; its nonce is its number and whether it is the last, the head is
associated data, and the key is derived for this one file (HKDF-SHA256 over the current field key and a salt).
The content is a row of records: kind (1 byte) · length (4 bytes) · that many bytes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from guixiao.conf.keys import KeyRing

from .refusals import Damaged, Refused, WrongKey

MAGIC = b"GXB1"
FORMAT = 1
PIECE = 1 << 20
TAG = 16
HEAD_LIMIT = 1 << 16
CUT = "the backup is cut short or altered: use another one, and look at the disk it lay on"


def fingerprint(key: bytes) -> str:
    """Twelve hex digits that recognise a key and betray nothing of it."""
    return hmac.new(key, b"guixiao key fingerprint", hashlib.sha256).hexdigest()[:12]


def key_ids(ring: KeyRing) -> dict[str, Any]:
    """Which keys a restored installation needs: ``{"journal": …, "index": …, "fields": {name: …}}``."""
    return {
        "journal": fingerprint(ring.journal),
        "index": fingerprint(ring.index),
        "fields": {name: fingerprint(key) for name, key in ring.fields.items()},
    }


def _flat(ids: dict[str, Any]) -> dict[str, str]:
    return {"journal": ids["journal"], "index": ids["index"], **ids["fields"]}


def _cipher(ring: KeyRing, head: dict[str, Any]) -> AESGCM:
    salt = bytes.fromhex(head["salt"])
    derive = HKDF(SHA256(), length=32, salt=salt, info=b"guixiao backup")
    return AESGCM(derive.derive(ring.fields[head["key"]]))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


class Writer:
    """Writes one archive; ``close`` seals the end and forces everything to disk. Memory: two pieces."""

    def __init__(self, path: Path, ring: KeyRing, head: dict[str, Any]) -> None:
        told = {
            "format": FORMAT,
            **head,
            "key": ring.current,
            "keys": key_ids(ring),
            "salt": os.urandom(32).hex(),
        }
        text = json.dumps(told, ensure_ascii=False).encode()
        start = MAGIC + struct.pack(">I", len(text)) + text
        self._cipher = _cipher(ring, told)
        self._bound = hashlib.sha256(start).digest()
        self._sum = hashlib.sha256()
        self._waiting = bytearray()
        self._number = 0
        self.bytes = 0
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", 0)
        self._out(start)

    def record(self, kind: bytes, content: bytes) -> None:
        """Add one record; ``kind`` is one byte."""
        self._waiting += kind + struct.pack(">I", len(content)) + content
        while len(self._waiting) > PIECE:  # the last piece is never empty-handed: it is sealed by close()
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]

    def close(self) -> str:
        """Seal the end, force it to disk, and return the SHA-256 of the whole file."""
        self._seal(bytes(self._waiting), last=True)
        os.fsync(self._file.fileno())
        self._file.close()
        return self._sum.hexdigest()

    def abandon(self) -> None:
        self._file.close()

    def _seal(self, plain: bytes, *, last: bool) -> None:
        self._out(self._cipher.encrypt(_nonce(self._number, last=last), plain, self._bound))
        self._number += 1

    def _out(self, data: bytes) -> None:
        view = memoryview(data)
        while view:  # a raw file may take less than it is given
            view = view[self._file.write(view) :]
        self._sum.update(data)
        self.bytes += len(data)


class Reader:
    """Reads one archive from its start; every piece is authenticated before a byte of it is handed out."""

    def __init__(self, path: Path) -> None:
        try:
            self._file: BinaryIO = path.open("rb")
        except OSError as problem:
            raise Refused(f"{path} cannot be read ({problem.strerror}): name a backup file") from None
        start = self._file.read(8)
        if start[:4] != MAGIC or len(start) < 8:
            raise Damaged(f"{path.name} is not a backup of Guixiao, or its beginning is gone")
        (length,) = struct.unpack(">I", start[4:])
        text = self._file.read(length) if length <= HEAD_LIMIT else b""
        try:
            self.head: dict[str, Any] = json.loads(text)
            self.needs: dict[str, Any] = self.head["keys"]
            newer = int(self.head["format"]) > FORMAT
            _flat(self.needs)
        except (ValueError, KeyError, TypeError):
            raise Damaged(f"{path.name}: {CUT}") from None
        if newer:
            raise Refused(f"{path.name} was written by a newer version: install that version, then restore")
        self._bound = hashlib.sha256(start + text).digest()
        self._name = path.name

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, e: BaseException | None, t: TracebackType | None
    ) -> None:
        self._file.close()

    def records(self, ring: KeyRing) -> Iterator[tuple[bytes, bytes]]:
        """``(kind, content)`` to the sealed end. Raises :class:`WrongKey` or :class:`Damaged`."""
        self.hold_against(ring)
        pieces = self._pieces(ring)
        waiting = bytearray()
        for piece in pieces:
            waiting += piece
            at = 0
            while len(waiting) - at >= 5:
                (length,) = struct.unpack_from(">I", waiting, at + 1)
                if len(waiting) - at - 5 < length:
                    break
                yield bytes(waiting[at : at + 1]), bytes(waiting[at + 5 : at + 5 + length])
                at += 5 + length
            del waiting[:at]
        if waiting:
            raise Damaged(f"{self._name}: {CUT}")

    def hold_against(self, ring: KeyRing) -> None:
        """Raises :class:`WrongKey` unless the ring holds every key this backup was made with."""
        have, needs = _flat(key_ids(ring)), _flat(self.needs)
        missing = [
            f"{name} key {wanted} (at hand: {have.get(name, 'none')})"
            for name, wanted in needs.items()
            if have.get(name) != wanted
        ]
        if missing:
            raise WrongKey(
                f"{self._name} was sealed with another key ring: it needs {', '.join(missing)}. "
                "Put the key ring of that installation in place (GUIXIAO_KEYS) and try again"
            )

    def _pieces(self, ring: KeyRing) -> Iterator[bytes]:
        try:
            cipher = _cipher(ring, self.head)
        except (KeyError, ValueError, TypeError):
            raise Damaged(f"{self._name}: {CUT}") from None
        number, sealed = 0, self._file.read(PIECE + TAG)
        while sealed:
            following = self._file.read(PIECE + TAG)
            try:
                yield cipher.decrypt(_nonce(number, last=not following), sealed, self._bound)
            except InvalidTag:
                raise Damaged(f"{self._name}: {CUT} (piece {number + 1})") from None
            number, sealed = number + 1, following
        if not number:
            raise Damaged(f"{self._name}: {CUT}")
