"""Rules on who: teams, persons, home desa, transport, shifts, Padal, the most dangerous first."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from sispamkota.planning.verify.facts import TOLERANCE_S, Facts, Plan, Violation, bad

FIVE_MINUTES_S = 300.0  # clock times are rounded down to these


def one_team_each(plan: Plan, facts: Facts) -> Iterator[Violation]:  # noqa: ARG001
    """Each beat has a team of its own, and both sides of the plan agree on it."""
    teams = {t["id"]: t for t in plan["teams_detail"]}
    for team, times in Counter(b["team"] for b in plan["beats"]).items():
        if times > 1:
            yield bad("team_once", str(team), f"menjaga {times} beat", f"guards {times} beats")
    for team, times in Counter(t["id"] for t in plan["teams_detail"]).items():
        if times > 1:
            yield bad("team_once", str(team), f"tertulis {times} kali", f"listed {times} times")
    for beat in plan["beats"]:
        team = teams.get(beat["team"])
        if team is None:
            yield bad(
                "team_known",
                beat["id"],
                f"tim {beat['team']} tidak ada",
                f"there is no team {beat['team']}",
            )
        elif (team["beat"], team["post"], team["kecamatan"]) != (
            beat["id"],
            beat["post"],
            beat["kecamatan"],
        ):
            yield bad(
                "team_agrees",
                beat["id"],
                f"tim {team['id']} tercatat untuk {team['beat']}",
                f"team {team['id']} is recorded for {team['beat']}",
            )
    idle = teams.keys() - {b["team"] for b in plan["beats"]}
    for name in sorted(idle):
        yield bad("team_agrees", name, "tim tanpa beat", "the team has no beat")


def team_strength(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """A team is at least two (or as many as the pattern says), each person in one team."""
    size = facts.team_size()
    everybody = [*plan["teams_detail"], *plan["spare_teams"]]
    members = Counter(m for t in everybody for m in t["members"])
    for team in plan["teams_detail"]:
        if len(set(team["members"])) < size:
            yield bad(
                "team_size",
                team["id"],
                f"{len(set(team['members']))} orang, paling sedikit {size}",
                f"{len(set(team['members']))} officers, at least {size}",
            )
    for person, times in sorted(members.items()):
        if times > 1:
            yield bad("person_once", person, f"di {times} tim", f"in {times} teams")


def team_people(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """Members are Polri on TPS duty, free, of the team's post; the leader may lead."""
    gone = set(plan.get("unavailable", ()))
    for team in plan["teams_detail"]:
        if team["leader"] not in team["members"] or not facts.people[team["leader"]]["leader"]:
            yield bad(
                "leader",
                team["id"],
                f"{team['leader']} bukan pimpinan tim ini",
                f"{team['leader']} does not lead this team",
            )
        for person in team["members"]:
            row = facts.people[person]
            free = row["available"] and person not in gone
            if not free or row["duty"] != "tps" or row["agency"] != "polri":
                yield bad(
                    "person_free",
                    f"{team['id']}: {person}",
                    "tidak siap tugas TPS",
                    "is not free for TPS duty",
                )
            if row["home_post"] != team["post"]:
                yield bad(
                    "own_post",
                    f"{team['id']}: {person}",
                    f"berasal dari pos {row['home_post']}",
                    f"is of post {row['home_post']}",
                )


