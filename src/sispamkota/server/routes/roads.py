"""Roads: what is known of them, routes, nearest posts, reach, and the links that matter most."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal, TypeAlias

from litestar import get
from litestar.params import FromQuery, QueryParameter

from sispamkota.access.rights import Right
from sispamkota.actions.closure_windows import in_force_ids
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.roads.network import Profile
from sispamkota.server.answers import Answer, Asked, answer, fresh
from sispamkota.server.house import House
from sispamkota.server.near import asked_lang, house_of, viewer_for
from sispamkota.server.rules import rule

LONGEST_PLACE, LONGEST_TIME, LONGEST_MINUTES = 100, 40, 60
MOST_RINGS, LONGEST_RING_MIN = 6, 240.0
Spot: TypeAlias = Annotated[str, QueryParameter(max_length=LONGEST_PLACE)]
Start: TypeAlias = Annotated[str, QueryParameter(name="from", max_length=LONGEST_PLACE)]
Moment: TypeAlias = Annotated[str | None, QueryParameter(max_length=LONGEST_TIME)]
Exempt: TypeAlias = Annotated[Literal["emergency", "event"] | None, QueryParameter()]
Degrees: TypeAlias = Annotated[float, QueryParameter(ge=-180, le=180)]


@get("/api/roads", opt=rule(Right.ROADS_READ), sync_to_thread=True)
def summary(request: Asked) -> Answer:
    """Return size, source and connections of the network, and how places lie on it."""
    house = house_of(request)
    made = house.on_roads("roads_summary", at=house.clock(), lang=asked_lang(request))
    for kind in made["snapped"]:
        kind["worst"] = _own(request, kind["worst"])
    return fresh(request, made)


def _own(request: Asked, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the places of the viewer's areas; posts belong to everybody."""
    covers = viewer_for(request).covers
    return [row for row in rows if not row["code"].isdigit() or covers(row["code"])]


@get("/api/roads/at", opt=rule(Right.ROADS_READ), sync_to_thread=True)
def at_point(
    request: Asked, lon: Degrees, lat: Degrees, profile: FromQuery[Profile] = "car"
) -> Answer:
    """Return the road nearest to a point of the map."""
    given = {"lon": lon, "lat": lat, "profile": profile, "lang": asked_lang(request)}
    return fresh(request, house_of(request).on_roads("road_at", **given))


@get("/api/roads/names", opt=rule(Right.ROADS_READ), sync_to_thread=True)
def names(
    request: Asked,
    q: Annotated[str, QueryParameter(max_length=200)] = "",
    limit: Annotated[int, QueryParameter(ge=1, le=100)] = 20,
) -> Answer:
    """Return names of roads that fit; the longest roads for an empty query."""
    given = {"query": " ".join(q.split()), "limit": limit, "lang": asked_lang(request)}
    return fresh(request, house_of(request).on_roads("road_names", **given))


@get("/api/roads/route", opt=rule(Right.ROADS_READ), sync_to_thread=True)
def route(
    request: Asked,
    start: Start,
    to: Spot,
    profile: FromQuery[Profile] = "car",
    at: Moment = None,
    exempt: Exempt = None,
    alternates: Annotated[int, QueryParameter(ge=0, le=3)] = 0,
) -> Answer:
    """Return the quickest way between two places under the closures of a moment."""
    house = house_of(request)
    found = house.on_roads(
        "route",
        start=start,
        end=to,
        trip=trip(house, profile, at, exempt),
        more=alternates,
        lang=asked_lang(request),
    )
    return fresh(request, found)


@get("/api/roads/nearest", opt=rule(Right.ROADS_READ), sync_to_thread=True)
def nearest(
    request: Asked,
    to: Spot,
    k: Annotated[int, QueryParameter(ge=1, le=50)] = 5,
    profile: FromQuery[Profile] = "car",
    at: Moment = None,
    exempt: Exempt = None,
) -> Answer:
    """Return the posts that are at a place soonest."""
    house = house_of(request)
    found = house.on_roads(
        "nearest_posts",
        target=to,
        trip=trip(house, profile, at, exempt),
        k=k,
        lang=asked_lang(request),
    )
    return fresh(request, found)


