"""A small regency for the tests of forces."""

from __future__ import annotations

import datetime as dt

import polars as pl

from sispamkota.territory import frames
from sispamkota.territory.model import Territory

DAY = dt.date(2024, 2, 1)


def territory(kecamatan: int = 20, polsek: int = 11, desa: int = 8) -> Territory:
    """Return `kecamatan` in a row, the first `polsek` of them with a polsek of their own."""
    areas, posts = [], [{"code": "polres-contoh", "name": "Polres Contoh", "kind": "polres"}]
    posts[0] |= {"kecamatan": "160801", "lon": 104.0, "lat": -4.0}
    for k in range(1, kecamatan + 1):
        code, lon = f"1608{k:02d}", 104 + k / 100
        areas.append(
            {"code": code, "level": "kecamatan", "name": f"Kec {k}", "lon": lon, "lat": -4.0}
        )
        areas += [
            {
                "code": f"{code}{d:04d}",
                "level": "desa_kelurahan",
                "name": f"Desa {d}",
                "parent": code,
            }
            for d in range(2001, 2001 + desa)
        ]
        if k <= polsek:
            posts.append(
                {
                    "code": f"polsek-kec-{k}",
                    "name": f"Polsek Kec {k}",
                    "kind": "polsek",
                    "kecamatan": code,
                    "lon": lon,
                    "lat": -4.0,
                }
            )
    return Territory(
        areas=pl.DataFrame(areas, schema=frames.AREAS),
        posts=pl.DataFrame(posts, schema=frames.POSTS),
    )
