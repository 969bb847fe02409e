"""How times on roads are told: apart from the times, for pages that show the words alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sispamkota.kernel.text import Text, number

VEHICLES: Mapping[str, Text] = {
    "car": Text("mobil", "car"),
    "motorcycle": Text("sepeda motor", "motorcycle"),
}


def road_assumption(source: str, as_of: dt.date, profile: str, access_kmh: float) -> Text:
    """Say how times on a road network are made."""
    vehicle, slow = VEHICLES[profile], (number(access_kmh, "id"), number(access_kmh, "en"))
    return Text(
        f"Waktu tempuh lewat jaringan jalan ({source}, per {as_of.isoformat()}) dengan "
        f"{vehicle.id}; dari tempat ke jalan terdekat garis lurus pada {slow[0]} km/jam; "
        "penutupan jalan pada hari pemungutan suara dianggap berlaku sepanjang hari.",
        f"Travel times on the road network ({source}, as of {as_of.isoformat()}) by "
        f"{vehicle.en}; between a place and the nearest road a straight line at {slow[1]} km/h; "
        "closures of voting day are taken to hold all day.",
    )
