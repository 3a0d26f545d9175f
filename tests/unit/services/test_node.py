"""A node directory: made, looked over, backed up and restored; settings with their sources."""

from __future__ import annotations

import io
import shutil
import sqlite3
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from principals import AllowAll, principal
from sluicegate.adapters import node as nodes
from sluicegate.adapters.clock import SystemClock
from sluicegate.adapters.store.opening import connect
from sluicegate.core.clock import FixedClock
from sluicegate.services.casework.opening import NewCase, open_case
from sluicegate.services.desk import Desk
from sluicegate.services.node import (
    FOLDERS,
    Check,
    CheckState,
    NodeError,
    NodeFolder,
    StoreCondition,
    doctor,
)
from sluicegate.services.ports import UsageBatch
from sluicegate.services.setting_values import Role
from sluicegate.services.settings import read_settings

NOW = datetime(2026, 4, 1, 10, tzinfo=UTC)
CLOCK = FixedClock(NOW)
CUSTOMER = {
    "source": "crm",
    "customer_id": "c-1",
    "name": "Harrow Basin Models",
    "customer_kind": "entity",
    "country": "US",
}


def made(path: Path, *roles: Role) -> nodes.Node:
    return nodes.init_node(path, roles, clock=CLOCK, environment={})


def filled(path: Path) -> nodes.Node:
    """Return a node with a customer, a batch of three segments of two records, and a key."""
    node = made(path, Role.PROVIDER)
    batch = path / "lake" / "usage" / "batch=b-1"
    batch.mkdir(parents=True)
    with duckdb.connect() as engine:
        engine.execute(
            "COPY (SELECT unnest([0, 1, 0]) AS segment) "
            f"TO '{batch / 'part-0.parquet'}' (FORMAT parquet)"
        )
    (path / "keys" / "node.key").write_text("not a real key")
    (path / "keys" / "node.key").chmod(0o600)
    with node.open_store(CLOCK) as store, store.transaction():
        store.put("customers", [CUSTOMER], at=NOW, by="ana")
        store.add_usage_batch(UsageBatch("b-1", "d" * 64, "usage.csv", 2, False, NOW))
        store.act("intake", {"rows": 3}, at=NOW, by="ana", reason="first files")
    return node


def states(checks: Sequence[Check]) -> dict[str, CheckState]:
    return {check.name: check.state for check in checks}


def looked_over(node: nodes.Node, clock: FixedClock = CLOCK) -> list[Check]:
    return nodes.doctor(node, clock=clock, check_rules=lambda _folder: ())


def contents(path: Path) -> dict[str, bytes]:
    return {
        file.relative_to(path).as_posix(): file.read_bytes()
        for file in path.rglob("*")
        if file.is_file() and not file.name.startswith("state.db")
    }


def dump(path: Path) -> list[str]:
    connection = sqlite3.connect(path / "state.db")
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


def test_a_new_node_has_every_place_and_the_roles_given(tmp_path: Path) -> None:
    node = made(tmp_path / "n", Role.REGULATOR, Role.OFFICE)
    assert sorted(p.name for p in node.folder.path.iterdir() if p.is_dir()) == sorted(FOLDERS)
    assert node.settings.roles == (Role.REGULATOR, Role.OFFICE)
    assert node.folder.store_file.is_file()
    assert node.folder.keys.stat().st_mode & 0o077 == 0


def test_making_a_node_again_changes_nothing(tmp_path: Path) -> None:
    filled(tmp_path / "n")
    before, rows = contents(tmp_path / "n"), dump(tmp_path / "n")
    assert made(tmp_path / "n").settings.roles == (Role.PROVIDER,)
    assert (contents(tmp_path / "n"), dump(tmp_path / "n")) == (before, rows)


def test_a_node_keeps_its_roles(tmp_path: Path) -> None:
    made(tmp_path / "n", Role.PROVIDER)
    with pytest.raises(NodeError, match="is a node with roles provider; edit roles"):
        made(tmp_path / "n", Role.OFFICE)


def test_a_folder_with_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(NodeError, match="is not empty and no node"):
        made(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]


def test_a_folder_that_is_no_node_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(NodeError, match="run: sluicegate init"):
        nodes.open_node(tmp_path, environment={})