def not_at_home(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """Nobody guards in their own home desa."""
    beats = {b["team"]: b for b in plan["beats"]}
    for team in plan["teams_detail"]:
        desa = {facts.sites[t]["desa"] for t in beats.get(team["id"], {"tps": ()})["tps"]}
        for person in team["members"]:
            if facts.people[person]["home_desa"] in desa:
                yield bad(
                    "home_desa",
                    f"{team['id']}: {person}",
                    "bertugas di desa tempat tinggalnya",
                    "guards in the home desa",
                )


def transport(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """A team has the means of transport that its TPS ask for."""
    for team in plan["teams_detail"]:
        if set(team["transport"]) != _means(team["members"], facts):
            yield bad(
                "transport",
                team["id"],
                "angkutan tidak sesuai daftar",
                "its transport is not that of the roster",
            )
    teams = {t["id"]: t for t in plan["teams_detail"]}
    for beat in plan["beats"]:
        needed = {facts.sites[t]["access"] for t in beat["tps"]} - {None, "road"}
        people = teams[beat["team"]]["members"] if beat["team"] in teams else ()
        has = {m for p in people for m in str(facts.people[p]["transport"] or "").split(";")}
        for means in sorted(needed - has):
            yield bad("transport", beat["id"], f"tim tanpa {means}", f"the team has no {means}")


def duty(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """Every shift starts as configured, is as long as allowed, and is left for in time."""
    length, start = 3600 * facts.rules["duty_hours"], _clock_s(facts.rules["shift_start"])
    way = {b["team"]: b["way_s"] for b in plan["beats"]}
    for team in plan["teams_detail"]:
        span = _clock_s(team["end"]) - _clock_s(team["start"])
        leave = start - way.get(team["id"], 0.0)
        for name, said, computed, slack in (
            ("duty_s", team["duty_s"], length, TOLERANCE_S),
            ("end", span, length, FIVE_MINUTES_S),
            ("start", _clock_s(team["start"]), start, TOLERANCE_S),
            ("leave_at", _clock_s(team["leave_at"]), leave, FIVE_MINUTES_S),
        ):
            if abs(said - computed) > slack:
                yield bad(
                    "duty_hours",
                    f"{team['id']}.{name}",
                    f"tertulis {said:.0f} detik, semestinya {computed:.0f}",
                    f"stated {said:.0f} seconds, should be {computed:.0f}",
                )


def _clock_s(clock: str) -> float:
    time, _, day = clock.partition(" ")
    hours, minutes = time.split(":")
    return 3600.0 * int(hours) + 60.0 * int(minutes) + 86400.0 * int(day.rstrip("d") or 0)


def padal(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """Each kecamatan has its own Padal, or the plan says that it has none."""
    wanted = {s["kecamatan"] for s in facts.sites.values()}
    listed = [r["kecamatan"] for r in plan["padal"]]
    for kecamatan in sorted({k for k in listed if k not in wanted or listed.count(k) > 1}):
        yield bad("padal", kecamatan, "kecamatan asing atau ganda", "unknown or listed twice")
    for kecamatan in sorted(wanted - set(listed)):
        yield bad("padal", kecamatan, "kecamatan tidak tercantum", "the kecamatan is not listed")
    for person, times in Counter(r["person"] for r in plan["padal"] if r["person"]).items():
        if times > 1:
            yield bad(
                "padal", person, f"Padal untuk {times} kecamatan", f"Padal of {times} kecamatan"
            )
        row = facts.people[person]
        if row["duty"] != "padal" or not row["available"]:
            yield bad("padal", person, "bukan Padal yang siap", "is no Padal who is free")
    free = sum(p["duty"] == "padal" and p["available"] for p in facts.people.values())
    given = sum(r["person"] is not None for r in plan["padal"])
    if given < min(free, len(wanted)):
        yield bad(
            "padal", "-", f"{given} ditugaskan, {free} siap", f"{given} assigned, {free} free"
        )


def dangerous_first(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """No sangat rawan TPS is open while a beat holds none: its team could go there instead."""
    left = [u["tps"] for u in plan["uncovered"] if u["tps"] in facts.severe]
    if not left:
        return
    teams = {t["id"]: t for t in plan["teams_detail"]}
    for tps in left:
        site = facts.sites[tps]
        for beat in plan["beats"]:
            if any(t in facts.severe for t in beat["tps"]) or beat["team"] not in teams:
                continue
            crew = [facts.people[p] for p in teams[beat["team"]]["members"]]
            means = {m for p in crew for m in str(p["transport"] or "").split(";")} | {None, "road"}
            at_home = any(p["home_desa"] == site["desa"] for p in crew)
            way = facts.seconds(facts.posts[beat["post"]], facts.place(tps))
            if not at_home and site["access"] in means and math.isfinite(way):
                yield bad(
                    "dangerous_first",
                    tps,
                    f"tim {beat['team']} dapat dipindah ke sini",
                    f"team {beat['team']} could be moved here",
                )
                break


def reserve(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """Of a Polres's whole strength one third stays back; BKO come from outside."""
    if facts.strength != "whole":
        return
    own = {i for i, p in facts.people.items() if p["agency"] == "polri" and p["unit"] != "bko"}
    everybody = [*plan["teams_detail"], *plan["spare_teams"]]
    sent = {m for t in everybody for m in t["members"]} & own
    allowed = len(own) * 2 // 3
    if len(sent) > allowed:
        yield bad(
            "reserve",
            "-",
            f"{len(sent)} petugas Polres dikirim, paling banyak {allowed}",
            f"{len(sent)} officers of the Polres are sent, at most {allowed}",
        )


def _means(members: list[str], facts: Facts) -> set[str]:
    return {m for p in members for m in str(facts.people[p]["transport"] or "").split(";") if m}


def spares(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """Teams and officers left over are all listed; who dropped out is told by a repair."""
    gone = set(plan.get("unavailable", ()))
    if gone and not plan.get("repair"):
        yield bad(
            "spares",
            "unavailable",
            "tanpa perbaikan yang menjelaskannya",
            "without a repair that explains it",
        )
    if facts.strength != "released":
        return
    everybody = [*plan["teams_detail"], *plan["spare_teams"]]
    possible = sum(facts.teams_possible(gone).values())
    if len(everybody) != possible or plan["reserve"] != 0:
        yield bad(
            "spares",
            "spare_teams",
            f"{len(everybody)} tim tercatat, dapat dibentuk {possible}",
            f"{len(everybody)} teams listed, {possible} can be formed",
        )
    listed = {m for t in everybody for m in t["members"]} | {*plan["spare_officers"], *gone}
    for person, row in sorted(facts.people.items()):
        free = row["agency"] == "polri" and row["duty"] == "tps" and row["available"]
        if free and row["home_post"] and person not in listed:
            yield bad("spares", person, "petugas tidak tercatat", "the officer is nowhere listed")
