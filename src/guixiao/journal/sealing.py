"""The bytes an entry signs, and the signature. Change nothing here without a migration of every chain."""

from __future__ import annotations

import hmac
import json
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from guixiao.conf.keys import ring


class Sealable(Protocol):
    """What of an entry is signed."""

    seq: int
    kind: str
    payload: Any
    records: Any
    account: int
    post: str
    org: int
    for_account: int | None
    happened_at: datetime
    recorded_at: datetime
    client_id: UUID | None
    prev: str


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="seconds")


def _mac(text: str) -> str:
    return hmac.digest(ring().journal, text.encode(), "sha256").hex()


_write = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


def mac_of(chain: str, entry: Sealable) -> str:
    """The HMAC of an entry: everything it says, where it stands and what came before."""
    parts = [
        chain,
        entry.seq,
        entry.kind,
        entry.payload,
        entry.records,
        [entry.account, entry.post, entry.org, entry.for_account],
        [_moment(entry.happened_at), _moment(entry.recorded_at)],
        str(entry.client_id) if entry.client_id else None,
        entry.prev,
    ]
    return _mac(_write(parts))


def seal_of(chain: str, seq: int, head: str) -> str:
    """The signature over a chain's head."""
    return _mac(f"head|{chain}|{seq}|{head}")


def line_seal_of(row: dict[str, Any]) -> str:
    """The signature over a line of the anchor file."""
    return _mac("anchor|" + _write(row))
