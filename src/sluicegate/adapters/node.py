"""Node directories on disk: making, opening, looking over, backing up and restoring them."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
import tomllib
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

import duckdb
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from sluicegate.adapters.store import SqlStore, StoreError, open_store
from sluicegate.adapters.store.care import make_anew, reading_faults
from sluicegate.adapters.store.opening import HEAD, KNOWN_REVISIONS, connect, current_revision
from sluicegate.core.clock import Clock
from sluicegate.services.node import (
    CACHE_FOLDER,
    FOLDERS,
    SETTINGS_FILE,
    STORE_FILE,
    Check,
    NodeError,
    NodeFolder,
    StoreCondition,
)
from sluicegate.services.node import doctor as look_over
from sluicegate.services.setting_values import Role
from sluicegate.services.settings import Settings, read_settings

_OWNER_ONLY = 0o700
_NOT_COPIED = frozenset({STORE_FILE, f"{STORE_FILE}-wal", f"{STORE_FILE}-shm"})

RulesCheck = Callable[[Path], Sequence[str]]
"""Given a folder of rule files, returns what is wrong in them, one line each."""


@dataclass(frozen=True)
class Node:
    """A node directory with its settings."""

    folder: NodeFolder
    settings: Settings

    def open_store(self, clock: Clock) -> SqlStore:
        """Open the node's store for the node's tenant."""
        return open_store(self.settings.store_url, tenant=self.settings.tenant, clock=clock)


def init_node(
    path: Path,
    roles: Sequence[Role] = (),
    *,
    clock: Clock,
    environment: Mapping[str, str] = os.environ,
) -> Node:
    """Make a node directory, or complete one that is there; a node keeps its settings.

    Raises:
        NodeError: the folder holds something else, or the node has other roles.
    """
    folder = NodeFolder(path)
    if folder.settings_file.is_file():
        node = open_node(path, environment=environment)
        if roles and set(roles) != set(node.settings.roles):
            held = ", ".join(role.value for role in node.settings.roles)
            raise NodeError(f"{path}: is a node with roles {held}; edit roles in {SETTINGS_FILE}")
    else:
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise NodeError(f"{path}: is not empty and no node; give a new or an empty folder")
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise NodeError(
                f"{path}: cannot be made: {error.strerror}; give a folder that you may make"
            ) from error
        _write(folder.settings_file, _settings_text(roles or (Role.PROVIDER,)))
        node = open_node(path, environment=environment)
    for name in FOLDERS:
        place = path / name
        if not place.is_dir():
            place.mkdir(mode=_OWNER_ONLY if name == "keys" else 0o755)
    node.open_store(clock).close()
    return node


def open_node(path: Path, *, environment: Mapping[str, str] = os.environ) -> Node:
    """Read a node directory's settings; nothing is opened or changed.

    Raises:
        NodeError: no node is there, or its settings cannot be read.
    """
    folder = NodeFolder(path)
    try:
        document = tomllib.loads(folder.settings_file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NodeError(
            f"{path}: is no node, it has no {SETTINGS_FILE}; run: sluicegate init {path}"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NodeError(f"{folder.settings_file}: {error}; correct the file") from error
    return Node(folder, read_settings(document, folder, environment))


def doctor(node: Node, *, clock: Clock, check_rules: RulesCheck) -> list[Check]:
    """Look a node over; nothing in it is changed."""
    return look_over(DiskNode(node, clock, check_rules))


def rebuild(node: Node, *, clock: Clock) -> None:
    """Make what is kept for quick reading anew from the versions and events."""
    with node.open_store(clock) as store:
        make_anew(store, at=clock.now())


@dataclass(frozen=True)
class DiskNode:
    """Implements `services.node.NodeCondition` for a node directory."""

    node: Node
    clock: Clock
    check_rules: RulesCheck

    def now(self) -> datetime:
        """Return the present instant."""
        return self.clock.now()

    def store(self) -> StoreCondition:
        """Open the store as it is and say what is there; it is not migrated."""
        url = self.node.settings.store_url
        file = self.node.folder.store_file
        if url == f"sqlite:///{file.absolute()}" and not file.is_file():
            return StoreCondition(fault=f"{file} is missing")
        try:
            engine = connect(url)
        except StoreError as error:
            return StoreCondition(fault=str(error))
        try:
            return self._condition(engine)
        except DBAPIError as error:
            return StoreCondition(fault=f"does not open: {error.orig}")
        finally:
            engine.dispose()

    def _condition(self, engine: Engine) -> StoreCondition:
        revision = current_revision(engine)
        damage = _damage(engine)
        if revision != HEAD:
            known = revision is None or revision in KNOWN_REVISIONS
            return StoreCondition(revision, HEAD, known, damage=damage)
        store = SqlStore(engine, self.node.settings.tenant, self.clock)
        return StoreCondition(
            revision,
            HEAD,
            damage=damage,
            differing=reading_faults(store),
            newest_recording=store.newest_recording(),
            batches=tuple(store.usage_batches()),
        )

    def lake_records(self, batch: str) -> int | str:
        """Return how many records a batch's files hold: a record's first segment is number 0."""
        folder = self.node.folder.lake / "usage" / f"batch={batch}"
        files = sorted(str(file) for file in folder.glob("*.parquet"))
        if not files:
            return 0 if folder.is_dir() else f"the folder {folder} is missing"
        query = "SELECT count(*) FILTER (segment = 0) FROM read_parquet(?)"
        try:
            with closing(duckdb.connect()) as engine:
                row = engine.execute(query, [files]).fetchone()
        except duckdb.Error as error:
            return f"cannot be read: {error}"
        return 0 if row is None else int(row[0])

    def rules_faults(self) -> Sequence[str]:
        """Return what is wrong in the node's own rule files."""
        folder = self.node.folder.rules
        return self.check_rules(folder) if folder.is_dir() else [f"{folder} is missing"]

    def free_bytes(self) -> int:
        """Return the free space where the node stands, in bytes."""
        return shutil.disk_usage(self.node.folder.path).free


