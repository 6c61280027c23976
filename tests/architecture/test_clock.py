"""Time is an argument: it enters at the edge. And facts and policy touch nothing at all."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch

import pytest

from tests.architecture.tree import aliases, product_modules, resolved, syntax_of

# Where the clock may be read: glob → why.
EDGE: dict[str, str] = {
    "src/guixiao/conf/edge.py": "the one clock, which the rest of the edge asks",
    "src/guixiao/*/middleware.py": "a request is an edge: it becomes request.now here",
    "src/guixiao/*/management/commands/*.py": "a command is an edge",
    "src/guixiao/bench/load.py": "the bench plays the telephones, and each shows its own clock",
}

CLOCKS = {
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today",
    "guixiao.conf.edge.now", "guixiao.conf.edge.offset", "django.utils.timezone.now",
    "django.db.models.functions.Now", "time.time", "time.time_ns",
}  # fmt: skip
CLOCKS_WHEN_BARE = {
    "django.utils.timezone.localtime", "django.utils.timezone.localdate", "time.localtime", "time.gmtime",
}  # fmt: skip
AUTOMATIC = {"auto_now", "auto_now_add"}
SQL_CLOCK = re.compile(r"\b(CURRENT_TIMESTAMP|CURRENT_DATE|strftime\([^)]*'now')", re.IGNORECASE)


def clock_reads(module: ast.Module) -> Iterator[int]:
    known = aliases(module)
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute | ast.Name) and resolved(node, known) in CLOCKS:
            yield node.lineno
        elif isinstance(node, ast.Call) and not node.args and not node.keywords:
            if resolved(node.func, known) in CLOCKS_WHEN_BARE:
                yield node.lineno
        elif isinstance(node, ast.keyword) and node.arg in AUTOMATIC:
            yield node.value.lineno
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL_CLOCK.search(node.value):
            yield node.lineno


def test_no_clock_is_read_below_the_edge() -> None:
    found = {name: sorted(set(clock_reads(syntax_of(name)))) for name in product_modules()}
    guilty = {name: lines for name, lines in found.items() if lines}
    strangers = {
        name: lines for name, lines in guilty.items() if not any(fnmatch(name, edge) for edge in EDGE)
    }
    assert not strangers, f"take `now` as an argument instead: {strangers}"


@pytest.mark.parametrize(
    "code",
    [
        "from django.utils import timezone as tz\ntz.now()",
        "import datetime\ndatetime.datetime.now()",
        "from datetime import date as d\nd.today()",
        "from datetime import datetime\nmake(default=datetime.now)",
        "from time import time\ntime()",
        "from django.utils import timezone\ntimezone.localdate()",
        "models.DateTimeField(auto_now_add=True)",
    ],
)
def test_a_clock_read_is_seen(code: str) -> None:
    assert list(clock_reads(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "from django.utils import timezone\ntimezone.localdate(now)",
        "import time\ntime.monotonic()",
        "request.now",
        "from datetime import datetime\ndatetime.fromisoformat(x)",
    ],
)
def test_time_that_was_handed_in_is_left_alone(code: str) -> None:
    assert not list(clock_reads(ast.parse(code)))


PURE_PACKAGES = ("src/guixiao/facts/", "src/guixiao/policy/")
# Nothing here can read a file, a clock, a socket, the environment or chance.
PURE_IMPORTS = {
    "__future__", "abc", "bisect", "calendar", "collections", "dataclasses", "datetime", "decimal", "enum",
    "fractions", "functools", "hashlib", "heapq", "inspect", "itertools", "json", "math", "operator", "re",
    "string", "types", "typing", "typing_extensions", "unicodedata", "zoneinfo",
}  # fmt: skip
IMPURE_CALLS = {"open", "print", "input", "exec", "eval", "__import__", "breakpoint"}


def impurities(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        for name in names:
            if name.split(".")[0] not in PURE_IMPORTS and not re.match(r"guixiao\.(facts|policy)\b", name):
                yield f"line {getattr(node, 'lineno', 0)}: imports {name}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in IMPURE_CALLS:
            yield f"line {node.lineno}: calls {node.func.id}"
    yield from (f"line {line}: reads a clock" for line in clock_reads(module))


def test_facts_and_policy_are_pure() -> None:
    pure = [name for name in product_modules() if name.startswith(PURE_PACKAGES)]
    assert any(name.startswith(PURE_PACKAGES[0]) for name in pure)
    guilty = {name: found for name in pure if (found := list(impurities(syntax_of(name))))}
    assert not guilty, f"facts and policy know no Django, no clock, no input or output: {guilty}"


@pytest.mark.parametrize(
    "code", ["import os", "from django.db import models", "open('x')", "from guixiao.people import queries"]
)
def test_an_impurity_is_seen(code: str) -> None:
    assert list(impurities(ast.parse(code)))
