"""Places that questions about roads name: TPS, posts, desa, and points on the map."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

import numpy as np
import polars as pl

from sispamkota.actions.kept import Kept
from sispamkota.actions.places import voters
from sispamkota.actions.roads_network import desa_points, import_marks
from sispamkota.actions.territory import election_stage, load_territory
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.roads.network import Floats
from sispamkota.storage.workspace import Workspace
from sispamkota.territory.model import Territory

PlaceKind: TypeAlias = Literal["point", "tps", "post", "desa"]
PLACE_KINDS = ("areas", "tps", "posts", "boundaries", "figures")
"""Kinds of import that say where places are and how many vote there."""
TPS_DIGITS, DESA_DIGITS = 13, 10
_POINT = re.compile(r"\s*(-?\d{1,3}(?:\.\d{1,12})?)\s*[,;]\s*(-?\d{1,2}(?:\.\d{1,12})?)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place that a question names.

    Attributes:
        kind: how it was named.
        code: its code; "" for a point.
        name: as people call it.
        lon, lat: degrees.
    """

    kind: PlaceKind
    code: str
    name: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The places of a workspace: TPS, posts and desa, each with code, name, lon and lat.

    TPS carry `kecamatan`, `desa`, `position` and `voters` too (of a desa's voters an equal share
    where a TPS has no figure of its own; null where neither is known), posts `kind` and
    `kecamatan`. Rows without a place are left out.
    """

    tps: pl.DataFrame
    posts: pl.DataFrame
    desa: pl.DataFrame

    def of(self, kind: str) -> pl.DataFrame:
        """Return the places of a kind: `tps`, `post` or `desa`."""
        return {"tps": self.tps, "post": self.posts, "desa": self.desa}[kind]


_PLACES: Kept[Places] = Kept(2)


def load_places(workspace: Workspace) -> Places:
    """Return the places of a workspace, kept while its territory stays the same."""
    marks = import_marks(workspace, PLACE_KINDS)
    key = (str(workspace.folder), election_stage(workspace), marks)
    return _PLACES.get(key, lambda: _places(workspace))


def _places(workspace: Workspace) -> Places:
    territory = load_territory(workspace)
    placed = pl.col("lon").is_not_null() & pl.col("lat").is_not_null()
    names = dict(territory.areas.select("code", "name").iter_rows())
    tps = (
        territory.tps.join(_voters_of_tps(workspace, territory), on="code", how="left")
        .filter(placed)
        .select("code", "number", "desa", "kecamatan", "lon", "lat", "position", "voters")
    )
    shown = [
        f"TPS {number or 0:03d} {names.get(desa) or desa or ''}".strip()
        for number, desa in tps.select("number", "desa").iter_rows()
    ]
    return Places(
        tps=tps.with_columns(name=pl.Series(shown, dtype=pl.String)).sort("code"),
        posts=territory.posts.filter(placed)
        .select("code", pl.col("name").fill_null(pl.col("code")), "kind", "kecamatan", "lon", "lat")
        .sort("code"),
        desa=desa_points(territory),
    )


def _voters_of_tps(workspace: Workspace, territory: Territory) -> pl.DataFrame:
    """Return code and voters of each TPS: its own figure, else its share of its desa's."""
    stated = voters(workspace, territory.figures).select("subject", "dpt")
    return (
        territory.tps.select("code", "desa", count=pl.len().over("desa"))
        .join(stated.rename({"dpt": "own"}), left_on="code", right_on="subject", how="left")
        .join(stated.rename({"dpt": "shared"}), left_on="desa", right_on="subject", how="left")
        .select("code", voters=pl.coalesce("own", pl.col("shared") / pl.col("count")))
    )


def find_place(workspace: Workspace, text: str) -> Place:
    """Return the place that a text names.

    Args:
        workspace: an open workspace.
        text: `lon,lat`; `tps:CODE`, `post:CODE`, `desa:CODE`; or a bare code.

    Raises:
        DomainError: `bad_place` or `unknown_place`.
    """
    point = _POINT.fullmatch(text)
    if point:
        return point_place(float(point[1]), float(point[2]))
    kind, colon, code = text.strip().partition(":")
    if not colon:
        kind, code = _kind_of(text.strip()), text.strip()
    if kind not in {"tps", "post", "desa"} or not code:
        raise _bad_place(text)
    rows = load_places(workspace).of(kind).filter(pl.col("code") == code)
    if rows.is_empty():
        raise _unknown_place(kind, code)
    row = rows.row(0, named=True)
    return Place(
        kind=cast("PlaceKind", kind),
        code=code,
        name=row["name"],
        lon=row["lon"],
        lat=row["lat"],
    )


def point_place(lon: float, lat: float) -> Place:
    """Return a point as a place.

    Raises:
        DomainError: `bad_place` where it is not on the earth.
    """
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):  # noqa: PLR2004
        raise _bad_place(f"{lon},{lat}")
    return Place(kind="point", code="", name=f"{lon:.5f}, {lat:.5f}", lon=lon, lat=lat)


def _kind_of(code: str) -> str:
    if code.isdigit() and len(code) == TPS_DIGITS:
        return "tps"
    return "desa" if code.isdigit() and len(code) == DESA_DIGITS else "post"


def one_point(place: Place) -> Floats:
    """Return a place as an array of one point."""
    return np.array([[place.lon, place.lat]])


def _bad_place(text: str) -> DomainError:
    return DomainError(
        "bad_place",
        Text(f"'{text[:60]}' bukan tempat", f"'{text[:60]}' is not a place"),
        Text(
            "Tulis bujur,lintang (104.62,-4.10), atau tps:KODE, post:KODE, desa:KODE.",
            "Write lon,lat (104.62,-4.10), or tps:CODE, post:CODE, desa:CODE.",
        ),
        {"place": text[:60]},
    )


def _unknown_place(kind: str, code: str) -> DomainError:
    return DomainError(
        "unknown_place",
        Text(
            f"tidak ada {kind} '{code[:60]}' dengan titik",
            f"there is no {kind} '{code[:60]}' with a point",
        ),
        Text(
            "Periksa kodenya, atau tulis bujur,lintang.",
            "Check its code, or write lon,lat.",
        ),
        {"kind": kind, "code": code[:60]},
    )