def backup(node: Node, target: Path) -> None:
    """Write a node directory as one tar.gz, readable by its owner only.

    The store is copied first, through SQLite's online backup, so that others may
    go on writing: every file it names is in the lake by then, and files of the
    lake are not changed. The archive appears under its name when it is whole.

    Raises:
        NodeError: the target is taken or inside the node, or the store is elsewhere.
    """
    folder = node.folder
    if node.settings.store_url != f"sqlite:///{folder.store_file.absolute()}":
        raise NodeError(
            f"{folder.path}: its store is not in the node; back the database up with its own tool"
        )
    if target.exists():
        raise NodeError(f"{target}: exists; give a new file name")
    if target.absolute().is_relative_to(folder.path.absolute()):
        raise NodeError(f"{target}: is inside the node; give a place outside")
    if not target.absolute().parent.is_dir():
        raise NodeError(f"{target}: its folder does not exist; make it, or give another place")
    with tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=".backup-") as work:
        copy = Path(work) / STORE_FILE
        _copy_store(folder.store_file, copy)
        archive = Path(work) / "archive"
        with archive.open("xb") as stream, tarfile.open(fileobj=stream, mode="w:gz") as tar:
            archive.chmod(0o600)
            tar.add(copy, STORE_FILE)
            for file in _files(folder.path):
                # Staging and roll-ups may go away meanwhile; a batch's files do not.
                with suppress(FileNotFoundError):
                    tar.add(file, file.relative_to(folder.path).as_posix(), recursive=False)
        _sync(archive)
        archive.replace(target)
    _sync(target.absolute().parent)


