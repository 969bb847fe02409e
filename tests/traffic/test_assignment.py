"""Equilibria with known answers, and what holds of any equilibrium."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, minimize
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from sispamkota.kernel.errors import DomainError
from sispamkota.traffic.assignment import Demand, Links, assign
from sispamkota.traffic.costs import LinkCosts

from .tntp import braess, read_flows, read_network, read_trips

INF = np.inf


def network(nodes, rows, *, first_thru_node=0):
    """Rows: tail, head, free time, capacity, b, power, length cost."""
    table = np.array(rows, dtype=np.float64).reshape(-1, 7)
    return Links(
        nodes=nodes,
        tail=table[:, 0].astype(np.int32),
        head=table[:, 1].astype(np.int32),
        costs=LinkCosts(
            free_time=table[:, 2],
            capacity=table[:, 3],
            b=table[:, 4],
            power=table[:, 5],
            length_cost=table[:, 6],
        ),
        first_thru_node=first_thru_node,
    )


def trips(*rows):
    table = np.array(rows, dtype=np.float64).reshape(-1, 3)
    return Demand(
        origin=table[:, 0].astype(np.int32),
        destination=table[:, 1].astype(np.int32),
        volume=table[:, 2],
    )


def scipy_gap(links, demand, answer):
    """The relative gap by SciPy's shortest paths; zones split so that none is passed through."""
    n, zone = links.nodes, links.first_thru_node
    cost = links.costs.at(answer.flow)
    cost[~np.isfinite(answer.cost)] = INF
    open_links = np.isfinite(cost)
    # trips leave from a copy of each zone, and the zone itself is left by nothing
    tail = np.where(links.tail < zone, links.tail + n, links.tail)[open_links]
    head, cost = links.head[open_links], cost[open_links]
    order = np.lexsort((cost, head, tail))
    keys = tail[order].astype(np.int64) * n + head[order]
    least = order[np.append(True, keys[1:] != keys[:-1])] if len(order) else order
    # SciPy leaves out explicit zeros: a cost of zero stands as next to nothing
    weights = np.maximum(cost[least], 1e-300)
    graph = csr_array((weights, (tail[least], head[least])), shape=(2 * n, 2 * n))
    shortest = 0.0
    for o, d, volume in zip(demand.origin, demand.destination, demand.volume, strict=True):
        if o == d or volume == 0:
            continue
        source = o + n if o < zone else o
        far = dijkstra(graph, indices=source)[d]
        if np.isfinite(far):
            shortest += volume * far
    used = answer.flow > 0
    total = answer.flow[used] @ links.costs.at(answer.flow)[used]
    return (total - shortest) / total if total > 0 else 0.0


def check_flows(links, demand, answer):
    """Paths add up to flows and to the demand, go from link to link, and cost the least."""
    flow = np.zeros(links.size)
    served = {}
    for p in range(answer.paths.count):
        used = answer.paths.links_of(p)
        assert links.tail[used[0]] == answer.paths.origin[p]
        assert links.head[used[-1]] == answer.paths.destination[p]
        assert (links.head[used[:-1]] == links.tail[used[1:]]).all()
        assert (links.head[used[:-1]] >= links.first_thru_node).all()
        flow[used] += answer.paths.flow[p]
        pair = int(answer.paths.origin[p]), int(answer.paths.destination[p])
        served[pair] = served.get(pair, 0.0) + answer.paths.flow[p]
    np.testing.assert_allclose(flow, answer.flow, rtol=1e-9, atol=1e-9)
    asked = {}
    rows = zip(demand.origin, demand.destination, demand.volume, strict=True)
    for o, d, volume in rows:
        if o != d and volume > 0:
            asked[int(o), int(d)] = asked.get((int(o), int(d)), 0.0) + volume
    lost = zip(
        answer.unroutable.origin,
        answer.unroutable.destination,
        answer.unroutable.volume,
        strict=True,
    )
    for o, d, volume in lost:
        assert served.get((int(o), int(d))) is None
        served[int(o), int(d)] = volume
    assert served.keys() == asked.keys()
    for pair, volume in asked.items():
        assert served[pair] == pytest.approx(volume)


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "objective"),
    # README of the instance (x 1e5); evaluated from the best known flows that come with it
    [("SiouxFalls", 4231335.287107440), ("Anaheim", 1286032.171096)],
)
def test_published_optima(data_dir, name, objective):
    folder = data_dir / "benchmarks" / "tntp" / name
    links = read_network(folder / f"{name}_net.tntp").links()
    demand = read_trips(folder / f"{name}_trips.tntp")
    best_known = read_flows(folder / f"{name}_flow.tntp")

    answer = assign(links, demand, gap=1e-12)

    assert answer.reached
    assert answer.relative_gap <= 1e-12
    assert answer.objective == pytest.approx(objective, rel=1e-12, abs=1e-6)
    assert abs(scipy_gap(links, demand, answer)) <= 1e-11
    flows = np.array(
        [best_known[t, h] for t, h in zip(links.tail, links.head, strict=True)], dtype=float
    )
    curved = ~links.costs.constant
    np.testing.assert_allclose(answer.flow[curved], flows[curved], rtol=1e-4, atol=0.05)
    check_flows(links, demand, answer)


