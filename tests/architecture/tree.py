"""The repository as these tests see it: files, syntax trees, names resolved to what was imported."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "src/guixiao/"

AnyFunction = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files() -> tuple[str, ...]:
    """Every file that is, or is about to be, in the repository; what .gitignore names is not."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode()
    return tuple(sorted(name for name in set(listed.split("\0")) if name and (ROOT / name).is_file()))


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8", errors="replace")


@cache
def syntax_of(name: str) -> ast.Module:
    return ast.parse(text_of(name), filename=name)


def is_test(name: str) -> bool:
    return "tests" in Path(name).parts or Path(name).name == "conftest.py"


def product_modules() -> list[str]:
    """Python files of the product itself: no tests, no test helpers, no migrations."""
    return [
        name
        for name in files()
        if name.startswith(PACKAGE)
        and name.endswith(".py")
        and not is_test(name)
        and not {"migrations", "testing"} & set(Path(name).parts)
    ]


def functions(module: ast.Module) -> Iterator[AnyFunction]:
    for node in ast.walk(module):
        if isinstance(node, AnyFunction):
            yield node


def dotted(node: ast.expr) -> str:
    """`a.b.c` for a plain chain of attributes, else an empty string."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        left = dotted(node.value)
        return f"{left}.{node.attr}" if left else ""
    return ""


def aliases(module: ast.Module) -> dict[str, str]:
    """Local name → what it was imported from, so that `from x import y as z` hides nothing."""
    known: dict[str, str] = {}
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            for name in node.names:
                bound = name.asname or name.name.split(".")[0]
                known[bound] = name.name if name.asname else bound
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for name in node.names:
                known[name.asname or name.name] = f"{node.module}.{name.name}"
    return known


def resolved(node: ast.expr, known: dict[str, str]) -> str:
    name = dotted(node)
    head, _, rest = name.partition(".")
    full = known.get(head, head)
    return f"{full}.{rest}" if rest else full