def restore(archive: Path, target: Path) -> None:
    """Make a node directory from a backup; nothing that exists is written over.

    Raises:
        NodeError: the folder is taken, or the archive is damaged, is no backup, or
            has a member that would be written outside the folder.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise NodeError(f"{target}: is not empty; give a new or an empty folder")
    parent = target.absolute().parent
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=parent, prefix=".restore-") as work:
        fresh = Path(work) / "node"
        fresh.mkdir()
        try:
            with tarfile.open(archive, mode="r:gz") as tar:
                members = tar.getmembers()
                _refuse_outside(archive, members)
                _extract(tar, members, fresh)
        except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
            raise NodeError(f"{archive}: cannot be restored: {error}; try another copy") from error
        if not (fresh / SETTINGS_FILE).is_file() or not (fresh / STORE_FILE).is_file():
            raise NodeError(
                f"{archive}: is no backup of a node, it lacks {SETTINGS_FILE} or {STORE_FILE}; "
                "give a file that `sluicegate backup` wrote"
            )
        for name in FOLDERS:
            (fresh / name).mkdir(exist_ok=True)
        (fresh / "keys").chmod(_OWNER_ONLY)
        if target.is_dir():
            target.rmdir()
        fresh.replace(target)
    _sync(parent)


def _settings_text(roles: Iterable[Role]) -> str:
    words = json.dumps([role.value for role in roles])
    return (
        "# Settings of a Sluicegate node. An environment variable such as\n"
        "# SLUICEGATE_COUNTRY goes before the value here.\n\n"
        'tenant = "self"\n'
        f"roles = {words}\n"
        'country = "US"\n'
        '# regimes = ["eu.ai_act"]   # left out: every regime\n\n'
        "# [store]\n"
        '# url = "postgresql+psycopg://host/database"\n\n'
        "# [engine]\n"
        '# memory = "2GB"\n'
        "# threads = 2\n"
    )


def _write(file: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all."""
    with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False, encoding="utf-8") as part:
        part.write(text)
    Path(part.name).chmod(0o644)
    Path(part.name).replace(file)


def _damage(engine: Engine) -> tuple[str, ...]:
    """Return what SQLite finds broken; another database looks after itself."""
    if engine.dialect.name != "sqlite":
        return ()
    with engine.connect() as connection:
        found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
        loose = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    faults = [] if found == ["ok"] else found
    return (*faults, *(f"{row[0]} row {row[1]} refers to a missing {row[2]}" for row in loose))


def _copy_store(source: Path, target: Path) -> None:
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as reading,
            closing(sqlite3.connect(target)) as writing,
        ):
            reading.backup(writing)
    except sqlite3.Error as error:
        raise NodeError(f"{source}: cannot be copied: {error}; run: sluicegate doctor") from error


def _files(folder: Path) -> list[Path]:
    """Return what a backup holds beside the store, folders before their files."""
    return sorted(
        file
        for file in folder.rglob("*")
        if file.relative_to(folder).as_posix() not in _NOT_COPIED
        and file.relative_to(folder).parts[0] != CACHE_FOLDER
        and not file.is_symlink()
        and (file.is_file() or file.is_dir())
    )


def _extract(tar: tarfile.TarFile, members: Sequence[tarfile.TarInfo], folder: Path) -> None:
    """Unpack members that `_refuse_outside` has passed: plain files and folders inside."""
    if hasattr(tarfile, "data_filter"):
        tar.extractall(folder, members, filter="data")
        return
    for member in members:  # Python before 3.11.4 has no filters
        tar.extract(member, folder, set_attrs=False)
        # As the filter does: nobody else may write, and the owner may read and write.
        (folder / member.name).chmod((member.mode & 0o755) | (0o700 if member.isdir() else 0o600))


def _refuse_outside(archive: Path, members: Iterable[tarfile.TarInfo]) -> None:
    for member in members:
        path = PurePosixPath(member.name)
        if path.is_absolute() or ".." in path.parts or not (member.isfile() or member.isdir()):
            raise NodeError(
                f"{archive}: member {member.name!r} is a link or leads outside the folder; "
                "this is no backup that `sluicegate backup` wrote"
            )


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
