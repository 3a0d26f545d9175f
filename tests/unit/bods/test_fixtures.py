"""Every fixture of the conformance pack of BODS 0.4: read, kept, counted and written as it asks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from bods_fixtures import list_cases, load

from bods_schema import faults
from sluicegate.adapters.ownership.bods_reading import read_bods
from sluicegate.adapters.ownership.bods_writing import bods_document
from sluicegate.adapters.ownership.elements import elements
from sluicegate.adapters.ownership.inputs import read_statements
from sluicegate.core.exact import dump_json
from sluicegate.core.identifiers import PartyId
from sluicegate.services.ownership.showing import Standpoint, export, owners
from sluicegate.services.ownership.statements import Statement
from sluicegate.wiring import OpenNode, make_node, opened
from sluicegate.wiring.ownership import Exchange, ImportOptions, exchange_text, take_in_ownership
from sluicegate.wiring.work import operator_desk

CASES = list_cases()
QUARTER, HALF = Fraction(1, 4), Fraction(1, 2)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[OpenNode]:
    make_node(tmp_path / "node")
    with opened(tmp_path / "node") as found:
        yield found


def statements(name: str, as_lines: bool = False) -> list[Statement]:
    said = load(name).statements
    text = "\n".join(map(json.dumps, said)) if as_lines else json.dumps(said, indent=2)
    found = list(read_bods(elements(Path(name), text)))
    assert all(isinstance(one, Statement) for one in found)
    return [one for one in found if isinstance(one, Statement)]


def taken_in(node: OpenNode, name: str, tmp_path: Path) -> Standpoint:
    file = tmp_path / "statements.json"
    file.write_text(json.dumps(load(name).statements), encoding="utf-8")
    result = take_in_ownership(node, [file], ImportOptions(HALF))
    assert result.rejected == 0
    return Standpoint.of(node.store, node.book, date(2026, 6, 30))


def exported(node: OpenNode, point: Standpoint, form: Exchange = Exchange.BODS) -> list[Any]:
    told = export(operator_desk(node), point, "A test")
    text = "".join(exchange_text(told, form, lines=True))
    return [json.loads(line) for line in text.splitlines()]


def test_there_are_fixtures() -> None:
    assert len(CASES) >= 3


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("as_lines", [False, True])
def test_a_fixture_is_read_and_written_without_loss(name: str, as_lines: bool) -> None:
    written = [json.loads(dump_json(bods_document(one))) for one in statements(name, as_lines)]
    assert written == load(name).statements
    assert faults(written) == []


@pytest.mark.parametrize("name", CASES)
def test_a_fixture_goes_through_a_node_and_comes_out_valid(
    name: str, node: OpenNode, tmp_path: Path
) -> None:
    out = exported(node, taken_in(node, name, tmp_path))
    assert faults(out) == []
    fixture = load(name)
    kinds = ("entity", "person", "relationship")
    asked = {kind: len(fixture.by_record_type(kind)) for kind in kinds}
    assert {kind: sum(one["recordType"] == kind for one in out) for kind in kinds} == asked


@pytest.mark.parametrize("name", CASES)
def test_the_same_knowledge_gives_the_same_statements(
    name: str, node: OpenNode, tmp_path: Path
) -> None:
    point = taken_in(node, name, tmp_path)
    assert exported(node, point) == exported(node, taken_in(node, name, tmp_path))


def test_direct_ownership_keeps_both_interests_and_the_owner(
    node: OpenNode, tmp_path: Path
) -> None:
    point = taken_in(node, "core/01-direct-ownership", tmp_path)
    found = owners(operator_desk(node), point, PartyId("rec-acme-holdings-ltd"))
    assert [(one.party.party_id, one.owned.low) for one in found.owners] == [
        ("rec-jane-smith-1975", Fraction(3, 4))
    ]
    relationship = next(one for one in exported(node, point) if one["recordType"] == "relationship")
    told = {one["type"]: one for one in relationship["recordDetails"]["interests"]}
    assert set(told) == {"shareholding", "votingRights"}
    assert all(one["share"] == {"exact": 75} for one in told.values())
    assert all(one["beneficialOwnershipOrControl"] for one in told.values())
    assert all(one["startDate"] == "2010-01-01" for one in told.values())
    assert relationship["source"]["description"] == "bods-fixtures"
    assert relationship["publicationDetails"]["bodsVersion"] == "0.4"


def test_circular_ownership_ends_without_an_owner_and_adds_up_to_no_more_than_all(
    node: OpenNode, tmp_path: Path
) -> None:
    point = taken_in(node, "edge-cases/10-circular-ownership", tmp_path)
    for name in ("rec-alpha-corp", "rec-beta-corp"):
        assert owners(operator_desk(node), point, PartyId(name)).owners == ()
    share = point.graph.effective_share(PartyId("rec-beta-corp"), PartyId("rec-alpha-corp"))
    assert share.low == share.high == 1
    relationships = [one for one in exported(node, point) if one["recordType"] == "relationship"]
    interests = [one["recordDetails"]["interests"][0] for one in relationships]
    assert len(interests) == 2
    assert not any(one["beneficialOwnershipOrControl"] for one in interests)


def test_a_declared_unknown_owner_is_told_apart_from_no_data(
    node: OpenNode, tmp_path: Path
) -> None:
    name = "edge-cases/11-anonymous-person"
    point = taken_in(node, name, tmp_path)
    party = PartyId("rec-opaque-holdings-sa")
    found = owners(operator_desk(node), point, party)
    assert found.owners == ()
    reason = "subjectUnableToConfirmOrIdentifyBeneficialOwner"
    assert [(owned, told.reason) for owned, told in found.not_named] == [(party, reason)]
    told = next(one for one in exported(node, point) if one["recordType"] == "relationship")
    stated = load(name).by_record_type("relationship")[0]["recordDetails"]["interestedParty"]
    assert told["recordDetails"]["interestedParty"] == stated
    entities = exported(node, point, Exchange.FTM)
    assert [one["schema"] for one in entities] == ["Company"]
    assert entities[0]["properties"]["notes"] == [f"{reason}: {stated['description']}"]


def test_a_file_of_statements_is_known_by_what_it_says(tmp_path: Path) -> None:
    file = tmp_path / "any.name"
    file.write_text(json.dumps(load(CASES[0]).statements), encoding="utf-8-sig")
    assert read_statements(file).format == "BODS 0.4"
