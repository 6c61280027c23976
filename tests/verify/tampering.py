"""Ways to tamper with entries, tails, heads and whole chains."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from typing import Any

from guixiao.journal.models import Chain, Cursor, Entry
from guixiao.journal.sealing import mac_of

from .scene import Expected, Scene, flipped, flipped_json, name, other, put, sql, tampering

# --- entries ---------------------------------------------------------------------------------------


@tampering
def one_byte_of_an_entry(scene: Scene) -> Expected:
    entry = scene.entry()
    column = scene.chance.choice(("payload", "records", "kind", "post", "mac", "prev"))
    value = getattr(entry, column)
    if not value:
        column, value = "payload", entry.payload
    is_json = column in ("payload", "records")
    changed = flipped_json(value, scene.chance) if is_json else flipped(value, scene.chance)
    if changed == value:
        changed = value + "x"
    put(Entry, column, entry.pk, changed[:64] if not is_json else changed)
    return Expected(("entry altered",), name(entry), f"{column} of {name(entry)}")


@tampering
def a_number_or_moment_of_an_entry(scene: Scene) -> Expected:
    entry = scene.entry()
    columns = ["account", "org", "happened_at", "recorded_at"]
    columns += [column for column in ("student", "place") if getattr(entry, column)]
    column = scene.chance.choice(columns)
    put(Entry, column, entry.pk, other(getattr(entry, column), scene.chance))
    return Expected(("entry altered",), name(entry), f"{column} of {name(entry)}")


@tampering
def an_entry_pointed_at_nobody(scene: Scene) -> Expected:
    entry = scene.chance.choice(list(Entry.objects.exclude(student=None).order_by("pk")))
    put(Entry, "student", entry.pk, None)
    return Expected(("entry altered",), name(entry), f"the child of {name(entry)} blanked")


@tampering
def an_entry_deleted(scene: Scene) -> Expected:
    entry = scene.entry(but_last=True)
    sql("DELETE FROM journal_entry WHERE id = %s", entry.pk)
    return Expected(("entry missing",), name(entry), f"{name(entry)} deleted")


@tampering
def an_entry_deleted_and_the_rest_moved_up(scene: Scene) -> Expected:
    entry = scene.entry(but_last=True)
    sql("DELETE FROM journal_entry WHERE id = %s", entry.pk)
    for later in Entry.objects.filter(chain=entry.chain, seq__gt=entry.seq).order_by("seq"):
        put(Entry, "seq", later.pk, later.seq - 1)
    return Expected(("entry altered", "broken link"), name(entry), f"{name(entry)} deleted, the gap closed")


@tampering
def two_entries_swapped(scene: Scene) -> Expected:
    chain = scene.chain(least=2)
    first, second = scene.chance.sample(list(Entry.objects.filter(chain=chain).order_by("pk")), 2)
    put(Entry, "seq", first.pk, 10**9)
    put(Entry, "seq", second.pk, first.seq)
    put(Entry, "seq", first.pk, second.seq)
    return Expected(("entry altered",), name(first), f"{name(first)} and #{second.seq} swapped")


@tampering
def what_two_entries_say_swapped(scene: Scene) -> Expected:
    first, second = scene.entry(), scene.entry()
    while second.payload == first.payload:
        second = scene.entry()
    put(Entry, "payload", first.pk, json.dumps(second.payload))
    put(Entry, "payload", second.pk, json.dumps(first.payload))
    return Expected(("entry altered",), name(second), f"payloads of {name(first)} and {name(second)}")


@tampering
def an_entry_inserted(scene: Scene) -> Expected:
    chain = scene.chain()
    last = Entry.objects.filter(chain=chain).order_by("seq").last()
    assert last
    forged = copy_of(last, seq=last.seq + 1, prev=last.mac, mac=secrets.token_hex(32))
    return Expected(("entry altered",), f"{chain.name}#{forged.seq}", f"forged {chain.name}#{forged.seq}")


def copy_of(entry: Entry, **changes: Any) -> Entry:
    values = {field.attname: getattr(entry, field.attname) for field in Entry._meta.concrete_fields}
    made = Entry(**{**values, "id": None, "client_id": None, **changes})
    return Entry.objects.bulk_create([made])[0]


@tampering
def entries_renumbered(scene: Scene) -> Expected:
    """Ids decide which of two chains spoke last of a record."""
    entry = scene.entry(scene.chain(least=3), but_last=True)
    put(Entry, "id", entry.pk, 10**9)
    after = Entry.objects.filter(chain=entry.chain, seq=entry.seq + 1).get()
    return Expected(("entry renumbered",), name(after), f"the id of {name(entry)} made the highest")


# --- tails, heads, whole chains --------------------------------------------------------------------


def cut(chain: Chain, seq: int) -> Entry:
    sql("DELETE FROM journal_entry WHERE chain_id = %s AND seq > %s", chain.pk, seq)
    last = Entry.objects.filter(chain=chain).order_by("seq").last()
    assert last
    return last


@tampering
def the_tail_cut(scene: Scene) -> Expected:
    chain = scene.chain(least=3)
    last = cut(chain, scene.chance.randrange(1, chain.seq))
    return Expected(("tail cut",), f"{chain.name}#{last.seq + 1}", f"{chain.name} cut after {last.seq}")


@tampering
def the_tail_cut_and_the_head_moved_back(scene: Scene) -> Expected:
    chain = scene.chain(least=3)
    last = cut(chain, scene.chance.randrange(1, chain.seq))
    sql("UPDATE journal_chain SET seq = %s, head = %s WHERE id = %s", last.seq, last.mac, chain.pk)
    return Expected(("head altered",), chain.name, f"{chain.name} cut after {last.seq}, its head moved")


@tampering
def a_head_altered(scene: Scene) -> Expected:
    chain = scene.chain()
    column = scene.chance.choice(("head", "seal"))
    put(Chain, column, chain.pk, flipped(getattr(chain, column), scene.chance)[:63] + "x")
    return Expected(("head altered",), chain.name, f"{column} of {chain.name}")


@tampering
def a_chain_rewritten_without_the_key(scene: Scene) -> Expected:
    """Every entry sealed anew from the first altered one, with another key, head and all."""
    chain = scene.chain(least=2)
    rows = list(Entry.objects.filter(chain=chain).order_by("seq"))
    start = scene.chance.randrange(len(rows))
    payload = json.loads(flipped_json(rows[start].payload, scene.chance))
    rows[start].payload = payload
    put(Entry, "payload", rows[start].pk, json.dumps(payload))
    prev = rows[start].prev
    for row in rows[start:]:
        row.prev = prev
        prev = hmac.new(b"not the key", mac_of(chain.name, row).encode(), hashlib.sha256).hexdigest()
        sql("UPDATE journal_entry SET prev = %s, mac = %s WHERE id = %s", row.prev, prev, row.pk)
    seal = hmac.new(b"not the key", prev.encode(), hashlib.sha256).hexdigest()
    sql("UPDATE journal_chain SET head = %s, seal = %s WHERE id = %s", prev, seal, chain.pk)
    return Expected(("entry altered",), name(rows[start]), f"{chain.name} rewritten from {rows[start].seq}")


@tampering
def a_whole_chain_gone(scene: Scene) -> Expected:
    chain = scene.chain()
    sql("DELETE FROM journal_entry WHERE chain_id = %s", chain.pk)
    Cursor.objects.filter(chain=chain).delete()
    sql("DELETE FROM journal_chain WHERE id = %s", chain.pk)
    return Expected(("chain missing",), chain.name, f"{chain.name} deleted whole")


@tampering
def a_chain_renamed(scene: Scene) -> Expected:
    chain = scene.chain()
    put(Chain, "name", chain.pk, f"{chain.name}9")
    return Expected(("chain missing",), chain.name, f"{chain.name} renamed")
