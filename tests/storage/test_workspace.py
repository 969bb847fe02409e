"""A workspace is made whole, never over somebody's files, and opens or says why not."""

from __future__ import annotations

import datetime as dt

import pytest

from sispamkota.kernel.errors import DomainError
from sispamkota.storage.workspace import create_workspace, open_workspace

from .conftest import NOON, answers, record

DAY = dt.date(2024, 2, 14)


def make(folder, *, force=False):
    return create_workspace(
        folder, name="Mantap Brata", election="pemilu", voting_day=DAY, force=force
    )


@pytest.fixture
def workspace(tmp_path):
    with make(tmp_path / "okut") as made:
        yield made


class TestCreate:
    def test_it_opens_with_what_was_asked(self, tmp_path):
        with create_workspace(
            tmp_path / "a" / "b",
            name='Operasi "Aman" \\ 2024',
            election="pilkada",
            voting_day=dt.date(2024, 11, 27),
        ) as made:
            operation = made.config.operation
        assert operation.name == 'Operasi "Aman" \\ 2024'
        assert (operation.election, operation.voting_day) == ("pilkada", dt.date(2024, 11, 27))
        assert {p.name for p in (tmp_path / "a" / "b").iterdir()} == {
            "sispamkota.toml",
            "sispamkota.db",
        }

    def test_an_existing_workspace_is_left_alone(self, workspace):
        before = (workspace.folder / "sispamkota.toml").read_bytes()
        with pytest.raises(DomainError) as caught:
            make(workspace.folder)
        assert caught.value.code == "workspace_exists"
        assert (workspace.folder / "sispamkota.toml").read_bytes() == before

    @pytest.mark.parametrize("force", [False, True])
    def test_a_folder_of_somebody_else_is_refused(self, tmp_path, force):
        (tmp_path / "skripsi.docx").write_text("x")
        with pytest.raises(DomainError) as caught:
            make(tmp_path, force=force)
        assert caught.value.code == "folder_not_empty"
        assert [p.name for p in tmp_path.iterdir()] == ["skripsi.docx"]

    def test_hidden_files_do_not_count(self, tmp_path):
        (tmp_path / ".git").mkdir()
        make(tmp_path).close()

    def test_force_starts_anew_and_keeps_the_old_aside(self, workspace):
        workspace.store.append("answers", answers(("t", "i", 0.5, 1)), record())
        workspace.save_plan("g1", "guards", b"{}")
        (workspace.folder / "catatan.txt").write_text("punya saya")
        with make(workspace.folder, force=True) as anew:
            assert anew.store.imports().is_empty()
        previous = workspace.folder / "previous"
        assert (previous / "plans" / "g1.json").exists()
        assert (previous / "sispamkota.db").exists()
        assert (workspace.folder / "catatan.txt").exists()
        make(workspace.folder, force=True).close()
        assert not (previous / "plans").exists()

    def test_a_file_in_the_way(self, tmp_path):
        (tmp_path / "x").write_text("")
        for folder in (tmp_path / "x", tmp_path / "x" / "y"):
            with pytest.raises(DomainError) as caught:
                make(folder)
            assert caught.value.code == "cannot_write"

    @pytest.mark.parametrize("name", ["", "  ", "dua\nbaris", "x" * 201])
    def test_a_bad_name_makes_nothing(self, tmp_path, name):
        with pytest.raises(DomainError) as caught:
            create_workspace(tmp_path / "w", name=name, election="pemilu", voting_day=DAY)
        assert caught.value.code == "bad_name"
        assert not (tmp_path / "w").exists()

    def test_a_crash_before_the_end_leaves_no_workspace(self, tmp_path, monkeypatch):
        def full(_handle):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("os.fsync", full)
        with pytest.raises(DomainError) as caught:
            make(tmp_path / "w")
        assert caught.value.code == "cannot_write"
        assert not (tmp_path / "w" / "sispamkota.toml").exists()
        monkeypatch.undo()
        make(tmp_path / "w").close()


class TestOpen:
    @pytest.mark.parametrize("folder", ["", "none", "file", "file/x"])
    def test_no_workspace_says_init(self, tmp_path, folder):
        (tmp_path / "file").write_text("")
        with pytest.raises(DomainError) as caught:
            open_workspace(tmp_path / folder)
        assert caught.value.code == "no_workspace"
        assert "sispamkota init" in caught.value.remedy.en

    def test_settings_that_are_no_text(self, workspace):
        (workspace.folder / "sispamkota.toml").write_bytes(b"\xff\xfe\x00")
        with pytest.raises(DomainError) as caught:
            open_workspace(workspace.folder)
        assert caught.value.code == "bad_config"

    def test_settings_saved_by_notepad(self, workspace):
        file = workspace.folder / "sispamkota.toml"
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
        with open_workspace(workspace.folder) as opened:
            assert opened.config == workspace.config

    def test_a_database_elsewhere(self, workspace, tmp_path):
        file = workspace.folder / "sispamkota.toml"
        for url, place in (("data.db", workspace.folder / "data.db"), (tmp_path / "x.db",) * 2):
            file.write_text(f'[database]\nurl = "sqlite:///{url}"\n')
            open_workspace(workspace.folder).close()
            assert place.exists()


