"""Run a traffic plan in Eclipse SUMO, before and under its closures, without a window."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any

from sispamkota.actions.export import write_whole
from sispamkota.actions.sumo import CASES, NET, Scenario, export_sumo, routes_file
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Lang, Text, number
from sispamkota.reports.sumo import Run, read_run
from sispamkota.reports.sumo_page import page
from sispamkota.storage.workspace import Workspace

Progress = Callable[[str, float], None]
END_S = 6 * 3600
"""A run ends here: five hours after the last vehicle set out."""
LONGEST_S = 1800.0
SHOWN = 600
"""Letters of what SUMO complained that a message repeats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Programs:
    """Where SUMO is."""

    sumo: str
    netconvert: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """A plan as SUMO saw it.

    Attributes:
        plan: its id.
        scenarios: one per event.
        runs: event → case → what the run tells.
        page: the page with the drawings; None where no folder was asked for.
        version: of SUMO.
    """

    plan: str
    scenarios: tuple[Scenario, ...]
    runs: Mapping[str, Mapping[str, Run]]
    page: File | None
    version: str

    def as_json(self) -> dict[str, Any]:
        """Return the JSON object of `simulate`."""
        return {
            "plan": self.plan,
            "sumo": self.version,
            "page": None if self.page is None else str(self.page),
            "events": [
                {
                    "event": s.event,
                    "name": s.name,
                    "begins": s.begins.isoformat(),
                    "unroutable_pcu_h": round(s.unroutable, 3),
                    **{case: self.runs[s.event][case].as_json() for case in CASES},
                }
                for s in self.scenarios
            ],
        }

    @property
    def stuck(self) -> bool:
        """Whether closures leave more vehicles short of their goal than without them."""
        return any(r["after"].completed < r["before"].completed for r in self.runs.values())


def find_sumo(folder: File | None = None) -> Programs:
    """Return where SUMO is: in a folder, below SUMO_HOME, or on the PATH.

    Raises:
        DomainError: `no_sumo`.
    """
    home = os.environ.get("SUMO_HOME")
    places = [folder, folder and folder / "bin"] if folder else [File(home) / "bin"] if home else []
    search = os.pathsep.join(str(p) for p in places if p) or None
    found = {name: shutil.which(name, path=search) for name in ("sumo", "netconvert")}
    if folder is None:
        found = {name: path or shutil.which(name) for name, path in found.items()}
    sumo, netconvert = found["sumo"], found["netconvert"]
    if sumo is None or netconvert is None:
        raise _no_sumo(folder)
    return Programs(sumo=sumo, netconvert=netconvert)


def simulate_traffic(
    workspace: Workspace,
    wanted: str | None,
    *,
    out: File | None = None,
    sumo: File | None = None,
    seed: int = 1,
    lang: Lang = "id",
    progress: Progress = lambda _what, _part: None,
) -> Simulated:
    """Run a traffic plan in SUMO.

    Args:
        workspace: an open workspace; nothing in it changes.
        wanted: traffic plan by id or file; None = the latest.
        out: folder for the files and the page; None = nothing is left behind.
        sumo: folder with the programs; None = see `find_sumo`.
        seed: seed of SUMO.
        lang: language of the page.
        progress: called with the step's name and the part done.

    Raises:
        DomainError: `no_sumo`, `sumo_failed`, or what `export_sumo` says.
    """
    programs = find_sumo(sumo)
    with tempfile.TemporaryDirectory() as scratch:
        folder = File(scratch) if out is None else out
        progress("write", 0.0)
        plan, scenarios = export_sumo(workspace, wanted, folder)
        runs = {}
        for row, scenario in enumerate(scenarios):
            progress("simulate", row / len(scenarios))
            runs[scenario.event] = _both(programs, scenario, seed)
        version = _version(programs)
        found = Simulated(
            plan=plan, scenarios=tuple(scenarios), runs=runs, page=None, version=version
        )
        return found if out is None else _with_page(found, out, lang)


def _both(programs: Programs, scenario: Scenario, seed: int) -> dict[str, Run]:
    folder = scenario.folder
    nodes, edges, connections = NET
    _run(
        [programs.netconvert, "--node-files", nodes, "--edge-files", edges,
         "--connection-files", connections, "--output-file", "roads.net.xml",
         "--offset.disable-normalization", "true",
         "--default.junctions.keep-clear", "false", "--no-warnings", "true"],
        folder,
    )  # fmt: skip
    return {case: _simulated(programs, folder, case, seed) for case in CASES}