@get("/api/roads/isochrone", opt=rule(Right.ROADS_READ), sync_to_thread=True)
def isochrone(
    request: Asked,
    start: Start,
    minutes: Annotated[str, QueryParameter(max_length=LONGEST_MINUTES)] = "5,10,15",
    profile: FromQuery[Profile] = "car",
    at: Moment = None,
    exempt: Exempt = None,
) -> Answer:
    """Return how far one gets from a place within some minutes, as polygons."""
    house = house_of(request)
    found = house.on_roads(
        "isochrone",
        start=start,
        minutes=_minutes(minutes),
        trip=trip(house, profile, at, exempt),
        areas=viewer_for(request).areas,
        lang=asked_lang(request),
    )
    return fresh(request, found)


@get("/api/roads/critical", opt=rule(Right.ROADS_READ), sync_to_thread=True)
def critical(
    request: Asked,
    profile: FromQuery[Profile] = "car",
    at: Moment = None,
    limit: Annotated[int, QueryParameter(ge=1, le=500)] = 50,
) -> Answer:
    """Return the links whose loss cuts off or doubles the way of most TPS and voters."""
    house, lang = house_of(request), asked_lang(request)
    given = trip(house, profile, at, None)
    # what is closed decides the answer, not the second it is asked in
    closed = house.remember(
        f"closed {given['at']:%Y%m%d%H%M}", lambda: in_force_ids(house.workspace, given["at"])
    )
    made = house.remember(
        f"critical {profile} {limit} {lang} {closed}",
        lambda: house.on_roads("critical_roads", trip=given, limit=limit, lang=lang),
    )
    covers = viewer_for(request).covers
    links = [
        {**link, "tps": [code for code in link["tps"] if covers(code)]} for link in made["links"]
    ]
    lost = [row for row in made["unreachable"] if covers(row["tps"])]
    return fresh(request, {**made, "links": links, "unreachable": lost})


@get("/api/roads/reach", opt=rule(Right.REASONS_READ), sync_to_thread=True)
def reach(request: Asked) -> Answer:
    """Return which TPS the roads show to be hard to reach, and what gets there."""
    house, viewer, lang = house_of(request), viewer_for(request), asked_lang(request)

    def make() -> dict[str, Any]:
        body: dict[str, Any] = house.on_roads("reach", lang=lang)
        return {**body, "rows": viewer.rows(body["rows"])}

    return answer(request, house, viewer, make)


def trip(house: House, profile: Profile, at: str | None, exempt: str | None) -> dict[str, Any]:
    """Return how somebody travels, as tasks take it."""
    return {"profile": profile, "at": moment(at) or house.clock(), "exempt": exempt}


def moment(text: str | None) -> dt.datetime | None:
    """Return a moment of a query; None for none.

    Raises:
        DomainError: `bad_time`.
    """
    if not text:
        return None
    try:
        # the plus of a zone is a space once a query is decoded
        found = dt.datetime.fromisoformat(text.strip().replace(" ", "+"))
        if found.tzinfo is not None:
            return found.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        pass
    raise DomainError(
        "bad_time",
        Text(f"'{text}' bukan waktu dengan zona", f"'{text}' is no time with a zone"),
        Text("Tulis mis. 2024-02-10T08:00+07:00.", "Write e.g. 2024-02-10T08:00+07:00."),
        {"value": text},
    )


def _minutes(text: str) -> list[float]:
    try:
        found = sorted({float(part) for part in text.split(",")})
        fine = all(0 < m <= LONGEST_RING_MIN for m in found)  # false for what is no number too
    except ValueError:
        fine, found = False, []
    if not fine or not 1 <= len(found) <= MOST_RINGS:
        raise DomainError(
            "bad_minutes",
            Text(f"'{text}' bukan daftar menit", f"'{text}' is no list of minutes"),
            Text(
                f"Tulis 1 sampai {MOST_RINGS} angka sampai {LONGEST_RING_MIN:.0f}, mis. 5,10,15.",
                f"Write 1 to {MOST_RINGS} numbers up to {LONGEST_RING_MIN:.0f}, e.g. 5,10,15.",
            ),
            {"minutes": text},
        )
    return found


ROUTES = (summary, at_point, names, route, nearest, isochrone, critical, reach)
