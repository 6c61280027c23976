"""A branch of the tree is a range of paths: held against a walk over parents (decision 1)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guixiao.places import paths

# parents[i] is the parent of node i + 1, any earlier node; node 0 is the root.
TREES = st.lists(st.integers(0, 10**6), max_size=25).map(
    lambda raw: [pick % (i + 1) for i, pick in enumerate(raw)]
)
NUMBERS = st.integers(1, 10**9 - 2)


def grown(parents: list[int], first: int) -> list[str]:
    """The path of every node, ids counted from ``first``."""
    found = [paths.child_path("", first)]
    for i, parent in enumerate(parents, start=1):
        found.append(paths.child_path(found[parent], first + i))
    return found


def walk(parents: list[int], node: int) -> set[int]:
    """The node and everything above it."""
    line = {node}
    while node:
        node = parents[node - 1]
        line.add(node)
    return line


@given(TREES, st.integers(1, 10**9 - 100))
def test_the_range_holds_exactly_the_branch(parents: list[int], first: int) -> None:
    grove = grown(parents, first)
    for inner, path in enumerate(grove):
        above = walk(parents, inner)
        for outer, root in enumerate(grove):
            assert (root <= path < paths.after(root)) == (outer in above)
            assert paths.contains(root, path) == (outer in above)
        assert paths.ids(path) == [first + node for node in sorted(above)]
        assert paths.ancestors(path)[-1] == path


@given(TREES, st.sets(st.integers(0, 25)))
def test_outermost_keeps_the_union(parents: list[int], picks: set[int]) -> None:
    grove = grown(parents, 1)
    chosen = [grove[pick % len(grove)] for pick in picks]
    kept = paths.outermost(chosen)
    assert not any(a != b and paths.contains(a, b) for a in kept for b in kept)
    for path in grove:
        assert any(paths.contains(root, path) for root in chosen) == any(
            paths.contains(root, path) for root in kept
        )


@given(NUMBERS)
def test_the_last_path_of_a_branch_is_inside_it(number: int) -> None:
    root = paths.child_path("", number)
    assert root <= paths.child_path(root, 10**9 - 1) < paths.after(root)
