from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from . import house


@pytest.fixture(scope="session")
def playwright_() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright_: Playwright) -> Iterator[Browser]:
    started = house.launch(playwright_)
    yield started
    started.close()


@pytest.fixture(scope="session")
def browser_without_webgl(playwright_: Playwright) -> Iterator[Browser]:
    started = house.launch(playwright_, house.NO_WEBGL)
    yield started
    started.close()


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo workspace, made once; tests change copies."""
    return house.make_demo(tmp_path_factory.mktemp("demo") / "demo")


@pytest.fixture
def demo(demo_template: Path, tmp_path: Path) -> Path:
    """A copy of the demo workspace to change."""
    return Path(shutil.copytree(demo_template, tmp_path / "demo"))


@pytest.fixture(scope="session")
def shared_house(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a house that tests only look at."""
    folder = tmp_path_factory.mktemp("shared") / "demo"
    shutil.copytree(demo_template, folder)
    with house.serving(folder) as base:
        yield base


@pytest.fixture
def own_house(demo: Path) -> Iterator[str]:
    """The address of a house of one's own."""
    with house.serving(demo) as base:
        yield base
