"""Nothing in the product updates or deletes an entry of the journal, not even through raw SQL."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.test_writes import words
from tests.architecture.tree import product_modules, syntax_of

CHANGING = {"update", "delete", "bulk_update", "update_or_create", "_raw_delete", "aupdate", "adelete"}
ENTRIES = {"Entry", "entries"}
SQL = re.compile(r"\b(UPDATE|DELETE\s+FROM|TRUNCATE(\s+TABLE)?)\s+\"?journal_entry", re.IGNORECASE)


def changes(module: ast.AST) -> Iterator[int]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in CHANGING and words(node.func.value) & ENTRIES:
                yield node.lineno
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value):
            yield node.lineno


def test_nothing_changes_an_entry() -> None:
    found = {name: lines for name in product_modules() if (lines := list(changes(syntax_of(name))))}
    assert not found, f"entries are written once: append a correction instead: {found}"


@pytest.mark.parametrize(
    "code",
    [
        "Entry.objects.filter(pk=1).update(kind='x')",
        "Entry.objects.all().delete()",
        "chain.entries.filter(seq=1).delete()",
        "cursor.execute('DELETE FROM journal_entry WHERE id = 1')",
    ],
)
def test_a_change_is_seen(code: str) -> None:
    assert list(changes(ast.parse(code)))


def test_reading_and_appending_is_left_alone() -> None:
    assert not list(changes(ast.parse("Entry.objects.bulk_create(rows)\nEntry.objects.filter(a=1).first()")))
