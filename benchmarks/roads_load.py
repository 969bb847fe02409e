"""Reading OpenStreetMap PBF: our network of all profiles against pyrosm's driving network.

Both read the same file in fresh processes of their own, turn about; medians after one reading to
warm up. Ours is everything `import roads` needs: ways of five profiles with speeds, barriers, turn
restrictions honoured, lengths, shapes, connectivity. pyrosm's is `get_network("driving",
nodes=True)`: nodes and edges as GeoDataFrames, without turn restrictions. `--tiles` lays the file
out several times, side by side, for a larger one.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
import statistics
import tempfile
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.instances import data_folder
from benchmarks.measure import Result, emit, parser, peak_mb, run_fresh, say, timed
from sispamkota.roads.load import read_roads

APART = 20_000_000_000  # between the numbers of one tile and the next
ROUNDS = 3


def ours(path: Path) -> Result:
    network = read_roads(
        path.name, path.read_bytes(), source="OpenStreetMap", as_of=dt.date(2024, 2, 14)
    )
    told = network.report["restrictions"]
    return {
        "nodes": network.nodes,
        "segments": network.segments,
        "arcs": network.arcs,
        "restrictions_honoured": told["honoured"],
        "banned_turns": told["banned_turns"],
    }


def peers(path: Path) -> Result:
    import pyrosm  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        nodes, edges = pyrosm.OSM(str(path)).get_network("driving", nodes=True)
    return {"nodes": len(nodes), "edges": len(edges)}


def several(read: Callable[[Path], Result], path: Path, repeats: int) -> Result:
    """Read once to warm up, then as often as asked; with the most memory held."""
    found, first = timed(lambda: read(path))
    times = [timed(lambda: read(path))[1] for _ in range(repeats)]
    return {**found, "first_s": first, "times_s": times, "peak_mb": peak_mb()}


def tiled(source: Path, count: int, target: Path) -> Path:
    """Write the file side by side with itself, half a degree apart."""
    import osmium  # noqa: PLC0415

    with osmium.SimpleWriter(str(target)) as writer:
        for kind in "nwr":
            for tile in range(count):
                for entity in osmium.FileProcessor(str(source)):
                    if entity.type_str() == kind:
                        _write(writer, entity, kind, tile)
    return target


def _write(writer: Any, entity: Any, kind: str, tile: int) -> None:
    number = entity.id + tile * APART
    if kind == "n":
        at = (entity.location.lon + tile * 0.5, entity.location.lat)
        writer.add_node(entity.replace(id=number, location=at))
    elif kind == "w":
        nodes = [node.ref + tile * APART for node in entity.nodes]
        writer.add_way(entity.replace(id=number, nodes=nodes))
    else:
        members = [(m.type, m.ref + tile * APART, m.role) for m in entity.members]
        writer.add_relation(entity.replace(id=number, members=members))


def fresh(side: str, path: Path, repeats: int) -> Result:
    """Let one side read in a process of its own."""
    asked = ("--side", side, "--roads", path, "--repeats", str(repeats), "--json")
    done = run_fresh("benchmarks.roads_load", *asked)
    if done.code:
        raise RuntimeError(done.err)
    answer: Result = json.loads(done.out.splitlines()[-1])
    return answer


def together(path: Path, repeats: int, *, peer: bool) -> Result:
    """Both sides, turn about."""
    sides = ["ours", "peer"] if peer else ["ours"]
    rounds: dict[str, list[Result]] = {side: [] for side in sides}
    for turn in range(ROUNDS):
        for side in sides:
            say(f"{path.name}: {side}, round {turn + 1} of {ROUNDS}")
            rounds[side].append(fresh(side, path, repeats))
    result: Result = {"file": path.name, "file_mb": path.stat().st_size / 1e6}
    for side, done in rounds.items():
        prefix = "" if side == "ours" else "peer_"
        hidden = ("times_s", "first_s", "peak_mb")
        result |= {prefix + k: v for k, v in done[0].items() if k not in hidden}
        times = [one for d in done for one in d["times_s"]]
        result[f"{prefix}elapsed_s" if side == "ours" else "peer_s"] = statistics.median(times)
        result[f"{prefix}first_s"] = statistics.median(d["first_s"] for d in done)
        result[f"{prefix}peak_mb"] = max(d["peak_mb"] for d in done)
    if peer:
        result["ratio"] = result["peer_s"] / result["elapsed_s"]
    return result


def main(arguments: Sequence[str] | None = None) -> None:
    command = parser("roads_load", __doc__)
    command.add_argument("--roads", type=Path, action="append", help="PBF file (repeatable)")
    command.add_argument("--tiles", type=int, default=7, help="also the first file so many times")
    command.add_argument("--repeats", type=int, default=5, help="readings per round")
    command.add_argument("--no-peer", action="store_true", help="without pyrosm")
    command.add_argument("--side", choices=("ours", "peer"), help="one side alone, in this process")
    asked = command.parse_args(arguments)
    folder = data_folder() / "roads" if asked.roads is None else None
    files = asked.roads or [folder / f"{n}.osm.pbf" for n in ("andorra", "helsinki") if folder]
    if asked.side:
        read = ours if asked.side == "ours" else peers
        emit(several(read, files[0], asked.repeats), as_json=asked.json)
        return
    peer = not asked.no_peer and importlib.util.find_spec("pyrosm") is not None
    with tempfile.TemporaryDirectory(prefix="sispamkota-bench-") as temporary:
        if asked.tiles > 1:
            name = f"{files[0].name.split('.')[0]}-x{asked.tiles}.osm.pbf"
            files = [*files, tiled(files[0], asked.tiles, Path(temporary) / name)]
        rows = [together(path, asked.repeats, peer=peer) for path in files]
    result: Result = {"peer": "pyrosm" if peer else None, "files": rows}
    if peer:
        result["ratio_least"] = min(row["ratio"] for row in rows)
    emit(result, as_json=asked.json)


if __name__ == "__main__":
    main()