def _simulated(programs: Programs, folder: File, case: str, seed: int) -> Run:
    statistics, summary = f"{case}.statistics.xml", f"{case}.summary.xml"
    _run(
        [programs.sumo, "--net-file", "roads.net.xml", "--route-files", routes_file(case),
         "--mesosim", "true", "--begin", "0", "--end", str(END_S), "--seed", str(seed),
         "--statistic-output", statistics, "--summary-output", summary,
         "--summary-output.period", "60", "--duration-log.statistics", "true",
         "--no-step-log", "true", "--no-warnings", "true", "--ignore-route-errors", "false"],
        folder,
    )  # fmt: skip
    try:
        return read_run((folder / statistics).read_bytes(), (folder / summary).read_bytes())
    except (OSError, ValueError) as error:
        raise _sumo_failed(programs.sumo, str(error)) from error


def _run(words: Sequence[str], folder: File) -> str:
    """Run a program in a folder, without a shell, and return what it says."""
    try:
        done = subprocess.run(  # noqa: S603  (programs found, words of our own)
            words,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=LONGEST_S,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _sumo_failed(words[0], str(error)) from error
    if done.returncode != 0:
        raise _sumo_failed(words[0], done.stderr or done.stdout)
    return done.stdout


def _version(programs: Programs) -> str:
    first = _run([programs.sumo, "--version"], File.cwd()).splitlines()[:1]
    return first[0].strip() if first else ""


def _with_page(found: Simulated, out: File, lang: Lang) -> Simulated:
    file = out / "simulation.html"
    parts = []
    for scenario in found.scenarios:
        title = f"{found.plan}: {scenario.name}"
        parts.append(page(title, _told(scenario, found.version), found.runs[scenario.event], lang))
        write_whole(scenario.folder / file.name, parts[-1].encode())
    first = found.scenarios[0].folder / file.name if found.scenarios else None
    return Simulated(
        plan=found.plan,
        scenarios=found.scenarios,
        runs=found.runs,
        page=first,
        version=found.version,
    )


def _told(scenario: Scenario, version: str) -> list[Text]:
    lost = (number(scenario.unroutable, "id", 1), number(scenario.unroutable, "en", 1))
    return [
        Text(
            f"Simulasi mesoskopik satu jam tersibuk dengan {version}; satu kendaraan mewakili satu "
            "smp, memakai jalur hasil pembebanan rencana. Pembanding kedua, bukan ramalan.",
            f"Mesoscopic simulation of the busiest hour with {version}; one vehicle stands for one "
            "passenger car unit and takes the ways of the plan's assignment. A second opinion, "
            "not a forecast.",
        ),
        Text(
            f"{lost[0]} smp tidak mempunyai jalan karena penutupan; tidak ikut dijalankan.",
            f"{lost[1]} passenger car units have no way under the closures and do not drive.",
        ),
    ]


def _no_sumo(folder: File | None) -> DomainError:
    where = "PATH, SUMO_HOME" if folder is None else str(folder)
    return DomainError(
        "no_sumo",
        Text(
            f"program SUMO (sumo, netconvert) tidak ditemukan di {where}",
            f"the program SUMO (sumo, netconvert) is not found in {where}",
        ),
        Text(
            "Pasang terpisah: python -m venv sumo && sumo/bin/pip install eclipse-sumo, lalu "
            "jalankan dengan --sumo sumo/bin. Rencana tetap sah tanpa simulasi.",
            "Install it apart: python -m venv sumo && sumo/bin/pip install eclipse-sumo, then run "
            "with --sumo sumo/bin. Plans are valid without a simulation.",
        ),
        {"where": where},
    )


def _sumo_failed(program: str, said: str) -> DomainError:
    name, words = File(program).name, " ".join(said.split())[:SHOWN]
    return DomainError(
        "sumo_failed",
        Text(f"{name} gagal: {words}", f"{name} failed: {words}"),
        Text(
            "Periksa pemasangan SUMO; berkasnya dapat ditulis dengan `export sumo`.",
            "Check the installation of SUMO; `export sumo` writes the files alone.",
        ),
        {"program": name},
    )


__all__ = ["Programs", "Simulated", "find_sumo", "simulate_traffic"]
