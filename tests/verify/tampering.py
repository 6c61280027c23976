"""Ways to tamper with a journal, each done with nothing but SQL or a file: what an intruder would have.

A tampering gets a source of chance and returns what ``verify`` must say: the code, and where.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.db import connection, models

from guixiao.journal.models import Chain, Cursor, Entry
from guixiao.journal.records import Recorded, label
from guixiao.journal.sealing import mac_of
from guixiao.journal.verify import recorded_models


@dataclass(frozen=True, slots=True)
class Expected:
    """``verify`` must report one of ``codes`` at a place whose name contains ``where``."""

    codes: tuple[str, ...]
    where: str
    did: str


@dataclass(frozen=True, slots=True)
class Scene:
    """What there is to tamper with."""

    chance: Random
    anchors: Path

    def entry(self, chain: Chain | None = None, but_last: bool = False) -> Entry:
        rows = Entry.objects.filter(chain=chain) if chain else Entry.objects.all()
        found = list(rows.order_by("pk"))
        if but_last:
            heads = dict(Chain.objects.values_list("pk", "seq"))
            found = [row for row in found if row.seq < heads[row.chain_id]]
        return self.chance.choice(found)

    def chain(self, least: int = 1) -> Chain:
        return self.chance.choice(list(Chain.objects.filter(seq__gte=least).order_by("pk")))

    def row(self) -> Recorded:
        filled = [model for model in recorded_models() if model._base_manager.exists()]
        model = self.chance.choice(sorted(filled, key=label))
        return self.chance.choice(list(model._base_manager.order_by("pk")))


Tampering = Callable[[Scene], Expected]
TAMPERINGS: dict[str, Tampering] = {}


def tampering(done: Tampering) -> Tampering:
    TAMPERINGS[done.__name__] = done
    return done


def sql(text: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def name(entry: Entry) -> str:
    return f"{entry.chain.name}#{entry.seq}"


def raw(model: type[models.Model], column: str | None, pk: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM {model._meta.db_table} WHERE id = %s', [pk])
        return cursor.fetchone()[0]


def put(model: type[models.Model], column: str | None, pk: int, value: Any) -> None:
    sql(f'UPDATE {model._meta.db_table} SET "{column}" = %s WHERE id = %s', value, pk)


# --- entries ---------------------------------------------------------------------------------------


def other(value: Any, chance: Random) -> Any:
    """Something like ``value``, and not it."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + chance.choice((1, 2, 10))
    if isinstance(value, datetime | date):
        return value + timedelta(days=chance.randint(1, 9))
    if value is None:
        return None
    return flipped(str(value), chance)


def flipped(text: str, chance: Random) -> str:
    """``text`` with one character changed."""
    if not text:
        return "x"
    at = chance.randrange(len(text))
    swap = {"0": "1", "1": "0", "a": "b", "b": "a"}
    return text[:at] + swap.get(text[at], chance.choice("01ab")) + text[at + 1 :]


def flipped_json(value: Any, chance: Random) -> str:
    """The JSON of ``value`` with one character changed, still JSON and saying something else."""
    text = json.dumps(value)
    while True:
        changed = flipped(text, chance)
        try:
            if json.loads(changed) != value and isinstance(json.loads(changed), type(value)):
                return changed
        except ValueError:
            continue


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


# --- state -----------------------------------------------------------------------------------------


@tampering
def a_state_row_altered(scene: Scene) -> Expected:
    row = scene.row()
    skipped = {"id", *row.unrecorded}
    fields = [
        field
        for field in row._meta.concrete_fields
        if field.attname not in skipped
        and not field.is_relation
        and not field.unique
        and other(getattr(row, field.attname), scene.chance) is not None
    ]
    field = scene.chance.choice(fields)
    stored = raw(type(row), field.column, row.pk)
    value = other(stored, scene.chance) if isinstance(stored, str | int) else stored
    if isinstance(field, models.BooleanField):
        value = not stored
    elif isinstance(field, models.DateField):
        value = other(getattr(row, field.attname), scene.chance)
    elif isinstance(value, str):
        limit = getattr(field, "max_length", None) or 10**6
        value = (
            (f"{stored}x" if len(str(stored)) < limit else "x" + str(stored)[1:])
            if value == stored
            else value
        )
        value = "y" + str(stored)[1:] if value == stored else value
    put(type(row), field.column, row.pk, value)
    return Expected(("state altered",), f"{label(row)} {row.pk}", f"{field.column} of {label(row)} {row.pk}")


