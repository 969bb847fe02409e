from __future__ import annotations

import datetime as dt

import polars as pl

from sispamkota.kernel.sources import Source
from sispamkota.kernel.table import RawTable
from sispamkota.territory import frames
from sispamkota.territory.model import Territory

SOURCE = Source(name="uji", as_of=dt.date(2024, 2, 14))


def raw(header, *rows, geometries=None):
    names = header.split(",")
    return RawTable(
        file="uji.csv",
        columns=tuple(names),
        rows=[tuple(c or None for c in r.split(",")) for r in rows],
        row_numbers=list(range(2, len(rows) + 2)),
        geometries=geometries,
    )


def area(code, name, *, lon=104.5, lat=-4.2, km2=10.0):
    levels = {2: "provinsi", 4: "kabupaten_kota", 6: "kecamatan", 10: "desa_kelurahan"}
    return {
        "code": code, "level": levels[len(code)], "name": name, "kind": levels[len(code)],
        "parent": {4: code[:2], 6: code[:4], 10: code[:6]}.get(len(code)), "lon": lon, "lat": lat,
        "position": "centroid", "area_km2": km2, "source": "uji", "as_of": dt.date(2024, 1, 1),
    }  # fmt: skip


def known(*areas):
    return Territory(areas=pl.DataFrame(list(areas), schema=frames.AREAS))


TWO_DESA = known(
    area("1608", "OKU Timur"),
    area("160801", "Martapura"),
    area("160802", "Buay Madang"),
    area("1608011007", "Dusun Martapura"),
    area("1608022001", "Sukaraja"),
)
