"""The printed documents, read back from the PDF."""

from __future__ import annotations

import copy
import hashlib
import io
import re
from collections import Counter
from dataclasses import replace

import polars as pl
import pypdf
import pytest

from sispamkota.planning.travel import StraightLine
from sispamkota.reports.documents.enrolment import enrolment_reference
from sispamkota.reports.documents.formal import Formalities, Standing, number_parts
from sispamkota.reports.documents.official import load_official
from sispamkota.reports.documents.press import print_pdf, printable
from sispamkota.reports.documents.rekap import rekap_values
from sispamkota.reports.documents.renpam import renpam_values
from sispamkota.reports.documents.sprin import sprin_values

SHA = hashlib.sha256(b"plan").hexdigest()
DRAFT = Standing(plan="guards-1", sha256=SHA, version=3)
OFFICIAL = load_official("pemilu")
HOSTILE = (
    '#import "x": * $x^2$ @ref \\ [ ] {a} "q" \'q\' <b> `raw` //c /*c*/ *b* _i_ = h - l + e ~',
    "baris\nbaru\ttab\x00\x1b",
    "\u0645\u0631\u062d\u0628\u0627 \u202eterbalik\u202c",
    "\U0001f600 tanda \u4e2d",
    "x" * 200,
)


def printed(kind, situation, lang="id", standing=DRAFT, kecamatan=None, **papers):
    papers = Formalities(classification="RAHASIA", pattern="R/{number}/{month}/{year}", **papers)
    made = {
        "renpam": lambda: renpam_values(situation, standing, papers, OFFICIAL, lang, kecamatan),
        "rekap": lambda: rekap_values(situation, standing, papers, lang, kecamatan),
        "sprin": lambda: sprin_values(
            situation, standing, papers, OFFICIAL, StraightLine(), lang, kecamatan
        ),
    }[kind]()
    return print_pdf("orders" if kind == "sprin" else "chapters", made, situation.made_at)


def pages(body):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages]


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("kind", ["renpam", "sprin", "rekap"])
def test_every_page_says_sample_plan_hash_state_classification_and_its_number(
    kind, lang, situation
):
    found = pages(printed(kind, situation, lang))
    word = {"id": r"Halaman (\d+) dari (\d+)", "en": r"Page (\d+) of (\d+)"}[lang]
    for text in found:
        assert "CONTOH" in text
        assert SHA[:16] in text
        assert {"id": "versi 3 · draf", "en": "version 3 · draft"}[lang] in text
        assert {"id": "DRAF", "en": "DRAFT"}[lang] in text
        assert text.count("RAHASIA") == 2
        assert re.search(word, text)


def test_real_data_and_an_approved_plan_carry_neither_label_nor_watermark(situation):
    real = replace(situation, sample=False)
    approved = replace(DRAFT, state="approved", approved_by="AKBP Uji Coba")
    for kind in ("renpam", "sprin", "rekap"):
        text = "\n".join(pages(printed(kind, real, standing=approved)))
        assert "DRAF" not in text
        assert "CONTOH" not in text
        assert "AKBP Uji Coba" in text


def test_a_superseded_plan_and_a_simulation_say_so(situation):
    for state, word in (("superseded", "SUDAH DIGANTI"), ("simulation", "SIMULASI")):
        text = pages(printed("rekap", situation, standing=replace(DRAFT, state=state)))
        assert all(word in page for page in text)


def test_nothing_is_invented_where_nothing_is_given(situation):
    text = pages(printed("rekap", situation))[0]
    assert "R/" in text
    assert not re.search(r"R/\s*\d", text)
    assert number_parts(Formalities(pattern="R/{number}/{month}/X/{year}")) == [
        "R/", "", "/", "", "/X/", "",
    ]  # fmt: skip
    whole = Formalities(pattern="R/{number}", number="Sprin/7/II/2024")
    assert number_parts(whole) == ["Sprin/7/II/2024"]


def test_sprin_is_a_cover_and_one_page_per_team_and_names_each_tps_once(situation):
    found = pages(printed("sprin", situation))
    teams = situation.plan["teams_detail"]
    assert len(found) == len(teams) + 3
    codes = Counter(code for text in found for code in re.findall(r"\b9901\d{9}\b", text))
    planned = [code for beat in situation.plan["beats"] for code in beat["tps"]]
    assert codes == Counter(planned)


def test_pages_are_counted_within_each_order(situation):
    texts = pages(printed("sprin", situation))
    found = [re.search(r"Halaman (\d+) dari (\d+)", text).groups() for text in texts]
    per = Counter(beat["kecamatan"] for beat in situation.plan["beats"])
    wanted = [(str(i), str(n + 1)) for _, n in sorted(per.items()) for i in range(1, n + 2)]
    assert found == wanted


