from __future__ import annotations

import pytest

from .house import copy_of, make_small, serving, sign_in


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """The workspace that nobody may change; copy it to change it."""
    return make_small(tmp_path_factory.mktemp("small") / "workspace")


@pytest.fixture(scope="session")
def reading(small, tmp_path_factory):
    """A client of a server whose data no test changes."""
    with serving(copy_of(small, tmp_path_factory.mktemp("reading"))) as client:
        yield client


@pytest.fixture
def client(small, tmp_path):
    """A client of a server of one's own."""
    with serving(copy_of(small, tmp_path)) as client:
        yield client


@pytest.fixture
def as_(reading):
    """Sign somebody in at the server for reading."""

    def go(name):
        return sign_in(reading, name)

    yield go
    reading.cookies.clear()
