"""The import contract of pyproject.toml holds, and no package stands outside it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.tree import ROOT


@pytest.mark.slow
def test_the_import_contract_holds() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
