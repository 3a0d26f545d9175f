"""The examples of the BODS standard itself: read by their version, counted, kept without loss."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from bods_schema import faults
from sluicegate.adapters.ownership.bods_writing import bods_document
from sluicegate.adapters.ownership.inputs import (
    OwnershipInputs,
    OwnershipSettings,
    read_statements,
)
from sluicegate.core.exact import dump_json
from sluicegate.core.identifiers import PartyId
from sluicegate.registry.kinds import KINDS
from sluicegate.registry.ownership import OwnershipGraph
from sluicegate.registry.records import OwnershipEdge

HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)
NAMES = (
    *("bods-package-annotations", "bods-package-entity-owning-entity", "bods-package-fi-soe"),
    *("bods-package-linking-annotations", "bods-package", "fermcat", "full-pep-declaration"),
    *("indirect-ownership", "joint-ownership", "levent"),
    *("listed-company-exempt-from-disclosure", "mixed-direct-and-indirect-ownership"),
    *("multiple-indirect-ownership", "multiple-tax-residencies"),
    *("mutilple-indirect-ownership-2", "nomination", "plc-entity-statement"),
    *("simple-pep-declaration", "tecido"),
)


@pytest.fixture(scope="module")
def examples(shared_data: Path) -> Path:
    return shared_data / "screening" / "ownership"


def graph_of(file: Path, on: str = "2024-01-01") -> OwnershipGraph:
    """Return the graph that a file makes of the registry on a day."""
    inputs = OwnershipInputs(OwnershipSettings(HALF))
    read = inputs.rows(inputs.inspect(file))
    assert read.rejected == 0
    found = [KINDS["ownership"].read(row) for row in read.rows]
    edges = [one for one in found if isinstance(one, OwnershipEdge)]

    return OwnershipGraph.of(edges, on=date.fromisoformat(on))


def owners(graph: OwnershipGraph, party: str) -> dict[str, Fraction]:
    found = graph.attributed().beneficial_owners(PartyId(party), QUARTER, majority=HALF)
    return {one.party.name or "": one.owned.low for one in found}


def test_every_example_is_named_here(examples: Path) -> None:
    assert sorted(file.stem for file in examples.glob("*.json")) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_of_version_0_4_and_is_kept_without_loss(examples: Path, name: str) -> None:
    file = examples / f"{name}.json"
    read = read_statements(file)
    assert (read.format, read.refused) == ("BODS 0.4", ())
    said = json.loads(file.read_text(encoding="utf-8"))
    assert [json.loads(dump_json(bods_document(one))) for one in read.statements] == said
    assert faults(said) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_row_of_an_example_goes_in(examples: Path, name: str) -> None:
    assert graph_of(examples / f"{name}.json") is not None


@pytest.mark.parametrize(
    ("name", "party", "expected"),
    [
        ("indirect-ownership", "ad3f6c2fcc9e", {"Person 1": "0.3"}),
        ("mixed-direct-and-indirect-ownership", "9bfe59b6a869", {"Person 1": "1"}),
        ("mutilple-indirect-ownership-2", "1e049760d6c7", {"Person 1": "0.6"}),
        ("joint-ownership", "31c55e425764", {"Natalie Coleman": "0.5", "Roberto Lopez": "0.5"}),
        ("nomination", "104AB1984C", {"Silvia Teixeira Perez": "0"}),
        ("bods-package", "c359f58d2977", {"Jennifer Hewitson-Smith": "1"}),
    ],
)
def test_who_stands_behind_a_party(
    examples: Path, name: str, party: str, expected: dict[str, str]
) -> None:
    found = owners(graph_of(examples / f"{name}.json"), party)
    assert found == {owner: Fraction(share) for owner, share in expected.items()}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2020-01-01", {"Riyadh Byrne-Amin": "0.5", "Patrick O'Donohue": "0.5"}),
        ("2021-06-01", {"Declan Byrne-Amin": "0.5", "Patrick O'Donohue": "0.5"}),
        ("2022-06-01", {"Patrick O'Donohue": "1"}),
    ],
)
def test_a_series_of_statements_tells_who_owned_when(
    examples: Path, day: str, expected: dict[str, str]
) -> None:
    found = owners(graph_of(examples / "fermcat.json", day), "ent-93c75c87ab28f889")
    assert found == {owner: Fraction(share) for owner, share in expected.items()}


def test_the_state_owns_the_whole_through_a_ministry_and_a_company(examples: Path) -> None:
    graph = graph_of(examples / "bods-package-fi-soe.json")
    share = graph.effective_share(PartyId("05ce06ec97b1"), PartyId("19f1c5afe9d7"))
    assert share.low == share.high == 1
