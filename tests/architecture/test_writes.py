"""Every write to the database stands in an actions file, and every action says by whom and when."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import AnyFunction, files, functions, product_modules, syntax_of

# path → why it may write outside an actions file.
WRITES_ELSEWHERE: dict[str, str] = {
    "src/guixiao/people/rosters.py": "advances the roster's version, an unrecorded counter, inside the caller's action",
    "src/guixiao/operations/loading.py": "puts rows back as they were, into a database nobody works in yet",
}
# path::function → why it has no `by` (and `now`): a sentence.
ACTIONS_WITHOUT_ACTOR: dict[str, str] = {
    "src/guixiao/people/actions/intake.py::insert": "the rows of a child; its callers journal them",
}

ALWAYS = {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "_raw_delete"}
BARE = {"save", "delete"}  # the ORM's take no positional argument; image.save(file) and cache.delete(key) do
KEYWORDS = {"create", "update"}  # the ORM's take keywords only; dict.update and hash.update rarely do
QUERY_WORDS = {
    "objects", "_default_manager", "_base_manager", "filter", "exclude", "select_for_update", "visible",
    "annotate", "select_related", "order_by", "using",
}  # fmt: skip
OTHER_RECEIVERS = {"session", "storage", "cache"}
WRITING_SQL = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|TRUNCATE)\s", re.IGNORECASE)


def words(node: ast.expr) -> set[str]:
    """Every attribute and name along the receiver of a call: `A.objects.filter(x)` → A, objects, filter."""
    found: set[str] = set()
    current: ast.expr = node
    while True:
        if isinstance(current, ast.Call):
            current = current.func
        elif isinstance(current, ast.Attribute):
            found.add(current.attr)
            current = current.value
        elif isinstance(current, ast.Subscript):
            current = current.value
        else:
            break
    if isinstance(current, ast.Name):
        found.add(current.id)
    return found


def query_names(scope: ast.AST) -> set[str]:
    """Names bound to what looks like a query: `rows = X.objects.filter()`, then `rows.update(…)`."""
    return {
        target.id
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign) and words(node.value) & QUERY_WORDS
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def is_write(call: ast.Call, queries: set[str]) -> bool:
    if isinstance(call.func, ast.Name):
        return call.func.id == "insert_all"
    if not isinstance(call.func, ast.Attribute):
        return False
    method = call.func.attr
    plain = method[1:] if method[:1] == "a" and method[1:] in ALWAYS | BARE | KEYWORDS else method
    receiver = words(call.func.value)
    if plain == "execute" and call.args and isinstance(call.args[0], ast.Constant):
        return bool(WRITING_SQL.match(str(call.args[0].value)))
    if receiver & OTHER_RECEIVERS:
        return False
    if plain in ALWAYS:
        return True
    if plain in BARE:
        return not call.args
    if plain in KEYWORDS and not call.args and call.keywords:
        looks_like_query = bool(receiver & (QUERY_WORDS | queries))
        related = plain == "create" and isinstance(call.func.value, ast.Attribute)
        return looks_like_query or related
    return False


def writes(module: ast.AST) -> Iterator[int]:
    queries = query_names(module)
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and is_write(node, queries):
            yield node.lineno


def may_write(name: str) -> bool:
    parts = Path(name).parts
    return parts[-1] == "actions.py" or "actions" in parts or "journal" in parts


def test_only_actions_write() -> None:
    found = {name: list(writes(syntax_of(name))) for name in product_modules() if not may_write(name)}
    guilty = {name: lines for name, lines in found.items() if lines}
    strangers = {name: lines for name, lines in guilty.items() if name not in WRITES_ELSEWHERE}
    assert not strangers, f"move these writes into an action: {strangers}"
    assert not WRITES_ELSEWHERE.keys() - guilty.keys(), "excused without need"


def exported(name: str) -> set[str] | None:
    """What the folder `actions/` offers in its `__init__`; None for a plain actions.py, which offers everything."""
    door = str(Path(name).with_name("__init__.py"))
    if Path(name).name == "actions.py" or door not in files():
        return None
    return {
        alias.name
        for node in ast.walk(syntax_of(door))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def is_action(node: AnyFunction, offered: set[str] | None) -> bool:
    """A function of an actions file that others call, or that writes. Helpers between its files are neither."""
    if node.name.startswith("_"):
        return False
    return offered is None or node.name in offered or bool(list(writes(node)))


def actions() -> Iterator[tuple[str, AnyFunction]]:
    for name in product_modules():
        if may_write(name) and "journal" not in Path(name).parts:
            offered = exported(name)
            for node in syntax_of(name).body:
                if isinstance(node, AnyFunction) and is_action(node, offered):
                    yield f"{name}::{node.name}", node


def complaint(node: AnyFunction) -> str:
    if node.args.args or node.args.posonlyargs or node.args.vararg:
        return "takes positional arguments"
    missing = {"by", "now"} - {argument.arg for argument in node.args.kwonlyargs}
    return f"lacks {' and '.join(sorted(missing))}" if missing else ""


def test_every_action_says_by_whom_and_when() -> None:
    wrong = {where: complaint(node) for where, node in actions() if complaint(node)}
    strangers = {where: what for where, what in wrong.items() if where not in ACTIONS_WITHOUT_ACTOR}
    assert not strangers, f"an action is keyword-only, with `by` and `now`: {strangers}"
    assert not ACTIONS_WITHOUT_ACTOR.keys() - wrong.keys(), "excused without need"


@pytest.mark.parametrize(
    "code",
    [
        "Student.objects.create(name='x')",
        "student.save()",
        "student.save(update_fields=['name'])",
        "await student.asave()",
        "rows = Student.objects.filter(a=1)\nrows.update(a=2)",
        "Student.objects.filter(a=1).update(a=2)",
        "people.visible(actor, 'read').delete()",
        "student.guardians.create(name='x')",
        "Student.objects.bulk_create(rows)",
        "cursor.execute('update people set a = 1')",
    ],
)
def test_a_write_is_seen(code: str) -> None:
    assert list(writes(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "answer.update({'a': 1})",
        "context.update(a=1)",
        "digest.update(b'x')",
        "image.save(buffer, 'JPEG')",
        "cache.delete('key')",
        "request.session.save()",
        "cursor.execute('select 1')",
        "Student.objects.filter(a=1).exists()",
    ],
)
def test_what_is_no_write_is_left_alone(code: str) -> None:
    assert not list(writes(ast.parse(code)))


def test_an_action_without_actor_is_seen() -> None:
    first, second = functions(ast.parse("def f(x, *, by, now): ...\ndef g(*, by, now): ..."))
    assert complaint(first)
    assert not complaint(second)
    assert is_action(first, None)
    assert is_action(first, {"f"})
    assert not is_action(first, set())
    (writer,) = functions(ast.parse("def f(x): x.save()"))
    assert is_action(writer, set())
