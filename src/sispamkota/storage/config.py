"""The settings of one operation (`sispamkota.toml`), read strictly: a typing error is told.

Defaults are those of design.md section 4, each an assumption until a Polres sets its own.
"""

from __future__ import annotations

import datetime as dt
import difflib
import math
import tomllib
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta

from sispamkota.kernel.errors import DomainError, Problem
from sispamkota.kernel.text import Text
from sispamkota.storage import problems
from sispamkota.vulnerability.catalogue import Weight
from sispamkota.vulnerability.score import Thresholds

Election = Literal["pemilu", "pilkada"]
ELECTIONS: tuple[Election, ...] = get_args(Election)
VOTING_DAYS: dict[Election, dt.date] = {
    "pemilu": dt.date(2024, 2, 14),
    "pilkada": dt.date(2024, 11, 27),
}
"""Voting day of the latest election of each kind; a new workspace starts with it."""

DEFAULT_DATABASE = "sispamkota.db"
SERVER_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
THRESHOLDS = Thresholds()

Points = Annotated[float, Meta(gt=0, le=100)]
Risk = Annotated[float, Meta(ge=0, le=100_000)]
Classification = Annotated[str, Meta(max_length=60)]
NumberPattern = Annotated[str, Meta(max_length=100)]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """One section of the file."""


class Operation(Settings, frozen=True, kw_only=True):
    """What is being secured; `voting_day` is day H."""

    name: Annotated[str, Meta(min_length=1, max_length=200)] = "Operasi pengamanan pemilu"
    election: Election = "pemilu"
    voting_day: dt.date = VOTING_DAYS["pemilu"]


class Doctrine(Settings, frozen=True, kw_only=True):
    """Guard pattern by name: a packaged one or a `[[pattern]]` of this file."""

    pattern: Annotated[str, Meta(min_length=1, max_length=100)] = "pemilu-2024-2.16.32"


class Vulnerability(Settings, frozen=True, kw_only=True):
    """Score (points of 100) from which a TPS is rawan, sangat rawan; own weights by indicator."""

    rawan: Points = THRESHOLDS.rawan
    sangat_rawan: Points = THRESHOLDS.sangat_rawan
    weights: dict[str, Weight] = {}


class RiskOfUncovered(Settings, frozen=True, kw_only=True):
    """Price of a TPS left without officers, by class; only the ratios matter."""

    kurang_rawan: Risk = 1.0
    rawan: Risk = 6.0
    sangat_rawan: Risk = 30.0


class Planning(Settings, frozen=True, kw_only=True):
    """Rules of the guard plan.

    Attributes:
        travel: `auto` = on the imported road network, straight lines without one; `roads` = refuse
            to plan without one; `straight` = straight lines always.
        road_profile: vehicle of the teams on the road network.
        access_kmh: speed between a place and the nearest mapped road, in a straight line, km/h.
        detour_factor: road length over straight line, where no road network is used.
        speed_kmh: mean speed where no road network is used, km/h.
        beat_limit_s: longest travel inside a beat, seconds.
        post_weight: weight of the way from the post beside the ways inside the beat.
        risk: price of uncovered TPS by class.
        penalty_s: cost of one unit of open risk, seconds; keep it above any way to a TPS.
        duty_hours: longest shift of one person, hours.
        shift_start: WIB clock time at which teams stand at their anchor TPS.
        mixed_classes: whether TPS of several classes may share a beat.
        grouping: a beat stays inside a kecamatan (across its desa) or inside a desa.
        strength: `released` = all rostered officers are for TPS duty; `whole` = a Polres's whole
            strength, of which one third stays back as reserve.
    """

    travel: Literal["auto", "roads", "straight"] = "auto"
    road_profile: Literal["motorcycle", "car"] = "motorcycle"
    access_kmh: Annotated[float, Meta(ge=1, le=60)] = 10.0
    detour_factor: Annotated[float, Meta(ge=1, le=5)] = 1.4
    speed_kmh: Annotated[float, Meta(ge=1, le=120)] = 25.0
    beat_limit_s: Annotated[float, Meta(ge=0, le=86_400)] = 1200.0
    post_weight: Annotated[float, Meta(ge=0, le=10)] = 0.25
    risk: RiskOfUncovered = RiskOfUncovered()
    penalty_s: Annotated[float, Meta(ge=0, le=1_000_000)] = 7200.0
    duty_hours: Annotated[float, Meta(ge=1, le=24)] = 12.0
    shift_start: Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] = "06:00"
    mixed_classes: bool = True
    grouping: Literal["kecamatan", "desa"] = "kecamatan"
    strength: Literal["released", "whole"] = "released"


class Roads(Settings, frozen=True, kw_only=True):
    """How road files are cut and places are put on the roads.

    Attributes:
        margin_km: how far beyond the border of the operation roads are kept, km.
        far_m: a TPS, post or desa further than this from any road is warned of, metres.
    """

    margin_km: Annotated[float, Meta(ge=0, le=200)] = 10.0
    far_m: Annotated[float, Meta(ge=10, le=20_000)] = 500.0


