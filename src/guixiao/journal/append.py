"""The only way into the journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from guixiao.facts import By, Fact, to_payload
from guixiao.facts.clock import whole_second

from .bulk import insert_all
from .models import Chain, Entry
from .records import Recorded, traces
from .sealing import mac_of, seal_of


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact about to be journaled, with the records whose new state it vouches for.

    ``at`` is when it happened (default: now); ``gone`` names erased records as (label, id).
    """

    fact: Fact
    at: datetime | None = None
    records: Sequence[Recorded] = ()
    gone: Sequence[tuple[str, int]] = field(default=())


@dataclass(frozen=True, slots=True)
class Touched:
    """A subject that a commit may have changed the duties of."""

    kind: str  # student | place
    id: int


_touched: ContextVar[set[Touched] | None] = ContextVar("guixiao_touched", default=None)


def append(
    stated: Iterable[Stated], *, by: By, now: datetime, client_id: UUID | None = None, looks: bool = False
) -> list[Entry]:
    """Write facts to the acting organisation's chain and move its head, **last** in the transaction.

    ``client_id`` marks a submission: a second one with the same id breaks the unique constraint, so ask
    :func:`already` first. Raises ``RuntimeError`` outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("append() belongs inside the action's transaction")
    name = f"{'looks' if looks else 'org'}:{by.org}"
    chain = _locked(name)
    entries: list[Entry] = []
    head = chain.head
    for number, item in enumerate(stated, start=1):
        entry = _entry(item, chain, chain.seq + number, head, by, now)
        entry.client_id = client_id if number == 1 else None
        entry.mac = head = mac_of(name, entry)
        entries.append(entry)
    if not entries:
        return []
    insert_all(entries)
    seq = entries[-1].seq
    moved = Chain.objects.filter(pk=chain.pk, seq=chain.seq).update(
        seq=seq, head=head, seal=seal_of(name, seq, head)
    )
    if not moved:
        raise RuntimeError(f"chain {name} moved while it was being written")
    _remember(entries)
    return entries


def _locked(name: str) -> Chain:
    """The chain's row, locked where the engine locks rows; made when an organisation first speaks."""
    chain = Chain.objects.select_for_update(no_key=True).filter(name=name).first()
    if chain is None:
        Chain.objects.get_or_create(name=name)
        chain = Chain.objects.select_for_update(no_key=True).get(name=name)
    return chain


def _entry(item: Stated, chain: Chain, seq: int, prev: str, by: By, now: datetime) -> Entry:
    payload: dict[str, Any] = to_payload(item.fact)
    student, place = subjects_of(payload)
    return Entry(
        chain=chain,
        seq=seq,
        kind=item.fact.kind,
        payload=payload,
        records=traces(item.records, item.gone),
        student=student,
        place=place,
        account=by.account,
        post=by.post,
        org=by.org,
        for_account=by.for_account,
        happened_at=whole_second(item.at or now),
        recorded_at=whole_second(now),
        prev=prev,
    )


def subjects_of(payload: dict[str, Any]) -> tuple[int | None, int | None]:
    """The child and the place a fact is about; the columns by which it is found again."""
    place = next(
        (payload[name] for name in ("class_id", "school_id", "school", "place") if payload.get(name)), None
    )
    return payload.get("student"), place


def already(client_id: UUID) -> Entry | None:
    """The first entry of an earlier submission with this client-made id, if there is one."""
    return Entry.objects.filter(client_id=client_id).first()


def _remember(entries: list[Entry]) -> None:
    touched = _touched.get()
    if touched is None:
        return
    found = {Touched("student", entry.student) for entry in entries if entry.student}
    found |= {Touched("place", entry.place) for entry in entries if entry.place}
    transaction.on_commit(lambda: touched.update(found))


@contextmanager
def collecting() -> Iterator[set[Touched]]:
    """``with collecting() as touched:`` gathers the subjects of everything committed inside the block."""
    found: set[Touched] = set()
    token = _touched.set(found)
    try:
        yield found
    finally:
        _touched.reset(token)
