"""Read by every Python that starts with this folder on its path: wraps the points as their modules are loaded."""

import importlib.abc
import importlib.machinery
import os
import pathlib
import signal
import sys
import time

from kill_points import POINTS  # beside this file

FOLDER = os.environ.get("KILL_POINTS", "")
WORKER = "guixiao.duties.worker"


def reached(name):
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


def wrapped(function, point):
    def inner(*args, **kwargs):
        if point.when == "before":
            if point.module != "pathlib" or len(pathlib.Path(args[0]).stem) == 32:
                reached(point.name)
            return function(*args, **kwargs)
        result = function(*args, **kwargs)
        reached(point.name)
        return result

    return inner


def wrap(module, point):
    holder = module
    *owners, last = point.attribute.split(".")
    for owner in owners:
        holder = getattr(holder, owner)
    setattr(holder, last, wrapped(getattr(holder, last), point))


def counted(once):
    """The worker's round, with a line for each that led to its end: when it began, by the wall."""

    def inner(*args, **kwargs):
        began = time.time()
        summary = once(*args, **kwargs)
        if summary is not None and summary.led and not summary.stopped:
            with open(os.path.join(FOLDER, "rounds.log"), "a") as file:
                file.write(f"{began}\n")
        return summary

    return inner


class Loader(importlib.abc.Loader):
    def __init__(self, inner):
        self.inner = inner

    def create_module(self, spec):
        return self.inner.create_module(spec)

    def exec_module(self, module):
        self.inner.exec_module(module)
        for point in POINTS:
            if point.module == module.__name__:
                wrap(module, point)
        if module.__name__ == WORKER:
            module.once = counted(module.once)


class Finder(importlib.abc.MetaPathFinder):
    names = frozenset({WORKER, *(point.module for point in POINTS)})

    def find_spec(self, name, path=None, target=None):
        if name not in self.names:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = Loader(spec.loader)
        return spec


if FOLDER:
    sys.meta_path.insert(0, Finder())
    for one in POINTS:
        if one.module in sys.modules:
            wrap(sys.modules[one.module], one)