class Documents(Settings, frozen=True, kw_only=True):
    """What the office writes on its papers; empty = from the areas, or a blank to fill in by hand.

    Attributes:
        letterhead: lines of the letterhead, divided by " / ".
        place: where papers are issued.
        function: title of the function that signs.
        classification_renpam, classification_sprin, classification_rekap, classification_traffic:
            first and last line of each page.
        number_renpam, number_sprin, number_rekap, number_traffic: how numbers are written;
            {number}, {month} and {year} are filled in, or left blank.
    """

    letterhead: Annotated[str, Meta(max_length=400)] = ""
    place: Annotated[str, Meta(max_length=100)] = ""
    function: Annotated[str, Meta(max_length=200)] = ""
    classification_renpam: Classification = "RAHASIA"
    classification_sprin: Classification = "TERBATAS"
    classification_rekap: Classification = "TERBATAS"
    classification_traffic: Classification = "TERBATAS"
    number_renpam: NumberPattern = "R/RENPAM/{number}/{month}/OPS.1.3./{year}"
    number_sprin: NumberPattern = "Sprin/{number}/{month}/OPS.1.3./{year}"
    number_rekap: NumberPattern = ""
    number_traffic: NumberPattern = "Rengaturlalin/{number}/{month}/OPS.1.3./{year}"


class Database(Settings, frozen=True, kw_only=True):
    """Where the tables are: an SQLite file (relative paths start at the workspace) or PostgreSQL.

    The environment variable `SISPAMKOTA_DATABASE_URL` stands before it.
    """

    url: str = f"sqlite:///{DEFAULT_DATABASE}"

    def __repr__(self) -> str:
        # the rest of a URL may hold a password, and settings end up in logs and tracebacks
        return f"Database(url='{database_scheme(self.url)}:...')"


class Approval(Settings, frozen=True, kw_only=True):
    """Who may approve a plan.

    Attributes:
        another_person: a plan edited by hand is approved by another account than that which
            edited it, where there is another that may.
    """

    another_person: bool = True


class Config(Settings, frozen=True, kw_only=True):
    """All settings. `pattern` holds the `[[pattern]]` tables as written; planning reads them."""

    operation: Operation = Operation()
    doctrine: Doctrine = Doctrine()
    vulnerability: Vulnerability = Vulnerability()
    planning: Planning = Planning()
    roads: Roads = Roads()
    approval: Approval = Approval()
    documents: Documents = Documents()
    database: Database = Database()
    pattern: tuple[dict[str, Any], ...] = ()


