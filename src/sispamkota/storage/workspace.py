"""A workspace: a folder with the settings, the database and the plan files of one operation."""

from __future__ import annotations

import datetime as dt
import importlib.resources
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from sispamkota.storage import problems
from sispamkota.storage.accounts import Accounts
from sispamkota.storage.config import (
    DEFAULT_DATABASE,
    Config,
    Election,
    Operation,
    database_scheme,
    is_server,
    load_config,
)
from sispamkota.storage.database import Database
from sispamkota.storage.opening import database_url, open_database
from sispamkota.storage.sql import SqlStore
from sispamkota.storage.sql_accounts import SqlAccounts
from sispamkota.storage.sql_versions import SqlVersions
from sispamkota.storage.store import Store
from sispamkota.storage.tables import SCHEMA_VERSION
from sispamkota.storage.versions import PlanEvent, PlanState, Versions

CONFIG_NAME = "sispamkota.toml"
PLANS_FOLDER = "plans"
SITE_FOLDER = "site"
PREVIOUS_FOLDER = "previous"

OURS = (
    CONFIG_NAME,
    DEFAULT_DATABASE,
    f"{DEFAULT_DATABASE}-wal",
    f"{DEFAULT_DATABASE}-shm",
    *(f"{DEFAULT_DATABASE}.bak-{version}" for version in range(1, SCHEMA_VERSION)),
    PLANS_FOLDER,
    SITE_FOLDER,
)
"""Names in a workspace that the program makes; all else belongs to somebody else."""

