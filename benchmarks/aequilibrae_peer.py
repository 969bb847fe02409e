"""The peer of the assignment: AequilibraE, each of its algorithms on the same network and trips.

Its clock starts when graph and matrix are ready and stops when it says the gap is reached, which
it measures from the costs of the iteration before; the objective is ours, of its flows.
"""

from __future__ import annotations

import logging
import os
from importlib import import_module
from typing import Any

import numpy as np

from benchmarks.measure import Result, timed
from benchmarks.tntp import Network
from sispamkota.traffic.assignment import Demand

ALGORITHMS = ("bfw", "cfw", "fw")


def run_peer(
    network: Network, demand: Demand, *, gap: float, algorithm: str, most: int, cores: int
) -> Result:
    """Assign with AequilibraE.

    Raises:
        ImportError: it is not installed (group bench).
    """
    os.environ["AEQ_SHOW_PROGRESS"] = "FALSE"  # its progress bars cost it time
    # only the lock of this group has them
    pd: Any = import_module("pandas")
    matrices: Any = import_module("aequilibrae.matrix")
    paths: Any = import_module("aequilibrae.paths")
    for name in list(logging.Logger.manager.loggerDict):
        if "aequilibrae" in name.lower():
            logging.getLogger(name).setLevel(logging.ERROR)
    links = network.links()
    ids = np.arange(1, network.zones + 1)
    graph = paths.Graph()
    graph.network = pd.DataFrame(
        {
            "link_id": np.arange(1, links.size + 1),
            "a_node": links.tail.astype(np.int64) + 1,
            "b_node": links.head.astype(np.int64) + 1,
            "direction": np.ones(links.size, np.int8),
            "capacity": links.costs.capacity,
            "free_flow_time": links.costs.free_time,
            "b": links.costs.b,
            "power": links.costs.power,
        }
    )
    graph.network_ok = True
    graph.status = "OK"
    graph.prepare_graph(ids)
    graph.set_graph("free_flow_time")
    graph.set_skimming(["free_flow_time"])
    graph.set_blocked_centroid_flows(links.first_thru_node > 0)
    table = np.zeros((network.zones, network.zones))
    np.add.at(table, (demand.origin, demand.destination), demand.volume)
    matrix = matrices.AequilibraeMatrix()
    matrix.create_empty(zones=network.zones, matrix_names=["trips"], memory_only=True)
    matrix.index[:] = ids
    matrix.matrix["trips"][:, :] = table
    matrix.computational_view(["trips"])
    assignment = paths.TrafficAssignment()
    assignment.set_classes([paths.TrafficClass("car", graph, matrix)])
    assignment.set_vdf("BPR")
    assignment.set_vdf_parameters({"alpha": "b", "beta": "power"})
    assignment.set_capacity_field("capacity")
    assignment.set_time_field("free_flow_time")
    assignment.set_algorithm(algorithm)
    assignment.set_cores(cores)
    assignment.max_iter = most
    assignment.rgap_target = gap
    _, elapsed_s = timed(lambda: assignment.execute(log_specification=False))
    # in the order of the link numbers, which is the order of the file
    flows = assignment.results()["trips_ab"].to_numpy(dtype=np.float64)
    report = assignment.report()
    return {
        "algorithm": algorithm,
        "cores": cores,
        "elapsed_s": elapsed_s,
        "iterations": len(report),
        "relative_gap": float(report["rgap"].iloc[-1]),
        "objective": float(links.costs.integral(np.nan_to_num(flows)).sum()),
    }
