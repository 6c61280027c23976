"""What is to be sealed is sealed in the database itself, not only in Python (decision 5)."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from guixiao.access.vault import CannotDecrypt, SealedField, seal, unseal
from guixiao.conf.keys import ring
from guixiao.testing.cast import Cast


def sealed_columns() -> list[tuple[str, str]]:
    return [
        (model._meta.db_table, field.column or field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, SealedField)
    ]


def raw(table: str, column: str) -> list[str]:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"select {quote(column)} from {quote(table)}")
        return [value for (value,) in cursor.fetchall() if value]


def test_raw_columns_hold_nothing_readable(cast: Cast) -> None:
    assert sealed_columns()
    values = [value for table, column in sealed_columns() for value in raw(table, column)]
    assert values, "the cast has nothing sealed"
    assert all(value.split(":")[0] in ring().fields for value in values)
    assert len(set(values)) == len(values), "two sealings are alike: the nonce is not fresh"


def test_a_value_moved_to_another_column_does_not_open() -> None:
    moved = seal("999999200901011234", "people_student.id_number")
    assert unseal(moved, "people_student.id_number") == "999999200901011234"
    with pytest.raises(CannotDecrypt):
        unseal(moved, "people_guardian.phone")