def test_braess():
    with_link, without = (
        assign(*braess(with_link=b), gap=1e-12).total_cost / 6 for b in (True, False)
    )

    assert with_link == pytest.approx(92)
    assert without == pytest.approx(83)


def test_closing_the_middle_link_is_braess_without_it():
    links, demand = braess(with_link=True)
    first = assign(links, demand, gap=1e-12)
    closed = np.array([False, False, False, False, True])

    again = assign(links, demand, gap=1e-12, closed=closed, warm=first.paths)

    assert again.total_cost / 6 == pytest.approx(83)
    assert again.cost[4] == INF
    assert again.flow[4] == 0


def test_two_roads_share_by_the_closed_form():
    # 10 + v / 10 = 15 + w / 20, v + w = 300: v = 400 / 3
    links = network(2, [(0, 1, 10, 100, 1, 1, 0), (0, 1, 10, 200, 1, 1, 5)])

    answer = assign(links, trips((0, 1, 300)), gap=1e-13)

    assert answer.flow == pytest.approx([400 / 3, 500 / 3])
    assert answer.cost[0] == pytest.approx(answer.cost[1])
    v, w = 400 / 3, 500 / 3
    assert answer.objective == pytest.approx(10 * v + v * v / 20 + 15 * w + w * w / 40)


def test_a_power_below_one_at_no_flow():
    # infinitely steep at 0: sqrt(v) = 3 - v on the other side, 1 + sqrt(v) against constant 1.5
    links = network(2, [(0, 1, 1, 1, 1, 0.5, 0), (0, 1, 1.5, INF, 0, 1, 0)])

    answer = assign(links, trips((0, 1, 4)), gap=1e-13)

    assert answer.flow == pytest.approx([0.25, 3.75])
    assert answer.objective == pytest.approx(0.25 + 0.25**1.5 / 1.5 + 1.5 * 3.75)


def test_a_dearer_road_that_is_not_worth_it_stays_empty():
    links = network(2, [(0, 1, 1, 10, 0.15, 0.5, 0), (0, 1, 2, 10, 0.15, 0.5, 0)])

    answer = assign(links, trips((0, 1, 4)), gap=1e-13)

    assert answer.flow == pytest.approx([4, 0])


def test_zones_are_not_passed_through():
    rows = [(0, 3, 9, INF, 0, 1, 0), (3, 1, 9, INF, 0, 1, 0)]
    short = [(0, 2, 1, INF, 0, 1, 0), (2, 1, 1, INF, 0, 1, 0)]  # through zone 2
    demand = trips((0, 1, 5), (0, 2, 1), (2, 1, 1))

    through = assign(network(4, rows + short), demand)
    around = assign(network(4, rows + short, first_thru_node=3), demand)

    assert through.flow == pytest.approx([0, 0, 6, 6])
    assert around.flow == pytest.approx([5, 5, 1, 1])


def test_what_cannot_be_reached_is_told_not_raised():
    links = network(3, [(0, 1, 1, 10, 0.15, 4, 0), (1, 2, 1, 10, 0.15, 4, 0)])
    demand = trips((0, 1, 5), (0, 2, 3), (2, 0, 2))
    closed = np.array([False, True])

    answer = assign(links, demand, closed=closed)

    lost = answer.unroutable
    assert list(zip(lost.origin, lost.destination, lost.volume, strict=True)) == [
        (0, 2, 3),
        (2, 0, 2),
    ]
    assert answer.flow == pytest.approx([5, 0])
    assert answer.reached
    assert np.isfinite(answer.objective)


def test_a_road_without_capacity_carries_nothing_unless_its_cost_is_flat():
    rows = [(0, 1, 1, 0, 0.15, 4, 0), (0, 1, 5, 10, 0.15, 4, 0)]
    flat = [(0, 1, 1, 0, 0, 4, 0), (0, 1, 5, 10, 0.15, 4, 0)]
    demand = trips((0, 1, 3))

    assert assign(network(2, rows), demand).flow == pytest.approx([0, 3])
    assert assign(network(2, flat), demand).flow == pytest.approx([3, 0])


