"""Which post serves which kecamatan, and how many officers of a total each polsek has."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

import polars as pl

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text

_LEAST_PAIRS = 2
"""At least four officers at a polsek: two teams of two."""
Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficersAtPosts:
    """Posts and the areas they serve.

    Attributes:
        polres: code of the Polres.
        polsek_of: kecamatan code → post that serves it, in code order.
        weights: kecamatan code → its share in the work (TPS, or desa where TPS are not known).
        desa: all desa codes, sorted.
    """

    polres: str
    polsek_of: dict[str, str]
    weights: dict[str, int]
    desa: tuple[str, ...]

    @classmethod
    def of(
        cls,
        posts: pl.DataFrame,
        areas: pl.DataFrame,
        tps_per_kecamatan: dict[str, int] | None,
    ) -> OfficersAtPosts:
        """Find the serving post of each kecamatan: stated, else its own polsek, else nearest."""
        polres = posts.filter(pl.col("kind") == "polres").sort("code")["code"].to_list()
        desa = areas.filter(pl.col("level") == "desa_kelurahan").sort("code")
        if not polres:
            raise _nothing(
                "no_polres", Text("tidak ada pos jenis polres", "there is no polres post")
            )
        if not desa.height:
            raise _nothing("no_desa", Text("tidak ada desa", "there are no desa"))
        kecamatan = areas.filter(pl.col("level") == "kecamatan").sort("code")
        polsek = posts.filter(pl.col("kind") == "polsek").sort("code")
        counted = dict(desa.group_by("parent").len().iter_rows())
        given = tps_per_kecamatan or counted
        return cls(
            polres=polres[0],
            polsek_of=_serving(polsek, kecamatan, polres[0]),
            weights={code: int(given.get(code, 0)) for code in kecamatan["code"]},
            desa=tuple(desa["code"]),
        )

    def desa_served_by(self, post: str) -> tuple[str, ...]:
        """Return the desa of the kecamatan that a post serves; all for a post without any."""
        served = {code for code, by in self.polsek_of.items() if by == post}
        own = tuple(code for code in self.desa if code[:6] in served)
        return own or self.desa


def share_over_polsek(places: OfficersAtPosts, total: int) -> dict[str, int]:
    """Spread officers over the polsek in pairs, by largest remainder of the TPS they serve.

    An odd officer joins the post with the most work. Without any polsek all are at the Polres.
    """
    work: dict[str, int] = {}
    for kecamatan, post in places.polsek_of.items():
        work[post] = work.get(post, 0) + places.weights[kecamatan]
    if set(work) <= {places.polres}:
        return {places.polres: total} if total else {}
    names = sorted(work)
    pairs = total // 2
    least = min(_LEAST_PAIRS, pairs // len(names))
    free = pairs - least * len(names)
    load = sum(work.values()) or 1
    # Each post's due part of all pairs, above the least that every post has.
    due = {name: max(0.0, pairs * work[name] / load - least) for name in names}
    scale = free / (sum(due.values()) or 1)
    shares = {name: int(due[name] * scale) for name in names}
    by_rest = sorted(names, key=lambda n: (shares[n] - due[n] * scale, n))
    for name in (by_rest * (free // len(names) + 1))[: free - sum(shares.values())]:
        shares[name] += 1
    officers = {name: 2 * (least + shares[name]) for name in names}
    officers[max(names, key=lambda n: (work[n], n))] += total % 2
    return officers


def _serving(polsek: pl.DataFrame, kecamatan: pl.DataFrame, polres: str) -> dict[str, str]:
    claimed: dict[str, str] = {}
    own: dict[str, str] = {}
    at: dict[str, Point] = {}
    for code, home, serves, lon, lat in polsek.select(
        "code", "kecamatan", "serves", "lon", "lat"
    ).iter_rows():
        for served in (serves or "").split(";"):
            claimed.setdefault(served.strip(), code)
        own.setdefault(home, code)
        if lon is not None and lat is not None:
            at[code] = (lon, lat)
    serving: dict[str, str] = {}
    for code, lon, lat in kecamatan.select("code", "lon", "lat").iter_rows():
        post = claimed.get(code) or own.get(code)
        if post is None and at and lon is not None and lat is not None:
            here = (lon, lat)
            post = min(at, key=lambda p: (hypot(at[p][0] - here[0], at[p][1] - here[1]), p))
        serving[code] = post or (polsek["code"][0] if polsek.height else polres)
    return serving


def _nothing(code: str, message: Text) -> DomainError:
    return DomainError(
        code,
        message,
        Text("Impor wilayah dan pos dulu.", "Import areas and posts first."),
    )
