"""Opening a store: connections as the store needs them, and the schema of today.

What runs migrations is imported where one is to be run: a command on a store of
today does not wait for it.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Connection,
    Engine,
    StaticPool,
    column,
    create_engine,
    event,
    inspect,
    select,
)
from sqlalchemy import table as any_table
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.present_care import PresentCare
from sluicegate.adapters.store.repository import SqlStore
from sluicegate.adapters.store.unit import WRITING, Unit
from sluicegate.core.clock import Clock
from sluicegate.core.identifiers import DEFAULT_TENANT, TenantId
from sluicegate.services.ports import StoreError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0021"
"""The newest migration; a test holds it equal to the files."""

KNOWN_REVISIONS = frozenset(f"{number:04}" for number in range(1, int(HEAD) + 1))

PRESENT = "0006"
"""The migration that brought the read models."""

_WAIT_SECONDS = 30


def open_store(url: str, *, tenant: TenantId = DEFAULT_TENANT, clock: Clock) -> SqlStore:
    """Open the store at a database URL for one tenant, brought to the schema of today.

    `sqlite:///FILE` and `sqlite://` (in memory, gone when closed) work as they
    are; `postgresql+psycopg://…` needs the extra `postgres`.

    Raises:
        StoreError: no such database, or one written by a newer version.
    """
    engine = connect(url)
    try:
        if current_revision(engine) != HEAD:
            upgrade(engine, clock)
    except DBAPIError as error:
        engine.dispose()
        raise StoreError(
            f"store {engine.url.render_as_string()}: {error.orig}; check the path or the server"
        ) from error
    except StoreError:
        engine.dispose()
        raise
    return SqlStore(engine, tenant, clock)


def connect(url: str) -> Engine:
    """Return an engine for a store; SQLite runs with WAL, full sync and foreign keys.

    An error of the database tells the statement without its values: they are
    names, files and digests of secrets, and errors end in logs.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(parsed)
        return create_engine(parsed, pool_pre_ping=True, hide_parameters=True)
    except (ArgumentError, NoSuchModuleError) as error:
        raise StoreError(f"store {url!r}: {error}; give e.g. sqlite:///state.db") from error
    except ModuleNotFoundError as error:
        raise StoreError(
            f"store {parsed.render_as_string()}: the driver {error.name} is not installed; "
            "install the extra: pip install 'sluicegate[postgres]'"
        ) from error


def current_revision(engine: Engine) -> str | None:
    """Return the migration that a store is at, or None for an empty database."""
    with engine.connect() as connection:
        return _revision(connection)


def _revision(connection: Connection) -> str | None:
    """Return what migrations wrote about themselves last."""
    kept = any_table("alembic_version", column("version_num"))
    if not inspect(connection).has_table(kept.name):
        return None
    found: str | None = connection.execute(select(kept.c.version_num)).scalar_one_or_none()
    return found


def upgrade(engine: Engine, clock: Clock) -> None:
    """Bring a store to the schema of today, in one transaction.

    A store from before the read models gets them made from its versions.
    """
    from alembic import command

    with engine.connect().execution_options(**WRITING) as connection, connection.begin():
        revision = _revision(connection)
        if revision is not None and revision not in KNOWN_REVISIONS:
            raise StoreError(
                f"store {engine.url.render_as_string()}: is at revision {revision}, which this "
                f"version does not know (it knows up to {HEAD}); install a newer sluicegate"
            )
        config = migrations()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if revision is not None and revision < PRESENT:
            _fill_present(engine, connection, clock)
        if revision not in (None, HEAD):
            _take_statistics(connection)


def _take_statistics(connection: Connection) -> None:
    """Let SQLite look at what its indexes hold, the new ones too; PostgreSQL does so by itself."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("ANALYZE")


def _fill_present(engine: Engine, connection: Connection, clock: Clock) -> None:
    """Make the read models of findings of every tenant that a store of before holds."""
    passes = table("passes")
    for tenant in connection.execute(select(passes.c.tenant_id).distinct()).scalars().all():
        PresentCare(Unit(engine, TenantId(tenant), clock)).rebuild_in(connection)


def migrations() -> Config:
    """Return the configuration under which the packaged migrations run."""
    from alembic.config import Config

    config = Config()
    folder = Path(str(resources.files("sluicegate.adapters.store"))) / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _sqlite(url: URL) -> Engine:
    arguments: dict[str, Any] = {"connect_args": {"timeout": _WAIT_SECONDS}}
    if url.database in (None, "", ":memory:"):
        arguments = {"connect_args": {"check_same_thread": False}, "poolclass": StaticPool}
    engine = create_engine(url, hide_parameters=True, **arguments)

    @event.listens_for(engine, "connect")
    def _set_up(connection: SqliteConnection, _record: object) -> None:
        # The driver's own transactions would leave schema changes outside.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        connection.exec_driver_sql(options.get("sluicegate_begin", "BEGIN"))

    return engine
