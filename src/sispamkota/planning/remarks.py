"""What a plan says in words: what it leaves undone, and what it takes for granted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from sispamkota.kernel.text import Text, number
from sispamkota.planning.problem import CLASSES, GuardRules
from sispamkota.planning.travel import TravelTimes


def degraded(
    padal: Mapping[str, str | None],
    spare: Sequence[str],
    uncovered: Sequence[Mapping[str, Any]],
    guarded: Mapping[str, int],
) -> list[Text]:
    """Say what the plan does not do, worst first.

    Args:
        padal: kecamatan → its Padal, None where there is none.
        spare: officers in no team.
        uncovered: open TPS with their class.
        guarded: class → TPS that are guarded.
    """
    found = []
    for name in reversed(CLASSES):
        count = sum(u["class"] == name for u in uncovered)
        if count:
            label = name.replace("_", " ")
            found.append(
                Text(
                    f"{number(count, 'id')} TPS {label} tidak terjaga tim Polri: tim tidak cukup.",
                    f"{number(count, 'en')} {label} TPS have no Polri team: too few teams.",
                )
            )
    passed_over = [u for u in uncovered if u["class"] == "rawan"]
    if passed_over and guarded["kurang_rawan"]:
        found.append(
            Text(
                "TPS rawan terbuka sementara TPS kurang rawan terjaga: satu tim menurunkan risiko "
                "lebih banyak di banyak TPS kurang rawan. Naikkan planning.risk.rawan bila TPS "
                "rawan harus didahulukan.",
                "Rawan TPS are open while kurang rawan ones are guarded: there one team lowers "
                "more risk. Raise planning.risk.rawan if rawan TPS must come first.",
            )
        )
    missing = sum(p is None for p in padal.values())
    if missing:
        found.append(
            Text(
                f"{missing} kecamatan tanpa Padal: personel Padal kurang.",
                f"{missing} kecamatan have no Padal: too few Padal in the roster.",
            )
        )
    if spare:
        found.append(
            Text(
                f"{len(spare)} petugas tidak masuk tim (ganjil, tanpa pimpinan, atau pos "
                "tanpa titik).",
                f"{len(spare)} officers are in no team (odd number, no leader, or a post "
                "without a position).",
            )
        )
    return found


def assumptions(sites: pl.DataFrame, rules: GuardRules, travel: TravelTimes) -> list[Text]:
    """Say what the plan takes for granted."""
    found = [
        travel.assumption(),
        Text(
            "Satu beat tetap di dalam satu "
            + rules.grouping
            + f"; batas tempuh {number(rules.beat_limit_s / 60, 'id')} menit dari TPS induk.",
            f"A beat stays inside one {rules.grouping}; at most "
            f"{number(rules.beat_limit_s / 60, 'en')} minutes from its anchor TPS.",
        ),
        Text(
            f"Risiko TPS terbuka 1 : {rules.risk['rawan']:g} : "
            f"{rules.risk['sangat_rawan']:g}, {rules.penalty_s:g} detik per satuan.",
            f"Risk of an open TPS 1 : {rules.risk['rawan']:g} : "
            f"{rules.risk['sangat_rawan']:g}, {rules.penalty_s:g} seconds a unit.",
        ),
        Text(
            f"Satu tim bertugas satu giliran {rules.duty_hours:g} jam; giliran malam untuk "
            "menjaga kotak suara belum direncanakan.",
            f"A team serves one shift of {rules.duty_hours:g} hours; relief through the "
            "night to guard the boxes is not planned yet.",
        ),
    ]
    approximate = sites.filter(pl.col("position") == "approximate").height
    if approximate:
        found.append(
            Text(
                f"Posisi {number(approximate, 'id')} dari {number(sites.height, 'id')} TPS "
                "adalah perkiraan di dalam desanya.",
                f"The positions of {number(approximate, 'en')} of "
                f"{number(sites.height, 'en')} TPS are approximate, inside their desa.",
            )
        )
    unsure = sites.filter(pl.col("certainty") != "certain").height
    if unsure:
        found.append(
            Text(
                f"Kelas {number(unsure, 'id')} TPS belum pasti; dipakai kelas menurut fakta yang "
                "sudah diketahui, yang dapat naik.",
                f"The class of {number(unsure, 'en')} TPS is not certain; the class by known "
                "facts is used and may rise.",
            )
        )
    return found


def road_remarks(stated: Mapping[str, Any], unreachable: int) -> list[Text]:
    """Say what the roads leave in doubt: places far from them, closures, TPS cut off."""
    found = []
    limit = (number(stated["far_m"], "id"), number(stated["far_m"], "en"))
    for key, name in (("far_tps", Text("TPS", "TPS")), ("far_posts", Text("pos", "posts"))):
        if stated[key]:
            count = len(stated[key])
            found.append(
                Text(
                    f"{number(count, 'id')} {name.id} lebih dari {limit[0]} m dari jalan "
                    "terpetakan; waktunya perkiraan kasar.",
                    f"{number(count, 'en')} {name.en} over {limit[1]} m from any mapped road; "
                    "their times are rough.",
                )
            )
    if stated["closures"]:
        count = len(stated["closures"])
        found.append(
            Text(
                f"{count} penutupan jalan pada hari itu diperhitungkan.",
                f"{count} road closures of that day are taken into account.",
            )
        )
    if unreachable:
        found.append(
            Text(
                f"{number(unreachable, 'id')} TPS tidak terjangkau lewat jalan dari pos mana pun "
                "yang mempunyai tim; TPS itu terbuka.",
                f"No road leads to {number(unreachable, 'en')} TPS from any post with a team; "
                "they stay open.",
            )
        )
    return found
