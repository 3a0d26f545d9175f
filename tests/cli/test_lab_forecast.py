"""`sluicegate lab forecast`: from a file or a data set, in every format, with its picture."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from command_line import sluicegate

JSON = ("--format", "json")
FEW = ("--set", "simulations=20")
HEADER = "name,developers,published,flop"


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """Return a file of invented models."""
    lines = [
        f"Invented {year}-{place},Harbour Lab {place} (invented),{year}-0{2 + 3 * place}-11,"
        f"{14 * 10**20 * 6 ** (year - 2019) * 10**place}"
        for year in range(2019, 2026)
        for place in range(3)
    ]
    file = tmp_path / "harbour_2025-12-30.csv"
    file.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    return file


def test_a_file_is_forecast_in_every_format(models: Path, tmp_path: Path) -> None:
    words = ("lab", "forecast", "--data", models, "--threshold", "1e26", "--near", "1", *FEW)
    svg = tmp_path / "forecast.svg"
    ran = sluicegate(*words, "--svg", svg, "--until", "2027")
    assert ran.code == 0
    assert "above 1e26 FLOP: " in ran.err
    assert ">1e26" in ran.out
    ET.fromstring(svg.read_text(encoding="utf-8"))
    document = sluicegate(*words, "--until", "2027", *JSON).json
    years = document["scenarios"][0]["options"][0]["years"]
    assert [one["year"] for one in years] == [2024, 2025, 2026, 2027]
    rows = sluicegate(*words, "--until", "2027", "--format", "csv").csv
    assert [row["cumulative_p50"] for row in rows[:4]] == [
        str(one["cumulative"]["p50"]) for one in years
    ]


def test_the_same_command_gives_the_same_answer(models: Path) -> None:
    words = ("lab", "forecast", "--data", models, "--threshold", "1e26", *FEW, *JSON)
    assert sluicegate(*words).out == sluicegate(*words).out
    assert sluicegate(*words, "--set", "seed=9").out != sluicegate(*words).out


def test_scenarios_and_later_data_stand_side_by_side(models: Path) -> None:
    words = ("lab", "forecast", "--data", models, "--threshold", "1e26", *FEW)
    ran = sluicegate(
        *words, "--scenario", "baseline", "--scenario", "more_training", "--check", models
    )
    assert ran.code == 0
    assert "more_training" in ran.out
    assert "recorded" in ran.out


def test_assumptions_are_listed_with_their_sources(models: Path) -> None:
    words = ("lab", "forecast", "--data", models, "--assumptions", "--set", "growth_sd=0.3")
    told = {row["name"]: row for row in sluicegate(*words, *JSON).json}
    assert told["growth_sd"]["reference"] is None
    assert "Kumar and Manning 2025" in told["gradient_least"]["reference"]


def test_a_data_set_of_a_node_is_forecast(node: Path, models: Path) -> None:
    at = ("--node", node)
    taken = sluicegate(
        "lab", "data", "import", models, "--name", "harbour", "--source", "Invented", *at
    )
    assert taken.code == 0
    words = ("lab", "forecast", "--data", "harbour", "--threshold", "1e26", *FEW, *JSON)
    found = sluicegate(*words, *at).json
    assert found["data"]["name"] == "harbour"
    missing = sluicegate("lab", "forecast", "--data", "nothing", *at)
    assert (missing.code, "there is no such data set" in missing.err) == (2, True)


def test_what_cannot_be_forecast_ends_with_the_reason(models: Path) -> None:
    words = ("lab", "forecast", "--data", models)
    for wrong, said in (
        (("--threshold", "much"), "threshold: much is no figure"),
        (("--set", "growth=1"), "There is no assumption growth"),
        (("--scenario", "boom"), "There is no scenario boom"),
        (("--until", "2999"), "last_year: 2999"),
    ):
        ran = sluicegate(*words, *wrong)
        assert (ran.code, said in ran.err) == (2, True), ran.err


def test_options_stand_beside_each_other_by_year(models: Path) -> None:
    words = ("lab", "forecast", "--data", models, "--threshold", "1e25", "--threshold", "1e26")
    rows = sluicegate(*words, *FEW, "--until", "2026", "--beside", *JSON).json
    assert [list(row) for row in rows] == [["year", ">1e25", ">1e26"]] * 3
