"""Import roads: a file cut to the operation's area, judged, and kept whole or not at all.

Its own way beside the tables: a road file has no columns to map, and what counts is what of it
became road, whether it hangs together, and whether TPS, posts and desa lie on it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from sispamkota.actions.imports import refusals
from sispamkota.actions.imports.understand import Request, digest, standing_import
from sispamkota.actions.kept import Kept
from sispamkota.actions.road_places import PLACE_KINDS, load_places
from sispamkota.actions.roads_network import MAIN, Bounds, import_marks, operation_bounds
from sispamkota.actions.roads_snap import SnappedKind, snap_warnings, snapped_kinds
from sispamkota.kernel.sources import Source
from sispamkota.kernel.text import Lang, Text, number
from sispamkota.kernel.times import in_wib
from sispamkota.roads.codec import encode
from sispamkota.roads.frames import ROADS
from sispamkota.roads.load import read_roads
from sispamkota.roads.load_errors import SUFFIXES
from sispamkota.roads.network import Network
from sispamkota.storage.store import ImportRecord
from sispamkota.storage.workspace import Workspace
from sispamkota.vulnerability.neutrality import forbidden_word

KIND = "roads"
MEANING = Text(
    "jalan: OpenStreetMap (.osm.pbf, .osm), GeoJSON atau GraphML",
    "roads: OpenStreetMap (.osm.pbf, .osm), GeoJSON or GraphML",
)
DEFAULT_LIMIT_MB = 4000
IN_PIECES = 0.9
"""Below this share of its road length in one piece, a network is warned of."""
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadsRead:
    """A road file, read and judged; nothing is kept yet.

    Attributes:
        network: what became of it.
        source: who says so, for which day.
        sha256: hex digest of the file's bytes.
        clip: box that it was cut to; None = not cut.
        snapped: how TPS, posts and desa lie on it.
        notes, warnings: what to know, what to look at.
    """

    network: Network
    source: Source
    sha256: str
    clip: Bounds | None
    snapped: tuple[SnappedKind, ...]
    notes: tuple[Text, ...]
    warnings: tuple[Text, ...]

    def facts(self) -> dict[str, Any]:
        """Return the object `roads` of an import and of its preview."""
        return {
            **network_facts(self.network),
            "clip": None if self.clip is None else [round(v, 5) for v in self.clip],
            "snapped": [one.as_json() for one in self.snapped],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadReport:
    """What an import of roads did.

    Attributes:
        file: name of the file.
        import_id: what `import --undo` takes.
        read: the file as it was read.
        notes: what to know, the file read before among it.
    """

    file: str
    import_id: str
    read: RoadsRead
    notes: tuple[Text, ...]

    @property
    def warnings(self) -> tuple[Text, ...]:
        """What to look at (exit code 1)."""
        return self.read.warnings

    def as_json(self, lang: Lang = "en") -> dict[str, Any]:
        """Return the JSON object of `sispamkota import roads`."""
        return {
            "kind": KIND,
            "file": self.file,
            "imports": [self.import_id],
            "rows": {KIND: 1},
            "source": self.read.source.name,
            "as_of": self.read.source.as_of.isoformat(),
            "ignored": [],
            "notes": [t.in_(lang) for t in self.notes],
            "warnings": [t.in_(lang) for t in self.warnings],
            "roads": self.read.facts(),
        }


_READ: Kept[RoadsRead] = Kept(1)


def is_road_file(path: Path) -> bool:
    """Say whether a file's name is that of roads alone (a GeoJSON may be anything)."""
    name = path.name.lower()
    return any(name.endswith(s) for s in SUFFIXES if "geojson" not in s)


def import_roads(
    workspace: Workspace, request: Request, now: dt.datetime, progress: Progress
) -> RoadReport:
    """Import a road file into a workspace; it takes the place of the one before.

    Raises:
        DomainError: anything wrong with the file; the workspace is then unchanged.
    """
    found = read_road_file(workspace, request, progress)
    progress("keep", 0.0)
    record = ImportRecord(
        file=request.path.name, sha256=found.sha256, source=found.source, imported_at=now
    )
    row = {
        "name": MAIN,
        "body": encode(found.network),
        "source": found.source.name,
        "as_of": found.source.as_of,
    }
    again = _again(workspace, found.sha256)
    import_id = workspace.store.append(KIND, pl.DataFrame([row], schema=ROADS), record)
    progress("keep", 1.0)
    return RoadReport(
        file=request.path.name, import_id=import_id, read=found, notes=(*found.notes, *again)
    )


