"""The tables of a database in a form that knows no engine: which columns, of which kind, in which order.

Read from the migrations that were applied to *that* database, so that a backup taken before an upgrade, or put
back after one, speaks of the schema it holds. A value is a number, a text or nothing:

``int`` and ``bool`` whole numbers (0, 1) · ``float`` · ``text`` · ``json`` its text · ``datetime``
``YYYY-MM-DD HH:MM:SS[.ffffff]`` UTC · ``date`` ``YYYY-MM-DD`` · ``uuid`` 32 hex digits · ``inet`` the address.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.migrations.loader import MigrationLoader
from django.db.models import Field, ForeignKey

from .refusals import Refused

Row = Sequence[Any]
Migrations = frozenset[tuple[str, str]]
ALIKE = {
    "BooleanField": "bool",
    "CharField": "text",
    "DateField": "date",
    "DateTimeField": "datetime",
    "EmailField": "text",
    "FloatField": "float",
    "GenericIPAddressField": "inet",
    "JSONField": "json",
    "SlugField": "text",
    "TextField": "text",
    "URLField": "text",
    "UUIDField": "uuid",
}


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Table:
    """``key`` orders the rows; ``counted`` says that the engine gives out its numbers from a sequence."""

    name: str
    columns: tuple[Column, ...]
    key: str
    counted: bool

    @property
    def jsons(self) -> list[int]:
        return [place for place, column in enumerate(self.columns) if column.kind == "json"]

    @property
    def text_key(self) -> bool:
        return any(column.name == self.key and column.kind == "text" for column in self.columns)


MIGRATIONS = Table(
    "django_migrations",
    (Column("id", "int"), Column("app", "text"), Column("name", "text"), Column("applied", "datetime")),
    "id",
    counted=True,
)


@dataclass(slots=True)
class Digest:
    """What a table holds: its rows in order, whatever engine keeps them."""

    table: Table
    rows: int = 0
    _sum: Any = field(default_factory=hashlib.sha256)

    def take(self, batch: Sequence[Row]) -> None:
        if batch:
            self._sum.update(json.dumps(_settled(self.table, batch), default=_strange)[1:-1].encode() + b", ")
            self.rows += len(batch)

    def value(self) -> str:
        return str(self._sum.hexdigest())


def _settled(table: Table, batch: Sequence[Row]) -> Sequence[Row]:
    """JSON columns in one order of keys: PostgreSQL keeps the value, SQLite the text."""
    places = table.jsons
    if not places:
        return batch
    rows = [list(row) for row in batch]
    for row in rows:
        for place in places:
            row[place] = _one_form(row[place])
    return rows


def _one_form(text: Any) -> Any:
    try:
        return json.dumps(json.loads(text), sort_keys=True) if isinstance(text, str) else text
    except ValueError:
        return text


def _strange(value: Any) -> dict[str, str]:
    """SQLite keeps whatever it is given: bytes where text belongs."""
    return {"bytes": bytes(value).hex()}


def packed(batch: Sequence[Row]) -> bytes:
    return json.dumps(batch, ensure_ascii=False, separators=(",", ":"), default=_strange).encode()


def unpacked(data: bytes) -> list[list[Any]]:
    rows: list[list[Any]] = json.loads(data, object_hook=lambda said: bytes.fromhex(said["bytes"]))
    return rows


def known(applied: Migrations) -> MigrationLoader:
    """This program's migrations. Raises :class:`Refused` where the database knows more than the program."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    stranger = sorted(node for node in applied if node not in loader.graph.nodes)
    if stranger:
        raise Refused(
            f"the data is of a newer version than this program ({stranger[0][0]} {stranger[0][1]} is unknown): "
            "install the version that wrote it"
        )
    return loader


def leaves(loader: MigrationLoader, applied: Migrations) -> list[tuple[str, str]]:
    """The last applied migration of each app: where the schema stands."""
    return sorted(
        node
        for node in applied
        if not any(
            child.key[0] == node[0] and child.key in applied for child in loader.graph.node_map[node].children
        )
    )


def behind(applied: Migrations) -> list[tuple[str, str]]:
    """Migrations this program has and the database has not."""
    return sorted(node for node in known(applied).graph.nodes if node not in applied)


def tables_of(applied: Migrations) -> list[Table]:
    """Every table that those migrations made, by name."""
    loader = known(applied)
    models = loader.project_state(leaves(loader, applied)).apps.get_models(include_auto_created=True)
    found = [
        MIGRATIONS,
        *(_table(model) for model in models if model._meta.managed and not model._meta.proxy),
    ]
    return sorted(found, key=lambda table: table.name)


def _table(model: Any) -> Table:
    fields = model._meta.concrete_fields
    columns = tuple(Column(each.column, kind_of(each)) for each in fields)
    key = model._meta.pk
    return Table(
        model._meta.db_table, columns, key.column, counted=key.get_internal_type().endswith("AutoField")
    )


def kind_of(field: Field[Any, Any]) -> str:
    """The neutral kind of a column. Raises :class:`Refused` for one nobody has taught us."""
    while isinstance(field, ForeignKey):
        field = field.target_field
    name = field.get_internal_type()
    if name.endswith(("IntegerField", "AutoField")):
        return "int"
    if name not in ALIKE:
        raise Refused(f"no backup knows how to keep {field.model._meta.label}.{field.name} ({name})")
    return ALIKE[name]
