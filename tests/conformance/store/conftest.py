"""The databases that every test of the store runs on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from sluicegate.adapters.store import SqlStore, open_store
from sluicegate.adapters.store.opening import connect
from sluicegate.core.clock import FixedClock
from sluicegate.core.identifiers import TenantId

POSTGRESQL = "SLUICEGATE_TEST_POSTGRESQL"
NOW = datetime(2026, 4, 1, 10, tzinfo=UTC)

OpenStore = Callable[[str], SqlStore]


@pytest.fixture(
    params=[
        "file",
        "memory",
        pytest.param("postgresql", marks=pytest.mark.service("postgresql")),
    ]
)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of an empty database."""
    if request.param == "file":
        return f"sqlite:///{tmp_path / 'state.db'}"
    if request.param == "memory":
        return "sqlite://"
    url = os.environ.get(POSTGRESQL)
    if not url:
        message = f"set {POSTGRESQL} to the URL of an empty test database to run on PostgreSQL"
        if os.environ.get("SLUICEGATE_REQUIRE_SERVICES") == "1":
            pytest.fail(message, pytrace=False)
        pytest.skip(message)
    engine = connect(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return url


@pytest.fixture
def store(store_url: str) -> Iterator[SqlStore]:
    """Return an empty store of the default tenant."""
    with open_store(store_url, clock=FixedClock(NOW)) as opened:
        yield opened


@pytest.fixture
def other_tenant(store: SqlStore) -> SqlStore:
    """Return another tenant's store in the same database."""
    return SqlStore(store.engine, TenantId("other"), FixedClock(NOW))