def test_settings_come_from_the_environment_then_the_file_then_the_defaults(
    tmp_path: Path,
) -> None:
    settings = read_settings(
        {"tenant": "acme", "country": "NO", "engine": {"threads": 2}},
        NodeFolder(tmp_path),
        {"SLUICEGATE_COUNTRY": "DE", "SLUICEGATE_REGIMES": "eu.ai_act, us.sb53"},
    )
    assert (settings.tenant, settings.country, settings.engine_threads) == ("acme", "DE", 2)
    assert settings.regimes == ("eu.ai_act", "us.sb53")
    sources = {shown.name: shown.source for shown in settings.describe()}
    assert sources["tenant"] == "sluicegate.toml"
    assert sources["country"] == "environment SLUICEGATE_COUNTRY"
    assert sources["engine_memory"] == "default"


def test_without_settings_all_regimes_and_the_country_us_hold(tmp_path: Path) -> None:
    settings = read_settings({}, NodeFolder(tmp_path), {})
    assert (settings.country, settings.regimes, settings.tenant) == ("US", None, "self")
    assert settings.store_url == f"sqlite:///{tmp_path}/state.db"
    assert {s.name: s.value for s in settings.describe()}["regimes"] == "all"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql+psycopg://ana:p%40ss@host/db", "postgresql+psycopg://ana:***@host/db"),
        ("postgresql+psycopg://ana:a@b@host/db", "postgresql+psycopg://ana:***@host/db"),
        (
            "postgresql://host/db?user=a&password=b&x=1",
            "postgresql://host/db?user=a&password=***&x=1",
        ),
        ("sqlite:////srv/state.db", "sqlite:////srv/state.db"),
    ],
)
def test_secrets_are_masked_when_settings_are_shown(tmp_path: Path, url: str, shown: str) -> None:
    settings = read_settings({"store": {"url": url}}, NodeFolder(tmp_path), {})
    assert settings.store_url == url
    assert {s.name: s.value for s in settings.describe()}["store_url"] == shown


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({"tennant": "x"}, "no such setting: tennant; the settings are tenant"),
        ({"engine": {"speed": 1}}, "engine.speed"),
        ({"roles": ["king"]}, "the roles are provider"),
        ({"roles": []}, "at least one role"),
        ({"country": "usa"}, "two capital letters"),
        ({"engine": {"threads": 0}}, "e.g. 2"),
        ({"engine": {"threads": True}}, "e.g. 2"),
        ({"engine": {"memory": "much"}}, "e.g. 2GB"),
        ({"tenant": ""}, "is not text"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, document: dict[str, object], says: str) -> None:
    with pytest.raises(NodeError, match=says):
        read_settings(document, NodeFolder(tmp_path), {})


def test_a_settings_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    node = made(tmp_path / "n")
    node.folder.settings_file.write_text("tenant = ")
    with pytest.raises(NodeError, match="correct the file"):
        nodes.open_node(tmp_path / "n", environment={})


def test_a_sound_node_passes_every_check(tmp_path: Path) -> None:
    found = states(looked_over(filled(tmp_path / "n")))
    assert list(found) == ["clock", "store", "integrity", "read models", "lake", "rules", "disk"]
    found.pop("disk")
    assert set(found.values()) == {CheckState.OK}


def test_the_doctor_changes_nothing(tmp_path: Path) -> None:
    node = filled(tmp_path / "n")
    before, rows = contents(tmp_path / "n"), dump(tmp_path / "n")
    looked_over(node)
    assert (contents(tmp_path / "n"), dump(tmp_path / "n")) == (before, rows)


@pytest.mark.parametrize(
    ("harm", "says"), [("gone", "is missing"), ("cut", "cannot be read"), ("fewer", "holds 1")]
)
def test_the_doctor_finds_usage_that_is_not_there(tmp_path: Path, harm: str, says: str) -> None:
    node = filled(tmp_path / "n")
    batch = node.folder.lake / "usage" / "batch=b-1"
    part = batch / "part-0.parquet"
    if harm == "gone":
        shutil.rmtree(batch)
    elif harm == "cut":
        part.write_bytes(part.read_bytes()[:40])
    else:
        with duckdb.connect() as engine:
            engine.execute(f"COPY (SELECT 0 AS segment) TO '{part}' (FORMAT parquet)")
    [lake] = [check for check in looked_over(node) if check.name == "lake"]
    assert lake.state is CheckState.FAILED
    assert says in lake.finding
    assert "backup" in lake.way_out


