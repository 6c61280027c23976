"""What may not be in the repository: package hosts, paths of one machine, third parties in pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import files, is_test, text_of

HOSTS = re.compile(
    r"\b(pypi|pythonhosted|npmjs|npmmirror|unpkg|jsdelivr|cdnjs|debian)\.(org|com|net)\b"
    r"|--(extra-)?index-url\s*[=\s]\s*\S*://|\"resolved\":",
    re.IGNORECASE,
)
MACHINE = re.compile(r"(?<![\w.~}/-])/(tmp|work|root|home/\w+|Users/\w+)/")
URL = re.compile(r"""https?://[\w.-]+|["'(]//[\w-]+\.[\w.-]+""", re.IGNORECASE)
# Names, never fetched.
NAMESPACES = ("http://www.w3.org/",)
PAGE_SUFFIXES = {".html", ".js", ".mjs", ".css", ".svg", ".webmanifest"}
BINARY_SUFFIXES = {".png", ".jpg", ".woff2", ".ico", ".mo", ".xlsx"}


def readable() -> list[str]:
    return [name for name in files() if Path(name).suffix not in BINARY_SUFFIXES and not is_test(name)]


def hits(pattern: re.Pattern[str], names: list[str]) -> Iterator[str]:
    for name in names:
        for number, line in enumerate(text_of(name).splitlines(), 1):
            if pattern.search(line):
                yield f"{name}:{number}: {line.strip()[:100]}"


def outside(line: str) -> list[str]:
    return [
        found.group(0)
        for found in URL.finditer(line)
        if not any(line[found.start() :].startswith(name) for name in NAMESPACES)
    ]


def test_no_package_host_is_named() -> None:
    found = list(hits(HOSTS, readable()))
    assert not found, "\n".join(found)


def test_no_path_of_one_machine() -> None:
    found = list(hits(MACHINE, readable()))
    assert not found, "\n".join(found)


def test_no_third_party_in_pages() -> None:
    pages = [name for name in readable() if Path(name).suffix in PAGE_SUFFIXES]
    found = [
        f"{name}:{number}: {url}"
        for name in pages
        for number, line in enumerate(text_of(name).splitlines(), 1)
        for url in outside(line)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("line", ["https://files.pythonhosted.org/x", "pip --index-url=https://x.example/"])
def test_a_host_is_seen(line: str) -> None:
    assert HOSTS.search(line)


@pytest.mark.parametrize("line", ["cd /root/x", 'open("/tmp/x")', "see /home/anna/notes"])
def test_a_machine_path_is_seen(line: str) -> None:
    assert MACHINE.search(line)


@pytest.mark.parametrize("line", ["{{ root }}/work/x", "frontend/tmp/x", "href='/people/home/'"])
def test_a_relative_path_is_left_alone(line: str) -> None:
    assert not MACHINE.search(line)


def test_a_third_party_is_seen_and_a_namespace_is_not() -> None:
    assert outside('<script src="//cdn.example.com/x.js">')
    assert outside("@import url(https://fonts.example.com/x)")
    assert not outside('<svg xmlns="http://www.w3.org/2000/svg">')
