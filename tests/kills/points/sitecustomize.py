"""Read by every Python that starts with this folder on its path: wraps the points as their modules are loaded."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import pathlib
import signal
import sys
import time
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .kill_points import POINTS, Point
else:
    from kill_points import POINTS  # beside this file, which is on the path

FOLDER = os.environ.get("KILL_POINTS", "")
WORKER = "guixiao.duties.worker"


def reached(name: str) -> None:
    """Die here if the point is armed. The file holds how often to let it pass first."""
    armed = os.path.join(FOLDER, name)
    mine = f"{armed}.{os.getpid()}"
    try:
        os.rename(armed, mine)
    except OSError:
        return
    with open(mine) as file:
        left = int(file.read() or 0)
    if left:
        with open(mine, "w") as file:
            file.write(str(left - 1))
        os.rename(mine, armed)
        return
    os.rename(mine, armed + ".hit")
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)  # never comes back


def wrapped(function: Callable[..., Any], point: Point) -> Callable[..., Any]:
    def inner(*args: Any, **kwargs: Any) -> Any:
        if point.when == "before":
            if point.module != "pathlib" or len(pathlib.Path(args[0]).stem) == 32:
                reached(point.name)
            return function(*args, **kwargs)
        result = function(*args, **kwargs)
        reached(point.name)
        return result

    return inner


def wrap(module: ModuleType, point: Point) -> None:
    holder: Any = module
    *owners, last = point.attribute.split(".")
    for owner in owners:
        holder = getattr(holder, owner)
    setattr(holder, last, wrapped(getattr(holder, last), point))


def counted(once: Callable[..., Any]) -> Callable[..., Any]:
    """The worker's round, with a line for each that led to its end: when it began, by the wall."""

    def inner(*args: Any, **kwargs: Any) -> Any:
        began = time.time()
        summary = once(*args, **kwargs)
        if summary is not None and summary.led and not summary.stopped:
            with open(os.path.join(FOLDER, "rounds.log"), "a") as file:
                file.write(f"{began}\n")
        return summary

    return inner


class Loader(importlib.abc.Loader):
    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        made: ModuleType | None = self.inner.create_module(spec)
        return made

    def exec_module(self, module: ModuleType) -> None:
        self.inner.exec_module(module)
        for point in POINTS:
            if point.module == module.__name__:
                wrap(module, point)
        if module.__name__ == WORKER:
            vars(module)["once"] = counted(vars(module)["once"])


class Finder(importlib.abc.MetaPathFinder):
    names = frozenset({WORKER, *(point.module for point in POINTS)})

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self.names:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = Loader(spec.loader)
        return spec


if FOLDER:
    sys.meta_path.insert(0, Finder())
    for one in POINTS:
        if one.module in sys.modules:
            wrap(sys.modules[one.module], one)