@tampering
def a_row_slipped_in(scene: Scene) -> Expected:
    """A copy of a row, made to differ only where the table insists."""
    row = scene.row()
    while one_to_a_parent(type(row)):
        row = scene.row()
    model, fresh = type(row), 10**8 + row.pk
    values = {field.column: raw(model, field.column, row.pk) for field in row._meta.concrete_fields}
    values["id"] = fresh
    for field in insisted(model):
        if values[field.column] not in (None, ""):
            is_day = isinstance(field, models.DateField)
            text = "2001-01-01" if is_day else f"z{fresh}"[: getattr(field, "max_length", None) or 20]
            values[field.column] = 9999 if isinstance(values[field.column], int) else text
    names = ", ".join(f'"{column}"' for column in values)
    marks = ", ".join(["%s"] * len(values))
    adapted = [json_text(value) for value in values.values()]
    sql(f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})", *adapted)
    return Expected(("row without an entry",), f"{label(row)} {fresh}", f"{label(row)} {fresh} slipped in")


def one_to_a_parent(model: type[Recorded]) -> bool:
    """Whether the table itself refuses a second row beside the same parent."""
    if any(isinstance(field, models.OneToOneField) for field in model._meta.concrete_fields):
        return True
    unique = (c for c in model._meta.constraints if isinstance(c, models.UniqueConstraint))
    return any(all(model._meta.get_field(name).is_relation for name in c.fields) for c in unique)


def insisted(model: type[Recorded]) -> list[models.Field[Any, Any]]:
    """A plain column of each constraint that would refuse a second such row."""
    found = [field for field in model._meta.concrete_fields if field.unique and field.column != "id"]
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            fields = [model._meta.get_field(name) for name in constraint.fields]
            found += [f for f in fields if isinstance(f, models.Field) and not f.is_relation][:1]
    return found


def json_text(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value


@tampering
def a_row_deleted(scene: Scene) -> Expected:
    row = scene.row()
    sql(f"DELETE FROM {row._meta.db_table} WHERE id = %s", row.pk)
    return Expected(("row missing",), f"{label(row)} {row.pk}", f"{label(row)} {row.pk} deleted")


# --- the anchor file -------------------------------------------------------------------------------


def lines_of(scene: Scene) -> list[str]:
    return scene.anchors.read_text().splitlines()


@tampering
def an_anchor_changed(scene: Scene) -> Expected:
    lines = lines_of(scene)
    at = scene.chance.randrange(len(lines))
    lines[at] = flipped(lines[at], scene.chance)
    while lines[at] == lines_of(scene)[at]:
        lines[at] = flipped(lines[at], scene.chance)
    scene.anchors.write_text("\n".join(lines) + "\n")
    return Expected(("anchor altered",), f"line {at + 1}", f"a byte of anchor line {at + 1}")


@tampering
def an_anchor_removed(scene: Scene) -> Expected:
    lines = lines_of(scene)
    at = scene.chance.randrange(len(lines) - 1)
    scene.anchors.write_text("\n".join(lines[:at] + lines[at + 1 :]) + "\n")
    return Expected(("anchor altered",), f"line {at + 1}", f"anchor line {at + 1} removed")


@tampering
def the_anchors_cut(scene: Scene) -> Expected:
    lines = lines_of(scene)
    keep = scene.chance.randrange(len(lines) - 1)
    scene.anchors.write_text("".join(line + "\n" for line in lines[:keep]))
    chain = json.loads(lines[-1])["chain"]
    return Expected(("anchor missing",), chain, f"the anchor file cut after line {keep}")


@tampering
def the_anchors_rewritten_without_the_key(scene: Scene) -> Expected:
    rows = [json.loads(line) for line in lines_of(scene)]
    prev = ""
    for row in rows:
        row["prev"], row["head"] = prev, secrets.token_hex(32)
        row["seal"] = prev = hmac.new(b"not the key", repr(row).encode(), hashlib.sha256).hexdigest()
    scene.anchors.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return Expected(("anchor altered",), "line 1", "the anchor file rewritten")
