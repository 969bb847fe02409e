"""Ways to tamper with a valid plan, each with the rules that may name it: where and who."""

from __future__ import annotations

from dataclasses import replace

import pytest

TAMPERINGS = []


def tampering(*rules, base="roomy"):
    """Register a change of a valid plan together with the rules that may name it."""

    def keep(change):
        name = change.__name__.replace("_", " ").strip()
        TAMPERINGS.append(pytest.param(change, rules, base, id=name))
        return change

    return keep


def largest(plan):
    return max(plan["beats"], key=lambda b: len(b["tps"]))


def team_of(plan, beat):
    return next(t for t in plan["teams_detail"] if t["id"] == beat["team"])


def other_beat(plan, beat, *, same_kecamatan=True):
    return next(
        b
        for b in plan["beats"]
        if b["id"] != beat["id"] and (b["kecamatan"] == beat["kecamatan"]) == same_kecamatan
    )


# where


@tampering("tps_once")
def a_tps_in_two_beats(plan, facts):
    beat = largest(plan)
    other_beat(plan, beat)["tps"].append(beat["tps"][-1])


@tampering("tps_once")
def a_tps_twice_in_its_beat(plan, facts):
    largest(plan)["tps"].append(largest(plan)["tps"][-1])


@tampering("tps_once")
def a_guarded_tps_also_open(plan, facts):
    code = largest(plan)["tps"][-1]
    plan["uncovered"].append(
        {"tps": code, "kecamatan": code[:6], "class": facts.sites[code]["class"], "risk": 1.0}
    )


@tampering("tps_accounted")
def a_tps_dropped(plan, facts):
    largest(plan)["tps"].pop()


@tampering("tps_accounted", base="short")
def an_open_tps_dropped(plan, facts):
    plan["uncovered"].pop()


@tampering("tps_known")
def a_tps_that_does_not_exist(plan, facts):
    largest(plan)["tps"].append("1608012001999")


@tampering("one_kecamatan")
def a_tps_of_another_kecamatan(plan, facts):
    beat = largest(plan)
    away = other_beat(plan, beat, same_kecamatan=False)
    beat["tps"].append(away["tps"].pop())


@tampering("one_kecamatan")
def a_beat_recorded_under_another_kecamatan(plan, facts):
    beat = largest(plan)
    beat["kecamatan"] = other_beat(plan, beat, same_kecamatan=False)["kecamatan"]


@tampering("capacity")
def an_overloaded_beat(plan, facts):
    beat = largest(plan)
    beat["tps"] += other_beat(plan, beat)["tps"]


@tampering("beat_travel_limit")
def a_tps_too_far_from_its_anchor(plan, facts):
    beat = largest(plan)
    away = next(b for b in plan["beats"] if b["kecamatan"] != beat["kecamatan"])
    beat["tps"][-1] = away["tps"][-1]


@tampering("anchor_inside")
def an_anchor_outside_its_beat(plan, facts):
    beat = largest(plan)
    beat["anchor"] = other_beat(plan, beat)["anchor"]


@tampering("travel_stated")
def travel_misstated(plan, facts):
    largest(plan)["travel_s"] -= 60


@tampering("way_stated")
def way_misstated(plan, facts):
    largest(plan)["way_s"] -= 60


@tampering("way_stated", "team_agrees")
def a_nearer_post_claimed(plan, facts):
    beat = largest(plan)
    beat["post"] = "polsek-b" if beat["post"] == "polsek-a" else "polsek-a"


@tampering("post_known")
def a_post_that_does_not_exist(plan, facts):
    largest(plan)["post"] = "polsek-z"


# who


@tampering("team_once")
def a_team_twice(plan, facts):
    beat = largest(plan)
    beat["team"] = other_beat(plan, beat)["team"]


@tampering("team_once")
def a_team_listed_twice(plan, facts):
    plan["teams_detail"].append(plan["teams_detail"][0])


@tampering("team_known")
def an_unknown_team(plan, facts):
    largest(plan)["team"] = "polsek-a-999"


@tampering("team_agrees")
def a_team_recorded_for_another_beat(plan, facts):
    first, second = plan["teams_detail"][:2]
    first["beat"], second["beat"] = second["beat"], first["beat"]


@tampering("team_agrees")
def a_team_without_a_beat(plan, facts):
    plan["teams_detail"].append(plan["spare_teams"][0] | {"beat": "-", "kecamatan": "160801"} | {
        k: plan["teams_detail"][0][k] for k in ("leave_at", "start", "end", "duty_s")
    })  # fmt: skip


@tampering("person_once")
def a_person_in_two_teams(plan, facts):
    first = plan["teams_detail"][0]
    second = next(t for t in plan["teams_detail"][1:] if t["post"] == first["post"])
    second["members"][1] = first["members"][1]


