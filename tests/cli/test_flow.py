"""The whole way of a head of operations by commands: the demo, and the real files alone."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
import time
import urllib.request
import zipfile

import pytest
from click.testing import CliRunner

from sispamkota.cli.main import main

pytestmark = pytest.mark.slow

COUNTS = {"kecamatan": 20, "desa": 312, "tps": 2180, "tps_khusus": 2, "dpt": 498_762}
CLASSES = {"kurang_rawan": 2073, "rawan": 105, "sangat_rawan": 2}
NEED = {"2.10.20": 526, "2.13.26": 430, "2.16.32": 370}
PLAN_KEYS = {
    "plan", "file", "objective", "lower_bound", "gap", "tps_covered", "tps_uncovered", "teams",
    "elapsed_s", "kecamatan",
}  # fmt: skip


def invoke(*words):
    """Run one command; an exception that it lets through fails here, not as exit code 1."""
    done = CliRunner().invoke(main, [str(w) for w in words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def run(*words, code=0):
    """Run one command and return its one JSON object."""
    done = invoke(*words, "--json")
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("flow") / "demo"
    body = run("demo", "--dir", folder, "--no-serve")
    return folder, body


class TestDemo:
    def test_summary(self, demo):
        folder, body = demo
        assert body["workspace"] == str(folder)
        assert body["counts"].items() >= COUNTS.items()
        assert body["classes"] == CLASSES
        assert body["plan"]["sample"] is True
        assert body["plan"].keys() >= PLAN_KEYS - {"elapsed_s"}
        assert (folder / "site" / "index.html").is_file()
        assert (folder / "site" / "index.en.html").is_file()

    def test_check(self, demo):
        body = run("check", "-w", demo[0], code=1)
        assert body["counts"].items() >= COUNTS.items()
        assert 0 < body["counts"]["dpt_estimated"] < COUNTS["dpt"]
        assert body["mismatches"]
        for row in body["mismatches"]:
            assert row.keys() >= {"what", "stated", "computed", "difference", "sources"}
            assert abs(row["computed"] - row["stated"]) == abs(row["difference"]) > 0

    def test_vulnerability(self, demo):
        body = run("vulnerability", "-w", demo[0])
        assert body["classes"] == CLASSES
        assert body["uncertain"] >= 0
        assert len(body["tps"]) == 2180
        assert sum(t["khusus"] for t in body["tps"]) == 2
        assert all(t["class"] == "sangat_rawan" for t in body["tps"] if t["khusus"])
        for t in body["tps"]:
            assert t.keys() >= {"tps", "class", "khusus", "score", "low", "high", "contributions"}
            assert 0 <= t["low"] <= t["score"] + 1e-9
            assert t["score"] <= t["high"] + 1e-9 <= 100 + 1e-6

    def test_need_of_the_workspace(self, demo):
        body = run("need", "-w", demo[0])
        for pattern in body["patterns"]:
            assert pattern.keys() >= {
                "name", "grouping", "teams", "required", "available", "gap",
            }  # fmt: skip
        regency = {
            p["name"].removeprefix("pemilu-2024-"): p["required"]["polri"]
            for p in body["patterns"]
            if p["grouping"] == "regency"
        }
        assert regency.items() >= NEED.items()
        assert {p["available"]["polri"] for p in body["patterns"]} == {446}

    @pytest.mark.parametrize(("pattern", "polri"), NEED.items())
    def test_need_of_bare_counts(self, pattern, polri):
        body = run(
            "need", "--counts", "kurang_rawan=2073,rawan=105,khusus=2", "--pattern",
            f"pemilu-2024-{pattern}", "--polri", 446, code=1 if polri > 446 else 0,
        )  # fmt: skip
        (entry,) = body["patterns"]
        assert entry["required"]["polri"] == polri
        assert entry["required"]["linmas"] == 4360
        assert entry["gap"]["polri"] == polri - 446

    def test_plan_guards_and_verify(self, demo):
        folder, first = demo
        body = run("plan", "guards", "-w", folder)
        assert body.keys() >= PLAN_KEYS
        assert body["plan"] == first["plan"]["plan"]
        assert body["objective"] == first["plan"]["objective"]
        assert body["tps_covered"] == 2180
        assert body["tps_uncovered"] == {"kurang_rawan": 0, "rawan": 0, "sangat_rawan": 0}
        assert body["gap"] <= 0.03
        assert body["teams"] <= 223
        assert len(body["kecamatan"]) == 20
        assert all(0 <= k["gap"] <= 1 for k in body["kecamatan"])

        checked = run("verify", body["plan"], "-w", folder)
        assert checked == {"plan": body["plan"], "valid": True, "violations": []}
        assert run("verify", body["file"], "-w", folder)["valid"] is True
        assert run("verify", "-w", folder)["valid"] is True

    def test_a_tampered_file(self, demo, tmp_path):
        folder, first = demo
        plan = json.loads((folder / "plans" / f"{first['plan']['plan']}.json").read_bytes())
        plan["beats"][0]["tps"].pop()
        forged = tmp_path / "forged.json"
        forged.write_text(json.dumps(plan), encoding="utf-8")
        body = run("verify", forged, "-w", folder, code=1)
        assert body["valid"] is False
        assert "tps_accounted" in {v["rule"] for v in body["violations"]}
        assert all(v.keys() == {"rule", "where", "detail"} for v in body["violations"])

    @pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"[]", b"{}", b'{"format": 1}'])
    def test_a_file_that_is_no_plan(self, demo, tmp_path, content):
        file = tmp_path / "plan.json"
        file.write_bytes(content)
        error = run("verify", file, "-w", demo[0], code=2)["error"]
        assert error.keys() >= {"code", "message", "where", "remedy"}

    def test_repair_and_list(self, demo):
        folder, first = demo
        plan = first["plan"]["plan"]
        file = json.loads((folder / "plans" / f"{plan}.json").read_bytes())
        lost = file["teams_detail"][0]["id"]
        done = invoke("plan", "repair", plan, "--without", lost, "-w", folder, "--json")
        assert done.exit_code in (0, 1), done.output
        body = json.loads(done.stdout)
        assert body["repair"]["without"] == lost
        missing = any(p["person"] is None for p in body["padal"])
        assert done.exit_code == int(missing or sum(body["tps_uncovered"].values()) > 0)
        assert run("verify", body["plan"], "-w", folder)["valid"] is True
        listed = [p["id"] for p in run("plan", "list", "-w", folder)["plans"]]
        assert {plan, body["plan"]} <= set(listed)

    def test_unknown_plan_and_team(self, demo):
        folder, first = demo
        plan = first["plan"]["plan"]
        for words in (
            ("verify", "guards-0000000000"),
            ("plan", "repair", "guards-0000000000", "--without", "x"),
            ("plan", "repair", plan, "--without", "x"),
        ):
            error = run(*words, "-w", folder, code=2)["error"]
            assert error.keys() >= {"code", "message", "where", "remedy"}

    def test_shortage(self, demo):
        """2.8.16 asks for more than 446: priorities hold and the open risk is bounded."""
        folder, _ = demo
        body = run("plan", "guards", "--pattern", "pemilu-2024-2.8.16", "-w", folder, code=1)
        assert body["tps_uncovered"]["sangat_rawan"] == 0
        assert body["tps_uncovered"]["kurang_rawan"] > 0
        assert body["uncovered_risk"]["gap"] <= 0.05
        assert body["one_more_team"]["tps_covered"] > 0
        assert run("verify", body["plan"], "-w", folder)["valid"] is True

    @pytest.mark.parametrize("kind", ["xlsx", "html", "geojson", "csv"])
    def test_export(self, demo, tmp_path, kind):
        out = tmp_path / f"hasil.{kind}"
        body = run("export", kind, "--out", out, "-w", demo[0])
        assert body["size_bytes"] == out.stat().st_size > 1000
        if kind == "xlsx":
            assert zipfile.is_zipfile(out)
        elif kind == "geojson":
            assert len(json.loads(out.read_text(encoding="utf-8"))["features"]) == 2180
        else:
            text = out.read_text(encoding="utf-8")
            assert "CONTOH" in text
            assert "<script src" not in text

    def test_override(self, demo, tmp_path):
        """Its own workspace: an override changes the inputs, so the earlier plan is no more."""
        folder = tmp_path / "demo"
        first = run("demo", "--dir", folder, "--no-serve")
        assert first["plan"]["objective"] == demo[1]["plan"]["objective"]
        plain = run("vulnerability", "--class", "kurang_rawan", "--limit", 1, "-w", folder)
        tps = plain["tps"][0]["tps"]
        words = ("--by", "AKP Contoh", "--reason", "jembatan putus", "-w", folder)
        run("override", tps, "sangat_rawan", *words)
        after = run("vulnerability", "--tps", tps, "-w", folder)
        assert after["tps"][0]["class"] == "sangat_rawan"
        assert after["classes"] == CLASSES | {"kurang_rawan": 2072, "sangat_rawan": 3}
        broken = run("verify", "-w", folder, code=1)
        assert "same_inputs" in {v["rule"] for v in broken["violations"]}
        error = run(
            "plan", "repair", first["plan"]["plan"], "--without", "x", "-w", folder, code=2
        )["error"]
        assert error["code"] == "inputs_changed"
        run("override", tps, "--withdraw", *words)
        assert run("verify", "-w", folder)["valid"] is True
        assert run("override", tps, "aman", *words, code=2)["error"]["remedy"]

    @pytest.mark.parametrize("lang", ["id", "en"])
    def test_for_a_person(self, demo, lang):
        folder = str(demo[0])
        for words, code in (
            (["check"], 1), (["vulnerability"], 0), (["verify"], 0), (["plan", "list"], 0),
        ):  # fmt: skip
            done = invoke(*words, "-w", folder, "--lang", lang)
            assert done.exit_code == code, done.output
            assert done.stdout.strip()


@pytest.mark.parametrize("as_json", [False, True])
def test_the_demo_serves_until_interrupted(tmp_path, as_json):
    command = [sys.executable, "-m", "sispamkota", "demo", "--dir", str(tmp_path / "d")]
    command += ["--port", "0", "--lang", "en"] + ["--json"] * as_json
    with (tmp_path / "out").open("w+") as out, (tmp_path / "err").open("w+") as err:
        process = subprocess.Popen(command, stdout=out, stderr=err)
        try:
            url = wait_for_url(process, tmp_path)
            with urllib.request.urlopen(f"{url}en") as answer:
                page = answer.read().decode()
            with urllib.request.urlopen(f"{url}api/hello") as answer:
                hello = json.loads(answer.read())
            process.send_signal(signal.SIGINT)
            code = process.wait(20)
        finally:
            process.kill()
    told = (tmp_path / "out").read_text() + (tmp_path / "err").read_text()
    assert "Find your TPS by desa" in page
    assert hello["demo"] is True
    assert {one["password"] for one in hello["demo_accounts"]}
    assert "contoh-kabag-ops" in told
    assert code == 0
    assert "Traceback" not in told
    if as_json:
        assert json.loads((tmp_path / "out").read_text())["url"] == url


def wait_for_url(process, folder, seconds=180):
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        told = (folder / "out").read_text() + (folder / "err").read_text()
        for word in told.replace('"', " ").replace(",", " ").split():
            if word.startswith("http://127.0.0.1:"):
                return "/".join(word.split("/")[:3]) + "/"
        time.sleep(0.2)
    pytest.fail(f"no address told: {told}")


@pytest.fixture(scope="module")
def real(tmp_path_factory, data_dir):
    """A workspace of the real files alone; exit codes of the imports beside it."""
    folder = tmp_path_factory.mktemp("real") / "okut"
    run("init", folder, "--name", "Uji data nyata")
    codes = {}
    for kind, file in (
        ("areas", "okut_desa_master.csv"),
        ("boundaries", "boundaries/okut_desa.geojson"),
        ("tps", "tps/okut_tps_2024.csv"),
        ("figures", "tps/okut_dpt_per_desa_2024_ESTIMATE.csv"),
        ("posts", "facilities/okut_facilities.csv"),
        ("indicators", "vulnerability/okut_desa_icraf.csv"),
    ):
        words = ("import", kind, data_dir / file, "-w", folder, "--json")
        done = invoke(*words, "--source", "data nyata", "--as-of", "2024-02-14")
        assert done.exit_code in (0, 1), f"{kind}: {done.output}"
        codes[kind] = done.exit_code, json.loads(done.stdout)
    return folder, codes


def write_roster(file, posts):
    """446 officers of the posts there are, 20 Padal."""
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["id", "instansi", "pangkat", "pimpinan", "pos", "tugas", "tersedia"])
        for i in range(446):
            leads = "ya" if i % 2 == 0 else "tidak"
            rows.writerow([f"X{i:03d}", "polri", "bripka", leads, posts[i // 2 % len(posts)],
                           "tps", "ya"])  # fmt: skip
        for i in range(20):
            rows.writerow([f"Y{i:03d}", "polri", "iptu", "ya", posts[0], "padal", "ya"])


@pytest.mark.data
class TestRealFiles:
    def test_check(self, real):
        done = invoke("check", "-w", real[0], "--json")
        assert done.exit_code in (0, 1)
        counts = json.loads(done.stdout)["counts"]
        assert counts.items() >= COUNTS.items()
        assert 0 < counts["dpt_estimated"] < COUNTS["dpt"]

    def test_most_is_unknown(self, real):
        body = run("vulnerability", "-w", real[0])
        assert len(body["tps"]) == 2180
        assert body["uncertain"] > 1000
        assert any(t["low"] < t["high"] for t in body["tps"])
        assert any(t["contributions"] for t in body["tps"])

    def test_need_is_an_interval(self, real):
        body = run("need", "-w", real[0], "--polri", 446, code=1)
        for entry in body["patterns"]:
            assert entry["required_low"]["polri"] < entry["required_high"]["polri"]
            assert entry["required_low"]["polri"] <= entry["required"]["polri"]
            assert entry["required"]["polri"] <= entry["required_high"]["polri"]

    def test_without_a_roster_the_plan_is_an_example(self, real):
        """The published strength stands in, and everything made from it says so."""
        body = run("plan", "guards", "-w", real[0])
        assert body["sample"] is True
        assumed = " ".join(a["en"] for a in body["certificate"]["assumptions"])
        assert "CONTOH" in assumed
        assert "446" in assumed
        assert run("verify", body["plan"], "-w", real[0])["valid"] is True

    def test_plan_with_a_roster(self, real, tmp_path):
        folder, _ = real
        posts = [
            "Polres OKU Timur", "Polsek Martapura", "Polsek Belitang I", "Polsek Buay Madang",
        ]  # fmt: skip
        roster = tmp_path / "roster.csv"
        write_roster(roster, posts)
        run("import", "personnel", roster, "-w", folder, "--source", "uji", "--as-of", "2024-02-01")
        done = invoke("plan", "guards", "-w", folder, "--json")
        assert done.exit_code in (0, 1), done.output
        plan = json.loads(done.stdout)
        assert plan["sample"] is False
        assert plan["tps_covered"] + sum(plan["tps_uncovered"].values()) == 2180
        assert plan["tps_uncovered"]["sangat_rawan"] == 0
        assert plan["gap"] <= 0.03
        assumed = " ".join(a["en"] for a in plan["certificate"]["assumptions"])
        assert "approximate" in assumed
        assert "not certain" in assumed
        assert run("verify", "-w", folder)["valid"] is True
        for kind in ("xlsx", "html", "geojson", "csv"):
            out = tmp_path / f"hasil.{kind}"
            assert run("export", kind, "--out", out, "-w", folder)["size_bytes"] > 1000
        assert "CONTOH" not in (tmp_path / "hasil.html").read_text(encoding="utf-8")
