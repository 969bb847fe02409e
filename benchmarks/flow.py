"""The way from files to need on OKU Timur: import, vulnerability, need, each timed.

The data folder's files of each kind are imported into fresh workspaces: once in process, once by
`sispamkota` commands of which every one is a process of its own. `total_s` is the former, without
the start of Python; `process_total_s` the latter, with everything.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks.instances import data_folder
from benchmarks.measure import Result, command_fresh, emit, parser, peak_mb, say, timed
from sispamkota.actions.imports import Request, import_file
from sispamkota.actions.need import need
from sispamkota.actions.vulnerability import assess
from sispamkota.storage.workspace import create_workspace

FILES = (
    ("areas", "okut_desa_master.csv"),
    ("areas", "admin/okut_wilayah_2025.csv"),
    ("areas", "admin/okut_crosswalk_bps_kpu.csv"),
    ("boundaries", "boundaries/okut_desa.geojson"),
    ("boundaries", "boundaries/okut_kecamatan.geojson"),
    ("tps", "tps/okut_tps_2024.csv"),
    ("figures", "tps/okut_dpt_per_desa_2024_ESTIMATE.csv"),
    ("figures", "tps/okut_dpt_totals.csv"),
    ("posts", "facilities/okut_facilities.csv"),
    ("indicators", "vulnerability/okut_desa_icraf.csv"),
)
AS_OF = dt.date(2024, 2, 14)


def in_process(folder: Path, data: Path) -> Result:
    """Import, assess and count in this process."""
    now = dt.datetime.now(dt.UTC)
    with create_workspace(
        folder, name="OKU Timur", election="pemilu", voting_day=AS_OF
    ) as workspace:
        imports: dict[str, float] = {}
        for kind, name in FILES:
            request = Request(kind=kind, path=data / name, source=name, as_of=AS_OF)
            _, imports[name] = timed(partial(import_file, workspace, request, now))
        assessed, vulnerability_s = timed(lambda: assess(workspace))
        counted, need_s = timed(lambda: need(workspace))
    return {
        "import_s": sum(imports.values()),
        "vulnerability_s": vulnerability_s,
        "need_s": need_s,
        "total_s": sum(imports.values()) + vulnerability_s + need_s,
        "peak_mb": peak_mb(),
        "tps": assessed.scored.scores.height,
        "patterns": len(counted.needs),
        "imports_s": imports,
    }


def by_commands(folder: Path, data: Path) -> Result:
    """Do the same by commands, each in a fresh process."""
    place = ("--workspace", folder, "--json")
    command_fresh("need", "--counts", "rawan=1", "--json")  # modules compiled from here on
    done = [command_fresh("init", folder, "--json")]
    for kind, name in FILES:
        stated = ("--source", name, "--as-of", AS_OF.isoformat())
        done.append(command_fresh("import", kind, data / name, *stated, *place))
    imports_s = sum(d.elapsed_s for d in done)
    vulnerability = command_fresh("vulnerability", *place)
    counted = command_fresh("need", *place)
    done += [vulnerability, counted]
    return {
        "process_import_s": imports_s,
        "process_vulnerability_s": vulnerability.elapsed_s,
        "process_need_s": counted.elapsed_s,
        "process_total_s": sum(d.elapsed_s for d in done),
        "process_peak_mb": max(d.peak_mb for d in done),
        "processes": len(done),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    command = parser("flow", __doc__)
    command.add_argument("--workspace", type=Path, help="folder for the workspaces (default: temp)")
    command.add_argument("--no-process", action="store_true", help="in process only")
    asked = command.parse_args(arguments)
    data = data_folder()
    with tempfile.TemporaryDirectory(prefix="sispamkota-bench-") as temporary:
        folder = asked.workspace or Path(temporary)
        result = in_process(folder / "in-process", data)
        if not asked.no_process:
            say("the same by commands")
            result |= by_commands(folder / "commands", data)
    emit(result, as_json=asked.json)


if __name__ == "__main__":
    main()
