"""The rest of the store: passes, acts, batches, files, tenants, and history that stays."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.sql import Select
from sqlalchemy.sql.visitors import iterate

from sluicegate.adapters.store import PersonalDataError, SqlStore, StoreError, open_store
from sluicegate.adapters.store.case_names import INDEX_PARTS
from sluicegate.adapters.store.models import Base
from sluicegate.adapters.store.opening import HEAD, KNOWN_REVISIONS, connect, migrations
from sluicegate.core.canonical import digest
from sluicegate.core.clock import FixedClock
from sluicegate.registry.kinds import KINDS
from sluicegate.services.ports import Store, UsageBatch

FIRST = datetime(2026, 1, 10, 9, tzinfo=UTC)
LATER = FIRST + timedelta(days=30)
CUSTOMER = {
    "source": "crm",
    "customer_id": "c-1",
    "name": "Harrow Basin Models",
    "customer_kind": "entity",
    "country": "US",
}

CHANGING = {
    "accounts": "an account is disabled, its password changed; the acts tell",
    "blocks": "a block is released; the events of its case tell",
    "calendar_feeds": "a feed is revoked; the acts tell",
    "case_alerts": "made again from the events of cases",
    "case_documents": "made again from the events of cases",
    "case_rules": "made again from the events of cases",
    "case_tallies": "counted again from the cases",
    "cases": "made again from the events of cases",
    "common_things": "found again by every pass",
    "client_assertions": "forgotten when they have expired",
    "clients": "a machine is revoked, its keys changed; the acts tell",
    "diligence_standings": "folded from `diligence_events`, for lists to be read from",
    "match_findings": "found again by every pass",
    "standing_matches": "made again from the versions of matches",
    "found_links": "found again by every pass; what people decided is kept apart",
    "jobs": "a job goes on; the acts tell",
    "kept_requests": "forgotten after a day",
    "linked_customers": "found again by every pass",
    "notice_wishes": "a person's choice",
    "notices": "sent once",
    "present_cells": "a read model, made again from the versions",
    "present_changes": "a read model, made again from the versions",
    "present_customers": "the world as the last pass measured it",
    "present_findings": "a read model, made again from the versions",
    "present_groups": "the world as the last pass measured it",
    "present_obligations": "a read model, made again from the versions",
    "present_runs": "the world as the last pass measured it",
    "present_worlds": "the world as the last pass measured it",
    "recovery_codes": "used once",
    "saved_views": "a person's choice",
    "suggested_links": "suggested again by the next model; what people decided is kept apart",
    "screening_marks": "what was screened last, so that only what changed is screened again",
    "sessions": "a session ends; the acts tell",
    "sign_in_attempts": "forgotten when a sign-in succeeds",
    "webhook_deliveries": "tried until it succeeds; each attempt is kept",
    "webhooks": "changed and revoked; the acts tell",
}
"""Table → why its rows may change; all others only grow."""

FILLED_BY_THEIR_OWN_TESTS = frozenset(
    {
        *("attachments", "case_events", "webhook_attempts"),
        *("filing_forms", "filing_versions", "filings"),
        *("diligence_events", "erasures"),
        *("list_versions", "list_confirmations", "list_presence"),
        *("list_unions", "list_judgements", "list_designations"),
        *("match_versions", "match_outcomes", "allowances", "screening_runs"),
        *("validation_packs", "validation_proposals", "validation_samples"),
        *("validation_verdicts", "ownership_diligence", "link_decisions", "link_marks"),
        *("exchange_sessions", "exchange_found"),
        *("consultation_events", "consultation_confidential"),
        *("consultation_files", "threshold_reviews"),
        *("dataset_snapshots", "dataset_models"),
        *("lineage_versions", "lineage_contents"),
    }
)
"""Tables that only grow, and are filled and tried by the tests of their own part."""


def finding(name: str, certainty: str = "certain") -> dict[str, Any]:
    return {"id": name, "certainty": certainty, "figures": ["1e26", None, True]}


def batch(name: str, at: datetime = FIRST) -> UsageBatch:
    return UsageBatch(name, "d" * 64, "usage.csv", 10, False, at)


def fill(store: SqlStore) -> None:
    """Write one row into every table."""
    rows: dict[str, dict[str, Any]] = {
        "customers": CUSTOMER,
        "ownership": {
            "source": "r",
            "owner_id": "p",
            "owned_id": "c-1",
            "owner_name": "Ada Quill",
            "owner_kind": "individual",
        },
        "facilities": {"source": "o", "facility_id": "f", "name": "N", "country": "NO"},
        "clusters": {
            "source": "o",
            "cluster_id": "k",
            "facility_id": "f",
            "accelerator": "x",
            "accelerator_count": 8,
        },
        "runs": {"source": "d", "run_id": "r", "customer_id": "c-1"},
        "account_map": {"source": "b", "account": "a", "customer_id": "c-1"},
        "account_signals": {
            "source": "p",
            "customer_id": "c-1",
            "signal": "device",
            "value": "dev-1",
        },
    }
    for kind, row in rows.items():
        store.put(kind, [row], at=FIRST, by="ana")
    store.record_pass([finding("f-1")], [], at=FIRST, by="ana", obligations=[{"id": "o-1"}])
    store.act("intake", {"rows": 1}, at=FIRST, by="ana", reason="test")
    store.add_usage_batch(batch("b-1"))
    store.remember_file("e" * 64, "customers", 1, at=FIRST)


def seen(store: SqlStore) -> dict[str, int]:
    """Return how much each reading method shows."""
    return {
        **{kind: len(list(store.records(kind))) for kind in KINDS},
        "findings": len(store.last_findings()),
        "obligations": len(store.last_obligations()),
        "finding": int(store.finding("f-1") is not None),
        "acts": len(list(store.acts())),
        "batches": len(store.usage_batches()),
        "file": int(store.seen_file("e" * 64, "customers") is not None),
        "newest": int(store.newest_recording() is not None),
    }


def test_the_store_implements_the_port(store: SqlStore) -> None:
    port: Store = store
    assert port.usage_batches() == ()


def test_no_tenant_sees_or_stops_another(store: SqlStore, other_tenant: SqlStore) -> None:
    fill(store)
    assert set(seen(store).values()) == {1}
    assert set(seen(other_tenant).values()) == {0}
    fill(other_tenant)
    assert seen(other_tenant) == seen(store)


def test_every_query_names_the_tenant(store: SqlStore) -> None:
    statements: list[Any] = []
    event.listen(store.engine, "before_execute", lambda _c, clause, *_: statements.append(clause))
    fill(store)
    seen(store)
    store.put("customers", [{**CUSTOMER, "country": "NO"}], at=LATER, by="ana")
    store.record_pass([], ["f-1"], at=LATER, by="ana")
    queries = [clause for clause in statements if isinstance(clause, Select)]
    assert len(queries) > 20
    for query in queries:
        for part in (query, *_inner(query)):
            assert "tenant_id = " in str(part.whereclause), str(part)


def _inner(query: Select[Any]) -> list[Select[Any]]:
    return [part for part in iterate(query) if isinstance(part, Select) and part is not query]


def test_a_transaction_is_kept_whole_or_not_at_all(store: SqlStore) -> None:
    def fail_after_filling() -> None:
        with store.transaction():
            fill(store)
            assert set(seen(store).values()) == {1}
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_filling()
    assert set(seen(store).values()) == {0}
    with store.transaction():
        fill(store)
    assert set(seen(store).values()) == {1}


def test_an_inner_transaction_that_fails_leaves_the_outer_one_as_it_was(store: SqlStore) -> None:
    def fail_after_an_act() -> None:
        with store.transaction():
            store.act("second", {}, at=FIRST, by="ana", reason="dropped")
            raise RuntimeError

    with store.transaction():
        store.act("first", {}, at=FIRST, by="ana", reason="kept")
        with pytest.raises(RuntimeError):
            fail_after_an_act()
    assert [act.name for act in store.acts()] == ["first"]


@pytest.mark.parametrize(
    "table",
    sorted(set(Base.metadata.tables) - {"acts", *CHANGING} - FILLED_BY_THEIR_OWN_TESTS),
)
def test_history_can_be_neither_changed_nor_deleted(store: SqlStore, table: str) -> None:
    fill(store)
    for change in (f"UPDATE {table} SET tenant_id = 'x'", f"DELETE FROM {table}"):
        refused = pytest.raises(DBAPIError, match="history is never edited")
        with refused, store.engine.begin() as connection:
            connection.execute(text(change))
    assert set(seen(store).values()) == {1}


def test_of_an_act_only_its_draining_can_be_noted_and_once(store: SqlStore) -> None:
    fill(store)
    drain = "UPDATE acts SET drained_at = '2026-01-11T00:00:00.000000Z'"
    with store.engine.begin() as connection:
        connection.execute(text(drain))
    [act] = store.acts()
    assert act.drained_at == datetime(2026, 1, 11, tzinfo=UTC)
    changes = [drain, "DELETE FROM acts", "UPDATE acts SET drained_at = NULL"]
    changes += [f"UPDATE acts SET {c.name} = NULL" for c in Base.metadata.tables["acts"].c]
    for change in changes:
        with pytest.raises(DBAPIError), store.engine.begin() as connection:
            connection.execute(text(change))
    assert list(store.acts()) == [act]


def test_an_undrained_act_cannot_change_while_it_is_drained(store: SqlStore) -> None:
    fill(store)
    change = "UPDATE acts SET drained_at = '2026-01-11T00:00:00.000000Z', reason = 'other'"
    with pytest.raises(DBAPIError, match="never edited"), store.engine.begin() as connection:
        connection.execute(text(change))


def test_an_act_keeps_who_what_when_and_why_under_its_digest(store: SqlStore) -> None:
    at = datetime.fromisoformat("2026-01-10T23:30:00-07:00")
    act_id = store.act("intake", {"files": ["ab" * 32], "rows": 3}, at=at, by="ana", reason="new")
    [act] = store.acts()
    document = json.loads(act.canonical)
    assert document == {
        "act": act_id,
        "tenant": "self",
        "name": "intake",
        "at": "2026-01-10T23:30:00-07:00",
        "by": "ana",
        "reason": "new",
        "record": {"files": ["ab" * 32], "rows": 3},
    }
    assert act.digest == digest(document)
    assert act.at == at
    assert act.drained_at is None


@pytest.mark.parametrize(
    "record", [{"name": "x"}, {"rows": [{"email": "x"}]}, {"before": {"birth_date": "1990-01-01"}}]
)
def test_an_act_with_personal_data_is_refused(store: SqlStore, record: dict[str, Any]) -> None:
    with pytest.raises(PersonalDataError, match="digests and counts only"):
        store.act("intake", record, at=FIRST, by="ana", reason="new")
    assert list(store.acts()) == []


def test_findings_are_versions_and_closings(store: SqlStore) -> None:
    store.record_pass([finding("f-1", "possible"), finding("f-2")], [], at=FIRST, by="ana")
    store.record_pass([finding("f-1")], ["f-2", "f-9"], at=LATER, by="ana")
    assert store.last_findings() == {"f-1": finding("f-1")}
    earlier = {"f-1": finding("f-1", "possible"), "f-2": finding("f-2")}
    assert store.last_findings(known_on=FIRST) == earlier
    assert store.finding("f-2") == finding("f-2")
    assert store.finding("f-9") is None
    store.record_pass([finding("f-2")], [], at=LATER, by="ana")
    assert set(store.last_findings()) == {"f-1", "f-2"}


def test_a_finding_that_has_not_changed_is_not_stored_again(store: SqlStore) -> None:
    for at in (FIRST, LATER):
        store.record_pass([finding("f-1")], [], at=at, by="ana", obligations=[{"id": "o"}])
    with store.engine.connect() as connection:
        for table, rows in (("findings", 1), ("obligations", 1), ("passes", 2)):
            count = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            assert (table, count) == (table, rows)


def test_obligations_are_closed_like_findings(store: SqlStore) -> None:
    store.record_pass([], [], at=FIRST, by="ana", obligations=[{"id": "o-1", "duty": "notify"}])
    assert store.last_obligations() == {"o-1": {"id": "o-1", "duty": "notify"}}
    store.record_pass([], [], at=LATER, by="ana", closed_obligations=["o-1"])
    assert store.last_obligations() == {}


@pytest.mark.parametrize("document", [{}, {"id": ""}, {"id": 7}])
def test_a_document_without_an_id_is_refused(store: SqlStore, document: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="give it a text `id`"):
        store.record_pass([document], [], at=FIRST, by="ana")


def test_a_finding_is_not_stored_and_closed_in_one_pass(store: SqlStore) -> None:
    with pytest.raises(ValueError, match="both stored and closed"):
        store.record_pass([finding("f-1")], ["f-1"], at=FIRST, by="ana")
    assert store.last_findings() == {}


def test_batches_are_listed_as_they_were_known(store: SqlStore) -> None:
    store.add_usage_batch(batch("b-2"))
    store.add_usage_batch(batch("b-1", LATER))
    assert [b.batch for b in store.usage_batches()] == ["b-2", "b-1"]
    assert store.usage_batches(known_on=FIRST) == (batch("b-2"),)
    with pytest.raises(IntegrityError):
        store.add_usage_batch(batch("b-1"))


def test_an_error_of_the_database_tells_no_values(store: SqlStore) -> None:
    """An error ends in a log: what people and secrets are called does not."""
    statement = text("INSERT INTO nowhere (name) VALUES (:name)")
    with pytest.raises(DBAPIError) as error, store.engine.begin() as connection:
        connection.execute(statement, {"name": "Ilse Varga"})
    assert "Ilse" not in str(error.value)
    assert "nowhere" in str(error.value)


def test_a_file_is_remembered_by_its_digest_and_kind(store: SqlStore) -> None:
    store.remember_file("a" * 64, "customers", 7, at=FIRST)
    store.remember_file("a" * 64, "customers", 9, at=LATER)
    assert store.seen_file("a" * 64, "customers") == 7
    assert store.seen_file("a" * 64, "ownership") is None


def _is_in_models(name: str | None, _kind: str, _parents: object) -> bool:
    """Say whether a table or index is one of the models; the index of names is a database's own."""
    return name not in INDEX_PARTS and not str(name).startswith("case_names_")