def test_demand_within_a_zone_and_repeated_pairs():
    links = network(2, [(0, 1, 1, 10, 0.15, 4, 0)])

    answer = assign(links, trips((0, 1, 2), (1, 1, 7), (0, 1, 3), (0, 0, 1)))

    assert answer.flow == pytest.approx([5])
    assert answer.unroutable.total == 0


def test_no_demand_at_all():
    links = network(2, [(0, 1, 1, 10, 0.15, 4, 0)])

    answer = assign(links, trips())

    assert answer.flow == pytest.approx([0])
    assert answer.relative_gap == 0
    assert assign(links, trips((0, 1, 2)), warm=answer.paths).flow == pytest.approx([2])


def test_turns_as_links_honour_a_ban():
    # a crossing with arms a, b, c: nodes are arcs, links are turns; a -> c is banned, so not there
    a, b, c, back = range(4)
    links = network(
        4,
        [(a, b, 1, 10, 0.15, 4, 0), (b, back, 2, 10, 0.15, 4, 0), (back, c, 1, 10, 0.15, 4, 0)],
    )

    answer = assign(links, trips((a, c, 4)))

    assert answer.flow == pytest.approx([4, 4, 4])


@pytest.mark.parametrize(
    "broken",
    [
        lambda: network(2, [(0, 1, -1, 10, 0.15, 4, 0)]),
        lambda: network(2, [(0, 1, 1, 10, 0.15, np.nan, 0)]),
        lambda: network(2, [(0, 1, INF, 10, 0.15, 4, 0)]),
        lambda: network(1, [(0, 1, 1, 10, 0.15, 4, 0)]),
        lambda: trips((0, 1, -3)),
        lambda: trips((0, 1, np.nan)),
        lambda: assign(network(2, [(0, 1, 1, 1, 1, 1, 0)]), trips((0, 7, 1))),
        lambda: assign(
            network(2, [(0, 1, 1, 1, 1, 1, 0)]), trips((0, 1, 1)), closed=np.array([True, False])
        ),
        lambda: assign(
            network(2, [(0, 1, 1, 1, 1, 1, 0)]),
            trips((0, 1, 1)),
            warm=assign(*braess(with_link=True)).paths,
        ),
    ],
)
def test_numbers_that_do_not_fit_are_refused(broken):
    with pytest.raises(DomainError):
        broken()


@st.composite
def instances(draw):
    """Small networks with every kind of cost, parallel links and pieces."""
    nodes = draw(st.integers(2, 6))
    node = st.integers(0, nodes - 1)
    row = st.tuples(
        node,
        node,
        st.sampled_from([0.0, 1.0, 2.5, 7.0]),
        st.sampled_from([1.0, 4.0, 20.0, INF]),
        st.sampled_from([0.0, 0.15, 1.0]),
        st.sampled_from([0.0, 0.3, 0.5, 1.0, 1.5, 2.0, 4.0, 4.446]),
        st.sampled_from([0.0, 0.5, 1.25]),
    )
    rows = draw(st.lists(row, min_size=1, max_size=14))
    pair = st.tuples(node, node, st.sampled_from([0.0, 0.5, 3.0, 12.0]))
    demand = trips(*draw(st.lists(pair, min_size=1, max_size=5)))
    zone = draw(st.sampled_from([0, 0, 1, 2]))
    return network(nodes, rows, first_thru_node=min(zone, nodes)), demand


@given(instances())
def test_used_paths_cost_the_least(instance):
    links, demand = instance

    answer = assign(links, demand, gap=1e-10)

    check_flows(links, demand, answer)
    assert answer.reached
    assert abs(scipy_gap(links, demand, answer)) <= 1e-9
    # the excess of any one path is at most that of all of them
    excess = 1e-10 * answer.total_cost + 1e-12
    pair = answer.paths.origin * links.nodes + answer.paths.destination
    cost = np.array(
        [answer.cost[answer.paths.links_of(p)].sum() for p in range(answer.paths.count)]
    )
    for each in np.unique(pair):
        same = pair == each
        assert (answer.paths.flow[same] * (cost[same] - cost[same].min()) <= 2 * excess).all()


