"""Need: published cases, exact intervals, groupings, and the command without a workspace."""

from __future__ import annotations

import json
from itertools import product

import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from sispamkota.cli.need import need as command
from sispamkota.kernel.errors import DomainError
from sispamkota.planning.need import GROUPINGS, need_from_counts, need_from_tally, need_table
from sispamkota.planning.need_tally import tally_scores
from sispamkota.planning.patterns import find_pattern, load_patterns, parse_patterns
from sispamkota.vulnerability.frames import CLASSES, SCORES

OKU_TIMUR = {"kurang_rawan": 2073, "rawan": 105, "khusus": 2}
TARAKAN = {"kurang_rawan": 624, "rawan": 42, "sangat_rawan": 11, "khusus": 5}
PILKADA_2020 = {"kurang_rawan": 266_220, "rawan": 34_863, "sangat_rawan": 5_113, "khusus": 732}
OGAN_ILIR = {"kurang_rawan": 1108, "rawan": 131, "sangat_rawan": 22}


def pattern_of(kurang=(2, 16), rawan=(2, 2), sangat=(2, 1)):
    """Return an own pattern; `tps` None stands for standby per kecamatan."""
    table = {"name": "x", "source": "x", "as_of": find_pattern("pilkada-2020").as_of}
    for name, (polri, tps) in zip(CLASSES, (kurang, rawan, sangat), strict=True):
        standby = {"per": "kecamatan"} if tps is None else {"tps": tps}
        table[name] = {"polri": polri, **standby}
    table["kind"] = "per_kecamatan" if kurang[1] is None else "ratio"
    return parse_patterns({"pattern": [table]})[0]


def scores_of(rows):
    """Return a SCORES frame from (desa, low, high[, khusus[, class[, override_by]]])."""
    table = []
    for i, (desa, low, high, *rest) in enumerate(rows):
        khusus, now, by = (*rest, *(False, low, None)[len(rest) :])
        table.append(
            {
                "tps": f"{desa}{i:03d}",
                "desa": desa,
                "kecamatan": desa[:6],
                "khusus": khusus,
                "class": now,
                "class_low": low,
                "class_high": high,
                "override_by": by,
            }
        )
    return pl.DataFrame(table, schema=SCORES)


class TestPublishedCases:
    """Totals of domain.md sections 0 and 1.3."""

    @pytest.mark.parametrize(
        ("pattern", "polri"),
        [
            ("2.8.16", 630),
            ("2.10.20", 526),
            ("2.12.24", 456),
            ("2.13.26", 430),
            ("2.16.32", 370),
            ("2.20.40", 318),
        ],
    )
    def test_oku_timur(self, pattern, polri):
        need = need_from_counts(
            OKU_TIMUR, find_pattern(f"pemilu-2024-{pattern}"), available={"polri": 446}
        )

        assert need.required == {"polri": polri, "linmas": 4360}
        assert need.gap == {"polri": polri - 446, "linmas": None}
        assert need.short == (polri > 446)

    @pytest.mark.parametrize(("pattern", "polri"), [("2.4.8", 386), ("2.8.16", 230)])
    def test_tarakan_r8(self, pattern, polri):
        need = need_from_counts(TARAKAN, find_pattern(f"pemilu-2024-{pattern}"))

        assert need.required["polri"] == polri

    def test_jakarta_barat_r9(self):
        need = need_from_counts({"kurang_rawan": 7169}, find_pattern("pemilu-2024-2.16.32"))

        assert (need.teams, need.required) == (449, {"polri": 898, "linmas": 14_338})

    @pytest.mark.parametrize(("tps", "linmas"), [(117_299, 234_598), (803, 1606)])
    def test_linmas_r18(self, tps, linmas):
        for pattern in load_patterns():
            need = need_from_counts({"kurang_rawan": tps}, pattern, kecamatan=10)
            assert need.required["linmas"] == linmas

    def test_national_pilkada_r25(self):
        need = need_from_counts(PILKADA_2020, find_pattern("pilkada-2020"))

        assert need.required["polri"] == 99_798

    def test_ogan_ilir_r4(self):
        need = need_from_counts(
            OGAN_ILIR, find_pattern("ogan-ilir-2024"), kecamatan=16, available={"polri": 555}
        )

        by_category = {name: c.polri for name, c in need.categories.items()}
        assert by_category == {"kurang_rawan": 32, "rawan": 131, "sangat_rawan": 44, "khusus": 0}
        assert need.required["polri"] == 207
        assert need.gap["polri"] == -348
        assert need.breach


