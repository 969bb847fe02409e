"""A small real workspace of two kecamatan, its server in this process, and people signed in."""

from __future__ import annotations

import datetime as dt
import shutil
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import polars as pl
from litestar.testing import TestClient

from sispamkota.access.functions import functions
from sispamkota.actions.demo import SEED, _batches
from sispamkota.actions.plan import make_guard_plan
from sispamkota.actions.secrets import hash_password, token_hash
from sispamkota.server.app import make_server
from sispamkota.server.asked import COOKIE
from sispamkota.server.house import now_utc, open_house
from sispamkota.storage.accounts import Account, Session
from sispamkota.storage.workspace import create_workspace, open_workspace

MADE = dt.datetime(2024, 2, 1, 3, 0, tzinfo=dt.UTC)
KECAMATAN = ("160801", "160805")
TPS, OTHER_TPS = "1608011007001", "1608051005001"
PASSWORD = "benar sekali 2024"
BASE = "http://127.0.0.1:8000"
AREAS = {"pamatwil": ("160801",), "padal": ("160801",)}
FUNCTIONS = tuple(functions())


def make_small(folder: Path) -> Path:
    """Make the workspace with its plan and one account per function."""
    with create_workspace(
        folder, name="Uji <b>kecil</b>", election="pemilu", voting_day=dt.date(2024, 2, 14)
    ) as made:
        made.store.append_all([_part(batch) for batch in _batches(made, MADE, SEED)])
        made_plan = make_guard_plan(made)
        shared_hash = hash_password(PASSWORD)
        for name, function in functions().items():
            made.accounts.add_account(
                Account(
                    id=f"id-{name}",
                    name=name,
                    person=f"Nama {name}",
                    agency=function.agencies[0],
                    function=name,
                    areas=AREAS.get(name, ()),
                    password_hash=shared_hash,
                    created_at=MADE,
                    created_by="test",
                )
            )
    assert made_plan.plan["beats"]
    return folder


def _part(batch):
    kind, frame, record = batch
    if kind == "areas":
        frame = frame.filter(
            pl.col("code").str.slice(0, 6).is_in(KECAMATAN) | (pl.col("code").str.len_chars() < 6)
        )
    elif kind in {"tps", "answers", "figures"}:
        column = "subject" if "subject" in frame.columns else "code"
        codes = pl.col(column)
        frame = frame.filter(codes.str.slice(0, 6).is_in(KECAMATAN) | (codes.str.len_chars() < 6))
    elif kind == "personnel":
        frame = frame.head(60)
    return kind, frame, record


class Clock:
    """A clock that tests move."""

    def __init__(self):
        self.now = now_utc()

    def __call__(self):
        return self.now

    def on(self, **by):
        self.now += dt.timedelta(**by)


@contextmanager
def serving(folder: Path, **options):
    """Serve a workspace in this process; yields its client."""
    clock = Clock()
    house = open_house(open_workspace(folder), clock=clock, **options)
    with TestClient(make_server(house), base_url=BASE, raise_server_exceptions=False) as client:
        client.house, client.clock, client.folder = house, clock, folder
        yield client


def copy_of(folder: Path, to: Path) -> Path:
    return Path(shutil.copytree(folder, to / "workspace"))


def sign_in(client, name: str) -> dict[str, str]:
    """Begin a session without the time that a password costs; returns the headers of commands."""
    token, csrf = token_hex(), f"csrf-{name}"
    now = client.clock.now
    client.house.opened.accounts.add_session(
        Session(
            token_sha256=token_hash(token),
            account=f"id-{name}",
            csrf=csrf,
            created_at=now,
            seen_at=now,
            expires_at=now + dt.timedelta(minutes=30),
        )
    )
    client.cookies.clear()
    client.cookies.set(COOKIE, token, domain="127.0.0.1")
    return {"X-CSRF-Token": csrf}


def plan_of(client) -> str:
    return client.house.opened.latest_plan("guards")


def code(answer) -> str:
    return answer.json()["error"]["code"]
