"""The flat tables that people take away: the workbook, the CSV files and the page share them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from sispamkota.kernel.text import Lang, Text
from sispamkota.reports.labels import TRANSPORT_TEXT, span, word
from sispamkota.reports.situation import Situation
from sispamkota.reports.summary import kecamatan_need

Kind = str  # text | code | class | certainty | position | bool | int | float | minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: `key` for programs (CSV), `head` for people, `kind` for how a cell is written."""

    key: str
    head: Text
    kind: Kind = "text"
    width: float = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A frame whose columns are exactly `columns`, in their order."""

    name: str
    title: Text
    columns: tuple[Column, ...]
    frame: pl.DataFrame


def _column(key: str, ind: str, en: str, kind: Kind = "text", width: float = 12) -> Column:
    return Column(key=key, head=Text(ind, en), kind=kind, width=width)


TPS_COLUMNS = (
    _column("tps", "Kode TPS", "TPS code", "code", 14.5),
    _column("number", "Nomor", "Number", "int", 7.5),
    _column("desa", "Kode desa", "Desa code", "code", 13),
    _column("desa_name", "Desa/kelurahan", "Desa/kelurahan", "text", 17),
    _column("kecamatan_name", "Kecamatan", "Kecamatan", "text", 17.5),
    _column("class", "Kelas", "Class", "class", 13),
    _column("computed_class", "Kelas hitungan", "Computed class", "class", 14),
    _column("override_by", "Diubah oleh", "Overridden by", "text", 12),
    _column("override_reason", "Alasan perubahan", "Reason of override", "text", 24),
    _column("khusus", "Khusus", "Khusus", "bool", 8.5),
    _column("score", "Skor", "Score", "float", 7),
    _column("low", "Terendah", "Low", "float", 9),
    _column("high", "Tertinggi", "High", "float", 9),
    _column("certainty", "Kepastian", "Certainty", "certainty", 11),
    _column("reasons", "Alasan", "Reasons", "text", 46),
    _column("position", "Posisi", "Position", "position", 14),
    _column("lon", "Bujur", "Longitude", "degree", 11),
    _column("lat", "Lintang", "Latitude", "degree", 11),
    _column("beat", "Beat", "Beat", "code", 14),
    _column("team", "Tim", "Team", "code", 28),
)
BEAT_COLUMNS = (
    _column("beat", "Beat", "Beat", "code", 12),
    _column("kecamatan_name", "Kecamatan", "Kecamatan", "text", 17),
    _column("team", "Tim", "Team", "code", 20),
    _column("post", "Pos asal", "Home post", "text", 20),
    _column("anchor", "TPS pangkal", "Anchor TPS", "code", 15),
    _column("tps_count", "Jumlah TPS", "TPS count", "int", 9),
    _column("travel_to_post_s", "Dari pos (menit)", "From post (min)", "minutes", 10),
    _column("travel_s", "Dalam beat (menit)", "Inside beat (min)", "minutes", 10),
    _column("load", "Beban", "Load", "code", 8),
    _column("tps", "TPS dijaga", "TPS guarded", "text", 57),
)
TEAM_COLUMNS = (
    _column("team", "Tim", "Team", "code", 20),
    _column("kecamatan_name", "Kecamatan", "Kecamatan", "text", 16),
    _column("padal", "Padal (id)", "Padal (id)", "code", 13),
    _column("post", "Pos asal", "Home post", "text", 17),
    _column("leader", "Ketua (id)", "Leader (id)", "code", 13),
    _column("members", "Anggota (id)", "Members (id)", "text", 13.5),
    _column("size", "Jumlah orang", "Persons", "int", 9.5),
    _column("transport", "Angkutan", "Transport", "text", 15),
    _column("leave_at", "Berangkat", "Leaves at", "text", 12),
    _column("start", "Mulai", "Start", "text", 9.5),
    _column("end", "Selesai", "End", "text", 9.5),
    _column("beats", "Beat", "Beats", "text", 12),
    _column("tps_count", "Jumlah TPS", "TPS count", "int", 9),
    _column("notes", "Catatan", "Notes", "text", 13),
)
NEED_COLUMNS = (
    _column("kecamatan", "Kode", "Code", "code", 10),
    _column("kecamatan_name", "Kecamatan", "Kecamatan", "text", 24),
    _column("tps", "TPS", "TPS", "int", 9),
    _column("kurang_rawan", "Kurang rawan", "Kurang rawan", "int", 10),
    _column("rawan", "Rawan", "Rawan", "int", 10),
    _column("sangat_rawan", "Sangat rawan", "Sangat rawan", "int", 10),
    _column("khusus", "Khusus di dalamnya", "Khusus among them", "int", 11),
    _column("teams", "Tim", "Teams", "int", 9),
    _column("required_low", "Polri perlu (terendah)", "Polri needed (low)", "int", 12),
    _column("required_high", "Polri perlu (tertinggi)", "Polri needed (high)", "int", 12),
    _column("available", "Polri dalam rencana", "Polri in plan", "int", 12),
    _column("uncovered", "TPS tak terjaga", "TPS uncovered", "int", 12),
)
UNCOVERED_COLUMNS = (
    _column("tps", "Kode TPS", "TPS code", "code", 16),
    _column("desa_name", "Desa/kelurahan", "Desa/kelurahan", "text", 22),
    _column("kecamatan_name", "Kecamatan", "Kecamatan", "text", 22),
    _column("class", "Kelas", "Class", "class", 14),
    _column("khusus", "Khusus", "Khusus", "bool", 9),
    _column("risk", "Risiko", "Risk", "float", 9),
    _column("reasons", "Alasan kelas", "Reasons of the class", "text", 70),
)


def tps_table(situation: Situation, lang: Lang) -> Table:
    """Return one row per TPS: class, computed class, score interval, reasons, beat, team."""
    scores = situation.scores.drop("desa", "kecamatan", "khusus", strict=False)
    frame = (
        situation.tps.rename({"code": "tps"})
        .join(scores, on="tps", how="left")
        .join(_reasons(situation, lang), on="tps", how="left")
        .join(_assignment(situation), on="tps", how="left")
        .with_columns(_named(situation, "desa"), _named(situation, "kecamatan"))
        .sort("tps")
    )
    title = Text("TPS: kelas, alasan, penjagaan", "TPS: class, reasons, guards")
    return _table("tps", title, TPS_COLUMNS, frame)


def beat_table(situation: Situation, lang: Lang) -> Table:
    """Return one row per beat of the plan, its TPS listed; times in seconds."""
    del lang
    posts = _post_names(situation)
    rows = [
        {
            "beat": _text(beat.get("id")),
            "kecamatan": _text(beat.get("kecamatan")),
            "team": _text(beat.get("team")),
            "post": posts.get(str(beat.get("post")), _text(beat.get("post"))),
            "anchor": _text(beat.get("anchor")),
            "tps_count": len(beat.get("tps") or []),
            "travel_to_post_s": _real(beat.get("way_s", beat.get("travel_to_post_s"))),
            "travel_s": _real(beat.get("travel_s")),
            "load": _text(beat.get("load")),
            "tps": " ".join(str(code) for code in beat.get("tps") or []),
        }
        for beat in situation.planned("beats")
    ]
    frame = _frame(rows, BEAT_COLUMNS).with_columns(_named(situation, "kecamatan"))
    return _table("beats", Text("Beat: TPS bersama", "Beats: TPS together"), BEAT_COLUMNS, frame)


def team_table(situation: Situation, lang: Lang) -> Table:
    """Return one row per team: people by opaque id, post, transport, hours, beats."""
    posts = _post_names(situation)
    padal = {str(p.get("kecamatan")): _text(p.get("person")) for p in situation.planned("padal")}
    teams = situation.planned("teams_detail") or _teams_of_beats(situation)
    of_team: dict[str, list[dict[str, Any]]] = {}
    for beat in situation.planned("beats"):
        of_team.setdefault(str(beat.get("team")), []).append(beat)
    rows = [
        _team_row(team, of_team.get(str(team.get("id")), []), posts, padal, lang) for team in teams
    ]
    frame = _frame(rows, TEAM_COLUMNS).with_columns(_named(situation, "kecamatan"))
    return _table("teams", Text("Tim pengamanan", "Guard teams"), TEAM_COLUMNS, frame)


def need_table(situation: Situation, lang: Lang) -> Table:
    """Return need and available Polri per kecamatan under the pattern in force."""
    del lang
    frame = kecamatan_need(situation).with_columns(_named(situation, "kecamatan"))
    title = Text("Kebutuhan per kecamatan", "Need per kecamatan")
    return _table("need", title, NEED_COLUMNS, frame)


def uncovered_table(situation: Situation, lang: Lang) -> Table:
    """Return the TPS that the plan leaves without a team, most risk first."""
    rows = [
        {"tps": _text(u.get("tps")), "planned": _text(u.get("class")), "risk": _real(u.get("risk"))}
        for u in situation.planned("uncovered")
    ]
    schema = {"tps": pl.String(), "planned": pl.String(), "risk": pl.Float64()}
    frame = (
        pl.DataFrame(rows, schema=schema)
        .join(situation.tps.rename({"code": "tps"}), on="tps", how="left")
        .join(_reasons(situation, lang), on="tps", how="left")
        .with_columns(
            _named(situation, "desa"),
            _named(situation, "kecamatan"),
            pl.col("planned").alias("class"),
        )
        .sort("risk", "tps", descending=[True, False], nulls_last=True)
    )
    title = Text("TPS tidak terjaga", "Uncovered TPS")
    return _table("uncovered", title, UNCOVERED_COLUMNS, frame)


TABLES: dict[str, Callable[[Situation, Lang], Table]] = {
    "tps": tps_table,
    "beats": beat_table,
    "teams": team_table,
    "need": need_table,
    "uncovered": uncovered_table,
}


def csv_text(table: Table) -> str:
    """Write a table as CSV (comma, LF, header of English keys, codes as text).

    Text that a spreadsheet would run as a formula gets a leading apostrophe.
    """
    return table.frame.with_columns(_defused(table.frame)).write_csv()


def _defused(frame: pl.DataFrame) -> list[pl.Expr]:
    names = [name for name, kind in frame.schema.items() if kind == pl.String]
    return [
        pl.when(pl.col(name).str.contains(r"^[=+\-@\t\r]"))
        .then(pl.lit("'") + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name in names
    ]


def _table(name: str, title: Text, columns: tuple[Column, ...], frame: pl.DataFrame) -> Table:
    lacking = [pl.lit(None).alias(c.key) for c in columns if c.key not in frame.columns]
    keys = [c.key for c in columns]
    return Table(
        name=name, title=title, columns=columns, frame=frame.with_columns(lacking).select(keys)
    )


_KINDS: dict[Kind, pl.DataType] = {
    "int": pl.Int64(),
    "float": pl.Float64(),
    "minutes": pl.Float64(),
    "bool": pl.Boolean(),
}


def _frame(rows: Sequence[Mapping[str, Any]], columns: tuple[Column, ...]) -> pl.DataFrame:
    schema = {c.key: _KINDS.get(c.kind, pl.String()) for c in columns}
    return pl.DataFrame(rows, schema={"kecamatan": pl.String(), **schema})


def _named(situation: Situation, level: str) -> pl.Expr:
    code = pl.col(level)
    return code.replace_strict(situation.names(), default=code, return_dtype=pl.String).alias(
        f"{level}_name"
    )


def _reasons(situation: Situation, lang: Lang) -> pl.DataFrame:
    return situation.reasons.group_by("tps", maintain_order=True).agg(
        pl.col(lang).drop_nulls().str.join("; ").alias("reasons")
    )


def _assignment(situation: Situation) -> pl.DataFrame:
    beats = situation.planned("beats")
    return pl.DataFrame(
        {
            "tps": [str(t) for b in beats for t in b.get("tps") or []],
            "beat": [_text(b.get("id")) for b in beats for _ in b.get("tps") or []],
            "team": [_text(b.get("team")) for b in beats for _ in b.get("tps") or []],
        },
        schema=dict.fromkeys(("tps", "beat", "team"), pl.String()),
    ).unique("tps", keep="first")


def _post_names(situation: Situation) -> dict[str, str]:
    return dict(situation.posts.select("code", "name").iter_rows())


def _teams_of_beats(situation: Situation) -> list[dict[str, Any]]:
    beats = [b for b in situation.planned("beats") if b.get("team")]
    return [{"id": b["team"], **{k: b.get(k) for k in ("kecamatan", "post")}} for b in beats]


def _team_row(
    team: Mapping[str, Any],
    beats: Sequence[Mapping[str, Any]],
    posts: Mapping[str, str],
    padal: Mapping[str, str | None],
    lang: Lang,
) -> dict[str, Any]:
    members = [str(m) for m in team.get("members") or []]
    return {
        "team": _text(team.get("id")),
        "kecamatan": _text(team.get("kecamatan")),
        "padal": padal.get(str(team.get("kecamatan"))),
        "post": posts.get(str(team.get("post")), _text(team.get("post"))),
        "leader": _text(team.get("leader")),
        "members": ", ".join(members),
        "size": len(members),
        "transport": transport_words(team.get("transport"), lang),
        "leave_at": _text(team.get("leave_at")),
        "start": _text(team.get("start")),
        "end": _text(team.get("end")),
        "beats": ", ".join(str(b.get("id")) for b in beats),
        "tps_count": sum(len(b.get("tps") or []) for b in beats),
        "notes": notes_words(team.get("notes"), lang),
    }


def transport_words(value: object, lang: Lang) -> str:
    """Write means of transport ('motorcycle;boat' or a list) in the reader's language."""
    codes = value if isinstance(value, list | tuple) else str(value or "").split(";")
    return ", ".join(word(TRANSPORT_TEXT, code, lang) for code in codes if code)


def notes_words(value: object, lang: Lang) -> str:
    """Write notes given as text, as {"id", "en"}, or as a list of either."""
    if isinstance(value, Text):
        return value.in_(lang)
    if isinstance(value, list | tuple):
        return "; ".join(notes_words(v, lang) for v in value)
    if isinstance(value, Mapping):
        return str(value.get(lang) or value.get("en") or "")
    return "" if value is None else str(value)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _real(value: object) -> float | None:
    return span(value)[0]