class TestBareCounts:
    """What counts may and may not be."""

    def test_standby_asks_for_the_number_of_kecamatan(self):
        with pytest.raises(DomainError) as caught:
            need_from_counts(OGAN_ILIR, find_pattern("ogan-ilir-2024"))

        assert caught.value.code == "kecamatan_needed"

    def test_no_standby_where_no_tps_is_kurang_rawan(self):
        need = need_from_counts({"rawan": 3}, find_pattern("ogan-ilir-2024"), kecamatan=16)

        assert need.required["polri"] == 3

    @pytest.mark.parametrize(
        ("counts", "code"),
        [({"cukup_rawan": 1}, "unknown_category"), ({"rawan": -1}, "negative_count")],
    )
    def test_refused(self, counts, code):
        with pytest.raises(DomainError) as caught:
            need_from_counts(counts, find_pattern("pilkada-2020"))

        assert caught.value.code == code

    @given(
        counts=st.fixed_dictionaries({name: st.integers(0, 500) for name in (*CLASSES, "khusus")})
    )
    def test_a_frame_of_certain_classes_says_the_same_as_its_counts(self, counts):
        pattern = find_pattern("pemilu-2024-2.13.26")
        rows = [("1608011007", n, n) for n in CLASSES for _ in range(counts[n])]
        rows += [("1608011007", "rawan", "rawan", True)] * counts["khusus"]

        table = need_table(scores_of(rows), pattern, "regency")
        bare = need_from_counts(counts, pattern)

        assert table.required == bare.required == table.required_low == table.required_high
        assert table.categories == bare.categories


