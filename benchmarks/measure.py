"""How everything here is measured: wall clock, peak memory, fresh processes, one JSON object."""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parents[1]
Result = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """What a fresh process did: wall clock from its start to its end, peak memory, outcome."""

    elapsed_s: float
    peak_mb: float
    code: int
    out: str
    err: str


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Return what `work` returns and its wall-clock seconds."""
    begun = time.perf_counter()
    done = work()
    return done, time.perf_counter() - begun


def peak_mb() -> float:
    """Return the most memory this process has held so far, in MB (10^6 bytes)."""
    return _megabytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _megabytes(maxrss: int) -> float:
    # getrusage counts bytes on macOS and KiB elsewhere
    return maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6


def run_fresh(module: str, *arguments: str | Path) -> Fresh:
    """Run `python -m module arguments` in a process of its own and measure it."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    # as on any machine that runs the program a second time: modules are compiled already
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begun = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        elapsed = time.perf_counter() - begun
        # told to Popen, which would otherwise wait for a process that is gone
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return Fresh(
            elapsed_s=elapsed,
            peak_mb=_megabytes(usage.ru_maxrss),
            code=process.returncode,
            out=out.read().decode(),
            err=err.read().decode(),
        )


def command_fresh(*arguments: str | Path) -> Fresh:
    """Run a `sispamkota` command in a fresh process.

    Raises:
        RuntimeError: it ended with neither 0 (done) nor 1 (done, with findings).
    """
    done = run_fresh("sispamkota", *arguments)
    if done.code not in (0, 1):
        raise RuntimeError(f"sispamkota {' '.join(map(str, arguments))}: {done.out}{done.err}")
    return done


def machine() -> dict[str, str]:
    """Say on what was measured."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": _processor(),
        "cores": str(cores),
        "memory_gib": f"{memory:.0f}",
        "python": platform.python_version(),
        "system": platform.system(),
        "date": time.strftime("%Y-%m-%d"),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return named[0] if named and named[0] != "unknown" else platform.machine()


def say(text: str) -> None:
    """Tell a person how far it is, on stderr: stdout is for the result."""
    print(text, file=sys.stderr, flush=True)


def rounded(value: Any) -> Any:
    """Round the floats of a result to six digits behind the point, all the way down."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(v) for v in value]
    return value


def emit(result: Result, *, as_json: bool) -> None:
    """Print a result: one JSON object, or one line per key for a person."""
    result = rounded(result)
    if as_json:
        print(json.dumps(result, ensure_ascii=False))
        return
    for key, value in result.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            print(f"{key}:")
            for row in value:
                print("  " + "  ".join(f"{k}={v}" for k, v in row.items()))
        else:
            print(f"{key}: {value}")


def parser(module: str, meaning: str | None) -> argparse.ArgumentParser:
    """Return a parser that knows `--json`; `meaning` is the module's docstring."""
    made = argparse.ArgumentParser(
        prog=f"python -m benchmarks.{module}", description=(meaning or "").split("\n\n")[0]
    )
    made.add_argument("--json", action="store_true", help="one JSON object on stdout")
    return made


def quantile(values: Sequence[float], part: float) -> float:
    """Return the smallest value that at least `part` of all values do not exceed."""
    ranked = sorted(values)
    return ranked[max(0, -int(-part * len(ranked) // 1) - 1)]