def test_a_kecamatan_alone(situation):
    texts = pages(printed("sprin", situation, kecamatan="990102"))
    assert len(texts) == 1 + sum(b["kecamatan"] == "990102" for b in situation.plan["beats"])
    assert not re.search(r"\b990101\d{7}\b", "\n".join(texts))


def test_a_sprin_holds_classes_but_neither_reasons_nor_scores(situation):
    body = printed("sprin", situation)
    text = "\n".join(pages(body))
    assert "Sangat rawan" in text
    assert "rawan banjir" not in text
    assert not re.search(r"\b(skor|poin|score|points)\b", text, re.IGNORECASE)
    papers = Formalities()
    values = sprin_values(situation, DRAFT, papers, OFFICIAL, StraightLine(), "id")
    assert "rawan banjir" not in str(values)


def test_the_renpam_gives_the_reasons_and_the_whole_hash(situation):
    text = "\n".join(pages(printed("renpam", situation)))
    assert "rawan banjir" in text
    assert SHA in text.replace("\u200b", "").replace("\n", "")


def test_totals_of_the_rekap_are_the_plans(situation):
    plan = situation.plan
    block = rekap_values(situation, DRAFT, Formalities(), "id")["blocks"][1]
    heads = [head["text"] for head in block["heads"]]
    foot = dict(zip(heads, block["foot"], strict=True))
    assert foot["TPS"] == str(situation.tps.height)
    assert foot["Linmas"] == str(2 * situation.tps.height)
    posts = rekap_values(situation, DRAFT, Formalities(), "id")["blocks"][3]
    assert posts["foot"][1] == str(plan["teams"])
    assert posts["foot"][2] == str(2 * plan["teams"])
    assert posts["foot"][3] == str(plan["tps_covered"])


@pytest.mark.parametrize("kind", ["renpam", "sprin", "rekap"])
def test_same_inputs_and_time_give_the_same_bytes(kind, situation):
    again = copy.deepcopy(situation)
    assert printed(kind, situation) == printed(kind, again)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("kind", ["renpam", "sprin", "rekap"])
def test_hostile_names_are_set_as_they_are(kind, name, situation):
    renamed = replace(
        situation,
        name=name,
        areas=situation.areas.with_columns(name=pl.lit(name)),
        posts=situation.posts.with_columns(name=pl.lit(name), phone=pl.lit(name)),
        sample=False,
    )
    text = "".join(pages(printed(kind, renamed)))
    wanted = printable(name)
    if name == HOSTILE[0]:
        squeezed = re.sub(r"\s", "", text)
        assert re.sub(r"\s", "", wanted).replace("\u200b", "") in squeezed.replace("\u200b", "")


def test_texts_are_made_printable():
    assert printable("a\x00b\u202ec") == "a b c"
    assert printable("\ud800") == "?"
    parts = printable("x" * 200).split("\u200b")
    assert max(map(len, parts)) <= 24
    assert "".join(parts) == "x" * 200


def test_a_beat_of_forty_tps_stays_on_one_page(situation):
    plan = copy.deepcopy(situation.plan)
    beat, team = plan["beats"][0], plan["teams_detail"][0]
    beat["tps"] = situation.tps["code"].to_list()[:40]
    plan["beats"], plan["teams_detail"] = [beat], [team]
    assert len(pages(printed("sprin", replace(situation, plan=plan)))) == 2


def test_the_enrolment_reference_is_opaque_and_stable():
    one = enrolment_reference("guards-1", "polres-001")
    assert one == enrolment_reference("guards-1", "polres-001")
    assert re.fullmatch(r"sispamkota:enrol\?plan=guards-1&team=[0-9a-f]{16}", one)
    assert one != enrolment_reference("guards-2", "polres-001").replace("guards-2", "guards-1")


def test_a_plan_without_places_or_scores_still_prints(situation):
    blind = replace(
        situation,
        tps=situation.tps.with_columns(
            lon=pl.lit(None, dtype=pl.Float64), lat=pl.lit(None, dtype=pl.Float64)
        ),
        areas=situation.areas.with_columns(
            lon=pl.lit(None, dtype=pl.Float64), lat=pl.lit(None, dtype=pl.Float64)
        ),
        boundaries=situation.boundaries.clear(),
        scores=situation.scores.clear(),
        need=(),
    )
    for kind in ("renpam", "sprin", "rekap"):
        assert pages(printed(kind, blind))
