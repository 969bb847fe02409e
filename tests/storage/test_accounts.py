"""Accounts, sessions, second factor and audit trail, on both engines."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sispamkota.kernel.errors import DomainError
from sispamkota.storage.accounts import Account, Accounts, AuditEntry, Session
from sispamkota.storage.sql_accounts import SqlAccounts

from .conftest import NOON, at_once, emptied

LATER = NOON + dt.timedelta(hours=1)


def account(number: int = 1, **changes) -> Account:
    made = Account(
        id=f"a{number}",
        name=f"kabagops{number}",
        person="Kompol Contoh",
        agency="polri",
        function="kabag_ops",
        areas=("160801", "160802"),
        password_hash="$argon2id$x",
        created_at=NOON,
        created_by="command line",
    )
    return dataclasses.replace(made, **changes)


def session(number: int = 1, **changes) -> Session:
    made = Session(
        token_sha256=f"{number:064x}",
        account="a1",
        csrf=f"c{number}",
        created_at=NOON,
        seen_at=NOON,
        expires_at=LATER,
        agent="Firefox",
    )
    return dataclasses.replace(made, **changes)


def code_of(work, *args) -> str:
    with pytest.raises(DomainError) as caught:
        work(*args)
    assert caught.value.remedy.id
    return caught.value.code


class TestAccounts:
    def test_what_goes_in_comes_out(self, accounts: Accounts):
        made = account(totp_secret="JBSW", totp_step=3, must_change=True, demo=True)
        accounts.add_account(made)
        assert accounts.account("a1") == made
        assert accounts.accounts() == [made]

    def test_secrets_do_not_show(self):
        assert "argon" not in repr(account())
        assert "JBSW" not in repr(account(totp_secret="JBSW"))
        assert "c1" not in repr(session())

    @pytest.mark.parametrize("name", ["kabagops1", "KabagOps1", " KABAGOPS1 "])
    def test_a_name_is_one_account_in_any_case(self, accounts, name):
        accounts.add_account(account())
        assert accounts.account_named(name) == account()
        assert code_of(accounts.add_account, account(2, name=name)) == "account_exists"
        assert code_of(accounts.add_account, account(1, name="lain")) == "account_exists"
        assert len(accounts.accounts()) == 1

    def test_nobody(self, accounts):
        assert accounts.account("a9") is None
        assert accounts.account_named("nobody") is None
        assert accounts.account_named("no\0body") is None
        assert accounts.account_named("' OR 1=1 --") is None

    def test_a_new_password(self, accounts):
        accounts.add_account(account())
        accounts.set_password("a1", "$argon2id$new", must_change=True)
        found = accounts.account("a1")
        assert (found.password_hash, found.must_change) == ("$argon2id$new", True)

    def test_a_revoked_account_stays_and_changes_no_more(self, accounts):
        accounts.add_account(account())
        accounts.add_session(session())
        accounts.revoke_account("a1", LATER)
        accounts.revoke_account("a1", LATER + dt.timedelta(days=1))
        assert accounts.account("a1").revoked_at == LATER
        assert accounts.session(session().token_sha256).revoked_at == LATER
        assert code_of(accounts.set_password, "a1", "x", False) == "unknown_account"
        assert code_of(accounts.set_totp, "a1", "x") == "unknown_account"
        assert code_of(accounts.add_session, session(2)) == "unknown_account"
        assert code_of(accounts.add_account, account(2, name="kabagops1")) == "account_exists"
        assert not accounts.use_totp_step("a1", 5)

    def test_unknown_account(self, accounts):
        assert code_of(accounts.revoke_account, "a9", NOON) == "unknown_account"
        assert code_of(accounts.add_session, session()) == "unknown_account"

    def test_only_one_of_many_gets_a_name(self, opener):
        def add(number: int) -> str:
            try:
                SqlAccounts(opener(busy_timeout_s=30)).add_account(account(number, name="Kapolres"))
            except DomainError as error:
                return error.code
            return "added"

        assert sorted(at_once(add, range(4))) == ["account_exists"] * 3 + ["added"]


class TestSecondFactor:
    def test_a_step_works_once_and_never_backwards(self, accounts):
        accounts.add_account(account())
        accounts.set_totp("a1", "JBSW")
        used = [accounts.use_totp_step("a1", step) for step in (10, 10, 9, 11)]
        assert used == [True, False, False, True]
        assert accounts.account("a1").totp_step == 11

    def test_a_new_secret_begins_anew(self, accounts):
        accounts.add_account(account())
        accounts.set_totp("a1", "JBSW")
        accounts.use_totp_step("a1", 10)
        accounts.set_totp("a1", "KRSX")
        found = accounts.account("a1")
        assert (found.totp_secret, found.totp_step) == ("KRSX", None)
        assert accounts.use_totp_step("a1", 10)

    def test_of_many_at_once_one_wins(self, accounts, opener):
        accounts.add_account(account())

        def use(_: int) -> bool:
            return SqlAccounts(opener(busy_timeout_s=30)).use_totp_step("a1", 77)

        assert sorted(at_once(use, range(6))) == [False] * 5 + [True]

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.integers(0, 2**40), max_size=8))
    def test_what_was_used_only_grows(self, database, steps):
        accounts = SqlAccounts(emptied(database))
        accounts.add_account(account())
        used = [s for s in steps if accounts.use_totp_step("a1", s)]
        expected = [s for i, s in enumerate(steps) if s > max(steps[:i], default=-1)]
        assert used == expected


class TestSessions:
    @pytest.fixture(autouse=True)
    def _account(self, accounts):
        accounts.add_account(account())

    def test_what_goes_in_comes_out(self, accounts):
        accounts.add_session(session())
        assert accounts.session(session().token_sha256) == session()
        assert accounts.session("f" * 64) is None

    def test_times_are_utc_whatever_zone_came_in(self, accounts):
        wib = dt.timezone(dt.timedelta(hours=7))
        accounts.add_session(session(expires_at=LATER.astimezone(wib)))
        found = accounts.session(session().token_sha256)
        assert found.expires_at == LATER
        assert found.expires_at.tzinfo == dt.UTC

    def test_use_moves_its_end(self, accounts):
        accounts.add_session(session())
        end = LATER + dt.timedelta(hours=1)
        accounts.touch_session(session().token_sha256, LATER, end)
        found = accounts.session(session().token_sha256)
        assert (found.seen_at, found.expires_at) == (LATER, end)

    def test_an_ended_one_stays_ended(self, accounts):
        accounts.add_session(session())
        accounts.revoke_session(session().token_sha256, LATER)
        accounts.touch_session(session().token_sha256, LATER, LATER + dt.timedelta(days=9))
        accounts.revoke_session(session().token_sha256)
        assert accounts.session(session().token_sha256) == session(revoked_at=LATER)

    def test_the_list_is_of_one_account_newest_first(self, accounts):
        accounts.add_account(account(2))
        for number, owner in ((1, "a1"), (2, "a2"), (3, "a1"), (4, "a1")):
            accounts.add_session(session(number, account=owner))
        accounts.revoke_session(session(3).token_sha256)
        assert accounts.sessions("a1") == [session(4), session(1)]

    def test_all_but_this_one(self, accounts):
        for number in (1, 2, 3):
            accounts.add_session(session(number))
        assert accounts.revoke_sessions("a1", keep=session(2).token_sha256) == 2
        assert accounts.sessions("a1") == [session(2)]
        assert accounts.revoke_sessions("a1") == 1
        assert accounts.sessions("a1") == []

    def test_no_session_outlives_its_account(self, accounts, opener):
        """Signing in while the account is revoked: either refused, or ended with it."""

        def step(number: int) -> None:
            mine = SqlAccounts(opener(busy_timeout_s=30))
            if number == 3:
                mine.revoke_account("a1", LATER)
                return
            try:
                mine.add_session(session(number + 1))
            except DomainError as error:
                assert error.code == "unknown_account"  # noqa: PT017

        at_once(step, range(6))
        assert accounts.sessions("a1") == []


class TestAudit:
    def entry(self, **changes) -> AuditEntry:
        made = AuditEntry(
            at=NOON,
            account="a1",
            name="kabagops1",
            action="plan.review",
            subject="guards-1",
            detail={"alasan": "é", "n": 1, "deep": [None, True]},
            address="127.0.0.1",
        )
        return dataclasses.replace(made, **changes)

    def test_entries_come_back_with_their_numbers(self, accounts):
        kept = accounts.audit(self.entry())
        assert kept == self.entry(number=kept.number)
        assert accounts.audit_entries() == [kept]

    def test_somebody_unknown(self, accounts):
        accounts.audit(self.entry(account=None, name="tamu\0", detail={}))
        (found,) = accounts.audit_entries()
        assert (found.account, found.name) == (None, "tamu")

    def test_newest_first_page_by_page(self, accounts):
        numbers = [accounts.audit(self.entry()).number for _ in range(5)]
        assert numbers == sorted(set(numbers))
        first = accounts.audit_entries(limit=2)
        second = accounts.audit_entries(limit=2, before=first[-1].number)
        assert [e.number for e in (*first, *second)] == numbers[:0:-1]

    def test_numbers_are_never_shared(self, accounts, opener):
        def write(_: int) -> list[int]:
            mine = SqlAccounts(opener(busy_timeout_s=30))
            return [mine.audit(self.entry()).number for _ in range(5)]

        numbers = [n for mine in at_once(write, range(4)) for n in mine]
        assert len(set(numbers)) == len(accounts.audit_entries()) == 20
