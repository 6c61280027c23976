"""Small files, small functions. The soft limit warns, the hard one fails unless a reason is written here."""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from pathlib import Path

from tests.architecture.tree import AnyFunction, files, functions, syntax_of, text_of

FILE_SOFT, FILE_HARD = 300, 350
FUNCTION_SOFT, FUNCTION_HARD = 40, 60

# path → why it may be longer. A line that is no longer needed fails the test.
LONG_FILES: dict[str, str] = {}
# path::function → why it may be longer.
LONG_FUNCTIONS: dict[str, str] = {}

SOURCE_SUFFIXES = {".py", ".js", ".mjs", ".ts", ".css", ".html", ".sh"}
EXEMPT_FOLDERS = {"migrations", "data", "build", "generated"}


def sources() -> list[str]:
    return [
        name
        for name in files()
        if Path(name).suffix in SOURCE_SUFFIXES and not EXEMPT_FOLDERS & set(Path(name).parts)
    ]


def code_lines(source: str, node: AnyFunction) -> int:
    """Lines of the body that hold code: no docstring, no comment, no blank line."""
    body = node.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    if not body:
        return 0
    first, last = body[0].lineno, node.end_lineno or node.lineno
    quiet = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in quiet:
            lines.update(range(token.start[0], token.end[0] + 1))
    return len([line for line in lines if first <= line <= last])


def judge(sizes: dict[str, int], soft: int, hard: int, excused: dict[str, str]) -> None:
    over = {name: size for name, size in sizes.items() if size > hard}
    assert not over.keys() - excused.keys(), "split these, or write down why not: " + ", ".join(
        f"{name} ({over[name]})" for name in sorted(over.keys() - excused.keys())
    )
    assert not excused.keys() - over.keys(), f"excused without need: {sorted(excused.keys() - over.keys())}"
    assert all(len(reason) > 20 for reason in excused.values()), "a reason is a sentence"
    near = {name: size for name, size in sizes.items() if soft < size <= hard}
    if near:
        listed = ", ".join(f"{name} ({size})" for name, size in sorted(near.items()))
        warnings.warn(f"above the soft limit of {soft} lines: {listed}", stacklevel=2)


def test_no_file_grows_long() -> None:
    sizes = {name: len(text_of(name).splitlines()) for name in sources()}
    judge(sizes, FILE_SOFT, FILE_HARD, LONG_FILES)


def test_no_function_grows_long() -> None:
    sizes = {
        f"{name}::{node.name}": code_lines(text_of(name), node)
        for name in sources()
        if name.endswith(".py")
        for node in functions(syntax_of(name))
        if (node.end_lineno or 0) - node.lineno > FUNCTION_SOFT
    }
    judge(sizes, FUNCTION_SOFT, FUNCTION_HARD, LONG_FUNCTIONS)


def test_docstrings_comments_and_blank_lines_are_free() -> None:
    source = 'def f():\n    """Two\n    lines."""\n\n    # why\n    a = 1\n    return """x\n    y"""\n'
    node = next(functions(ast.parse(source)))
    assert code_lines(source, node) == 3
