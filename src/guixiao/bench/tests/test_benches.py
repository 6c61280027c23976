"""Each bench runs, at a size of nothing: it prints its figures and leaves no county of a run behind.

No speed is asserted here or anywhere: it depends on the machine, and is printed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TINY = ["--classes", "6", "--pupils", "48", "--days", "2", "--missing", "2", "--ill", "2"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench")


def bench(home: Path, *arguments: str) -> dict[str, Any]:
    """``guixiao bench …`` in a process of its own, as a person calls it."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("GUIXIAO_")}
    own |= {
        "GUIXIAO_HOME": str(home),
        "GUIXIAO_MAKE_KEYS": "1",
        "DJANGO_SETTINGS_MODULE": "guixiao.conf.settings",
    }
    command = [sys.executable, "-m", "guixiao", "bench", *arguments, "--json"]
    ran = subprocess.run(command, env=own, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def figures(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in found["figures"]}


def runs_left(home: Path) -> list[str]:
    return [path.name for path in (home / "bench").rglob("*_run")]


@pytest.mark.slow
@pytest.mark.timeout(900)  # a dozen processes, one after another; a busy machine takes its time
@pytest.mark.django_db
def test_the_benches_of_a_county_run(home: Path) -> None:
    """One test for all three: they share the county, and building it takes longer than they do."""
    tick = bench(home, "tick", *TINY, "--times", "2", "--rounds", "1")
    named = figures(tick)
    assert tick["setting"]["pupils"] == 48
    assert {"a whole morning's roll calls, unsettled", "first round of a day", "nothing new"} <= named.keys()
    assert all(named[name]["baseline"] > 0 for name in named)

    load = ["--rushing", "3", "--rate", "6", "--think", "1", "--alone", "1", "--warm", "1", "--step", "0"]
    named = figures(bench(home, "rush", *TINY, *load))
    assert named["errors"]["value"] == 0
    assert named["requests sent"]["value"] == 6
    assert named["one submission alone, p50"]["baseline"] > 0

    named = figures(bench(home, "pages", *TINY, "--times", "2"))
    assert {"roll call, p95", "county board, p95", "home of a class teacher, p95"} <= named.keys()
    assert named["an empty page, p95"]["ratio"] == 1
    assert not runs_left(home)
