"""The whole job on files that others made: intake, meter, assess and report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from sluicegate.core.estimates import Estimate
from sluicegate.services.measuring import Measure
from sluicegate.services.meter import Dimension, meter
from sluicegate.services.passes import run_pass
from sluicegate.services.reporting import Heading, report_of
from sluicegate.wiring import (
    IntakeOptions,
    OpenNode,
    make_node,
    opened,
    take_in,
    write_report_files,
)

AS_OF = date(2026, 6, 30)
SLURM = 'format: slurm\noffset: "-05:00"\ntres: {1001: gpu:tesla, 1002: Tesla V100}\n'
PODS = """
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
"""


@pytest.fixture(scope="module")
def real_node(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Iterator[OpenNode]:
    place = tmp_path_factory.mktemp("real")
    compute = shared_data / "compute"
    make_node(place / "node")
    with opened(place / "node") as node:
        for file, mapping in (
            ("formats/focus_1.0_sample_1000.csv.gz", ""),
            ("traces/mit_supercloud_slurm_slice.csv.gz", SLURM),
            ("traces/alibaba_gpu_v2023_pods.csv.gz", PODS),
        ):
            written = place / "mapping.yaml"
            written.write_text(mapping, encoding="utf-8")
            take_in(node, [compute / file], IntakeOptions(mapping=written if mapping else None))
        yield node


def measure(node: OpenNode) -> Measure:
    return Measure(node.store, node.lake, node.catalogue, node.book, "US", AS_OF)


def totals(node: OpenNode, by: list[Dimension]) -> list[Estimate]:
    found = measure(node)
    rows = meter(found.lake, found.store, found.settings(), by=by, as_of=AS_OF)
    return [row.estimate for row in rows]


def test_every_way_of_adding_up_gives_the_same_digits(real_node: OpenNode) -> None:
    whole = Estimate.total(totals(real_node, []))
    for by in ([Dimension.CUSTOMER], [Dimension.ACCELERATOR], [Dimension.ACCOUNT, Dimension.RUN]):
        parts = Estimate.total(totals(real_node, by))
        assert (parts.low, parts.central, parts.high, parts.ceiling) == (
            whole.low,
            whole.central,
            whole.high,
            whole.ceiling,
        )


def test_the_v100_hours_of_the_slurm_slice_are_metered_at_their_peak(real_node: OpenNode) -> None:
    found = measure(real_node)
    rows = meter(found.lake, found.store, found.settings(), by=[Dimension.ACCELERATOR], as_of=AS_OF)
    by_type = {row.dims["accelerator"]: row.estimate for row in rows}
    v100 = by_type["nvidia-tesla-v100-sxm2-32gb"]
    assert Fraction(v100.low) / v100.ceiling == Fraction(19, 100)
    assert Fraction(v100.high) / v100.ceiling == Fraction(52, 100)
    assert by_type["unknown:unstated"].low == 0


def test_small_real_use_passes_no_threshold_and_gives_a_report(
    real_node: OpenNode, tmp_path: Path
) -> None:
    found = measure(real_node)
    passed = run_pass(
        found, tenant=real_node.node.settings.tenant, at=real_node.clock.now(), by="test"
    )
    assert passed.assessment.findings == ()
    assert passed.assessment.subjects["customers"] == len(passed.world.totals)
    heading = Heading("real", ("provider",), real_node.clock.now())
    files = write_report_files(report_of(passed, found, heading), tmp_path)
    page = files[0].read_text(encoding="utf-8")
    assert "unstated" in page
    assert "unmapped" in page.lower()