class TestIntervals:
    """Least and most need over every choice of the uncertain classes."""

    def test_need_is_not_monotone_in_class(self):
        pattern = find_pattern("pemilu-2024-2.16.32")
        rows = [("1608011007", "kurang_rawan", "kurang_rawan")] * 16
        rows += [("1608011007", "kurang_rawan", "rawan"), ("1608011007", "rawan", "rawan")]

        need = need_table(scores_of(rows), pattern, "desa")

        assert need.required == {"polri": 6, "linmas": 36}
        assert (need.required_low["polri"], need.required_high["polri"]) == (4, 6)

    @given(
        tps=st.lists(
            st.tuples(
                st.sampled_from(["1608011001", "1608011002", "1608022001"]),
                st.sampled_from([(a, b) for a in range(3) for b in range(a, 3)]),
            ),
            max_size=7,
        ),
        polri=st.tuples(*[st.integers(1, 4)] * 3),
        sizes=st.tuples(st.one_of(st.none(), st.integers(1, 5)), *[st.integers(1, 5)] * 2),
        grouping=st.sampled_from(GROUPINGS),
    )
    def test_brute_force_agrees(self, tps, polri, sizes, grouping):
        guards = tuple(zip(polri, sizes, strict=True))
        pattern = pattern_of(*guards)
        digits = 6 if sizes[0] is None else {"regency": 4, "kecamatan": 6, "desa": 10}[grouping]
        every = []
        for choice in product(*(range(a, b + 1) for _, (a, b) in tps)):
            counts: dict[tuple[str, int], int] = {}
            for (desa, _), rank in zip(tps, choice, strict=True):
                counts[desa[:digits], rank] = counts.get((desa[:digits], rank), 0) + 1
            every.append(
                sum(
                    guards[rank][0] * (1 if guards[rank][1] is None else -(-n // guards[rank][1]))
                    for (_, rank), n in counts.items()
                )
            )

        rows = [(desa, CLASSES[a], CLASSES[b]) for desa, (a, b) in tps]
        need = need_table(scores_of(rows), pattern, grouping)

        assert need.required_low["polri"] == min(every)
        assert need.required_high["polri"] == max(every)
        assert need.required["polri"] == every[0]

    @given(
        kinds=st.lists(st.integers(0, 9), min_size=6, max_size=6),
        sizes=st.tuples(st.integers(1, 17), st.integers(1, 6), st.integers(1, 3)),
        polri=st.tuples(*[st.integers(1, 4)] * 3),
    )
    def test_larger_groups_agree_with_every_reachable_split(self, kinds, sizes, polri):
        spans = [(a, b) for a in range(3) for b in range(a, 3)]
        tps = [span for span, n in zip(spans, kinds, strict=True) for _ in range(n)]
        reachable = {(0, 0, 0)}
        for low, high in tps:
            reachable = {
                tuple(n + (i == rank) for i, n in enumerate(point))
                for point in reachable
                for rank in range(low, high + 1)
            }
        costs = [
            sum(p * -(-n // g) for p, g, n in zip(polri, sizes, point, strict=True))
            for point in reachable
        ]

        rows = [("1608011007", CLASSES[a], CLASSES[b]) for a, b in tps]
        pattern = pattern_of(*zip(polri, sizes, strict=True))
        need = need_table(scores_of(rows), pattern, "kecamatan")

        assert need.required_low["polri"] == min(costs)
        assert need.required_high["polri"] == max(costs)

    def test_an_officers_class_is_certain(self):
        rows = [("1608011007", "kurang_rawan", "sangat_rawan", False, "rawan", "AKP Contoh")]

        need = need_table(scores_of(rows), find_pattern("ogan-ilir-2024"), "desa")

        assert need.required["polri"] == 1
        assert need.required_low == need.required_high == need.required

    def test_khusus_is_counted_once_whatever_its_class(self):
        rows = [("1608011007", "sangat_rawan", "sangat_rawan", True)]

        need = need_table(scores_of(rows), find_pattern("pemilu-2024-2.8.16"), "desa")

        assert {name: c.tps for name, c in need.categories.items() if c.tps} == {"khusus": 1}
        assert need.required == {"polri": 2, "linmas": 2}


class TestGroupings:
    """Teams inside a regency, a kecamatan, a desa."""

    ROWS = tuple(
        (desa, name, name)
        for desa, n in (("1608011001", 5), ("1608011002", 4), ("1608022001", 3), ("1609012001", 2))
        for name in ("kurang_rawan", "rawan")
        for _ in range(n)
    )

    def test_finer_groups_never_need_fewer(self):
        tally = tally_scores(scores_of(self.ROWS))
        for pattern in load_patterns():
            polri = [need_from_tally(tally, pattern, g).required["polri"] for g in GROUPINGS]
            assert polri == sorted(polri)

    def test_kecamatan_rows_add_up_to_the_whole(self):
        for grouping in ("kecamatan", "desa"):
            need = need_table(scores_of(self.ROWS), find_pattern("pemilu-2024-2.8.16"), grouping)
            rows = need.kecamatan
            assert rows["kecamatan"].to_list() == ["160801", "160802", "160901"]
            assert rows["polri"].sum() == need.required["polri"]
            assert rows["teams"].sum() == need.teams
            assert rows["linmas"].sum() == need.required["linmas"]

    def test_regency_teams_belong_to_no_kecamatan(self):
        need = need_table(scores_of(self.ROWS), find_pattern("pemilu-2024-2.8.16"), "regency")

        assert need.kecamatan.is_empty()

    def test_standby_is_per_kecamatan_whatever_the_grouping(self):
        pattern = find_pattern("ogan-ilir-2024")
        polri = {need_table(scores_of(self.ROWS), pattern, g).required["polri"] for g in GROUPINGS}

        assert polri == {3 * 2 + 14}

    def test_no_tps_need_nobody(self):
        for grouping in GROUPINGS:
            need = need_table(scores_of([]), find_pattern("pemilu-2024-2.8.16"), grouping)
            assert need.required == {"polri": 0, "linmas": 0}

    def test_unknown_strength_is_null_not_zero(self):
        need = need_table(scores_of(self.ROWS), find_pattern("pemilu-2024-2.8.16"), "desa")
        body = need.as_json()

        assert body["available"] == {"polri": None, "linmas": None}
        assert body["gap"] == {"polri": None, "linmas": None}
        assert not need.short


class TestCommand:
    """`sispamkota need --counts`, without a workspace."""

    def run(self, *arguments):
        return CliRunner().invoke(command, [*arguments])

    def test_json_keys_that_programs_rely_on(self):
        done = self.run(
            "--counts", "kurang_rawan=2073,rawan=105,khusus=2", "--polri", "446", "--json"
        )
        body = json.loads(done.stdout)

        assert done.exit_code == 0
        assert len(body["patterns"]) == 8
        entry = next(e for e in body["patterns"] if e["name"] == "pemilu-2024-2.13.26")
        assert entry["required"] == {"polri": 430, "linmas": 4360}
        assert entry["available"] == {"polri": 446, "linmas": None}
        assert entry["gap"] == {"polri": -16, "linmas": None}
        assert entry["grouping"] == "regency"
        assert entry["categories"]["khusus"] == {"tps": 2, "teams": 2, "polri": 4, "linmas": 4}

    def test_a_shortage_under_a_named_pattern_ends_with_1(self):
        counts = ("--counts", "kurang_rawan=2.073,rawan=105,khusus=2", "--polri", "446")

        assert self.run(*counts, "--pattern", "pemilu-2024-2.12.24").exit_code == 1
        assert self.run(*counts, "--pattern", "pemilu-2024-2.13.26").exit_code == 0

    def test_a_breach_ends_with_1_and_is_told(self):
        done = self.run(
            *("--counts", "kurang_rawan=1108,rawan=131,sangat_rawan=22", "--kecamatan", "16"),
            *("--pattern", "ogan-ilir-2024", "--polri", "555", "--json"),
        )
        entry = json.loads(done.stdout)["patterns"][0]

        assert done.exit_code == 1
        assert entry["required"]["polri"] == 207
        assert [w["code"] for w in entry["warnings"]] == ["buddy_rule"]

    def test_whole_strength_keeps_a_third_back(self):
        done = self.run(
            *("--counts", "rawan=2", "--polri", "500", "--strength", "whole", "--json"),
        )

        assert json.loads(done.stdout)["patterns"][0]["available"]["polri"] == 333

    @pytest.mark.parametrize("lang", ["id", "en"])
    def test_a_person_reads_the_verdict(self, lang):
        done = self.run("--counts", "kurang_rawan=2073", "--polri", "100", "--lang", lang)

        assert done.exit_code == 1
        assert {"id": "kurang 160 orang", "en": "160 people short"}[lang] in done.stdout

    @pytest.mark.parametrize(
        ("counts", "code"),
        [
            ("", "bad_counts"),
            ("rawan", "bad_counts"),
            ("rawan=dua", "bad_counts"),
            ("rawan=1,rawan=2", "bad_counts"),
            ("aneh=1", "unknown_category"),
        ],
    )
    def test_bad_counts_end_with_2(self, counts, code):
        done = self.run("--counts", counts, "--json")

        assert done.exit_code == 2
        assert json.loads(done.stdout)["error"]["code"] == code

    def test_unknown_pattern_ends_with_2(self):
        done = self.run("--counts", "rawan=1", "--pattern", "2.8.16", "--json")

        assert done.exit_code == 2
        assert json.loads(done.stdout)["error"]["code"] == "unknown_pattern"
