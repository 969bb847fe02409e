"""The road network of a workspace: the imported one, or a stand-in between its desa.

Decoded once and kept in the process while the imports it comes from stay the same.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
import shapely

from sispamkota.actions.kept import Kept
from sispamkota.actions.territory import load_known
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.roads.codec import decode, network_sha256
from sispamkota.roads.fallback import fallback_network
from sispamkota.roads.network import Floats, Network
from sispamkota.storage.store import ImportMark
from sispamkota.storage.workspace import Workspace
from sispamkota.territory.model import Territory
from sispamkota.territory.positions import KM_PER_DEGREE

MAIN = "main"
"""Name of the network that is used; a workspace has one."""
LEAST_DESA = 2
STAND_IN = Text(
    "Jaringan jalan belum diimpor: waktu tempuh dihitung di atas garis antar desa (perkiraan).",
    "No road network is imported: times are computed on lines between desa (an estimate).",
)
Bounds = tuple[float, float, float, float]
"""West, south, east, north, degrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadBase:
    """A network as loaded.

    Attributes:
        network: its columns.
        sha256: digest of its content.
        import_id: the import that brought it; None for a stand-in.
        file: name of the file; "" for a stand-in.
    """

    network: Network
    sha256: str
    import_id: str | None = None
    file: str = ""

    @property
    def warning(self) -> Text | None:
        """What every answer says of a stand-in; None for a survey of roads."""
        return STAND_IN if self.network.estimated else None


_BASES: Kept[RoadBase] = Kept(2)


def road_base(workspace: Workspace) -> RoadBase:
    """Return the network of the workspace; a stand-in where none was imported.

    Raises:
        DomainError: `no_road_network` where there is no network and no two desa have a place.
    """
    standing = imported_roads(workspace)
    if standing is None:
        planning = workspace.config.planning
        rules = (planning.detour_factor, planning.speed_kmh)
        key = (str(workspace.folder), import_marks(workspace, ("areas", "boundaries")), rules)
        return _BASES.get(key, lambda: _stand_in(workspace))
    import_id, file, sha256 = standing
    return _BASES.get(
        (str(workspace.folder), import_id, sha256), lambda: _decoded(workspace, import_id, file)
    )


def imported_roads(workspace: Workspace) -> tuple[str, str, str] | None:
    """Return id, file and digest of the road import that holds now, None without one."""
    own = [m for m in workspace.store.marks(["roads"]) if not m.withdrawn]
    return (own[-1].id, own[-1].file, own[-1].sha256) if own else None


def import_marks(workspace: Workspace, kinds: Sequence[str]) -> tuple[ImportMark, ...]:
    """Return what changes whenever an import of these kinds comes or goes."""
    return workspace.store.marks(kinds)


def _decoded(workspace: Workspace, import_id: str, file: str) -> RoadBase:
    rows = workspace.store.current("roads").filter(pl.col("name") == MAIN)
    network = decode(rows["body"][0])
    return RoadBase(network=network, sha256=network_sha256(network), import_id=import_id, file=file)


def _stand_in(workspace: Workspace) -> RoadBase:
    known = load_known(workspace.store)
    desa = desa_points(known)
    if desa.height < LEAST_DESA:
        raise no_road_network()
    planning = workspace.config.planning
    as_of = known.areas["as_of"].max()
    network = fallback_network(
        points_of(desa),
        desa["code"].to_list(),
        desa["name"].to_list(),
        detour_factor=planning.detour_factor,
        speed_kmh=planning.speed_kmh,
        as_of=as_of if isinstance(as_of, dt.date) else workspace.config.operation.voting_day,
        source=", ".join(known.areas["source"].drop_nulls().unique().sort().to_list()[:3]),
    )
    return RoadBase(network=network, sha256=network_sha256(network))


def desa_points(known: Territory) -> pl.DataFrame:
    """Return code, name, lon and lat of the desa that have a place: a point, else a boundary."""
    desa = known.of_level("desa_kelurahan").select(
        "code", pl.col("name").fill_null(pl.col("code")), "lon", "lat"
    )
    bare = desa.filter(pl.col("lon").is_null())["code"]
    shapes = known.boundaries.filter(pl.col("code").is_in(bare.implode()))
    inner = shapely.point_on_surface(shapely.from_wkb(shapes["wkb"].to_list()))
    found = pl.DataFrame(
        {"code": shapes["code"], "x": shapely.get_x(inner), "y": shapely.get_y(inner)},
        schema={"code": pl.String, "x": pl.Float64, "y": pl.Float64},
    )
    return (
        desa.join(found, on="code", how="left")
        .select("code", "name", lon=pl.coalesce("lon", "x"), lat=pl.coalesce("lat", "y"))
        .filter(pl.col("lon").is_not_null() & pl.col("lat").is_not_null())
        .sort("code")
    )


def points_of(frame: pl.DataFrame) -> Floats:
    """Return lon, lat of a frame's rows as an (n, 2) array; NaN where there is no place."""
    return np.column_stack(
        [frame[name].cast(pl.Float64).fill_null(math.nan).to_numpy() for name in ("lon", "lat")]
    )


def operation_bounds(workspace: Workspace) -> Bounds | None:
    """Return the box of the operation with its margin: what a road file is cut to.

    From the boundaries where there are any, else from the points of desa, TPS and posts; None
    where nothing has a place.
    """
    known = load_known(workspace.store)
    if known.boundaries.height:
        box = shapely.total_bounds(shapely.from_wkb(known.boundaries["wkb"].to_list()))
        return with_margin(tuple(float(v) for v in box), workspace.config.roads.margin_km)
    frames = [f.select("lon", "lat").drop_nulls() for f in (known.areas, known.tps, known.posts)]
    points = pl.concat(frames)
    if points.is_empty():
        return None
    x, y = points["lon"].to_numpy(), points["lat"].to_numpy()
    box_of = (float(x.min()), float(y.min()), float(x.max()), float(y.max()))
    return with_margin(box_of, workspace.config.roads.margin_km)


def with_margin(box: Sequence[float], margin_km: float) -> Bounds:
    """Return a box widened on all sides."""
    west, south, east, north = box
    up = margin_km / KM_PER_DEGREE
    middle = math.radians((south + north) / 2)
    aside = up / max(math.cos(middle), 0.01)
    return west - aside, south - up, east + aside, north + up


def no_road_network() -> DomainError:
    """Neither a network nor two desa to draw lines between."""
    return DomainError(
        "no_road_network",
        Text(
            "belum ada jaringan jalan, dan tidak ada desa dengan titik untuk penggantinya",
            "there is no road network, and no desa with a point for a stand-in",
        ),
        Text(
            "Impor jalan (`sispamkota import roads BERKAS`), atau wilayah dengan titik desa.",
            "Import roads (`sispamkota import roads FILE`), or areas with points of desa.",
        ),
    )
