"""Derive the built-in facts of OKU Timur from the real data folder.

Reads SISPAMKOTA_DATA (default ../shared/data), writes src/sispamkota/data/okut/*.csv. Only bare
facts are kept: codes, names, counts, one rounded point and the area of every desa. Sources are in
sources.toml beside the tables. Run it again and the files come out the same.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "src" / "sispamkota" / "data" / "okut"
POSTS_KIND = {
    "Polres": "polres", "Polsek": "polsek", "Koramil": "koramil", "RSUD": "hospital",
    "Damkar": "damkar", "BPBD": "bpbd", "Pemda": "pemda",
}  # fmt: skip


def read(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_csv(folder / name, infer_schema=False)


def areas(folder: Path) -> pl.DataFrame:
    listed = read(folder, "admin/okut_wilayah_2025.csv")
    desa = read(folder, "okut_desa_master.csv").select(
        code="kode_desa_kpu", bps="kode_desa_bps",
        lon=pl.col("rep_lng").cast(pl.Float64).round(5),
        lat=pl.col("rep_lat").cast(pl.Float64).round(5),
        area_km2=pl.col("luas_km2").cast(pl.Float64),
    )  # fmt: skip
    kecamatan_area = desa.group_by(code=pl.col("code").str.slice(0, 6)).agg(
        area_km2=pl.col("area_km2").sum().round(3)
    )
    points = pl.concat([desa.select("code", "lon", "lat"), kecamatan_points(folder)])
    sizes = pl.concat([desa.select("code", "area_km2"), kecamatan_area])
    return (
        listed.select(
            code="kode_kpu_style", level="level", name="nama", kind="jenis",
            parent=pl.col("kode_induk").str.replace_all(".", "", literal=True),
            kemendagri="kode",
        )
        .join(desa.select("code", "bps"), on="code", how="left")
        .join(points, on="code", how="left")
        .with_columns(
            position=pl.when(pl.col("lon").is_not_null()).then(pl.lit("representative_point"))
        )
        .join(sizes, on="code", how="left")
        .sort("code")
    )  # fmt: skip


def kecamatan_points(folder: Path) -> pl.DataFrame:
    """Return the inner point of every kecamatan, from the posts that are drawn there or GeoJSON."""
    text = (folder / "boundaries" / "okut_kecamatan.geojson").read_text(encoding="utf-8")
    properties = [f["properties"] for f in json.loads(text)["features"]]
    return pl.DataFrame(properties).select(
        code=pl.col("kode").str.replace_all(".", "", literal=True),
        lon=pl.col("rep_lng").round(5),
        lat=pl.col("rep_lat").round(5),
    )


def tps_counts(folder: Path) -> pl.DataFrame:
    return (
        read(folder, "tps/okut_tps_per_desa_2024.csv")
        .select(desa="kode_desa_kpu", regular="n_tps_reguler", khusus="n_tps_khusus")
        .sort("desa")
    )


def dpt(folder: Path) -> pl.DataFrame:
    return (
        read(folder, "tps/okut_dpt_per_desa_2024_ESTIMATE.csv")
        .select(
            desa="kode_desa_kpu", read="dpt_2024_tps_valid", tps_read="n_tps_valid",
            tps="n_tps_total", estimated="dpt_tps_lain_estimasi",
        )
        .sort("desa")
    )  # fmt: skip


def posts(folder: Path) -> pl.DataFrame:
    names = read(folder, "admin/okut_wilayah_2025.csv").filter(pl.col("level") == "kecamatan")
    codes = {n.lower(): c for n, c in names.select("nama", "kode_kpu_style").iter_rows()}

    def served(cell: str | None) -> str | None:
        return ";".join(codes[n.strip().lower()] for n in cell.split(";")) if cell else None

    raw = read(folder, "facilities/okut_facilities.csv")
    slug = (
        pl.col("nama").str.to_lowercase().str.replace_all(r"[^a-z0-9]+", "-").str.strip_chars("-")
    )
    return raw.select(
        code=slug, name="nama", kind=pl.col("jenis").replace_strict(POSTS_KIND),
        kecamatan="kode_kec_kpu",
        lon=pl.col("lng").cast(pl.Float64).round(5), lat=pl.col("lat").cast(pl.Float64).round(5),
        position=pl.lit("representative_point"),
        serves=pl.col("kecamatan_dilayani").map_elements(served, return_dtype=pl.String),
        phone="telepon_kantor",
    )  # fmt: skip


def main() -> None:
    folder = Path(os.environ.get("SISPAMKOTA_DATA", ROOT.parent / "shared" / "data"))
    OUT.mkdir(parents=True, exist_ok=True)
    for make in (areas, tps_counts, dpt, posts):
        table = make(folder)
        table.write_csv(OUT / f"{make.__name__}.csv")
        print(f"{make.__name__}.csv: {table.height} rows")


if __name__ == "__main__":
    main()
