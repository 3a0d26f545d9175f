"""The demo against its truth, on worlds that nobody could tune the code to.

The seeds come from the digest of the source tree: a change of any file of the
product draws other worlds.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest

import sluicegate
from sluicegate.cli.assess import write_node_report
from sluicegate.cli.demo import DemoRun, run_demo
from sluicegate.cli.working import measure_of
from sluicegate.core.identifiers import DEFAULT_TENANT
from sluicegate.demo.world import FEWEST_CUSTOMERS
from sluicegate.rules.loading import shipped_book
from sluicegate.services.assess import Scope, assess
from sluicegate.services.demo import RULES_OF, check
from sluicegate.services.detectors import DETECTORS
from sluicegate.services.findings import Finding
from sluicegate.services.passes import run_pass
from sluicegate.services.screening.running import SCREENED
from sluicegate.wiring import OpenNode, opened
from tiny_world import small_demo

CUSTOMERS = 2000
SEEDS = 20 if os.environ.get("SLUICEGATE_LONG") == "1" else 3
SOURCE = Path(sluicegate.__file__).parent
NEEDS_ANOTHER_PROVIDER = {"joint_use"}
"""Detectors that look at what two providers compared: the demo is one provider's world."""


def source_files() -> Iterator[Path]:
    for path in sorted(SOURCE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


@lru_cache(maxsize=1)
def source_digest() -> bytes:
    """Return the SHA-256 over the names and bytes of all files of the product."""
    total = hashlib.sha256()
    for path in source_files():
        name = path.relative_to(SOURCE).as_posix()
        total.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.digest()


def seed(number: int) -> int:
    drawn = hashlib.sha256(source_digest() + bytes([number])).digest()
    return int.from_bytes(drawn[:6])


def holds(run: DemoRun, number: int) -> None:
    """Fail when something was missed or falsely certain, and say which world to look at."""
    checked = run.checked
    world = f"sluicegate demo --seed {seed(number)} --customers {CUSTOMERS}"
    assert checked.missed == (), world
    assert checked.false_certain == (), world
    assert len(checked.found) >= 2 * sum(map(len, RULES_OF.values())), world


@pytest.mark.parametrize("number", range(1, SEEDS))
def test_nothing_is_missed_and_nothing_falsely_certain(tmp_path: Path, number: int) -> None:
    holds(run_demo(tmp_path / "node", seed=seed(number), customers=CUSTOMERS), number)


def test_every_detector_is_needed_and_a_second_pass_adds_nothing(tmp_path: Path) -> None:
    """One world looked at closely, as it is made once: see the three functions below."""
    folder = tmp_path / "node"
    run = run_demo(folder, seed=seed(0), customers=CUSTOMERS)
    holds(run, 0)
    without_a_detector_something_is_missed(run)
    with opened(folder) as node:
        a_second_pass_changes_nothing(node, run)
        the_report_is_there(node, run)


def without_a_detector_something_is_missed(run: DemoRun) -> None:
    world, truth = run.passed.world, run.truth
    by_detector = {name: found_by(name, run) for name in DETECTORS}
    together = {finding.id for found in by_detector.values() for finding in found}
    assert together == {finding.id for finding in run.passed.assessment.findings}
    assert not any(by_detector[name] for name in NEEDS_ANOTHER_PROVIDER)
    for off in DETECTORS.keys() - NEEDS_ANOTHER_PROVIDER:
        left = [one for name, found in by_detector.items() if name != off for one in found]
        checked = check(truth, world, left, shipped_book())
        assert checked.missed, f"nothing is missed without {off}"
        assert not checked.holds


def found_by(name: str, run: DemoRun) -> tuple[Finding, ...]:
    """Return what one detector finds in a measured world."""
    scope = Scope(detectors={name: DETECTORS[name]})
    book = shipped_book()
    world = run.passed.world
    return assess(world, book, tenant=DEFAULT_TENANT, previous={}, scope=scope).findings


def a_second_pass_changes_nothing(node: OpenNode, run: DemoRun) -> None:
    acts = len(list(node.store.acts()))
    second = run_pass(
        measure_of(node, run.truth.as_of, None),
        tenant=node.node.settings.tenant,
        at=node.clock.now(),
        by="local:test",
    )
    again = second.assessment
    assert again.changes == ()
    assert again.pass_id is None
    assert [one.name for one in list(node.store.acts())[acts:]] == [SCREENED]
    assert second.screening is not None
    assert (second.screening.gained, second.screening.lost) == ((), ())
    assert second.screening.scored == 0
    first = run.passed.assessment
    assert [one.as_json() for one in again.findings] == [one.as_json() for one in first.findings]


def the_report_is_there(node: OpenNode, run: DemoRun) -> None:
    files = write_node_report(node, run.passed)
    names = {path.name for path in files}
    assert {path.suffix for path in files} == {".html", ".json", ".csv"}
    assert len(names) == len(files) == 5
    for path in files:
        assert path.is_file()
        assert path.stat().st_size > 10_000


@pytest.mark.parametrize("until", [date(2023, 6, 30), date(2025, 7, 31), date(2028, 2, 29)])
def test_the_truth_is_found_in_other_years(tmp_path: Path, until: date) -> None:
    """A text that was not yet there finds nothing, and is not missed."""
    run = run_demo(tmp_path / "node", seed=seed(0), customers=FEWEST_CUSTOMERS, until=until)
    assert run.passed.assessment.as_of == until
    assert (run.checked.missed, run.checked.false_certain) == ((), ())
    assert len(run.checked.found) > 10


def test_another_source_draws_other_worlds() -> None:
    """The seeds rest on every file of the product, and differ from each other."""
    names = {path.relative_to(SOURCE).as_posix() for path in source_files()}
    assert {"services/detectors/structuring.py", "data/rules/european_union/ai_act.yaml"} <= names
    assert len({seed(number) for number in range(20)}) == 20


def test_a_near_miss_of_a_cluster_that_is_found_is_false() -> None:
    """The check itself: what the truth calls a look-alike may not stand among the findings."""
    _, run = small_demo()
    findings = run.passed.assessment.findings
    [governor, *_] = [f for f in findings if f.rule == "kthf.oversight.cluster_verification"]
    [alike, *_] = [
        one
        for one in run.truth.patterns
        if one.near_miss and one.pattern.value == "cluster_above_1e18"
    ]
    wrong = replace(governor, subject=replace(governor.subject, id=alike.subject.id or ""))
    checked = check(run.truth, run.passed.world, [*findings, wrong], shipped_book())
    assert len(checked.false_certain) == 1
    assert not checked.holds
