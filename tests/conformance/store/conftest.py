"""The databases that every test of the store runs on."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from empty_stores import empty_postgresql, empty_store
from sluicegate.adapters.store import SqlStore, open_store
from sluicegate.core.clock import FixedClock
from sluicegate.core.identifiers import TenantId

POSTGRESQL = "SLUICEGATE_TEST_POSTGRESQL"
NOW = datetime(2026, 4, 1, 10, tzinfo=UTC)

_MEMORY = Path("/dev/shm")
_ROOM = 2**30

OpenStore = Callable[[str], SqlStore]


@pytest.fixture(
    params=[
        "file",
        "memory",
        pytest.param("postgresql", marks=pytest.mark.service("postgresql")),
    ]
)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a database for one test."""
    if request.param == "file":
        return f"sqlite:///{tmp_path / 'state.db'}"
    if request.param == "memory":
        return "sqlite://"
    return empty_postgresql(request.getfixturevalue("postgresql_server"))


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Start a throwaway PostgreSQL on a local socket, and stop it at the end.

    A server of one's own is used instead when SLUICEGATE_TEST_POSTGRESQL names
    a database of it; two others are made beside that one, and made anew each time.
    """
    if url := os.environ.get(POSTGRESQL):
        yield url
        return
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    place = programs[-1] if programs else Path(str(shutil.which("pg_ctl"))).parent
    with tempfile.TemporaryDirectory(prefix="sluicegate-postgresql-", dir=_memory()) as name:
        folder = Path(name)
        data = folder / "data"
        as_owner: list[str] = []
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root; Debian's package brings this login.
            shutil.chown(folder, "postgres", "postgres")
            as_owner = ["runuser", "-u", "postgres", "--"]

        def call(program: str, *arguments: str) -> None:
            command = [*as_owner, str(place / program), "-D", str(data), *arguments]
            subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)

        call("initdb", "--username=tester", "--auth=trust", "--no-sync", "--encoding=UTF8")
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
        options += " -c min_wal_size=32MB -c max_wal_size=64MB"
        call("pg_ctl", "-w", "-s", "-l", str(folder / "server.log"), "-o", options, "start")
        try:
            yield f"postgresql+psycopg://tester@/postgres?host={folder}"
        finally:
            call("pg_ctl", "-w", "-s", "-m", "immediate", "stop")


def _memory() -> str | None:
    """Return a folder in memory with room for a small server, or None for the usual one.

    Making and dropping a database for each test writes a few megabytes each time.
    """
    is_roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _ROOM
    return str(_MEMORY) if is_roomy else None


@pytest.fixture
def store(store_url: str) -> Iterator[SqlStore]:
    """Return an empty store of the default tenant."""
    clock = FixedClock(NOW)
    is_file = store_url.startswith("sqlite:")
    opened = empty_store(clock, store_url) if is_file else open_store(store_url, clock=clock)
    with opened:
        yield opened


@pytest.fixture
def other_tenant(store: SqlStore) -> SqlStore:
    """Return another tenant's store in the same database."""
    return SqlStore(store.engine, TenantId("other"), FixedClock(NOW))
