"""Area lists (provinsi to desa) and BPS cross-references become AREAS rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from sispamkota.kernel.cells import text_of
from sispamkota.kernel.sources import Source
from sispamkota.kernel.table import RawTable
from sispamkota.kernel.text import Text
from sispamkota.territory import frames
from sispamkota.territory.codes import LEVELS, dotted, level_of, parent_of
from sispamkota.territory.intake import columns
from sispamkota.territory.intake.common import Intake, Sheet, some
from sispamkota.territory.model import Territory

Row = dict[str, Any]
_DESA_PART = slice(6, 7)


def parse_areas(
    table: RawTable, source: Source, mapping: Mapping[str, str], known: Territory
) -> Intake:
    """Read areas; the kecamatan that desa rows name are derived from them.

    Rows that carry a BPS code but no KPU code are left out and each is named in a warning; codes
    are joined by the file's own cross-reference, never by comparing a BPS with a KPU number.

    Args:
        table: the file.
        source: who says so, and for which day.
        mapping: known column → header, where recognition does not do.
        known: what the workspace knows already (for parents).

    Returns:
        An intake with `areas`.

    Raises:
        DomainError: `bad_input` with every problem of the file.
    """
    sheet = Sheet.open(table, columns.AREAS, mapping)
    if sheet.found.get("parent") == sheet.found.get("code"):
        sheet.found.pop("parent", None)
    if sheet.found.get("parent_name") == sheet.found.get("name"):
        sheet.found.pop("parent_name", None)
    codes = sheet.codes("code", LEVELS)
    unmatched = _unmatched_bps(sheet, codes)
    known_codes = set(known.areas["code"])
    rows = _rows(sheet, codes, unmatched, known_codes)
    _check_codes(sheet, rows, unmatched)
    derived = _parents(sheet, rows, known_codes)
    _check_parents(sheet, rows, known_codes | {d["code"] for d in derived})
    sheet.finish()
    frame = pl.DataFrame(
        [*derived, *(r for r in rows if r["code"] is not None)], schema=frames.AREAS
    ).with_columns(source=pl.lit(source.name), as_of=pl.lit(source.as_of))
    return Intake(
        frames={"areas": frame},
        ignored=sheet.ignored(),
        notes=_notes(derived, sheet),
        warnings=_warnings(sheet, unmatched),
    )


def _unmatched_bps(sheet: Sheet, codes: list[str | None]) -> list[int]:
    bps = sheet.texts("bps")
    written = sheet.texts("code")
    return [i for i, b in enumerate(bps) if b and codes[i] is None and written[i] is None]


def _rows(
    sheet: Sheet, codes: list[str | None], unmatched: list[int], known_codes: set[str]
) -> list[Row]:
    lons, lats, position = _points(sheet)
    names, bps_names = sheet.texts("name"), sheet.texts("bps_name")
    kinds, parents = sheet.texts("kind"), sheet.codes("parent", LEVELS)
    kemendagri, bps = _kemendagri(sheet, codes), sheet.codes("bps", (2, 4, 7, 10))
    areas = sheet.decimals("area_km2")
    left_out = set(unmatched)
    rows: list[Row] = []
    for i, code in enumerate(codes):
        name = names[i]
        if name is None and code not in known_codes:
            # A BPS spelling must not replace the name that KPU uses.
            name = bps_names[i] or code
        area = areas[i]
        if area is not None and area <= 0:
            area = None
        rows.append(
            {
                "index": i,
                "code": None if i in left_out else code,
                "level": level_of(code) if code else None,
                "name": name,
                "kind": _kind(code, kinds[i]),
                "parent": parent_of(code) if code else None,
                "stated_parent": parents[i],
                "kemendagri": kemendagri[i],
                "bps": bps[i],
                "lon": lons[i],
                "lat": lats[i],
                "position": position[i],
                "area_km2": area,
            }
        )
    return rows


def _points(sheet: Sheet) -> tuple[list[float | None], list[float | None], list[str | None]]:
    lons, lats = sheet.positions("lon", "lat")
    rep_lons, rep_lats = sheet.positions("rep_lon", "rep_lat")
    position: list[str | None] = []
    for i, rep in enumerate(rep_lons):
        if rep is not None:
            # The representative point lies inside; a centroid may lie outside its own polygon.
            lons[i], lats[i] = rep, rep_lats[i]
            position.append("representative_point")
        else:
            position.append("centroid" if lons[i] is not None else None)
    return lons, lats, position


def _kemendagri(sheet: Sheet, codes: list[str | None]) -> list[str | None]:
    given = sheet.codes("kemendagri", LEVELS)
    written = sheet.table.cells(sheet.found, "code")
    result: list[str | None] = []
    for own, code, cell in zip(given, codes, written, strict=True):
        if own is not None and sheet.found["kemendagri"] != sheet.found.get("code"):
            result.append(dotted(own))
        elif code is not None and "." in (text_of(cell) or "") and level_of(code):
            result.append(dotted(code))
        else:
            result.append(None)
    return result


def _kind(code: str | None, written: str | None) -> str | None:
    level = level_of(code) if code else None
    if code is None or level is None:
        return None
    if level != "desa_kelurahan":
        return level
    said = (written or "").lower()
    if said in ("desa", "kelurahan"):
        return said
    # Kemendagri numbers kelurahan 1xxx and desa 2xxx in the fourth part.
    return "kelurahan" if code[_DESA_PART] == "1" else "desa"


def _check_codes(sheet: Sheet, rows: list[Row], unmatched: list[int]) -> None:
    written = sheet.texts("code")
    first: dict[str, int] = {}
    left_out = set(unmatched)
    for row in rows:
        i, code = row["index"], row["code"]
        if code is None:
            if written[i] is None and i not in left_out:
                sheet.problem(
                    i, "code", "missing_code",
                    Text("kode wilayah kosong", "the area code is empty"),
                    Text("Isi kode KPU, atau hapus barisnya.", "Enter the KPU code, or remove the row."),  # noqa: E501
                )  # fmt: skip
            continue
        if first.setdefault(code, i) != i:
            seen = sheet.row_number(first[code])
            sheet.problem(
                i, "code", "duplicate_code",
                Text(f"kode {code} sudah ada di baris {seen}", f"code {code} is already in row {seen}"),  # noqa: E501
                Text("Hapus atau perbaiki salah satunya.", "Remove or correct one of them."),
            )  # fmt: skip


def _parents(sheet: Sheet, rows: list[Row], known_codes: set[str]) -> list[Row]:
    """Derive the kecamatan of desa rows: with the name the file gives, and only where needed."""
    present = {row["code"] for row in rows}
    names, bps_names = sheet.texts("parent_name"), sheet.texts("bps_parent_name")
    listed = any(level_of(c) == "kecamatan" for c in (*known_codes, *present) if c)
    derived: dict[str, Row] = {}
    for row in rows:
        code = row["parent"]
        if row["code"] is None or row["level"] != "desa_kelurahan" or code in present:
            continue
        name = names[row["index"]]
        if name is None and (code in known_codes or listed):
            continue
        if code not in derived:
            dagri = row["kemendagri"]
            derived[code] = {
                "code": code,
                "level": "kecamatan",
                "name": name or bps_names[row["index"]] or code,
                "kind": "kecamatan",
                "parent": parent_of(code),
                "kemendagri": dagri.rsplit(".", 1)[0] if dagri else None,
            }
    return list(derived.values())


def _check_parents(sheet: Sheet, rows: list[Row], known_codes: set[str]) -> None:
    everywhere = known_codes | {r["code"] for r in rows if r["code"]}
    levels = {level_of(c) for c in everywhere}
    for row in rows:
        code, parent, stated = row["code"], row["parent"], row["stated_parent"]
        if code is None or parent is None:
            continue
        if stated is not None and stated != parent:
            sheet.problem(
                row["index"], "parent", "wrong_parent",
                Text(f"{code} tidak berada di {stated}: awal kodenya {parent}",
                     f"{code} is not in {stated}: its code begins with {parent}"),
                Text("Perbaiki kode wilayah atau kode induknya.",
                     "Correct the code of the area or of its parent."),
            )  # fmt: skip
        elif (
            parent not in everywhere and level_of(parent) in levels and row["level"] != "kecamatan"
        ):
            sheet.problem(
                row["index"], "code", "unknown_parent",
                Text(f"{code}: kecamatan {parent} tidak dikenal", f"{code}: kecamatan {parent} is not known"),  # noqa: E501
                Text("Perbaiki kodenya, atau impor kecamatannya dulu.",
                     "Correct the code, or import its kecamatan first."),
            )  # fmt: skip


def _notes(derived: list[Row], sheet: Sheet) -> tuple[Text, ...]:
    notes = []
    if derived:
        n = len(derived)
        notes.append(
            Text(
                f"{n} kecamatan diturunkan dari baris desa",
                f"{n} kecamatan derived from the desa rows",
            )
        )
    if "bps_name" in sheet:
        notes.append(
            Text(
                "nama ejaan BPS dipakai hanya bila belum ada nama lain",
                "names in BPS spelling are used only where no other name is known",
            )
        )
    return tuple(notes)


def _warnings(sheet: Sheet, unmatched: list[int]) -> tuple[Text, ...]:
    if not unmatched:
        return ()
    bps, names = sheet.texts("bps"), sheet.texts("bps_name")
    named = [f"{bps[i]} {names[i] or ''} (baris/row {sheet.row_number(i)})" for i in unmatched]
    listed = some(named, limit=50)
    return (
        Text(
            f"{len(unmatched)} baris BPS tanpa kode KPU tidak diimpor: {listed}",
            f"{len(unmatched)} BPS rows without a KPU code were not imported: {listed}",
        ),
    )
