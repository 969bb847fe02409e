"""Compile every numeric kernel at set-up, so that the first answer is as fast as the next."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import numpy as np
import osmium
from osmium.osm.mutable import Node, Relation, Way

from sispamkota.planning import warmup as planning
from sispamkota.roads import warmup as roads
from sispamkota.roads.load import read_roads
from sispamkota.traffic.assignment import Demand, Links, assign
from sispamkota.traffic.costs import LinkCosts


def main() -> None:
    planning.warm_up()
    roads.warm_up()
    read_a_file()
    load_two_links()


def read_a_file() -> None:
    """Read a crossing with a forbidden turn, so that the reader of PBF is compiled."""
    spots = ((104.0, -4.0), (104.01, -4.0), (104.02, -4.0), (104.01, -3.99))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "crossing.osm.pbf"
        with osmium.SimpleWriter(str(path)) as writer:
            for number, spot in enumerate(spots, 1):
                writer.add_node(Node(id=number, location=spot))
            for number, nodes in ((1, (1, 2)), (2, (2, 3)), (3, (2, 4))):
                writer.add_way(Way(id=number, nodes=nodes, tags={"highway": "primary"}))
            tags = {"type": "restriction", "restriction": "no_left_turn"}
            members = (("w", 1, "from"), ("n", 2, "via"), ("w", 3, "to"))
            writer.add_relation(Relation(id=1, members=members, tags=tags))
        content = path.read_bytes()
    read_roads("crossing.osm.pbf", content, source="set-up", as_of=dt.date(2024, 2, 14))


def load_two_links() -> None:
    """Assign a trip to two parallel links, cold and warm."""
    two = np.ones(2)
    links = Links(
        tail=np.array([0, 0], dtype=np.int32),
        head=np.array([1, 1], dtype=np.int32),
        costs=LinkCosts(free_time=two, capacity=two, b=two, power=two, length_cost=two),
        nodes=2,
    )
    demand = Demand(
        origin=np.array([0], dtype=np.int32),
        destination=np.array([1], dtype=np.int32),
        volume=np.ones(1),
    )
    found = assign(links, demand)
    assign(links, demand, warm=found.paths, closed=np.array([True, False]))


if __name__ == "__main__":
    main()
