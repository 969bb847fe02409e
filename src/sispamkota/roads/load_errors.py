"""Why a file of roads is refused: each with the file, the place and what to do."""

from __future__ import annotations

from typing import Any

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.roads.load_ways import Box

MOST_BYTES = 2_000_000_000
MOST_TEXT = 500_000_000
"""Of GeoJSON and GraphML, which are parsed as a whole and take many times that in memory."""
SUFFIXES = (
    *(".osm.pbf", ".pbf", ".osm", ".osm.gz", ".geojson", ".geojson.gz", ".json"),
    *(".graphml", ".graphml.gz"),
)

_AGAIN = Text("Unduh atau salin lagi berkasnya, lalu ulangi.", "Fetch or copy it again, and retry.")


def _degrees(box: Box) -> str:
    return ", ".join(f"{edge:.4f}" for edge in box)


def damaged(name: str, detail: str, at: dict[str, Any] | None = None) -> DomainError:
    """The content breaks off or is not what its name says."""
    return DomainError(
        "damaged_roads",
        Text(
            f"{name}: berkas jalan rusak atau terpotong; tidak ada yang diimpor. {detail}",
            f"{name}: the roads file is damaged or cut short; nothing was imported. {detail}",
        ),
        _AGAIN,
        {"file": name, "detail": detail, **(at or {})},
    )


def wrong_kind(name: str) -> DomainError:
    """The suffix is of no known format."""
    known = ", ".join(SUFFIXES)
    return DomainError(
        "unknown_roads_format",
        Text(f"{name}: bukan berkas jalan yang dikenal", f"{name}: no known kind of roads file"),
        Text(f"Pakai salah satu: {known}.", f"Use one of: {known}."),
        {"file": name, "known": list(SUFFIXES)},
    )


def too_big(name: str, size: int, most: int) -> DomainError:
    """The content is larger than can be read."""
    return DomainError(
        "roads_too_big",
        Text(
            f"{name}: {size / 1e6:,.0f} MB, paling besar {most / 1e6:,.0f} MB",
            f"{name}: {size / 1e6:,.0f} MB, at most {most / 1e6:,.0f} MB",
        ),
        Text(
            "Pakai ekstrak yang lebih kecil, mis. satu pulau atau provinsi dari Geofabrik (.osm.pbf).",  # noqa: E501
            "Use a smaller extract, say one island or province of Geofabrik (.osm.pbf).",
        ),
        {"file": name, "size_bytes": size, "limit_bytes": most},
    )


def no_roads(name: str, report: dict[str, Any]) -> DomainError:
    """Not one usable road is in the file."""
    return DomainError(
        "no_roads",
        Text(
            f"{name}: tidak ada jalan yang dapat dipakai; tidak ada yang diimpor",
            f"{name}: not one usable road is in it; nothing was imported",
        ),
        Text(
            "Periksa bahwa berkas memuat jalan: highway=* di OSM, garis dengan kelas jalan di GeoJSON.",  # noqa: E501
            "Check that it holds roads: highway=* in OSM, lines with a road class in GeoJSON.",
        ),
        {"file": name, **report},
    )


def outside(name: str, clip: Box, found: Box) -> DomainError:
    """All roads lie beyond the area of the operation."""
    return DomainError(
        "roads_outside",
        Text(
            f"{name}: semua jalan di luar wilayah operasi ({_degrees(clip)}); jalan ada di {_degrees(found)}",  # noqa: E501
            f"{name}: all roads lie outside the operation's area ({_degrees(clip)}); they are in {_degrees(found)}",  # noqa: E501
        ),
        Text(
            "Pakai berkas yang memuat wilayah ini, atau periksa batas wilayah operasi.",
            "Use a file that covers this area, or check the area's boundaries.",
        ),
        {"file": name, "area": list(clip), "found": list(found)},
    )


def no_positions(name: str, ways: int) -> DomainError:
    """Every way names nodes that the file lacks or whose positions are not on the globe."""
    return DomainError(
        "no_positions",
        Text(
            f"{name}: titik dari {ways} jalan tidak ada atau koordinatnya mustahil",
            f"{name}: the nodes of its {ways} roads are missing or their positions impossible",
        ),
        Text(
            "Buat ekstrak lengkap (mis. osmium extract --strategy complete_ways), lalu ulangi.",
            "Make a whole extract (say osmium extract --strategy complete_ways), and retry.",
        ),
        {"file": name, "ways": ways},
    )


def absurd(name: str, place: str, lon: float, lat: float) -> DomainError:
    """A position is not on the globe (metres instead of degrees, or rubbish)."""
    return DomainError(
        "bad_position",
        Text(
            f"{name}: koordinat mustahil ({lon:g}, {lat:g}) pada {place}",
            f"{name}: impossible coordinates ({lon:g}, {lat:g}) at {place}",
        ),
        Text(
            "Koordinat harus bujur lalu lintang dalam derajat, EPSG:4326 (bukan meter UTM).",
            "Positions are longitude then latitude in degrees, EPSG:4326 (not UTM metres).",
        ),
        {"file": name, "place": place, "lon": lon, "lat": lat},
    )