@settings(max_examples=25)
@given(instances())
def test_objective_is_that_of_a_general_convex_solver(instance):
    links, asked = instance
    links = replace(links, first_thru_node=0)
    lost = assign(links, asked).unroutable
    gone = set(zip(lost.origin.tolist(), lost.destination.tolist(), strict=True))
    kept = [
        (o, d, v)
        for o, d, v in zip(asked.origin, asked.destination, asked.volume, strict=True)
        if o != d and v > 0 and (o, d) not in gone
    ]
    if not kept:
        return
    demand = trips(*kept)
    answer = assign(links, demand, gap=1e-10)
    # flows per origin and link; conservation at every node
    origins = np.unique(demand.origin)
    m, n = links.size, links.nodes
    inward = np.zeros((n, m))
    inward[links.head, np.arange(m)] += 1
    inward[links.tail, np.arange(m)] -= 1
    need = np.zeros((len(origins), n))
    for o, d, v in kept:
        need[np.searchsorted(origins, o), d] += v
        need[np.searchsorted(origins, o), o] -= v
    balance = np.kron(np.eye(len(origins)), inward)

    def objective(x):
        flow = np.maximum(x.reshape(len(origins), m).sum(axis=0), 0)
        return links.costs.integral(flow).sum()

    def slope(x):
        flow = np.maximum(x.reshape(len(origins), m).sum(axis=0), 0)
        return np.tile(links.costs.at(flow), len(origins))

    start = np.zeros((len(origins), m))
    for p in range(answer.paths.count):
        row = np.searchsorted(origins, answer.paths.origin[p])
        start[row, answer.paths.links_of(p)] += answer.paths.flow[p]
    np.testing.assert_allclose(balance @ start.ravel(), need.ravel(), atol=1e-9)
    found = minimize(
        objective,
        0.5 * start.ravel() + 0.1,
        jac=slope,
        method="SLSQP",
        bounds=[(0, None)] * (m * len(origins)),
        constraints=[LinearConstraint(balance, need.ravel(), need.ravel())],
        options={"maxiter": 100, "ftol": 1e-9},
    )
    left = np.abs(balance @ found.x - need.ravel()).max()

    # the peer may stop early or beside the constraints: it never finds anything better
    assert left > 1e-7 or answer.objective <= found.fun * (1 + 1e-6) + 1e-6


@given(instances(), st.data())
def test_a_warm_start_ends_where_a_cold_one_does(instance, data):
    links, demand = instance
    before = assign(links, demand, gap=1e-9)
    closed = np.array(data.draw(st.lists(st.booleans(), min_size=links.size, max_size=links.size)))

    cold = assign(links, demand, gap=1e-9, closed=closed)
    warm = assign(links, demand, gap=1e-9, closed=closed, warm=before.paths)
    reopened = assign(links, demand, gap=1e-9, warm=warm.paths)

    assert warm.reached
    assert not warm.flow[closed].any()
    assert warm.objective == pytest.approx(cold.objective, rel=1e-7, abs=1e-9)
    assert reopened.objective == pytest.approx(before.objective, rel=1e-7, abs=1e-9)
    np.testing.assert_array_equal(warm.unroutable.origin, cold.unroutable.origin)
    check_flows(links, demand, warm)


@given(instances(), st.sampled_from([0.5, 1.0, 3.0]))
def test_a_warm_start_takes_another_demand(instance, factor):
    links, demand = instance
    before = assign(links, demand, gap=1e-9)
    other = Demand(
        origin=demand.destination, destination=demand.origin, volume=demand.volume * factor
    )
    both = Demand(
        origin=np.append(demand.origin, other.origin),
        destination=np.append(demand.destination, other.destination),
        volume=np.append(demand.volume, other.volume),
    )

    warm = assign(links, both, gap=1e-9, warm=before.paths)

    assert warm.objective == pytest.approx(assign(links, both, gap=1e-9).objective, rel=1e-7)
    check_flows(links, both, warm)


@given(
    st.sampled_from([0.0, 1.0, 3.0]),
    st.sampled_from([2.0, 50.0, INF]),
    st.sampled_from([0.0, 0.15, 2.0]),
    st.sampled_from([0.0, 0.5, 1.0, 4.0]),
    st.floats(0.0, 100.0),
)
def test_the_integral_is_that_of_the_cost(free, capacity, b, power, flow):
    costs = network(2, [(0, 1, free, capacity, b, power, 0.5)]).costs
    # midpoints of a grid that is fine near 0, where a power below 1 is steep
    edges = flow * np.linspace(0, 1, 4001) ** 3
    middle = (edges[1:] + edges[:-1]) / 2
    wide = np.diff(edges)
    by_hand = sum(costs.at(np.array([v]))[0] * w for v, w in zip(middle, wide, strict=True))

    assert costs.integral(np.array([flow]))[0] == pytest.approx(by_hand, rel=1e-4, abs=1e-9)
