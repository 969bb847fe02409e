"""Why a closure is refused: each with what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text

_LISTED = 20


def not_read(detail: str) -> DomainError:
    """The text is no closure."""
    return DomainError(
        "bad_closure",
        Text(f"bukan penutupan jalan: {detail}", f"not a closure: {detail}"),
        Text(
            "Buat lagi penutupannya lewat layar atau `sispamkota roads close`.",
            "Make the closure again on the screen or with `sispamkota roads close`.",
        ),
        {"detail": detail},
    )


def bad_closure(field: str, message: Text, remedy: Text, **where: Any) -> DomainError:
    """A part of a closure contradicts the rest or itself."""
    return DomainError("bad_closure", message, remedy, {"field": field, **where})


def nothing_named(kind: str) -> DomainError:
    """The closure does not say what it closes."""
    if kind in ("area", "flood"):
        message = Text("wilayah penutupan belum digambar", "the area of the closure is not drawn")
        remedy = Text("Gambar wilayahnya, paling sedikit 3 titik.", "Draw it, at least 3 points.")
        return bad_closure("area", message, remedy)
    message = Text("penutupan tidak menyebut jalan", "the closure names no road")
    remedy = Text("Pilih jalan di peta, atau sebut nomornya.", "Pick a road, or give its number.")
    return bad_closure("ways" if kind == "way" else "segments", message, remedy)


def one_of(field: str, value: Any, known: Sequence[str]) -> DomainError:
    """A word that is none of those known."""
    listed = ", ".join(known)
    message = Text(f"'{value}' tidak dikenal", f"'{value}' is not known")
    remedy = Text(f"Pilih dari: {listed}.", f"Choose from: {listed}.")
    return bad_closure(field, message, remedy, value=value, known=list(known))


def nobody_barred() -> DomainError:
    """The closure stops nobody."""
    return bad_closure(
        "profiles",
        Text("penutupan tidak berlaku bagi siapa pun", "the closure bars nobody"),
        Text(
            "Pilih paling sedikit satu jenis kendaraan; banjir tidak menutup perahu.",
            "Choose at least one kind of vehicle; a flood does not stop boats.",
        ),
    )


def no_zone(field: str, value: str) -> DomainError:
    """A time without a zone may mean three different moments in Indonesia."""
    return DomainError(
        "bad_window",
        Text(f"waktu tanpa zona: {value}", f"time without a zone: {value}"),
        Text("Tulis zonanya, mis. 08:00+07:00.", "Write the zone, e.g. 08:00+07:00."),
        {"field": field, "value": value},
    )


def bad_window(begins: str, ends: str) -> DomainError:
    """It is open again before it is closed."""
    return DomainError(
        "bad_window",
        Text(
            f"penutupan berakhir ({ends}) sebelum atau saat dimulai ({begins})",
            f"the closure ends ({ends}) before or when it begins ({begins})",
        ),
        Text("Betulkan jam mulai atau selesai.", "Correct the time it begins or ends."),
        {"begins": begins, "ends": ends},
    )


def not_an_area(detail: Text, **where: Any) -> DomainError:
    """The ring encloses nothing, or crosses itself."""
    return bad_closure(
        "area",
        Text(
            f"wilayah penutupan tidak benar: {detail.id}",
            f"the area of the closure is not right: {detail.en}",
        ),
        Text(
            "Gambar lagi: titik-titik berurutan di tepi, garisnya tidak saling memotong.",
            "Draw it again: points in order along the edge, no line across another.",
        ),
        **where,
    )


def unknown_roads(field: str, unknown: Sequence[int]) -> DomainError:
    """Numbers that the network does not have."""
    listed = ", ".join(map(str, unknown[:_LISTED]))
    more = len(unknown) - _LISTED
    tail = Text(f" dan {more} lagi", f" and {more} more") if more > 0 else Text("", "")
    what = Text("jalan nomor", "way") if field == "ways" else Text("ruas nomor", "segment")
    return DomainError(
        "closure_on_no_road",
        Text(
            f"{what.id} {listed}{tail.id} tidak ada di jaringan jalan",
            f"{what.en} {listed}{tail.en} is not in the road network",
        ),
        Text(
            "Pilih jalannya di peta; nomornya dapat berubah sesudah impor jalan yang lebih baru.",
            "Pick the road on the map; its number may change when newer roads are imported.",
        ),
        {"field": field, "unknown": list(unknown[:_LISTED]), "count": len(unknown)},
    )


def no_road_there(bounds: tuple[float, ...]) -> DomainError:
    """The area lies between roads."""
    return DomainError(
        "closure_on_no_road",
        Text("wilayah penutupan tidak mengenai jalan", "the area of the closure meets no road"),
        Text("Geser atau perbesar sampai mengenai jalan.", "Move or widen it until it does."),
        {"area_bounds": [round(x, 6) for x in bounds]},
    )


def nobody_there(profiles: Sequence[str], direction: str) -> DomainError:
    """Whom it bars could not go there anyway."""
    listed = ", ".join(profiles)
    return DomainError(
        "closure_on_no_road",
        Text(
            f"jalan yang disebut tidak dilalui {listed} (arah: {direction})",
            f"the roads named are not used by {listed} (direction: {direction})",
        ),
        Text(
            "Periksa arah dan jenis kendaraannya, atau pilih jalan lain.",
            "Check the direction and the kinds of vehicle, or pick another road.",
        ),
        {"profiles": list(profiles), "direction": direction},
    )


def outside(area: tuple[float, ...], roads: tuple[float, ...]) -> DomainError:
    """The area lies off the network."""
    told = " / ".join(", ".join(f"{x:.3f}" for x in box) for box in (area, roads))
    return DomainError(
        "closure_outside",
        Text(
            f"wilayah penutupan di luar jaringan jalan ({told})",
            f"the area of the closure lies outside the road network ({told})",
        ),
        Text(
            "Periksa urutan bujur, lintang; atau impor jalan yang mencakup wilayah itu.",
            "Check the order longitude, latitude; or import roads that hold the area.",
        ),
        {
            "area_bounds": [round(x, 6) for x in area],
            "road_bounds": [round(x, 6) for x in roads],
        },
    )
