"""Whoever silences a check says why on the same line; nothing is left for later without an issue."""

from __future__ import annotations

import re

import pytest

from tests.architecture.tree import files, text_of

SILENCED = re.compile(r"#\s*(type:\s*ignore|noqa|nosec|pragma:\s*no cover)\b")
WITH_REASON = re.compile(r"#\s*(type:\s*ignore\[[\w, -]+\]|noqa: [A-Z]+\d+[A-Z0-9, ]*)\s*[#-]\s*\S+\s+\S+")
LEFT_OVER = re.compile(r"\b(TODO|FIXME|raise NotImplementedError|pytest\.mark\.(skip|xfail)|pytest\.xfail)\b")
THIS = "tests/architecture/test_silence.py"


def complaint(line: str) -> str:
    if SILENCED.search(line) and not WITH_REASON.search(line):
        return "silenced without a code and a reason"
    if LEFT_OVER.search(line):
        return "left for later"
    return ""


def test_silence_is_explained() -> None:
    found = [
        f"{name}:{number}: {what}: {line.strip()}"
        for name in files()
        if name.endswith(".py") and name != THIS
        for number, line in enumerate(text_of(name).splitlines(), 1)
        if (what := complaint(line))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # type: ignore",
        "x = 1  # type: ignore[misc]",
        "x = 1  # noqa",
        "x = 1  # noqa: E501",
        "# TODO later",
    ],
)
def test_bare_silence_is_heard(line: str) -> None:
    assert complaint(line)


@pytest.mark.parametrize(
    "line", ["x = 1  # type: ignore[misc]  # the stub lacks it", "x = 1  # noqa: E402  # only after setup"]
)
def test_explained_silence_is_left_alone(line: str) -> None:
    assert not complaint(line)