def test_the_doctor_finds_a_clock_that_went_back(tmp_path: Path) -> None:
    node = filled(tmp_path / "n")
    earlier = FixedClock(NOW - timedelta(seconds=1))
    assert states(looked_over(node, earlier))["clock"] is CheckState.FAILED


def test_the_doctor_finds_a_missing_and_a_damaged_store(tmp_path: Path) -> None:
    node = filled(tmp_path / "n")
    with node.open_store(CLOCK) as store:
        store.put(
            "customers", [{**CUSTOMER, "customer_id": f"c-{n}"} for n in range(2000)], by="ana"
        )
    file = node.folder.store_file
    data = bytearray(file.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 8192] = b"\xff" * 8192
    file.write_bytes(bytes(data))
    found = states(looked_over(node))
    assert CheckState.FAILED in (found["store"], found["integrity"])
    file.unlink()
    assert states(looked_over(node))["store"] is CheckState.FAILED


def test_the_doctor_says_when_another_version_wrote_the_store(tmp_path: Path) -> None:
    node = filled(tmp_path / "n")
    engine = connect(node.settings.store_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    [store] = [check for check in looked_over(node) if check.name == "store"]
    assert store.state is CheckState.FAILED
    assert "newer" in store.finding


def test_the_doctor_finds_a_case_that_is_not_what_its_events_make(tmp_path: Path) -> None:
    node = filled(tmp_path / "n")
    with node.open_store(CLOCK) as store:
        case_id = open_case(
            Desk(principal("analyst"), store, AllowAll(), CLOCK),
            NewCase("Odd use", "A call from the data centre"),
        ).case_id
        assert states(looked_over(node))["read models"] is CheckState.OK
        with store.engine.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE case_documents SET document = replace(document, 'Odd use', 'Even use')"
            )
    [check] = [one for one in looked_over(node) if one.name == "read models"]
    assert check.state is CheckState.FAILED
    assert case_id in check.finding


def test_the_doctor_passes_on_what_is_wrong_in_rule_files(tmp_path: Path) -> None:
    node = made(tmp_path / "n")
    faults = [f"local.yaml:{line}: wrong" for line in range(7)]
    checks = nodes.doctor(node, clock=CLOCK, check_rules=lambda _folder: faults)
    [rules] = [check for check in checks if check.name == "rules"]
    assert rules.state is CheckState.FAILED
    assert "local.yaml:0: wrong" in rules.finding
    assert "and 2 more" in rules.finding


@dataclass
class Found:
    """A node's condition as a test wants it."""

    condition: StoreCondition = field(default_factory=lambda: StoreCondition("0001", "0001"))
    free: int = 2**40

    def now(self) -> datetime:
        return NOW

    def store(self) -> StoreCondition:
        return self.condition

    def lake_records(self, batch: str) -> int | str:
        return 0

    def rules_faults(self) -> Sequence[str]:
        return ()

    def free_bytes(self) -> int:
        return self.free


@pytest.mark.parametrize(
    ("free", "state"),
    [(2**20, CheckState.FAILED), (2**30, CheckState.WARNING), (2**35, CheckState.OK)],
)
def test_little_space_is_a_warning_and_none_a_failure(free: int, state: CheckState) -> None:
    assert states(doctor(Found(free=free)))["disk"] is state


def test_a_store_of_an_earlier_version_is_a_warning() -> None:
    condition = replace(Found().condition, revision=None)
    assert states(doctor(Found(condition)))["store"] is CheckState.WARNING