PLAN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """An open workspace; a context manager that closes its store.

    Attributes:
        folder: absolute path.
        config: the settings of its `sispamkota.toml`.
        store: its tables.
        accounts: who may sign in, their sessions and the audit trail.
        versions: the versions of its plans and what became of each.
    """

    folder: Path
    config: Config
    store: Store
    accounts: Accounts
    versions: Versions

    @property
    def site(self) -> Path:
        """The folder of the rendered pages."""
        return self.folder / SITE_FOLDER

    def plan_file(self, plan_id: str) -> Path:
        """Return where the plan's file is or would be.

        Raises:
            DomainError: `bad_plan_id`, so that no id leads out of the folder.
        """
        if not PLAN_ID.fullmatch(plan_id):
            raise problems.bad_plan_id(plan_id)
        return self.folder / PLANS_FOLDER / f"{plan_id}.json"

    def save_plan(
        self, plan_id: str, kind: str, body: bytes, *, at: dt.datetime | None = None
    ) -> Path:
        """Keep a plan in its file and in the store, and return the file.

        The file appears whole or not at all; it is what people share and `verify` checks. The
        store keeps the body as the planner made it.
        """
        file = self.plan_file(plan_id)
        with _whole_file(file, body):
            self.store.save_plan(plan_id, kind, body, at=at)
        return file

    def save_version(
        self,
        plan_id: str,
        kind: str,
        body: bytes,
        *,
        base: str | None = None,
        state: PlanState = "draft",
        account: str | None,
        person: str,
        reason: str,
        at: dt.datetime,
        seen_version: int | None = None,
        beside: bool = False,
    ) -> PlanEvent:
        """Keep a plan made by a named person, in its file and as the next version.

        Arguments, result and errors as of `Versions.add_version`.
        """
        with _whole_file(self.plan_file(plan_id), body):
            return self.versions.add_version(
                plan_id,
                kind,
                body,
                base=base,
                state=state,
                account=account,
                person=person,
                reason=reason,
                at=at,
                seen_version=seen_version,
                beside=beside,
            )

    def load_plan(self, plan_id: str) -> bytes:
        """Return the plan's file as it is now, or the store's body where the file is gone.

        Raises:
            DomainError: `unknown_plan`, or `bad_plan_id`.
        """
        try:
            return self.plan_file(plan_id).read_bytes()
        except FileNotFoundError:
            return self.store.load_plan(plan_id)

    def latest_plan(self, kind: str) -> str | None:
        """Return the id of the plan of this kind that was saved last."""
        plans = self.store.plans()
        ids = plans.filter(plans["kind"] == kind)["id"]
        return str(ids[-1]) if len(ids) else None

    def close(self) -> None:
        """Close the store; may be called twice."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_workspace(folder: Path) -> Workspace:
    """Open the workspace in `folder`.

    Raises:
        DomainError: `no_workspace` where there is none, `bad_config`, or what the store says.
    """
    folder = folder.resolve()
    try:
        text = (folder / CONFIG_NAME).read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise problems.no_workspace(folder) from error
    except UnicodeDecodeError as error:
        raise problems.not_utf8(folder / CONFIG_NAME) from error
    except OSError as error:
        raise problems.cannot_use(folder, error) from error
    config = load_config(text, CONFIG_NAME)
    return _workspace(folder, config, open_database(config, folder))


def _workspace(folder: Path, config: Config, database: Database) -> Workspace:
    return Workspace(
        folder=folder,
        config=config,
        store=SqlStore(database),
        accounts=SqlAccounts(database),
        versions=SqlVersions(database),
    )


def create_workspace(
    folder: Path,
    *,
    name: str,
    election: Election,
    voting_day: dt.date,
    force: bool = False,
) -> Workspace:
    """Make a workspace and open it.

    Args:
        folder: made where it does not exist; must else be empty (hidden files aside).
        name: name of the operation.
        election: decides the indicator catalogue.
        voting_day: day H.
        force: start anew in an existing workspace; its files move to `previous/`, where those
            of the time before are given up. A folder that is not ours is refused all the same.

    Raises:
        DomainError: `workspace_exists`, `folder_not_empty`, `database_not_empty`, `cannot_write`
            or `bad_name`.
    """
    folder = folder.resolve()
    text = render_config(Operation(name=name, election=election, voting_day=voting_day))
    try:
        _refuse_foreign(folder, force=force)
        folder.mkdir(parents=True, exist_ok=True)
        if force:
            _set_aside(folder)
        with _workspace(folder, Config(), open_database(Config(), folder)) as made:
            _refuse_used(made)
        # Last, so that a folder half made is no workspace.
        with _whole_file(folder / CONFIG_NAME, text.encode()):
            pass
    except OSError as error:
        raise problems.cannot_use(folder, error) from error
    return open_workspace(folder)


def render_config(operation: Operation) -> str:
    """Return the commented settings file of a new workspace.

    Raises:
        DomainError: `bad_name` where the name is empty, too long or has control characters.
    """
    name = operation.name.strip()
    if not name or len(name) > 200 or not name.isprintable():  # noqa: PLR2004  (as in Operation)
        raise problems.bad_name(name)
    template = importlib.resources.files("sispamkota.data") / "config" / CONFIG_NAME
    text = template.read_text(encoding="utf-8")
    default = Operation()
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    for old, new in (
        (f'name = "{default.name}"', f'name = "{quoted}"'),
        (f'election = "{default.election}"', f'election = "{operation.election}"'),
        (f"voting_day = {default.voting_day}", f"voting_day = {operation.voting_day}"),
    ):
        assert text.count(f"\n{old}\n") == 1, old
        text = text.replace(f"\n{old}\n", f"\n{new}\n")
    return text


def _refuse_foreign(folder: Path, *, force: bool) -> None:
    if not folder.exists():
        return
    names = {entry.name for entry in folder.iterdir() if not entry.name.startswith(".")}
    if CONFIG_NAME in names:
        if not force:
            raise problems.workspace_exists(folder)
    elif names - set(OURS) - {PREVIOUS_FOLDER}:
        raise problems.folder_not_empty(folder, sorted(names))


def _refuse_used(workspace: Workspace) -> None:
    """Refuse a server's database with data; files of ours were set aside before."""
    used = workspace.store.imports().height or workspace.store.plans().height
    url = database_url(workspace.config)
    if is_server(url) and (used or workspace.accounts.accounts()):
        raise problems.database_not_empty(database_scheme(url))


def _set_aside(folder: Path) -> None:
    """Move what the program made in `folder` to `previous/`, in place of what is there."""
    ours = [folder / name for name in OURS if (folder / name).exists()]
    if not ours:
        return
    previous = folder / PREVIOUS_FOLDER
    if previous.exists():
        shutil.rmtree(previous)
    previous.mkdir()
    for path in ours:
        path.rename(previous / path.name)


@contextmanager
def _whole_file(file: Path, body: bytes) -> Iterator[None]:
    """Write `file` whole: it appears when the block inside ends well, else nothing changes."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    except OSError as error:
        raise problems.cannot_use(file.parent, error) from error
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(body)
            out.flush()
            os.fsync(out.fileno())
        draft.chmod(0o644)
        yield
        draft.replace(file)
        _sync_folder(file.parent)
    except OSError as error:
        raise problems.cannot_use(file.parent, error) from error
    finally:
        draft.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
