"""Starting the server: what it needs is whole, also after a start that was cut off."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.staticfiles import finders

from guixiao.duties.management.commands.serve import collect

STYLE = "build/app.css"


@pytest.fixture
def folder(tmp_path: Path, settings: LazySettings) -> Path:
    settings.STATIC_ROOT = tmp_path / "static"
    return tmp_path / "static"


def test_half_a_file_of_a_start_that_was_cut_off_is_copied_anew(folder: Path) -> None:
    source = finders.find(STYLE)
    assert isinstance(source, str)
    collect(folder)
    style = folder / STYLE
    assert style.read_bytes() == Path(source).read_bytes()
    style.write_bytes(b"body {")  # newer than its source, as a killed copy leaves it
    (folder / ".whole").unlink()
    collect(folder)
    assert style.read_bytes() == Path(source).read_bytes()


def test_an_ordinary_start_copies_nothing(folder: Path) -> None:
    collect(folder)
    before = (folder / STYLE).stat().st_ino, (folder / STYLE).stat().st_mtime_ns
    collect(folder)
    assert ((folder / STYLE).stat().st_ino, (folder / STYLE).stat().st_mtime_ns) == before
