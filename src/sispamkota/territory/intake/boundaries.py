"""GeoJSON polygons of areas become BOUNDARIES rows (WKB, longitude and latitude)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import polars as pl
import shapely

from sispamkota.kernel.errors import Problem
from sispamkota.kernel.sources import Source
from sispamkota.kernel.table import RawTable
from sispamkota.kernel.text import Text
from sispamkota.territory import frames
from sispamkota.territory.codes import LEVELS
from sispamkota.territory.intake import columns
from sispamkota.territory.intake.common import Intake, Sheet, some, trouble_with_point
from sispamkota.territory.intake.tps_shared import fit
from sispamkota.territory.model import Territory

_AREAL = ("Polygon", "MultiPolygon")


def parse_boundaries(
    table: RawTable, source: Source, mapping: Mapping[str, str], known: Territory
) -> Intake:
    """Read polygons; one that crosses itself is repaired and named in a warning.

    Args:
        table: features of a GeoJSON file in EPSG:4326.
        source: who says so, and for which day.
        mapping: known column → header, where recognition does not do.
        known: what the workspace knows already (area codes).

    Returns:
        An intake with `boundaries`.

    Raises:
        DomainError: `bad_input` with every problem of the file.
    """
    sheet = Sheet.open(table, columns.BOUNDARIES, mapping)
    if sheet.table.geometries is None:
        sheet.findings.add(_no_geometry())
        sheet.finish()
    codes = sheet.codes("code", LEVELS)
    shapes = [_shape(sheet, i, g) for i, g in enumerate(sheet.table.geometries or ())]
    _check_codes(sheet, codes)
    sheet.finish()
    repaired = [i for i, shape in enumerate(shapes) if not shapely.is_valid(shape)]
    for i in repaired:
        shapes[i] = _areal(shapely.make_valid(shapes[i]))
    frame = pl.DataFrame({"code": codes, "wkb": shapely.to_wkb(shapes).tolist()}).with_columns(
        source=pl.lit(source.name), as_of=pl.lit(source.as_of)
    )
    return Intake(
        frames={"boundaries": fit(frame, frames.BOUNDARIES)},
        ignored=sheet.ignored(),
        notes=_notes(codes, known),
        warnings=_repaired([codes[i] or "" for i in repaired]),
    )


def _shape(sheet: Sheet, i: int, geometry: Mapping[str, Any] | None) -> Any:
    kind = geometry.get("type") if geometry else None
    shape = None
    if geometry and kind in _AREAL:
        try:
            shape = shapely.from_geojson(json.dumps(geometry))
        except shapely.GEOSException:
            shape = None
    if shape is None or shape.is_empty:
        sheet.problem(
            i, "code", "bad_geometry",
            Text(f"bukan poligon: {kind}", f"not a polygon: {kind}"),
            Text("Pakai Polygon atau MultiPolygon.", "Use Polygon or MultiPolygon."),
        )  # fmt: skip
        return None
    west, south, east, north = shape.bounds
    trouble = trouble_with_point(west, south) or trouble_with_point(east, north)
    if trouble is not None:
        sheet.problem(i, "code", "bad_position", trouble[0], _degrees())
    return shape


def _check_codes(sheet: Sheet, codes: list[str | None]) -> None:
    first: dict[str, int] = {}
    written = sheet.texts("code")
    for i, code in enumerate(codes):
        if code is None and written[i] is None:
            sheet.problem(
                i, "code", "missing_code",
                Text("kode wilayah kosong", "the area code is empty"),
                Text("Isi kode KPU/Kemendagri tiap poligon.", "Give every polygon its KPU/Kemendagri code."),  # noqa: E501
            )  # fmt: skip
        elif code is not None and first.setdefault(code, i) != i:
            seen = sheet.row_number(first[code])
            sheet.problem(
                i, "code", "duplicate_code",
                Text(f"kode {code} sudah ada di objek {seen}", f"code {code} is already in feature {seen}"),  # noqa: E501
                Text("Gabungkan menjadi satu MultiPolygon.", "Join them into one MultiPolygon."),
            )  # fmt: skip


def _areal(shape: Any) -> Any:
    parts = [p for p in shapely.get_parts(shape) if p.geom_type in _AREAL]
    return shapely.union_all(parts) if parts else shape


def _notes(codes: list[str | None], known: Territory) -> tuple[Text, ...]:
    listed = set(known.areas["code"])
    strange = [c for c in codes if c is not None and c not in listed]
    if not listed or not strange:
        return ()
    return (
        Text(
            f"{len(strange)} batas wilayah tanpa wilayah di daftar: {some(strange)}",
            f"{len(strange)} boundaries have no area in the list: {some(strange)}",
        ),
    )


def _repaired(codes: list[str]) -> tuple[Text, ...]:
    if not codes:
        return ()
    return (
        Text(
            f"{len(codes)} poligon memotong dirinya sendiri dan diperbaiki: {some(codes, 20)}",
            f"{len(codes)} polygons crossed themselves and were repaired: {some(codes, 20)}",
        ),
    )


def _degrees() -> Text:
    return Text(
        "GeoJSON memakai derajat WGS84, bujur dulu baru lintang; ekspor ulang sebagai EPSG:4326.",
        "GeoJSON is in WGS84 degrees, longitude first; export it again as EPSG:4326.",
    )


def _no_geometry() -> Problem:
    return Problem(
        code="no_geometry",
        message=Text("berkas ini tidak memuat poligon", "this file holds no polygons"),
        remedy=Text("Impor batas wilayah dari GeoJSON.", "Import boundaries from GeoJSON."),
    )
