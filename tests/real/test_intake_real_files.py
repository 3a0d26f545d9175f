"""Real files of other makers, read into a node: billing, scheduler, pods, serving telemetry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from empty_stores import empty_store
from sluicegate.adapters.formats.inputs import FileInputs, InputSettings
from sluicegate.core.clock import FixedClock
from sluicegate.registry.catalogue import Catalogue
from sluicegate.services.intake import FileResult, NothingReadableError, intake

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "compute"
AT = datetime(2026, 6, 1, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the shared data folder is absent")


class Node:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = empty_store(FixedClock(AT), f"sqlite:///{folder}/state.db")

    def take(self, file: str, mapping: str = "") -> FileResult:
        settings: dict[str, Any] = {}
        if mapping:
            settings["mapping"] = self.folder / "mapping.yaml"
            settings["mapping"].write_text(mapping)
        lake = self.folder / "lake"
        inputs = FileInputs(InputSettings(lake, Catalogue.load(), AT.date(), **settings))
        result = intake([DATA / file], store=self.store, inputs=inputs, at=AT, by="test")
        return result.files[0]

    def one(self, select: str) -> Any:
        with duckdb.connect() as connection:
            found = connection.execute(
                f"SELECT {select} FROM '{self.folder}/lake/usage/*/*.parquet'"
            ).fetchone()
        assert found is not None
        return found[0]


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    found = Node(tmp_path)
    yield found
    found.store.close()


def test_a_focus_bill_gives_its_accelerator_hours(node: Node) -> None:
    result = node.take("formats/focus_1.0_sample_1000.csv.gz")
    assert "FOCUS 1.0 billing (43 of 44 columns)" in result.message
    assert result.rejected == 0
    assert result.accepted + sum(result.skipped.values()) == 1000
    assert result.accepted == 10
    assert node.one("count(*) FILTER (utilisation_bp IS NOT NULL)") == 0
    again = node.take("formats/focus_1.0_sample_1000.csv.gz")
    assert (again.accepted, again.unchanged) == (0, 10)


def test_a_slurm_job_table_is_read_with_its_tres_ids(node: Node) -> None:
    result = node.take(
        "traces/mit_supercloud_slurm_slice.csv.gz",
        'format: slurm\noffset: "-05:00"\ntres: {1001: gpu:tesla, 1002: Tesla V100}\n',
    )
    assert result.accepted + result.rejected == 2401
    assert result.skipped == {"no accelerator allocated": 9628 - 2401}
    assert node.one("count(DISTINCT accelerator)") == 1
    assert node.one("min(duration_ms)") > 0


def test_pods_in_thousandths_are_read_by_a_mapping_file(node: Node) -> None:
    result = node.take(
        "traces/alibaba_gpu_v2023_pods.csv.gz",
        """
columns:
  record_id: name
  account: {constant: openb}
  accelerator: {column: gpu_spec, default: unstated}
  accelerator_count: {column: gpu_milli, factor: "0.001", times: num_gpu}
  start: {column: scheduled_time, unit: second, epoch: "2023-01-01T00:00:00+08:00"}
  end: {column: deletion_time, unit: second, epoch: "2023-01-01T00:00:00+08:00"}
skip:
- {column: num_gpu, equals: 0, reason: no accelerator}
- {column: scheduled_time, empty: true, reason: never scheduled}
""",
    )
    assert (result.accepted, result.rejected) == (6203, 0)
    assert result.skipped == {"never scheduled": 861, "no accelerator": 1088}
    assert node.one("count(DISTINCT record_id)") == 6203
    with duckdb.connect() as connection:
        query = (
            "SELECT sum((deletion_time - scheduled_time) * gpu_milli::HUGEINT * num_gpu) FROM"
            f" read_csv('{DATA}/traces/alibaba_gpu_v2023_pods.csv.gz')"
            " WHERE num_gpu > 0 AND scheduled_time IS NOT NULL"
        )
        stated = connection.execute(query).fetchone()
    assert stated is not None
    total = node.one("sum(accelerators_millionths::HUGEINT * duration_ms)")
    assert total == stated[0] * 1000 * 1000


DUTY = "traces/alibaba_v2026_genai_pod_gpu_duty_cycle.parquet"
DUTY_MAPPING = """
columns:
  record_id: {columns: [container_ip, timestamp_anon]}
  account: {constant: serving}
  resource_id: container_ip
  accelerator: {constant: unstated}
  accelerator_count: {constant: 1}
  start: {column: timestamp_anon, unit: second, offset: "+08:00"}
  end: {start_plus: 60, unit: second}
"""


def test_serving_telemetry_is_use_without_utilisation(node: Node) -> None:
    result = node.take(DUTY, DUTY_MAPPING)
    assert result.accepted + result.unchanged + result.rejected == 157417
    assert node.one("count(utilisation_bp)") == 0
    assert [unknown.name for unknown in result.unknown_accelerators] == ["unstated"]


def test_a_duty_cycle_is_refused_as_utilisation(node: Node) -> None:
    mapping = DUTY_MAPPING + '  utilisation: {column: value, factor: "0.01"}\n'
    with pytest.raises(NothingReadableError, match="how long a device was busy"):
        node.take(DUTY, mapping)
