"""Lists of police stations, hospitals and other fixed points become POSTS rows."""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from sispamkota.kernel.sources import Source
from sispamkota.kernel.table import RawTable, plain_name
from sispamkota.kernel.text import Text
from sispamkota.territory import frames
from sispamkota.territory.codes import KECAMATAN_DIGITS
from sispamkota.territory.intake import columns
from sispamkota.territory.intake.common import Intake, Sheet, some
from sispamkota.territory.intake.places import Gazetteer
from sispamkota.territory.intake.tps_shared import fit
from sispamkota.territory.model import Territory

_KIND_WORDS: dict[str, tuple[str, ...]] = {
    "polres": ("polres", "polresta", "polrestabes"),
    "polsek": ("polsek", "polsekta", "pospol", "polsubsektor"),
    "koramil": ("koramil", "kodim"),
    "hospital": ("rsud", "rs", "rumah_sakit", "hospital", "puskesmas", "klinik"),
    "damkar": ("damkar", "pemadam", "fire"),
    "bpbd": ("bpbd",),
    "pemda": ("pemda", "pemkab", "kantor_bupati", "kecamatan_office"),
}


def parse_posts(
    table: RawTable, source: Source, mapping: Mapping[str, str], known: Territory
) -> Intake:
    """Read posts; the kecamatan they serve may be given by code or by name.

    Args:
        table: the file.
        source: who says so, and for which day.
        mapping: known column → header, where recognition does not do.
        known: what the workspace knows already (kecamatan names).

    Returns:
        An intake with `posts`.

    Raises:
        DomainError: `bad_input` with every problem of the file.
    """
    sheet = Sheet.open(table, columns.POSTS, mapping)
    places = Gazetteer.of(known)
    names = sheet.texts("name")
    codes = _codes(sheet, names)
    kecamatan = sheet.codes("kecamatan_code", (KECAMATAN_DIGITS,))
    for i, name in enumerate(sheet.texts("kecamatan_name")):
        kecamatan[i] = kecamatan[i] or places.find_kecamatan(name)
    _check_kecamatan(sheet, kecamatan, places)
    lons, lats = sheet.positions("lon", "lat")
    serves, unknown = _served(sheet, places)
    sheet.finish()
    frame = pl.DataFrame(
        {
            "code": codes, "name": names, "kecamatan": kecamatan, "lon": lons, "lat": lats,
            "kind": [post_kind(k or n or "") for k, n in zip(sheet.texts("kind"), names, strict=True)],  # noqa: E501
            "position": [_position(p, x) for p, x in zip(sheet.texts("position"), lons, strict=True)],  # noqa: E501
            "serves": serves, "phone": sheet.texts("phone"),
        }
    ).with_columns(source=pl.lit(source.name), as_of=pl.lit(source.as_of))  # fmt: skip
    return Intake(
        frames={"posts": fit(frame, frames.POSTS)},
        ignored=sheet.ignored(),
        warnings=_unknown_names(unknown),
    )


def post_kind(words: str) -> str:
    """Return the kind of post that its type or name says, `other` when neither does."""
    plain = plain_name(words)
    first = plain.split("_")[0]
    for kind, known in _KIND_WORDS.items():
        if first in known or any("_" in word and plain.startswith(word) for word in known):
            return kind
    return "other"


def _codes(sheet: Sheet, names: list[str | None]) -> list[str | None]:
    given = sheet.texts("code")
    codes: list[str | None] = []
    first: dict[str, int] = {}
    for i, name in enumerate(names):
        code = (given[i] or plain_name(name or "")).replace("_", "-") or None
        codes.append(code)
        if code is None:
            sheet.problem(
                i, "name", "missing_name",
                Text("nama pos kosong", "the name of the post is empty"),
                Text("Isi namanya, atau hapus barisnya.", "Enter its name, or remove the row."),
            )  # fmt: skip
        elif first.setdefault(code, i) != i:
            seen = sheet.row_number(first[code])
            sheet.problem(
                i, "name", "duplicate_post",
                Text(f"pos '{name}' sudah ada di baris {seen}", f"post '{name}' is already in row {seen}"),  # noqa: E501
                Text("Hapus yang ganda atau bedakan namanya.", "Remove the duplicate or tell them apart by name."),  # noqa: E501
            )  # fmt: skip
    return codes


def _check_kecamatan(sheet: Sheet, kecamatan: list[str | None], places: Gazetteer) -> None:
    if not places.known_kecamatan:
        return
    for i, code in enumerate(kecamatan):
        if code is not None and code not in places.known_kecamatan:
            sheet.problem(
                i, "kecamatan_code", "unknown_kecamatan",
                Text(f"kecamatan {code} tidak dikenal", f"kecamatan {code} is not known"),
                Text("Perbaiki kodenya, atau impor daftar wilayah dulu.",
                     "Correct the code, or import the areas first."),
            )  # fmt: skip


def _position(said: str | None, lon: float | None) -> str | None:
    if lon is None:
        return None
    plain = plain_name(said or "")
    if "representative" in plain or "perkiraan" in plain or "approx" in plain:
        return "representative_point"
    return "centroid" if "centroid" in plain or "sentroid" in plain else "surveyed"


def _served(sheet: Sheet, places: Gazetteer) -> tuple[list[str | None], list[str]]:
    result: list[str | None] = []
    unknown: list[str] = []
    for i, cell in enumerate(sheet.texts("serves")):
        codes: list[str] = []
        for name in filter(None, (part.strip() for part in re.split(r"[;,/]", cell or ""))):
            bare = name.replace(".", "")
            code = bare if bare.isdigit() else places.find_kecamatan(name)
            if code is None:
                unknown.append(f"{name} (baris/row {sheet.row_number(i)})")
            else:
                codes.append(code)
        result.append(";".join(codes) or None)
    return result, unknown


def _unknown_names(unknown: list[str]) -> tuple[Text, ...]:
    if not unknown:
        return ()
    listed = some(unknown, 20)
    return (
        Text(
            f"kecamatan yang dilayani tidak dikenali (impor wilayah dulu?): {listed}",
            f"kecamatan served not recognised (import areas first?): {listed}",
        ),
    )
