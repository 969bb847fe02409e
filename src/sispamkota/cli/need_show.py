"""How a need is shown to a person: one line per pattern, then the judged pattern in detail."""

from __future__ import annotations

from collections.abc import Mapping

from sispamkota.actions.need import NeedReport
from sispamkota.cli.output import console, emit_table
from sispamkota.kernel.text import Lang, Text, number
from sispamkota.planning.need import Need

_GROUPING_NAMES = {
    "regency": Text("kabupaten", "regency"),
    "kecamatan": Text("kecamatan", "kecamatan"),
    "desa": Text("desa", "desa"),
}
_RISKY = ("rawan", "sangat_rawan", "khusus")


def show_report(report: NeedReport, lang: Lang) -> None:
    """Print all needs as a table, then details and verdict of the judged ones."""
    emit_table(
        Text(
            "Kebutuhan menurut pola (selisih di atas 0 = kurang orang)",
            "Need under each pattern (gap above 0 = people short)",
        ).in_(lang),
        [
            Text("Pola", "Pattern").in_(lang),
            Text("Tim se-", "Team in one").in_(lang),
            Text("Tim", "Teams").in_(lang),
            Text("Polri perlu", "Polri need").in_(lang),
            Text("ada", "have").in_(lang),
            Text("selisih", "gap").in_(lang),
        ],
        [_line(need, lang) for need in report.needs],
    )
    detailed = report.decisive
    for need in detailed:
        _show_categories(need, lang)
    if len(detailed) == 1 and detailed[0].kecamatan.height:
        _show_kecamatan(detailed[0], report.areas, lang)
    for need in detailed:
        for text in _verdict(need, lang):
            console().print(text, markup=False)
    if report.assumed:
        console().print(report.assumed.in_(lang), markup=False)


def _line(need: Need, lang: Lang) -> list[str]:
    # Linmas are two per TPS under every pattern, so they are told once, in the verdict.
    low, high = need.required_low["polri"], need.required_high["polri"]
    have = need.available.get("polri")
    return [
        need.pattern,
        _GROUPING_NAMES[need.grouping].in_(lang),
        number(need.teams, lang),
        _span(low, high, lang),
        "?" if have is None else number(have, lang),
        "?" if have is None else _span(low - have, high - have, lang),
    ]


def _span(low: int, high: int, lang: Lang) -> str:
    if low == high:
        return number(low, lang)
    return f"{number(low, lang)} {Text('s.d.', 'to').in_(lang)} {number(high, lang)}"


def _show_categories(need: Need, lang: Lang) -> None:
    emit_table(
        f"{need.pattern}, {_GROUPING_NAMES[need.grouping].in_(lang)}",
        [
            Text("Kelas", "Category").in_(lang),
            "TPS",
            Text("Tim", "Teams").in_(lang),
            "Polri",
            "Linmas",
        ],
        [
            [
                name.replace("_", " "),
                *(number(n, lang) for n in (part.tps, part.teams, part.polri, part.linmas)),
            ]
            for name, part in need.categories.items()
        ],
    )


def _show_kecamatan(need: Need, names: Mapping[str, str], lang: Lang) -> None:
    emit_table(
        Text("Kebutuhan per kecamatan", "Need per kecamatan").in_(lang),
        [
            "Kecamatan",
            "TPS",
            *(name.replace("_", " ") for name in _RISKY),
            Text("Tim", "Teams").in_(lang),
            "Polri",
        ],
        [
            [
                names.get(row["kecamatan"], row["kecamatan"]),
                number(row["tps"], lang),
                *(number(row[name], lang) for name in _RISKY),
                number(row["teams"], lang),
                _span(row["polri_low"], row["polri_high"], lang),
            ]
            for row in need.kecamatan.iter_rows(named=True)
        ],
    )


_UNKNOWN = Text("yang ada tidak diketahui", "what there is, is not known")


def _verdict(need: Need, lang: Lang) -> list[str]:
    """Say in plain sentences whether people suffice and what the pattern breaks."""
    lines = [
        Text("Pelanggaran: ", "Breach: ").in_(lang) * remark.breach + remark.message.in_(lang)
        for remark in need.remarks
    ]
    for force, label in (("polri", "Polri"), ("linmas", "Linmas")):
        low, high = need.required_low[force], need.required_high[force]
        have = need.available.get(force)
        verdict = _UNKNOWN if have is None else _sufficiency(low - have, high - have)
        required = _span(low, high, lang)
        lines.append(
            f"{label}: {Text('perlu', 'needs').in_(lang)} {required}; {verdict.in_(lang)}."
        )
    return [f"{need.pattern}: {line}" for line in lines]


def _sufficiency(low: int, high: int) -> Text:
    if high <= 0:
        spare = Text(_span(-high, -low, "id"), _span(-high, -low, "en"))
        return Text(f"cukup, sisa {spare.id}", f"enough, {spare.en} to spare")
    if low > 0:
        short = Text(_span(low, high, "id"), _span(low, high, "en"))
        return Text(f"kurang {short.id} orang", f"{short.en} people short")
    return Text(
        f"mungkin kurang sampai {number(high, 'id')} orang, tergantung kelas yang belum pasti",
        f"perhaps up to {number(high, 'en')} people short, depending on classes not yet certain",
    )
