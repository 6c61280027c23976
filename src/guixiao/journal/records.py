"""Records that journal entries point to: their salted digest, so that state can be held against the chain.

The salt lives in the row. A record may be corrected (a new entry carries the new digest) or erased as the
law requires (with its salt, the digest tells nobody anything) without breaking the chain.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from django.db import models

from guixiao.conf.keys import ring

PLAIN = (str, int, bool, type(None))
GONE = ""  # the digest of a record that was erased


def new_salt() -> str:
    return secrets.token_hex(8)


class Recorded(models.Model):
    """A row whose state the journal vouches for. ``unrecorded`` names columns that are mere caches."""

    salt = models.CharField(max_length=16, default=new_salt, editable=False)
    unrecorded: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    def canonical(self) -> dict[str, Any]:
        """The columns that count, in a form that does not depend on the database engine."""
        return {name: _plain(getattr(self, name)) for name in _counting(type(self))}


@cache
def _counting(model: type[Recorded]) -> tuple[str, ...]:
    """The columns of a record that its digest covers."""
    skipped = {"salt", *model.unrecorded}
    return tuple(field.attname for field in model._meta.concrete_fields if field.attname not in skipped)


_write = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


def digest(record: Recorded) -> str:
    """HMAC-SHA256 of the record's salt and canonical state, cut to 32 hex digits."""
    said = f"{record.salt}|{_write(record.canonical())}".encode()
    return hmac.digest(ring().journal, said, "sha256").hex()[:32]


def label(record: Recorded | type[Recorded]) -> str:
    return record._meta.label


def traces(records: Iterable[Recorded], gone: Iterable[tuple[str, int]] = ()) -> list[list[Any]]:
    """``[[label, id, digest], …]`` as an entry stores them."""
    here = [[label(record), record.pk, digest(record)] for record in records]
    return here + [[name, pk, GONE] for name, pk in gone]


def _plain(value: Any) -> Any:
    if value.__class__ in PLAIN:
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(bytes(value)).hexdigest()
    return value
