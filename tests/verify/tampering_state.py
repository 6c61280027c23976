"""Ways to tamper with the state and with the anchor file."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from typing import Any

from django.db import models

from guixiao.journal.records import Recorded, label

from .scene import Expected, Scene, flipped, other, put, raw, sql, tampering

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