@tampering("person_once")
def a_person_also_in_a_spare_team(plan, facts):
    """The stand-in that a commander counts on is already on duty."""
    plan["spare_teams"][0]["members"][1] = plan["teams_detail"][0]["members"][1]


@tampering("person_known")
def a_person_that_does_not_exist(plan, facts):
    plan["teams_detail"][0]["members"][1] = "P999"


@tampering("team_size")
def a_team_of_one(plan, facts):
    plan["teams_detail"][0]["members"].pop()


@tampering("team_size")
def one_person_counted_as_two(plan, facts):
    team = plan["teams_detail"][0]
    team["members"] = [team["leader"], team["leader"]]


@tampering("leader")
def a_team_led_by_one_who_may_not(plan, facts):
    team = plan["teams_detail"][0]
    team["leader"] = next(p for p in team["members"] if not facts.people[p]["leader"])


@tampering("leader")
def a_leader_of_another_team(plan, facts):
    first, second = plan["teams_detail"][:2]
    first["leader"] = second["leader"]


@tampering("person_free")
def a_padal_sent_to_a_tps(plan, facts):
    team = next(t for t in plan["teams_detail"] if t["post"] == "polsek-a")
    team["members"][1] = plan["padal"][0]["person"]


@tampering("person_free")
def a_person_lost_since(plan, facts):
    plan["unavailable"] = [plan["teams_detail"][0]["members"][1]]


@tampering("person_free")
def an_unavailable_person_used(plan, facts):
    person = plan["teams_detail"][0]["members"][1]
    return replace(
        facts, people=dict(facts.people) | {person: facts.people[person] | {"available": False}}
    )


@tampering("own_post")
def a_member_of_another_post(plan, facts):
    spare = plan["spare_teams"][0]
    team = next(t for t in plan["teams_detail"] if t["post"] != spare["post"])
    team["members"][1] = spare["members"][1]


@tampering("home_desa")
def a_team_sent_to_its_home_desa(plan, facts):
    beat = largest(plan)
    person = team_of(plan, beat)["members"][1]
    home = facts.sites[beat["tps"][0]]["desa"]
    return replace(
        facts, people=dict(facts.people) | {person: facts.people[person] | {"home_desa": home}}
    )


@tampering("transport")
def a_boat_tps_without_a_boat(plan, facts):
    code = largest(plan)["tps"][-1]
    return replace(facts, sites=dict(facts.sites) | {code: facts.sites[code] | {"access": "boat"}})


@tampering("transport")
def a_team_that_says_it_has_a_boat(plan, facts):
    """What a team has is read from the roster, not from the plan."""
    for team in plan["teams_detail"]:
        team["transport"] = ["boat"]
    return a_boat_tps_without_a_boat(plan, facts)


@tampering("duty_hours")
def a_shift_too_long(plan, facts):
    plan["teams_detail"][0]["end"] = "20:00"


@tampering("duty_hours")
def a_shift_into_the_next_day(plan, facts):
    plan["teams_detail"][0]["end"] = "06:00 +1d"


@tampering("duty_hours")
def duty_longer_than_the_clock_says(plan, facts):
    plan["teams_detail"][0]["duty_s"] += 3600


@tampering("padal")
def a_padal_twice(plan, facts):
    plan["padal"][0]["person"] = plan["padal"][1]["person"]


@tampering("padal")
def a_padal_taken_away(plan, facts):
    plan["padal"][0]["person"] = None


@tampering("padal")
def a_kecamatan_without_its_row_of_padal(plan, facts):
    plan["padal"].pop()


@tampering("padal")
def an_officer_of_a_team_as_padal(plan, facts):
    plan["padal"][0]["person"] = plan["teams_detail"][0]["leader"]


@tampering("dangerous_first", base="short")
def a_sangat_rawan_tps_left_open_by_swapping(plan, facts):
    """The team of a sangat rawan TPS goes to an open kurang rawan one; all figures follow."""
    open_ = plan["uncovered"][0]
    beat = next(
        b for b in plan["beats"]
        if b["tps"][0] in facts.severe and b["kecamatan"] == open_["kecamatan"]
    )  # fmt: skip
    plan["uncovered"][0] = {
        "tps": beat["anchor"], "kecamatan": beat["kecamatan"], "class": "sangat_rawan",
        "khusus": False, "risk": 30.0,
    }  # fmt: skip
    place = facts.place(open_["tps"])
    beat |= {"anchor": open_["tps"], "tps": [open_["tps"]], "travel_s": 0.0}
    beat["way_s"] = facts.seconds(facts.posts[beat["post"]], place)
    plan["tps_uncovered"]["sangat_rawan"] += 1
    plan["tps_uncovered"]["kurang_rawan"] -= 1
