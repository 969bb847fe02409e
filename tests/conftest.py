from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]

settings.register_profile("quick", max_examples=40, deadline=None)
settings.register_profile("ci", max_examples=100, deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "quick")


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real data; its absence fails in CI and is reported elsewhere."""
    folder = Path(os.environ.get("SISPAMKOTA_DATA", ROOT.parent / "shared" / "data")).resolve()
    if not (folder / "README.md").exists():
        reason = f"real data not found at {folder}; set SISPAMKOTA_DATA"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return folder
