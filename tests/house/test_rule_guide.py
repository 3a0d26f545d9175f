"""The guide on rule files is true: its example is checked, tested and used as it says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from sluicegate.cli.application import app
from sluicegate.core.exact import load_json, load_yaml
from sluicegate.core.quantities import parse_flop
from sluicegate.rules.instruments import (
    UNITS,
    Comparator,
    Enforcement,
    Kind,
    TextState,
)
from sluicegate.rules.law import Law
from sluicegate.rules.loading import read_book, read_folder, shipped_book
from sluicegate.rules.thresholds import Gauge
from sluicegate.services.detectors.binding import FACTS_OF, Measured

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "rule-files.md").read_text("utf-8")
LIMIT = "local.harbour.large_customer"


def parts_of_guide() -> Mapping[str, str]:
    """Return the titled code blocks of the guide by file name."""
    blocks = re.findall(r'^``` yaml title="([^"]+)"\n(.*?)^```$', GUIDE, re.MULTILINE | re.DOTALL)
    return dict(blocks)


@pytest.fixture
def node(tmp_path: Path) -> Path:
    """Return a folder with the files of the guide in their places."""
    for name, text in parts_of_guide().items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def call(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_rule_of_the_guide_has_no_mistakes(node: Path) -> None:
    checked = call("rules", "check", "--node", node)
    assert checked.exit_code == 0, checked.output
    assert "no mistakes" in checked.stderr
    alone = call("rules", "check", node / "rules" / "harbour.yaml")
    assert alone.exit_code == 0, alone.output


def test_a_mistake_in_the_rule_of_the_guide_is_reported_with_its_line(node: Path) -> None:
    path = node / "rules" / "harbour.yaml"
    text = path.read_text(encoding="utf-8").replace("greater_than", "more_than")
    path.write_text(text, encoding="utf-8")
    checked = call("rules", "check", "--node", node, "--format", "json")
    assert checked.exit_code == 1
    (fault,) = load_json(checked.stdout)["faults"]
    line = text[: text.index("more_than")].count("\n") + 1
    assert (fault["line"], fault["path"]) == (line, "parameters.0.comparator")


def test_the_cases_of_the_guide_pass_and_count_as_it_says(node: Path) -> None:
    tested = call("rules", "test", node / "cases.yaml", "--node", node)
    assert tested.exit_code == 0, tested.output
    assert "3 passed, 0 failed" in tested.stderr
    assert "3 passed, 0 failed" in GUIDE


def test_the_cases_of_the_guide_use_the_limit_of_their_day() -> None:
    book = read_book([("harbour.yaml", parts_of_guide()["rules/harbour.yaml"])])
    for case in load_yaml(parts_of_guide()["cases.yaml"]):
        dated = book.parameter(LIMIT).on(date.fromisoformat(case["as_of"]))
        assert dated is not None
        assert dated.value == parse_flop(case["facts"]["threshold"])


@pytest.mark.parametrize(("day", "passed"), [("2026-06-30", False), ("2026-07-01", True)])
def test_the_rule_of_the_guide_is_one_of_the_regimes(node: Path, day: str, passed: bool) -> None:
    facts = node / "customer.yaml"
    compared = call(
        *("regimes", "compare", "--facts", facts, "--as-of", day),
        *("--node", node, "--format", "json"),
    )
    assert compared.exit_code == 0, compared.output
    rows: list[dict[str, Any]] = load_json(compared.stdout)["regimes"]
    (row,) = [one for one in rows if one["rule"] == "local.harbour.customer"]
    assert (row["passed"], row["binding"]) == (passed, passed)
    assert row["deadlines"] == ["30 days from crossing"]
    assert row["recipients"] == ["Harbour Board"]


def test_a_pass_judges_a_customer_by_the_limit_of_the_node(node: Path) -> None:
    book = read_book(read_folder(node / "rules"), base=shipped_book(), local=True)
    day = date(2026, 6, 30)
    for today, limit in ((day, 10**24), (day + timedelta(days=1), 5 * 10**23)):
        law = Law(book, today)
        gauge = Gauge.of(book.thresholds["local.harbour.customer"], law)
        measured = Measured(6 * 10**23, None, day, None, "US", gauge)
        facts = FACTS_OF["kyc_trigger"](measured, law).facts
        assert facts["threshold"] == str(limit)


def test_the_guide_names_every_word_that_a_rule_file_may_use() -> None:
    words = {
        *UNITS,
        *(m.value for kind in (Comparator, Enforcement, Kind, TextState) for m in kind),
    }
    assert {word for word in words if f"`{word}`" not in GUIDE} == set()