class TestDatabaseUrl:
    """`[database] url`, and the variable that stands before it."""

    @pytest.fixture
    def url(self, postgres_schemas, monkeypatch):
        made = postgres_schemas()
        monkeypatch.setenv("SISPAMKOTA_DATABASE_URL", made)
        return made

    def test_a_workspace_on_postgresql(self, url, tmp_path):
        with make(tmp_path / "w") as made:
            made.store.append("answers", answers(("t", "i", 0.5, 1)), record())
            made.save_plan("g1", "guards", b"{}")
            assert made.versions.events()[0].plan == "g1"
            assert made.accounts.accounts() == []
        with open_workspace(tmp_path / "w") as again:
            assert again.store.imports().height == 1
            assert again.load_plan("g1") == b"{}"
        assert sorted(p.name for p in (tmp_path / "w").iterdir()) == ["plans", "sispamkota.toml"]

    def test_the_settings_name_it_too(self, workspace, url, monkeypatch):
        monkeypatch.delenv("SISPAMKOTA_DATABASE_URL")
        file = workspace.folder / "sispamkota.toml"
        file.write_text(f'[database]\nurl = "{url}"\n')
        with open_workspace(workspace.folder) as opened:
            opened.save_plan("g1", "guards", b"{}")
        assert workspace.store.plans().is_empty()
        monkeypatch.setenv("SISPAMKOTA_DATABASE_URL", "sqlite:///sispamkota.db")
        with open_workspace(workspace.folder) as opened:
            assert opened.store.plans().is_empty()

    @pytest.mark.parametrize("force", [False, True])
    def test_a_new_workspace_does_not_begin_on_the_data_of_another(self, url, tmp_path, force):
        with make(tmp_path / "a") as made:
            made.save_plan("g1", "guards", b"{}")
        for folder in ["b", "a"] if force else ["b"]:
            with pytest.raises(DomainError) as caught:
                make(tmp_path / folder, force=force)
            assert caught.value.code == "database_not_empty"
        assert not (tmp_path / "b" / "sispamkota.toml").exists()

    def test_a_variable_that_names_nothing_we_know(self, workspace, monkeypatch):
        monkeypatch.setenv("SISPAMKOTA_DATABASE_URL", "mysql://renops:rahasia@db/x")
        with pytest.raises(DomainError) as caught:
            open_workspace(workspace.folder)
        assert caught.value.code == "unsupported_database"
        assert "rahasia" not in str(caught.value.as_json())


class TestPlans:
    def test_a_plan_is_a_file_and_in_the_index(self, workspace):
        file = workspace.save_plan("g-1.a", "guards", b'{"plan": 1}', at=NOON)
        assert file == workspace.folder / "plans" / "g-1.a.json"
        assert file.read_bytes() == workspace.load_plan("g-1.a") == b'{"plan": 1}'
        assert workspace.store.plans()["id"].to_list() == ["g-1.a"]
        assert [p.name for p in file.parent.iterdir()] == ["g-1.a.json"]

    def test_a_version_is_a_file_too(self, workspace):
        who = {"account": "a1", "person": "Kabag Ops", "reason": "banjir", "at": NOON}
        event = workspace.save_version("g2", "guards", b"two", base="g1", **who)
        assert (event.version, event.base, event.person) == (1, "g1", "Kabag Ops")
        assert workspace.plan_file("g2").read_bytes() == b"two"
        assert workspace.versions.events() == [event]
        with pytest.raises(DomainError) as caught:
            workspace.save_version("g3", "guards", b"three", seen_version=0, **who)
        assert caught.value.code == "newer_version"
        assert not workspace.plan_file("g3").exists()

    def test_the_file_counts_and_the_store_stands_in(self, workspace):
        file = workspace.save_plan("g1", "guards", b"made")
        file.write_bytes(b"changed")
        assert workspace.load_plan("g1") == b"changed"
        file.unlink()
        assert workspace.load_plan("g1") == b"made"

    def test_latest_plan_of_a_kind(self, workspace):
        assert workspace.latest_plan("guards") is None
        for plan_id, kind in (("g1", "guards"), ("g2", "guards"), ("s1", "standby")):
            workspace.save_plan(plan_id, kind, b"{}")
        assert workspace.latest_plan("guards") == "g2"

    def test_a_store_that_fails_leaves_no_file(self, workspace, monkeypatch):
        def fail(*_args, **_options):
            raise RuntimeError("power cut")

        monkeypatch.setattr(type(workspace.store), "save_plan", fail)
        with pytest.raises(RuntimeError):
            workspace.save_plan("g1", "guards", b"{}")
        assert list((workspace.folder / "plans").iterdir()) == []

    @pytest.mark.parametrize("plan_id", ["", "../x", "a/b", ".x", "a\0b", "x" * 101])
    def test_no_id_leads_out_of_the_folder(self, workspace, plan_id):
        for use in (workspace.load_plan, workspace.plan_file):
            with pytest.raises(DomainError) as caught:
                use(plan_id)
            assert caught.value.code == "bad_plan_id"

    def test_unknown_plan(self, workspace):
        with pytest.raises(DomainError) as caught:
            workspace.load_plan("g9")
        assert caught.value.code == "unknown_plan"