def load_config(text: str, file: str) -> Config:
    """Read the text of a `sispamkota.toml`.

    Args:
        text: TOML.
        file: name shown in messages.

    Returns:
        the settings; what the text leaves out has its default.

    Raises:
        DomainError: `bad_config` with every unknown key (and the nearest known one) and every
            value out of range (and the allowed range), or the line where it is no TOML.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(file, str(error)) from error
    found = [*_problems(raw, Config, "")]
    if not found:
        config = msgspec.convert(raw, Config)
        found = [*_cross_checks(config)]
    if found:
        raise _bad_config(file, found)
    return config


def _problems(raw: Mapping[str, Any], section: type[Settings], path: str) -> Iterator[Problem]:
    """Yield what is wrong with a table of the file, going into its sub-tables."""
    known = {f.name: f.type for f in msgspec.structs.fields(section)}
    for key, value in raw.items():
        if key not in known:
            yield _unknown_key(key, path, list(known))
        elif isinstance(known[key], type) and issubclass(known[key], Settings):
            inner = f"{path}.{key}" if path else key
            if isinstance(value, dict):
                yield from _problems(value, known[key], inner)
            else:
                yield _bad_value(key, path, value, Text("bagian [..]", "a table [..]"))
        else:
            yield from _value_problems(key, path, value, known[key])


def _value_problems(key: str, path: str, value: Any, kind: Any) -> Iterator[Problem]:
    if key == "weights" and isinstance(value, dict):
        for name, weight in value.items():
            yield from _value_problems(name, f"{path}.{key}", weight, Weight)
        return
    # TOML knows nan and inf, which pass every comparison of a range check.
    finite = not isinstance(value, float) or math.isfinite(value)
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        finite = False
    if not finite:
        yield _bad_value(key, path, value, allowed(kind))


def allowed(kind: Any) -> Text:
    """Say which values a setting of this type takes."""
    info = msgspec.inspect.type_info(kind)
    match info:
        case msgspec.inspect.FloatType(ge=None, gt=low, le=high):
            text = Text(
                f"angka di atas {low:g} sampai {high:g}", f"a number above {low:g} up to {high:g}"
            )
        case msgspec.inspect.FloatType(ge=low, le=high):
            text = Text(f"angka {low:g} sampai {high:g}", f"a number from {low:g} to {high:g}")
        case msgspec.inspect.StrType(max_length=length):
            size = f" (1 … {length})" if length else ""
            text = Text(f'teks dalam "..."{size}', f'text in "..."{size}')
        case msgspec.inspect.LiteralType(values=values):
            choices = " | ".join(f'"{value}"' for value in values)
            text = Text(choices, choices)
        case msgspec.inspect.BoolType():
            text = Text("true | false", "true | false")
        case msgspec.inspect.DateType():
            text = Text("tanggal, contoh: 2024-02-14", "a date, e.g. 2024-02-14")
        case msgspec.inspect.DictType():
            text = Text("daftar indikator = bobot", "a table of indicator = weight")
        case _:
            text = Text("bagian [[pattern]]", "tables [[pattern]]")
    return text


def _cross_checks(config: Config) -> Iterator[Problem]:
    """Yield settings that are fine alone but not together."""
    limits = config.vulnerability
    if limits.rawan >= limits.sangat_rawan:
        yield _bad_value(
            "sangat_rawan",
            "vulnerability",
            limits.sangat_rawan,
            Text(f"lebih dari rawan = {limits.rawan:g}", f"more than rawan = {limits.rawan:g}"),
        )
    risk = config.planning.risk
    if not risk.kurang_rawan <= risk.rawan <= risk.sangat_rawan:
        yield _bad_value(
            "risk",
            "planning",
            [risk.kurang_rawan, risk.rawan, risk.sangat_rawan],
            Text("kurang_rawan ≤ rawan ≤ sangat_rawan", "kurang_rawan ≤ rawan ≤ sangat_rawan"),
        )
    url = config.database.url
    if database_file(url) is None and not is_server(url):
        yield _bad_database(url)


def database_file(url: str) -> str | None:
    """Return the file of a database URL as written, None where the URL names no file."""
    name = url.removeprefix("sqlite:///")
    return None if name in ("", ":memory:", url) else name


def is_server(url: str) -> bool:
    """Say whether a database URL names a PostgreSQL server."""
    scheme, mark, _ = url.partition("://")
    return bool(mark) and scheme.lower() in SERVER_SCHEMES


def database_scheme(url: str) -> str:
    """Return the part of a database URL that may be shown."""
    return url.partition(":")[0][:20]


def _bad_database(url: str) -> Problem:
    error = problems.unsupported_database(database_scheme(url))
    return Problem(
        code=error.code,
        message=error.message,
        remedy=error.remedy,
        column="url",
        value=database_scheme(url),
        where="[database]",
    )


def _unknown_key(key: str, path: str, known: list[str]) -> Problem:
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    listing = ", ".join(known)
    place_id, place_en = _section(path)
    remedy = (
        Text(f"Maksudnya '{near[0]}'?", f"Did you mean '{near[0]}'?")
        if near
        else Text("Hapus kunci itu.", "Remove that key.")
    )
    return Problem(
        code="unknown_key",
        message=Text(
            f"kunci '{key}' tidak dikenal di {place_id}",
            f"unknown key '{key}' in {place_en}",
        ),
        remedy=Text(f"{remedy.id} Yang ada: {listing}.", f"{remedy.en} Known: {listing}."),
        column=key,
        where=f"[{path}]" if path else None,
    )


def _bad_value(key: str, path: str, value: Any, allowed_values: Text) -> Problem:
    place_id, place_en = _section(path)
    shown = str(value)[:100]
    return Problem(
        code="bad_value",
        message=Text(
            f"nilai '{key}' di {place_id} tidak boleh {shown}",
            f"'{key}' in {place_en} cannot be {shown}",
        ),
        remedy=Text(f"Yang boleh: {allowed_values.id}.", f"Allowed: {allowed_values.en}."),
        column=key,
        value=shown,
        where=f"[{path}]" if path else None,
    )


def _section(path: str) -> tuple[str, str]:
    return (f"[{path}]", f"[{path}]") if path else ("awal berkas", "the top of the file")


def _bad_config(file: str, found: list[Problem]) -> DomainError:
    first = found[0]
    more = len(found) - 1
    extra = Text(f" (dan {more} lagi)", f" (and {more} more)") if more else Text("", "")
    return DomainError(
        "bad_config",
        Text(
            f"{file}: {first.message.id}{extra.id}",
            f"{file}: {first.message.en}{extra.en}",
        ),
        first.remedy,
        {"file": file, "section": first.where, "key": first.column, "value": first.value},
        found if more else (),
    )


def _not_toml(file: str, detail: str) -> DomainError:
    return DomainError(
        "bad_config",
        Text(f"{file}: bukan TOML yang sah: {detail}", f"{file}: not valid TOML: {detail}"),
        Text(
            'Perbaiki baris itu: kunci = nilai, teks dalam "...", desimal dengan titik.',
            'Mend that line: key = value, text in "...", decimals with a point.',
        ),
        {"file": file},
    )
