"""Trees mended after costs have changed are those that SciPy finds anew."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from sispamkota.traffic.tree_kernels import NONE, Graph, mend_kernel, tree_kernel

TINY = 1e-12  # SciPy reads a stored nought as no edge


@st.composite
def changes(draw):
    """Draw a graph with parallel links, loops and zones, and costs of several looks."""
    nodes = draw(st.integers(2, 12))
    size = draw(st.integers(1, 40))
    end = st.integers(0, nodes - 1)
    tail = np.sort(np.array(draw(st.lists(end, min_size=size, max_size=size)), np.int32))
    head = np.array(draw(st.lists(end, min_size=size, max_size=size)), np.int32)
    cost = st.one_of(
        st.just(0.0), st.just(np.inf), st.integers(0, 4).map(float), st.floats(1e-3, 1e6)
    )
    looks = draw(
        st.lists(st.lists(cost, min_size=size, max_size=size).map(np.array), min_size=2, max_size=5)
    )
    zones = draw(st.integers(0, nodes))
    source = draw(end)
    first = np.searchsorted(tail, np.arange(nodes + 1)).astype(np.int64)
    return Graph(first=first, head=head, tail=tail, first_thru=zones), looks, source


def by_scipy(graph, cost, source):
    """Distances by SciPy; links out of zones other than the source are not there."""
    nodes = len(graph.first) - 1
    open_ = ((graph.tail >= graph.first_thru) | (graph.tail == source)) & np.isfinite(cost)
    best = {}
    for u, v, c in zip(graph.tail[open_], graph.head[open_], cost[open_], strict=True):
        best[int(u), int(v)] = min(c + TINY, best.get((int(u), int(v)), np.inf))
    pairs = list(best)
    matrix = csr_array(
        (list(best.values()), ([u for u, _ in pairs], [v for _, v in pairs])), shape=(nodes, nodes)
    )
    return dijkstra(matrix, indices=source)


@settings(max_examples=100)
@given(changes())
def test_a_mended_tree_is_a_new_one(drawn):
    graph, looks, source = drawn
    nodes, size = len(graph.first) - 1, len(graph.head)
    far, into = np.empty(nodes), np.empty(nodes, np.int32)
    keys, items = np.empty(size + 1), np.empty(size + 1, np.int32)
    path, stamp = np.empty(nodes + 1, np.int32), np.zeros(nodes, np.int32)
    tree_kernel(graph, looks[0], source, nodes + 1, stamp, far, into, keys, items)
    for cost in looks:
        keys, items = mend_kernel(graph, cost, source, far, into, keys, items, path)
        true = by_scipy(graph, cost, source)
        assert np.array_equal(np.isfinite(far), np.isfinite(true))
        reached = np.flatnonzero(np.isfinite(true))
        assert np.allclose(far[reached], true[reached], rtol=1e-12, atol=1e-9)
        assert into[source] == NONE
        for node in reached.tolist():
            at, steps = node, 0
            while at != source:  # every way leads back to where it began
                link = into[at]
                assert far[at] == far[graph.tail[link]] + cost[link]
                at, steps = int(graph.tail[link]), steps + 1
                assert steps < nodes
