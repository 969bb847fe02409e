"""Reader of the TNTP form (TransportationNetworks): networks and trips, plain or .gz.

Metadata are lines `<NAME> value`; a `~` begins a comment wherever it stands, and comments hold
colons and angle brackets. Columns are found by the names in the last comment line above the rows,
since networks differ in what follows `power`; where no such line is, the usual order is taken.
"""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sispamkota.traffic.assignment import Demand, Links
from sispamkota.traffic.costs import LinkCosts

USUAL = ("init_node", "term_node", "capacity", "length", "free_flow_time", "b", "power")
SPEED, TOLL = 7, 8  # of the usual order
TAG = re.compile(r"<([^>]*)>\s*(.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A network file: its links and what it says of itself; nodes count from 0 here."""

    zones: int
    nodes: int
    first_thru_node: int
    columns: dict[str, NDArray[np.float64]]

    def links(self, *, length_cost: float = 0.0, toll_cost: float = 0.0) -> Links:
        """Return the links with the generalised cost time + length x a + toll x b."""
        c = self.columns
        extra = np.zeros(len(c["length"]))
        # a weight of 0 leaves the column unread: some files hold there what is no number
        if length_cost:
            extra += length_cost * c["length"]
        if toll_cost:
            extra += toll_cost * c["toll"]
        return Links(
            nodes=self.nodes,
            tail=(c["init_node"] - 1).astype(np.int32),
            head=(c["term_node"] - 1).astype(np.int32),
            costs=LinkCosts(
                free_time=c["free_flow_time"],
                capacity=c["capacity"],
                b=c["b"],
                power=c["power"],
                length_cost=extra,
            ),
            first_thru_node=self.first_thru_node,
        )


def read_network(path: Path) -> Network:
    """Read a `_net.tntp` file.

    Raises:
        SystemExit: the file is not of that form.
    """
    tags, lines = _parts(path)
    header: list[str] = []
    rows: list[list[str]] = []
    for line in lines:
        text, _, comment = line.partition("~")
        cells = text.replace(";", " ").split()
        if cells:
            rows.append(cells)
        elif comment.strip() and not rows:
            header = comment.replace(";", " ").lower().split()
    try:
        columns = _columns(header, rows)
        nodes = int(tags.get("number of nodes", "0").split()[0])
        links = int(tags.get("number of links", str(len(rows))).split()[0])
        network = Network(
            zones=int(tags["number of zones"].split()[0]),
            nodes=max(nodes, int(max(columns["init_node"].max(), columns["term_node"].max()))),
            first_thru_node=int(tags.get("first thru node", "1").split()[0]) - 1,
            columns=columns,
        )
    except (KeyError, ValueError, IndexError) as error:
        raise SystemExit(f"{path}: not a TNTP network ({error})") from error
    if links != len(rows):
        raise SystemExit(f"{path}: {len(rows)} links, its header says {links}")
    return network


def _columns(header: list[str], rows: list[list[str]]) -> dict[str, NDArray[np.float64]]:
    named = header if set(USUAL) <= set(header) else list(USUAL)
    found = {name: _column(rows, named.index(name)) for name in USUAL}
    if named is header:
        at = header.index("toll") if "toll" in header else None
    else:
        at = TOLL if min(map(len, rows)) > TOLL else None
    found["toll"] = np.zeros(len(rows)) if at is None else _column(rows, at)
    return found


def _column(rows: list[list[str]], at: int) -> NDArray[np.float64]:
    return np.array([float(row[at]) for row in rows])


def read_trips(path: Path) -> Demand:
    """Read a `_trips.tntp` file.

    Raises:
        SystemExit: the file is not of that form.
    """
    _, lines = _parts(path)
    # a pair may be broken anywhere, even between two lines: read words, not lines
    text = " ".join(line.partition("~")[0] for line in lines)
    words = text.replace(":", " : ").replace(";", " ").split()
    origins: list[int] = []
    destinations: list[int] = []
    volumes: list[float] = []
    origin = 0
    i = 0
    try:
        while i < len(words):
            if words[i].lower() == "origin":
                origin = int(words[i + 1])
                i += 2
                continue
            if words[i + 1] != ":" or origin == 0:
                raise SystemExit(f"{path}: not a TNTP trip table (at {words[i]!r})")
            origins.append(origin - 1)
            destinations.append(int(words[i]) - 1)
            volumes.append(float(words[i + 2]))
            i += 3
    except (ValueError, IndexError) as error:
        raise SystemExit(f"{path}: not a TNTP trip table ({error})") from error
    return Demand(
        origin=np.array(origins, dtype=np.int32),
        destination=np.array(destinations, dtype=np.int32),
        volume=np.array(volumes, dtype=np.float64),
    )


def read_flows(path: Path) -> dict[tuple[int, int], float]:
    """Read a `_flow.tntp` file: (tail, head) to flow, nodes counted from 0."""
    found = {}
    for line in _text(path).splitlines():
        cells = line.partition("~")[0].replace(":", " ").replace(";", " ").split()
        if len(cells) >= 3 and cells[0].isdigit() and cells[1].isdigit():
            found[int(cells[0]) - 1, int(cells[1]) - 1] = float(cells[2])
    return found


def _parts(path: Path) -> tuple[dict[str, str], list[str]]:
    """Split a file into its metadata (names in lower case) and the lines after them."""
    tags: dict[str, str] = {}
    lines = _text(path).splitlines()
    for at, line in enumerate(lines):
        match = TAG.match(line.strip())
        if match is None:
            continue
        name = match[1].strip().lower()
        if name == "end of metadata":
            return tags, lines[at + 1 :]
        tags[name] = match[2].partition("~")[0].strip()
    raise SystemExit(f"{path}: no <END OF METADATA>")


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
        if content[:2] == b"\x1f\x8b":
            content = gzip.decompress(content)
        return content.decode("utf-8", errors="replace")
    except (OSError, EOFError) as error:
        raise SystemExit(f"{path}: {error}") from error
