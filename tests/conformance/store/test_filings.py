"""Filings on every database: versions that only grow, a scope that hides, two who write at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import Select

from sluicegate.adapters.store import SqlStore
from sluicegate.cases.filings.filing import FilingState
from sluicegate.core.identifiers import TenantId
from sluicegate.services.access.principals import Scope
from sluicegate.services.ports.filings import FilingChangedError, FilingHead, FilingVersion

AT = datetime(2026, 6, 30, 9, tzinfo=UTC)
SELF = TenantId("self")
ALL = Scope(SELF)
GROUP = Scope(SELF, None, frozenset({"suspicion"}))
FORM = "form: {id: note}\n"


def head(name: str, **given: Any) -> FilingHead:
    values: dict[str, Any] = {
        "filing_id": name,
        "case_id": "c-1",
        "form_id": "note",
        "form_digest": "d" * 64,
        "duty": "eu.ai_act.notify_commission",
        "obligation": "",
        "recipient_en": "European Commission",
        "recipient_zh": "欧盟委员会",
        "jurisdiction": "EU",
        "sealed_for": None,
        "corrects": None,
        "at": AT,
        "by": "user:ada",
    }
    return FilingHead(**{**values, **given})


def version(number: int = 1, **given: Any) -> FilingVersion:
    values: dict[str, Any] = {
        "version": number,
        "state": FilingState.DRAFT,
        "values": {"who": {"name": "Ada Moss"}, "days": ["1"]},
        "origins": {"who": {"kind": "person", "id": "user:ada"}},
        "digest": "e" * 64,
        "reason": "",
        "at": AT + timedelta(minutes=number),
        "by": "user:bo",
        "people": {},
    }
    return FilingVersion(**{**values, **given})


def opened(store: SqlStore, name: str, **given: Any) -> FilingHead:
    one = head(name, **given)
    store.filings.open(one, version(), FORM)
    return one


def test_a_filing_reads_as_it_was_written(store: SqlStore) -> None:
    offset = datetime.fromisoformat("2026-06-30T09:00:00-07:00")
    first = opened(store, "g-1", at=offset, obligation="o-1", corrects="g-0")
    found = store.filings.find("g-1", ALL)
    assert found is not None
    assert (found.head, found.last) == (first, version())
    assert found.head.at.utcoffset() == offset.utcoffset()
    assert store.filings.form_text("d" * 64) == FORM


def test_versions_follow_each_other_and_the_last_one_stands(store: SqlStore) -> None:
    one = opened(store, "g-1")
    filed = version(2, state=FilingState.FILED, people={"filed_at": AT.isoformat()})
    store.filings.add(one, filed)
    found = store.filings.find("g-1", ALL)
    assert found is not None
    assert found.last == filed
    assert [kept.version for kept in store.filings.versions("g-1", ALL)] == [1, 2]


def test_of_two_who_write_the_same_version_one_is_refused(store: SqlStore) -> None:
    one = opened(store, "g-1")
    store.filings.add(one, version(2))
    with pytest.raises(FilingChangedError), store.transaction():
        store.filings.add(one, version(2, reason="late"))
    assert [kept.reason for kept in store.filings.versions("g-1", ALL)] == ["", ""]


def test_a_form_is_kept_once(store: SqlStore) -> None:
    opened(store, "g-1")
    opened(store, "g-2")
    with store.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM filing_forms")).scalar_one() == 1


def test_nobody_outside_the_scope_reads_a_filing(store: SqlStore, other_tenant: SqlStore) -> None:
    opened(store, "g-open")
    opened(store, "g-sealed", sealed_for="suspicion", jurisdiction="US")
    opened(store, "g-us", jurisdiction="US")
    shown = {
        "all": ALL,
        "group": GROUP,
        "eu": Scope(SELF, frozenset({"EU"})),
        "eu of the group": Scope(SELF, frozenset({"EU"}), frozenset({"suspicion"})),
        "other": Scope(TenantId("other"), None, frozenset({"suspicion"})),
    }
    found = {
        name: {one.head.filing_id for one in store.filings.of_case("c-1", scope)}
        for name, scope in shown.items()
    }
    assert found == {
        "all": {"g-open", "g-us"},
        "group": {"g-open", "g-sealed", "g-us"},
        "eu": {"g-open"},
        "eu of the group": {"g-open"},
        "other": set(),
    }
    assert store.filings.find("g-sealed", ALL) is None
    assert store.filings.versions("g-sealed", ALL) == ()
    listed = store.filings.listed(ALL, state=None, form=None, limit=10)
    assert [one.head.filing_id for one in listed] == ["g-us", "g-open"]
    assert other_tenant.filings.find("g-open", Scope(TenantId("other"))) is None


def test_the_last_of_a_form_is_of_the_same_seal_and_not_withdrawn(store: SqlStore) -> None:
    opened(store, "g-1")
    opened(store, "g-2", sealed_for="suspicion")
    gone = opened(store, "g-3")
    store.filings.add(gone, version(2, state=FilingState.WITHDRAWN))
    last = store.filings.last_of_form("note", GROUP, None)
    sealed = store.filings.last_of_form("note", GROUP, "suspicion")
    assert last is not None
    assert last.head.filing_id == "g-1"
    assert sealed is not None
    assert sealed.head.filing_id == "g-2"
    assert store.filings.last_of_form("note", ALL, "suspicion") is None
    assert store.filings.last_of_form("other", GROUP, None) is None


def test_a_list_is_filtered_by_state_and_form_and_has_an_end(store: SqlStore) -> None:
    filed = opened(store, "g-1")
    store.filings.add(filed, version(2, state=FilingState.FILED))
    opened(store, "g-2", form_id="other")
    listed = store.filings.listed

    def names(**given: Any) -> list[str]:
        asked = {"state": None, "form": None, "limit": 10, **given}
        return [one.head.filing_id for one in listed(ALL, **asked)]

    assert names() == ["g-2", "g-1"]
    assert names(state=FilingState.FILED) == ["g-1"]
    assert names(form="other") == ["g-2"]
    assert names(limit=1) == ["g-2"]


@pytest.mark.parametrize("table", ["filings", "filing_versions", "filing_forms"])
def test_history_of_filings_can_be_neither_changed_nor_deleted(store: SqlStore, table: str) -> None:
    opened(store, "g-1")
    for change in (f"UPDATE {table} SET tenant_id = 'x'", f"DELETE FROM {table}"):
        refused = pytest.raises(DBAPIError, match="history is never edited")
        with refused, store.engine.begin() as connection:
            connection.execute(text(change))
    assert store.filings.find("g-1", ALL) is not None


def test_every_query_of_filings_names_the_tenant(store: SqlStore) -> None:
    statements: list[Any] = []
    event.listen(store.engine, "before_execute", lambda _c, clause, *_: statements.append(clause))
    one = opened(store, "g-1")
    store.filings.add(replace(one), version(2))
    store.filings.find("g-1", ALL)
    store.filings.of_case("c-1", ALL)
    store.filings.listed(ALL, state=None, form=None, limit=1)
    store.filings.last_of_form("note", ALL, None)
    store.filings.versions("g-1", ALL)
    store.filings.form_text("d" * 64)
    queries = [clause for clause in statements if isinstance(clause, Select)]
    assert len(queries) >= 7
    for query in queries:
        assert "tenant_id = " in str(query.whereclause), str(query)


def test_two_who_draft_first_with_a_form_at_the_same_moment_both_have_it(store: SqlStore) -> None:
    """The later one waits for the first, and finds the form kept already."""
    if store.engine.url.database in (None, ""):  # memory: one connection, so one after the other
        store.filings.open(head("g-1"), version(), FORM)
        store.filings.open(head("g-2"), version(), FORM)
    else:
        with ThreadPoolExecutor(1) as pool:
            with store.transaction():
                store.filings.open(head("g-1"), version(), FORM)
                later = pool.submit(store.filings.open, head("g-2"), version(), FORM)
                assert not wait([later], timeout=0.5).done
            later.result(timeout=20)
    assert [one.head.filing_id for one in store.filings.of_case("c-1", ALL)] == ["g-1", "g-2"]
    assert store.filings.form_text("d" * 64) == FORM