def read_road_file(workspace: Workspace, request: Request, progress: Progress) -> RoadsRead:
    """Read and judge a road file; the same file again is taken from memory.

    Raises:
        DomainError: `no_such_file`, `too_large`, `forbidden_source`, or what the loader says.
    """
    path = request.path
    if not path.is_file():
        raise refusals.no_file(path)
    if path.stat().st_size > request.limit_mb * 1_000_000:
        raise refusals.too_large(path, request.limit_mb)
    if request.source and (word := forbidden_word(request.source)):
        raise refusals.forbidden_source(word)
    as_of, notes = _as_of(request)
    source = Source(name=request.source or path.name, as_of=as_of, sample=request.sample)
    sha256, clip = digest(path), operation_bounds(workspace)
    places, far_m = load_places(workspace), workspace.config.roads.far_m
    marks = import_marks(workspace, PLACE_KINDS)
    key = (sha256, path.name, clip, source, far_m, marks)

    def read() -> RoadsRead:
        network = read_roads(
            path.name,
            path.read_bytes(),
            clip=clip,
            source=source.name,
            as_of=source.as_of,
            progress=progress,
        )
        progress("judge", 0.0)
        snapped = snapped_kinds(network, places, far_m)
        progress("judge", 1.0)
        return RoadsRead(
            network=network,
            source=source,
            sha256=sha256,
            clip=clip,
            snapped=snapped,
            notes=(*notes, *_cut_note(clip, workspace.config.roads.margin_km)),
            warnings=(*_pieces(network), *snap_warnings(snapped, far_m)),
        )

    return _READ.get(key, read)


def network_facts(network: Network) -> dict[str, Any]:
    """Return the size of a network and what was kept, dropped and guessed."""
    west, south, east, north = network_bounds(network)
    lengths = np.zeros(network.segments)
    np.maximum.at(lengths, network.segment, network.length_m)
    classes = [
        {
            "highway": name,
            "segments": int((network.highway == i).sum()),
            "length_m": round(float(lengths[network.highway == i].sum())),
        }
        for i, name in enumerate(network.highways)
    ]
    return {
        "nodes": network.nodes,
        "arcs": network.arcs,
        "segments": network.segments,
        "length_m": round(float(lengths.sum())),
        "bounds": [round(v, 5) for v in (west, south, east, north)],
        "classes": sorted(classes, key=lambda c: (-c["length_m"], c["highway"])),
        "components": components_of(network),
        "report": dict(network.report),
    }


def network_bounds(network: Network) -> Bounds:
    """Return the box of a network's roads."""
    low, high = network.shape.min(axis=0), network.shape.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _as_of(request: Request) -> tuple[dt.date, tuple[Text, ...]]:
    if request.as_of is not None:
        return request.as_of, ()
    modified = dt.datetime.fromtimestamp(request.path.stat().st_mtime).astimezone().date()
    note = Text(
        f"tanggal data dianggap {modified} (tanggal berkas); nyatakan tanggalnya (--as-of)",
        f"as-of date taken as {modified} (date of the file); state the date (--as-of)",
    )
    return modified, (note,)


def _cut_note(clip: Bounds | None, margin_km: float) -> tuple[Text, ...]:
    if clip is None:
        return (
            Text(
                "belum ada wilayah dengan titik: seluruh isi berkas dimuat",
                "no area has a place yet: the whole file was taken",
            ),
        )
    margin = (number(margin_km, "id", 1), number(margin_km, "en", 1))
    return (
        Text(
            f"dipotong pada wilayah operasi ditambah {margin[0]} km (roads.margin_km)",
            f"cut to the area of the operation and {margin[1]} km around it (roads.margin_km)",
        ),
    )


def components_of(network: Network) -> list[dict[str, Any]]:
    """Return how far each profile gets: strong components and the share of the largest."""
    return [
        {
            "profile": profile,
            "components": told["strong_components"],
            "main_share": told["largest_length_share"],
            "outside_m": round(1000 * told["outside_length_km"]),
        }
        for profile, told in network.report["connectivity"].items()
    ]


def _pieces(network: Network) -> tuple[Text, ...]:
    found = [c for c in components_of(network) if c["profile"] == "car"]
    return tuple(
        Text(
            f"jaringan mobil terpecah dalam {number(one['components'], 'id')} bagian; yang "
            f"terbesar memuat {number(100 * one['main_share'], 'id', 1)} % panjang jalan",
            f"the network for cars is in {number(one['components'], 'en')} pieces; the "
            f"largest holds {number(100 * one['main_share'], 'en', 1)} % of its length",
        )
        for one in found
        if one["main_share"] < IN_PIECES
    )


def _again(workspace: Workspace, sha256: str) -> tuple[Text, ...]:
    earlier = standing_import(workspace, sha256)
    if earlier is None:
        return ()
    day = f"{in_wib(earlier['imported_at']):%Y-%m-%d %H:%M} WIB"
    return (
        Text(
            f"berkas yang sama sudah diimpor sebagai {earlier['id']} pada {day}",
            f"the same file was imported before as {earlier['id']} on {day}",
        ),
    )
