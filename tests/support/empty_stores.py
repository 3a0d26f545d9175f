"""Empty stores of today's schema: the migrations run once, and every test gets a copy."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from sqlite3 import Connection
from typing import cast

from sqlalchemy import Engine, make_url, text

from sluicegate.adapters.store import SqlStore, open_store
from sluicegate.adapters.store.opening import connect
from sluicegate.core.clock import Clock, FixedClock
from sluicegate.core.identifiers import DEFAULT_TENANT, TenantId

_MIGRATED = FixedClock(datetime(2026, 1, 1, tzinfo=UTC))
_TEMPLATE, _COPY = "sluicegate_empty", "sluicegate_tested"


def empty_store(
    clock: Clock, url: str = "sqlite://", tenant: TenantId = DEFAULT_TENANT
) -> SqlStore:
    """Return an empty store in SQLite: in memory, or in the new file that a URL names."""
    engine = connect(url)
    with closing(engine.raw_connection()) as source, closing(_migrated().raw_connection()) as kept:
        cast("Connection", kept.driver_connection).backup(
            cast("Connection", source.driver_connection)
        )
    return SqlStore(engine, tenant, clock)


@cache
def _migrated() -> Engine:
    """Return an empty store to copy: a copy takes less time than the migrations."""
    return open_store("sqlite://", clock=_MIGRATED).engine


def empty_postgresql(server: str) -> str:
    """Return the URL of an empty store in PostgreSQL, the only one on its server at a time.

    `server` is the URL of a database whose user may make others.
    """
    template, copy = (
        make_url(server).set(database=name).render_as_string(hide_password=False)
        for name in (_TEMPLATE, _COPY)
    )
    _migrate(server, template)
    _command(server, f"DROP DATABASE IF EXISTS {_COPY} WITH (FORCE)")
    _command(server, f"CREATE DATABASE {_COPY} TEMPLATE {_TEMPLATE}")
    return copy


@cache
def _migrate(server: str, template: str) -> None:
    _command(server, f"DROP DATABASE IF EXISTS {_TEMPLATE} WITH (FORCE)")
    _command(server, f"CREATE DATABASE {_TEMPLATE}")
    open_store(template, clock=_MIGRATED).close()


def _command(server: str, sql: str) -> None:
    engine = connect(server)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(sql))
    engine.dispose()
