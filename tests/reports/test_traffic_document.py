"""The printed traffic plan, read back from the PDF, and the command that writes it."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import io
import json
import math
import re
from dataclasses import replace

import numpy as np
import pypdf
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from traffic.plan_cases import CONVOY, KPU, RALLY, inputs, planned

from sispamkota.actions.report import document
from sispamkota.cli.report import report
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.sources import Source
from sispamkota.kernel.text import Text
from sispamkota.reports.documents.formal import Formalities, Standing
from sispamkota.reports.documents.official import load_official
from sispamkota.reports.documents.press import print_pdf, printable
from sispamkota.reports.documents.traffic import traffic_matter, traffic_values
from sispamkota.reports.documents.traffic_maps import closing_map, coming_map, short_label
from sispamkota.reports.documents.traffic_marks import ESCORT, GROUPS, PATROL, VEHICLES
from sispamkota.reports.documents.traffic_matter import numbers_of
from sispamkota.reports.documents.traffic_plane import once, plane_around
from sispamkota.reports.documents.traffic_words import (
    HEADINGS,
    between,
    clock,
    compass,
    length,
    more,
    spot,
)
from sispamkota.storage.store import ImportRecord
from sispamkota.storage.workspace import create_workspace, open_workspace

SHA = hashlib.sha256(b"plan").hexdigest()
DRAFT = Standing(plan="traffic-1", sha256=SHA, version=2)
OFFICIAL = load_official("pemilu")
NOW = dt.datetime(2024, 1, 20, 3, 4, tzinfo=dt.UTC)
ROOM = (168.0, 186.0)
DIVIDED = {
    **RALLY,
    "id": "rapat-kedua",
    "name": "Rapat umum kedua",
    "starts_at": "2024-01-22 13:00",
    "ends_at": "2024-01-22 16:00",
}


@pytest.fixture(scope="module")
def given_inputs():
    return inputs(RALLY, CONVOY, KPU)


@pytest.fixture(scope="module")
def plan(given_inputs):
    return json.loads(json.dumps(planned(given_inputs)))


@pytest.fixture(scope="module")
def pdf(plan, given_inputs, situation):
    return {
        lang: printed(plan, given_inputs.network, situation, lang=lang) for lang in ("id", "en")
    }


def matter_of(plan, network, situation, lang="id", **options):
    return traffic_matter(plan, network, "ab" * 32, situation.areas, lang, **options)


def printed(plan, network, situation, standing=DRAFT, lang="id", **options):
    papers = Formalities(classification="TERBATAS", pattern="Rengaturlalin/{number}/{year}")
    matter = matter_of(plan, network, situation, lang, **options)
    values = traffic_values(situation, matter, standing, papers, OFFICIAL)
    return print_pdf("chapters", values, NOW)


def pages(body):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages]


def squeezed(text):
    return re.sub(r"[\s\u200b]", "", text)


def whole(body):
    return squeezed("".join(pages(body)))


class TestContent:
    @pytest.mark.parametrize("lang", ["id", "en"])
    def test_every_page_says_plan_hash_state_classification_and_its_number(self, pdf, lang):
        word = {"id": r"Halaman (\d+) dari (\d+)", "en": r"Page (\d+) of (\d+)"}[lang]
        for text in pages(pdf[lang]):
            assert SHA[:16] in text
            assert "traffic-1" in text
            assert {"id": "versi 2 · draf", "en": "version 2 · draft"}[lang] in text
            assert {"id": "DRAF", "en": "DRAFT"}[lang] in text
            assert text.count("TERBATAS") == 2
            assert re.search(word, text)

    @pytest.mark.parametrize("lang", ["id", "en"])
    def test_every_post_stands_there_with_place_officers_and_hours(self, pdf, plan, lang):
        text = whole(pdf[lang])
        numbers = numbers_of(plan)
        assert sorted(numbers.values()) == list(range(1, len(plan["posts"]) + 1))
        post_word = {"id": "Pos", "en": "Post"}[lang]
        for post in plan["posts"]:
            assert f"{post_word}{numbers[post['id']]}gatur" in text
            assert text.count(squeezed(spot(post["lon"], post["lat"]))) >= 2
            assert squeezed(post["name"]) in text
            assert squeezed(between(post["begins"], post["ends"], lang)) in text
            assert post["assigned"]
            assert squeezed(f"{post['officers']}: {', '.join(post['assigned'])}") in text
            assert squeezed(post["reason"][lang]) in text
        for row in (*plan["escorts"], *plan["patrols"]):
            assert squeezed(", ".join(row["assigned"])) in text

    @pytest.mark.parametrize("lang", ["id", "en"])
    def test_closures_corridors_approaches_and_escorts_stand_there(self, pdf, plan, lang):
        text = whole(pdf[lang])
        for row in plan["closures"]:
            assert squeezed(row["name"][lang]) in text
            assert squeezed(length(row["length_m"], lang)) in text
            for hour in (row["begins"], row["ends"]):
                assert clock(hour, lang) in text
        for row in plan["corridors"]:
            assert squeezed(f"{row['from']['name']} → {row['to']['name']}") in text
            assert squeezed(row["reason"][lang]) in text
        for row in plan["approaches"]:
            assert squeezed(f"{row['group']} ({row['size']})") in text
        assert any(row["direction"] == "dispersal" for row in plan["approaches"])
        for row in plan["escorts"]:
            assert squeezed(row["reason"][lang]) in text
            assert squeezed(length(row["primary"]["length_m"], lang)) in text
        for text_of_plan in plan["certificate"]["assumptions"]:
            assert squeezed(text_of_plan[lang]) in text
        assert SHA in text
        assert plan["inputs_sha256"] in text

    def test_every_diversion_stands_there_with_the_time_it_takes(self, pdf, plan):
        text = whole(pdf["id"])
        assert {row["profile"] for row in plan["diversions"]} == set(VEHICLES)
        for row in plan["diversions"]:
            assert squeezed(more(row["added_s"], "id")) in text

    def test_conflicts_are_told_in_front_and_in_full(self, pdf, plan):
        assert plan["conflicts"]
        text = whole(pdf["id"])
        assert squeezed(f"{len(plan['conflicts'])} benturan harus diselesaikan") in text
        for row in plan["conflicts"]:
            assert squeezed(row["detail"]["id"]) in text

    def test_commanders_are_titles_with_blanks_and_the_law_is_named(self, pdf):
        text = whole(pdf["id"])
        for title in ("KasatLantas", "Kapospam", "Padal", "PANGKAT,NRP"):
            assert title in text
        assert "Undang-UndangNomor22Tahun2009" in text
        assert "Undang-UndangNomor7Tahun2017" not in text  # of elections, not of roads

    def test_who_may_not_see_officers_gets_their_number_only(self, plan, given_inputs, situation):
        text = whole(printed(plan, given_inputs.network, situation, officers=False))
        for post in plan["posts"]:
            assert not any(f"{person}" in text for person in post["assigned"])
        assert "Idpetugastidakdicetak" in text

    def test_missing_officers_are_said_at_each_post(self, situation):
        made = inputs(RALLY, officers=3)
        text = whole(printed(planned(made), made.network, situation))
        assert "belumada" in text
        assert re.search(r"kurang\d+", text)


class TestStates:
    def test_approved_carries_the_name_and_no_watermark(self, plan, given_inputs, situation):
        approved = replace(DRAFT, state="approved", approved_by="AKBP Uji Coba")
        real = replace(situation, sample=False)
        text = "\n".join(pages(printed(plan, given_inputs.network, real, standing=approved)))
        assert "AKBP Uji Coba" in text
        assert "DRAF" not in text
        assert "CONTOH" not in text

    @pytest.mark.parametrize(
        ("state", "word"), [("superseded", "SUDAH DIGANTI"), ("simulation", "SIMULASI")]
    )
    def test_others_say_so_on_every_page(self, plan, given_inputs, situation, state, word):
        body = printed(plan, given_inputs.network, situation, standing=replace(DRAFT, state=state))
        assert all(word in page for page in pages(body))

    def test_generated_data_say_contoh_on_every_page(self, pdf):
        assert all("CONTOH" in page for page in pages(pdf["id"]))

    def test_same_inputs_and_time_give_the_same_bytes(self, pdf, plan, given_inputs, situation):
        again = printed(copy.deepcopy(plan), given_inputs.network, situation)
        assert again == pdf["id"]

    def test_a_stand_in_for_roads_warns_in_front_and_below_the_maps(self, plan, situation):
        network = replace(inputs(RALLY).network, estimated=True, highways=("estimated",),
                          highway=np.zeros_like(inputs(RALLY).network.highway))  # fmt: skip
        text = whole(printed({**plan, "estimated": True}, network, situation))
        assert "PERKIRAAN:jaringanjalanbelumdiimpor" in text
        assert "garisantardesa(perkiraan),bukanjalan" in text

    def test_roads_changed_since_are_said_below_the_maps(self, plan, given_inputs, situation):
        plan = {**plan, "network": {**plan["network"], "sha256": "cd" * 32}}
        text = whole(printed(plan, given_inputs.network, situation))
        assert "Petamemakaijaringanjalanyangsekarang" in text

    def test_without_a_hospital_the_corridor_is_said_to_be_unproved(
        self, plan, given_inputs, situation
    ):
        text = whole(printed({**plan, "corridors": []}, given_inputs.network, situation))
        assert "koridordaruratbelumdapatdibuktikan" in text

    @pytest.mark.parametrize(
        "name", ['#import "x": $x^2$ <b> *b* _i_ [ ] {a} & "q"', "\u202ebalik\u202c\x00", "x" * 200]
    )
    def test_hostile_names_are_set_as_they_are(self, plan, given_inputs, situation, name):
        plan = copy.deepcopy(plan)
        for event in plan["events"]:
            event["name"] = event["place_name"] = name
        for post in plan["posts"]:
            post["name"] = name
        text = whole(printed(plan, given_inputs.network, situation))
        assert squeezed(printable(name)) in text

    def test_posts_are_numbered_on_through_the_events(self):
        made = planned(inputs(RALLY, DIVIDED))
        numbers = numbers_of(made)
        first = [numbers[p["id"]] for p in made["posts"] if p["event"] == "rapat-umum"]
        second = [numbers[p["id"]] for p in made["posts"] if p["event"] == "rapat-kedua"]
        assert max(first) < min(second)
        assert sorted(first + second) == list(range(1, len(made["posts"]) + 1))


class TestMaps:
    def test_each_post_has_its_number_and_each_vehicle_its_line(
        self, plan, given_inputs, situation
    ):
        matter = matter_of(plan, given_inputs.network, situation)
        rally = next(e for e in plan["events"] if e["id"] == "rapat-umum")
        svg, high = closing_map(matter, rally, ROOM)
        assert high <= ROOM[1]
        for post in matter.posts(rally):
            assert f">{matter.numbers[post['id']]}</text>" in svg
        for style in VEHICLES.values():
            assert svg.count(style.colour) >= 2  # line and arrowheads
        assert "Jalan B" in svg

    def test_groups_hospital_and_scale_are_drawn(self, plan, given_inputs, situation):
        matter = matter_of(plan, given_inputs.network, situation, "en")
        rally = next(e for e in plan["events"] if e["id"] == "rapat-umum")
        svg, _ = coming_map(matter, rally, ROOM)
        for mark in (">A</text>", ">B</text>", ">N</text>", "1 : "):
            assert mark in svg
        assert GROUPS[0].dash in svg
        assert GROUPS[1].dash in svg

    def test_lines_differ_without_colour(self):
        styles = [*VEHICLES.values(), PATROL, ESCORT]
        assert len({(style.dash, style.mm) for style in styles}) == len(styles)
        assert len({style.dash for style in GROUPS}) == len(GROUPS)

    def test_numbers_of_posts_do_not_lie_on_each_other(self, plan, given_inputs, situation):
        matter = matter_of(plan, given_inputs.network, situation)
        for event in plan["events"]:
            svg, _ = closing_map(matter, event, ROOM)
            discs = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="2"', svg)
            at = [(float(x), float(y)) for x, y in discs]
            assert len(at) == len(matter.posts(event))
            far = [math.dist(a, b) for i, a in enumerate(at) for b in at[:i]]
            assert all(d >= 4 for d in far)

    @given(
        st.lists(
            st.tuples(st.floats(95, 141), st.floats(-11, 6)), min_size=1, max_size=20, unique=True
        ),
        st.floats(0.3, 5),
    )
    def test_what_is_drawn_lies_on_the_map(self, points, least_km):
        plane = plane_around(np.array(points), ROOM, least_km)
        assert plane.wide == ROOM[0]
        assert plane.high <= ROOM[1]
        for x, y in plane.points(np.array(points)):
            assert plane.holds(x, y, -1e-6)
        assert plane.wide / plane.per_km >= least_km

    def test_a_piece_of_road_is_drawn_once_per_direction(self):
        line = [[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]]
        assert once([line, line[:2], line]).length == 2
        assert once([line, line[::-1]]).length == 4

    def test_points_of_the_compass(self):
        assert [compass(*v) for v in ((0, 1), (1, 0), (0, -1), (-1, 0), (1, 1))] == [
            HEADINGS[i] for i in (0, 2, 4, 6, 1)
        ]

    @pytest.mark.parametrize(
        ("label", "short"), [("Kelompok A", "A"), ("Kelompok Utara", "3"), ("", "3")]
    )
    def test_a_group_is_told_by_its_letter(self, label, short):
        assert short_label(label, 2) == short


@pytest.fixture(scope="module")
def folder(tmp_path_factory, situation, plan):
    """A workspace without roads, with a guard plan and a traffic plan."""
    folder = tmp_path_factory.mktemp("lalin")
    record = ImportRecord(
        file="uji.csv",
        sha256="0" * 64,
        source=Source(name="Uji", as_of=dt.date(2024, 2, 14), sample=True),
        imported_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
    )
    with create_workspace(
        folder, name="Operasi Uji", election="pemilu", voting_day=dt.date(2024, 2, 14)
    ) as space:
        space.store.append_all(
            [(kind, getattr(situation, kind), record) for kind in ("areas", "tps", "posts")]
        )
        space.save_plan("guards-1", "guards", json.dumps(situation.plan).encode())
        space.save_plan("traffic-1", "traffic", json.dumps(plan).encode())
    return folder


def run(folder, *arguments):
    return CliRunner().invoke(report, [*arguments, "-w", str(folder), "--json"])


class TestCommand:
    def test_the_latest_traffic_plan_is_printed(self, folder, tmp_path):
        out = tmp_path / "lalin.pdf"
        done = run(folder, "traffic", "--out", str(out), "--number", "7", "--date", "2024-01-19")
        assert done.exit_code == 0, done.output
        body = json.loads(done.stdout)
        assert (body["plan"], body["kind"], body["state"]) == ("traffic-1", "traffic", "draft")
        assert body["size_bytes"] == out.stat().st_size
        text = whole(out.read_bytes())
        assert "Rengaturlalin/7/I/OPS.1.3./2024" in text
        assert "RENCANAPENGATURANLALULINTAS" in text

    def test_the_action_returns_bytes_and_a_telling_name(self, folder):
        with open_workspace(folder) as space:
            made, again = (document(space, "traffic", now=NOW, lang="en") for _ in range(2))
        assert made == again
        assert re.fullmatch(
            r"traffic-uji-(v\d+|traffic-1)-draft-20240120-1004WIB-en\.pdf", made.name
        )

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            (("traffic", "--plan", "guards-1"), "other_kind"),
            (("renpam", "--plan", "traffic-1"), "other_kind"),
            (("sprin", "--plan", "traffic-1"), "other_kind"),
            (("traffic", "--plan", "tidak-ada"), "unknown_plan"),
            (("traffic", "--kecamatan", "990101"), "not_by_kecamatan"),
        ],
    )
    def test_refuses_by_name_and_writes_nothing(self, folder, tmp_path, arguments, code):
        out = tmp_path / "x.pdf"
        done = run(folder, *arguments, "--out", str(out))
        assert done.exit_code == 2
        assert json.loads(done.stdout)["error"]["code"] == code
        assert not out.exists()

    def test_without_a_traffic_plan_it_says_how_to_make_one(self, tmp_path):
        day = dt.date(2024, 2, 14)
        create_workspace(tmp_path / "b", name="B", election="pemilu", voting_day=day).close()
        done = run(tmp_path / "b", "traffic", "--out", str(tmp_path / "x.pdf"))
        error = json.loads(done.stdout)["error"]
        assert error["code"] == "no_plan"
        assert "plan traffic" in error["remedy"]

    def test_a_file_changed_after_its_approval_is_a_draft_again(self, folder, plan):
        body = json.dumps({**plan, "plan": "traffic-2"}).encode()
        common = {"account": None, "person": "AKBP Uji", "reason": "uji", "at": NOW}
        with open_workspace(folder) as space:
            space.save_version("traffic-2", "traffic", body, **common)
            space.versions.add_event("traffic-2", "approved", expected_state="draft", **common)
            approved = document(space, "traffic", plan="traffic-2", now=NOW)
            assert approved.state == "approved"
            assert "DRAF" not in "".join(pages(approved.body))
            space.plan_file("traffic-2").write_bytes(body + b" ")
            changed = document(space, "traffic", plan="traffic-2", now=NOW)
        assert changed.state == "draft"
        assert all("DRAF" in page for page in pages(changed.body))

    @pytest.mark.parametrize(
        "broken",
        [
            lambda p: p.pop("events"),
            lambda p: p["posts"][0].pop("lon"),
            lambda p: p["closures"][0].update(lines="x"),
            lambda p: p.update(certificate=[]),
            lambda p: p["events"][0].update(starts_at="kemarin"),
        ],
    )
    def test_a_damaged_file_is_told_without_a_traceback(self, folder, plan, broken):
        plan = copy.deepcopy(plan)
        broken(plan)
        with open_workspace(folder) as space:
            name = f"traffic-rusak-{hashlib.sha256(json.dumps(plan).encode()).hexdigest()[:8]}"
            space.save_plan(name, "traffic", json.dumps(plan).encode())
            with pytest.raises(DomainError) as caught:
                document(space, "traffic", plan=name, now=NOW)
        assert caught.value.code == "damaged_plan"
        assert isinstance(caught.value.remedy, Text)
