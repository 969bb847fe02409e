"""Operations small enough for exhaustive search, drawn by hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from sispamkota.planning.problem import GuardRules

from .helpers import inputs, post, problem_of, site

PATTERNS = ("pemilu-2024-2.4.8", "pemilu-2024-2.8.16", "pemilu-2024-2.16.32")
CLASS = st.sampled_from(["kurang_rawan", "kurang_rawan", "kurang_rawan", "rawan", "sangat_rawan"])
TEAMS = st.integers(1, 4)
KM = st.integers(0, 80).map(lambda step: step / 10)


def few_posts(size, low, high):
    return st.lists(st.integers(low, high).map(float), min_size=size, max_size=size)


@st.composite
def tiny_operations(draw, most=7, teams=TEAMS):
    """At most `most` TPS in one or two kecamatan, one or two posts, one to four teams each."""
    sites = []
    for number in range(1, draw(st.integers(2, most)) + 1):
        where = {"east": draw(KM), "north": draw(KM)}
        kecamatan, desa = draw(st.integers(1, 2)), draw(st.integers(1, 2))
        khusus = draw(st.integers(0, 9)) == 0
        sites.append(site(kecamatan, desa, number, draw(CLASS), khusus=khusus, **where))
    posts = [
        post(f"polsek-{g}", east=draw(KM), north=draw(KM)) for g in range(draw(st.integers(1, 2)))
    ]
    rules = GuardRules(
        beat_limit_s=draw(st.sampled_from([300.0, 1200.0])),
        mixed_classes=draw(st.booleans()) or draw(st.booleans()),
        grouping=draw(st.sampled_from(["kecamatan", "kecamatan", "desa"])),
    )
    given = inputs(sites, [], posts, pattern=draw(st.sampled_from(PATTERNS)), rules=rules)
    return problem_of(given, {p["code"]: draw(teams) for p in posts})