def test_a_backup_restores_to_an_equal_node(tmp_path: Path) -> None:
    node = filled(tmp_path / "n")
    kept = ("lists/files/abc/own.csv", "validation/self/2026-06-30-v/digests.txt")
    for name in (*kept, "keys/exchange/abc.offer", "cache/screened_names_0.bin"):
        (tmp_path / "n" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "n" / name).write_text(name)
    with node.open_store(CLOCK) as store:
        store.put("customers", [{**CUSTOMER, "country": "NO"}], at=NOW, by="ana")
        nodes.backup(node, tmp_path / "n.tar.gz")
    nodes.restore(tmp_path / "n.tar.gz", tmp_path / "again")
    for name in (*kept, "keys/exchange/abc.offer"):
        assert (tmp_path / "again" / name).read_text() == name
    assert not list((tmp_path / "again").glob("cache/screened_names_*"))
    shutil.rmtree(tmp_path / "n" / "cache")
    assert contents(tmp_path / "again") == contents(tmp_path / "n")
    assert dump(tmp_path / "again") == dump(tmp_path / "n")
    again = nodes.open_node(tmp_path / "again", environment={})
    assert set(states(looked_over(again)).values()) <= {CheckState.OK, CheckState.WARNING}
    assert (tmp_path / "again" / "keys" / "node.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "n.tar.gz").stat().st_mode & 0o077 == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["again", "n", "n.tar.gz"]


def test_a_backup_writes_over_nothing_and_stays_outside_the_node(tmp_path: Path) -> None:
    node = made(tmp_path / "n")
    taken = tmp_path / "taken.tar.gz"
    taken.write_text("mine")
    with pytest.raises(NodeError, match="exists"):
        nodes.backup(node, taken)
    with pytest.raises(NodeError, match="inside the node"):
        nodes.backup(node, tmp_path / "n" / "b.tar.gz")
    assert taken.read_text() == "mine"


def test_a_store_elsewhere_is_not_backed_up_in_silence(tmp_path: Path) -> None:
    node = made(tmp_path / "n")
    elsewhere = replace(node.settings, store_url="postgresql://host/db")
    with pytest.raises(NodeError, match="its own tool"):
        nodes.backup(replace(node, settings=elsewhere), tmp_path / "b.tar.gz")


def test_a_restore_writes_over_nothing(tmp_path: Path) -> None:
    nodes.backup(made(tmp_path / "n"), tmp_path / "b.tar.gz")
    before = contents(tmp_path / "n")
    with pytest.raises(NodeError, match="is not empty"):
        nodes.restore(tmp_path / "b.tar.gz", tmp_path / "n")
    assert contents(tmp_path / "n") == before


@pytest.mark.parametrize("name", ["../outside.txt", "/tmp/outside.txt", "lake/../../outside.txt"])
def test_an_archive_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    archive = tmp_path / "bad.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        member = tarfile.TarInfo(name)
        member.size = 4
        tar.addfile(member, io.BytesIO(b"harm"))
    with pytest.raises(NodeError, match="leads outside the folder"):
        nodes.restore(archive, tmp_path / "inner" / "n")
    assert not list(tmp_path.rglob("outside.txt"))
    assert not (tmp_path / "inner" / "n").exists()


def test_an_archive_with_a_link_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "bad.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        member = tarfile.TarInfo("lake/link")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc"
        tar.addfile(member)
    with pytest.raises(NodeError, match="is a link"):
        nodes.restore(archive, tmp_path / "n")


@pytest.mark.parametrize("harm", ["cut", "not_gzip", "absent", "other"])
def test_a_damaged_archive_leaves_nothing_behind(tmp_path: Path, harm: str) -> None:
    archive = tmp_path / "b.tar.gz"
    if harm == "cut":
        nodes.backup(filled(tmp_path / "n"), archive)
        archive.write_bytes(archive.read_bytes()[:-2000])
    elif harm == "not_gzip":
        archive.write_bytes(b"plain text")
    elif harm == "other":
        with tarfile.open(archive, "w:gz") as tar:
            tar.addfile(tarfile.TarInfo("notes.txt"))
    with pytest.raises(NodeError, match=r"b\.tar\.gz"):
        nodes.restore(archive, tmp_path / "again")
    assert not (tmp_path / "again").exists()
    assert not list(tmp_path.glob(".restore-*"))


def test_the_machine_clock_tells_an_offset() -> None:
    assert SystemClock().now().utcoffset() is not None
    assert SystemClock(UTC).now().utcoffset() == timedelta(0)