def test_the_models_and_the_migrated_schema_are_the_same(store: SqlStore) -> None:
    with store.engine.connect() as connection:
        opts = {"compare_type": True, "include_name": _is_in_models}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, Base.metadata) == []


def test_the_known_revisions_are_those_of_the_files() -> None:
    script = ScriptDirectory.from_config(migrations())
    assert script.get_current_head() == HEAD
    assert {revision.revision for revision in script.walk_revisions()} == KNOWN_REVISIONS


def test_the_migrations_can_be_written_as_sql_for_postgresql() -> None:
    config = migrations()
    config.set_main_option("sqlalchemy.url", "postgresql://")
    written = io.StringIO()
    with redirect_stdout(written):
        config.output_buffer = written
        command.upgrade(config, "head", sql=True)
    sql = written.getvalue()
    for table in Base.metadata.tables:
        assert f"CREATE TABLE {table} (" in sql
        stays = f"CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table}" in sql
        assert stays is not (table in CHANGING), table


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'state.db'}"
    open_store(url, clock=FixedClock(FIRST)).close()
    engine = connect(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(StoreError, match=r"revision 9999.*newer sluicegate"):
        open_store(url, clock=FixedClock(FIRST))


@pytest.mark.parametrize("url", ["nonsense", "oracle9://x", "sqlite:////nowhere/at/all/state.db"])
def test_a_store_that_cannot_be_opened_says_what_to_do(url: str) -> None:
    with pytest.raises(StoreError, match=r"check the path|give e\.g\."):
        open_store(url, clock=FixedClock(FIRST))


def test_sqlite_keeps_what_it_has_confirmed(tmp_path: Path) -> None:
    with (
        open_store(f"sqlite:///{tmp_path / 's.db'}", clock=FixedClock(FIRST)) as store,
        store.engine.connect() as connection,
    ):
        pragmas = ("journal_mode", "synchronous", "foreign_keys")
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in pragmas]
        assert found == ["wal", 2, 1]


def test_twenty_thousand_customers_go_in_quickly(tmp_path: Path) -> None:
    rows = [{**CUSTOMER, "customer_id": f"c-{number}"} for number in range(20_000)]
    with open_store(f"sqlite:///{tmp_path / 's.db'}", clock=FixedClock(FIRST)) as store:
        began = process_time()
        assert store.put("customers", rows, by="ana").accepted == 20_000
        assert process_time() - began < 6
