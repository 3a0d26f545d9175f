"""Statements that are wrong: each fault with its place and a way out, and no text ends a reader."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from bods_fixtures import load
from hypothesis import given
from hypothesis import strategies as st

from bods_schema import faults
from sluicegate.adapters.ownership.bods_reading import Refused, read_bods
from sluicegate.adapters.ownership.elements import elements
from sluicegate.adapters.ownership.ftm_reading import read_ftm
from sluicegate.adapters.ownership.inputs import OwnershipInputs, OwnershipSettings
from sluicegate.core.problems import ProblemsError
from sluicegate.services.ownership.statements import Statement

SAID = load("core/01-direct-ownership").statements
ENTITY, PERSON, RELATIONSHIP = SAID
SETTINGS = OwnershipSettings(Fraction(1, 2))
Change = Callable[[dict[str, Any]], object]


def refused(*statements: object) -> list[tuple[int, str, str]]:
    text = "[\n" + ",\n".join(json.dumps(one) for one in statements) + "\n]"
    found = read_bods(elements(Path("f.json"), text))
    return [
        (one.line, fault.field, fault.problem)
        for one in found
        if isinstance(one, Refused)
        for fault in one.faults
    ]


def interest(one: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = one["recordDetails"]["interests"][0]
    return found


@pytest.mark.parametrize(
    ("base", "change", "field"),
    [
        (ENTITY, lambda one: one.pop("statementId"), "statementId"),
        (ENTITY, lambda one: one.update(statementId="short"), "statementId"),
        (ENTITY, lambda one: one.update(statementDate="2026-02-30"), "statementDate"),
        (ENTITY, lambda one: one.pop("statementDate"), "statementDate"),
        (ENTITY, lambda one: one.pop("declarationSubject"), "declarationSubject"),
        (ENTITY, lambda one: one.update(recordId=7), "recordId"),
        (ENTITY, lambda one: one.update(recordType="company"), "recordType"),
        (ENTITY, lambda one: one.update(recordStatus="gone"), "recordStatus"),
        (ENTITY, lambda one: one.update(recordDetails=[]), "recordDetails"),
        (
            ENTITY,
            lambda one: one["recordDetails"]["entityType"].update(type="ltd"),
            "recordDetails.entityType.type",
        ),
        (
            ENTITY,
            lambda one: one["recordDetails"]["entityType"].update(subtype="trust"),
            "recordDetails.entityType.subtype",
        ),
        (
            PERSON,
            lambda one: one["recordDetails"].update(personType="known"),
            "recordDetails.personType",
        ),
        (
            PERSON,
            lambda one: one["recordDetails"].update(birthDate="75"),
            "recordDetails.birthDate",
        ),
        (
            RELATIONSHIP,
            lambda one: one["recordDetails"].pop("subject"),
            "recordDetails.subject",
        ),
        (
            RELATIONSHIP,
            lambda one: one["recordDetails"].update(interestedParty={"reason": "because"}),
            "recordDetails.interestedParty.reason",
        ),
        (
            RELATIONSHIP,
            lambda one: interest(one).update(type="shares"),
            "recordDetails.interests[0].type",
        ),
        (
            RELATIONSHIP,
            lambda one: interest(one).update(share={"exact": 101}),
            "recordDetails.interests[0].share.exact",
        ),
        (
            RELATIONSHIP,
            lambda one: interest(one).update(share={"minimum": 50, "maximum": 25}),
            "recordDetails.interests[0].share.minimum",
        ),
        (
            RELATIONSHIP,
            lambda one: interest(one).update(share={"minimum": 25, "exclusiveMinimum": 25}),
            "recordDetails.interests[0].share.minimum",
        ),
        (
            RELATIONSHIP,
            lambda one: interest(one).update(share={"exact": 60, "maximum": 50}),
            "recordDetails.interests[0].share.exact",
        ),
        (
            RELATIONSHIP,
            lambda one: interest(one).update(startDate="1.1.2020"),
            "recordDetails.interests[0].startDate",
        ),
        (
            RELATIONSHIP,
            lambda one: interest(one).update(startDate="2020-01-02", endDate="2020-01-01"),
            "recordDetails.interests[0].endDate",
        ),
        (
            RELATIONSHIP,
            lambda one: one["recordDetails"].update(isComponent=True, componentRecords=["x"]),
            "recordDetails.componentRecords",
        ),
    ],
)
def test_a_fault_is_told_with_its_place(base: dict[str, Any], change: Change, field: str) -> None:
    wrong = copy.deepcopy(base)
    change(wrong)
    other = ENTITY if base is PERSON else PERSON
    assert [(line, name) for line, name, _ in refused(other, wrong)] == [(3, field)]


def test_the_schema_refuses_what_the_reader_refuses() -> None:
    """So that the schema by which exports are judged is no empty word."""
    for base, change in (
        (ENTITY, {"statementId": "short"}),
        (ENTITY, {"recordType": "company"}),
        (ENTITY, {"recordDetails": {"isComponent": False}}),
    ):
        assert faults([{**base, **change}]) != []
    unknown = copy.deepcopy(RELATIONSHIP)
    unknown["recordDetails"]["interestedParty"] = "nobody"
    assert faults([ENTITY, PERSON, unknown]) != []


@pytest.mark.parametrize(
    ("old", "told"),
    [
        ({"statementID": "a" * 36, "statementType": "entityStatement"}, "a version before 0.4"),
        (
            {
                "statementID": "a" * 36,
                "statementType": "personStatement",
                "publicationDetails": {"bodsVersion": "0.2"},
            },
            "BODS 0.2",
        ),
        ({**ENTITY, "publicationDetails": {"bodsVersion": "0.5"}}, "'0.5' is not '0.4'"),
    ],
)
def test_another_version_is_refused_by_its_name(old: dict[str, Any], told: str) -> None:
    assert told in refused(old)[0][2]


def test_a_file_of_an_old_version_cannot_be_read_at_all(tmp_path: Path) -> None:
    file = tmp_path / "old.json"
    file.write_text(json.dumps([{"statementID": "a", "statementType": "entityStatement"}]))
    with pytest.raises(ProblemsError, match=r"old\.json:1: .*convert the file to BODS 0\.4"):
        OwnershipInputs(SETTINGS).inspect(file)


def test_an_id_that_stands_twice_is_refused_the_second_time() -> None:
    assert refused(ENTITY, ENTITY) == [
        (3, "statementId", f"{ENTITY['statementId']!r} stands on line 2 already")
    ]


def test_a_relationship_to_a_party_that_stands_nowhere_is_refused_and_the_rest_goes_in(
    tmp_path: Path,
) -> None:
    lost = copy.deepcopy(RELATIONSHIP)
    lost.update(statementId="x" * 40, recordId="rec-lost")
    lost["recordDetails"]["interestedParty"] = "rec-nobody"
    file = tmp_path / "f.json"
    file.write_text("[\n" + ",\n".join(map(json.dumps, [*SAID, lost])) + "\n]")
    inputs = OwnershipInputs(SETTINGS)
    found = inputs.rows(inputs.inspect(file))
    assert (len(found.rows), found.rejected) == (1, 1)
    assert found.problems[0].line == 5
    assert "'rec-nobody' stands nowhere in the file" in found.problems[0].problem


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty"),
        ("  \n ", "is empty"),
        ("statement", "neither a JSON array nor JSON lines"),
        ("[{}", "breaks off"),
        ("[{}] []", "goes on after"),
        ('[{"a": 1} {"b": 2}]', "a comma is missing"),
        ('[{"a": }]', "is not JSON"),
        ("[" * 100_000, "is not JSON"),
    ],
)
def test_a_text_that_is_no_list_of_objects_is_refused_whole(text: str, told: str) -> None:
    with pytest.raises(ProblemsError, match=told):
        list(elements(Path("f.json"), text))


def test_a_line_that_is_no_json_is_refused_alone() -> None:
    text = json.dumps(ENTITY) + '\n{"statementId": \n' + json.dumps(PERSON) + "\n"
    found = list(read_bods(elements(Path("f"), text)))
    assert [isinstance(one, Statement) for one in found] == [True, False, True]
    assert isinstance(found[1], Refused)
    assert found[1].line == 2


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just("2026-01-31"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    sorted({*ENTITY, *ENTITY["recordDetails"], *RELATIONSHIP["recordDetails"]})
)


@given(st.sampled_from(SAID), st.dictionaries(FIELDS, JSON, max_size=4), st.booleans())
def test_no_value_in_a_statement_ends_the_reader(
    base: dict[str, Any], change: dict[str, Any], is_inside: bool
) -> None:
    wrong = copy.deepcopy(base)
    (wrong["recordDetails"] if is_inside else wrong).update(change)
    text = json.dumps([wrong])
    found = list(read_bods(elements(Path("f"), text)))
    assert len(found) == 1


@given(st.text())
def test_no_text_ends_the_readers(text: str) -> None:
    told: list[object] = []
    for read in (read_bods, read_ftm):
        try:
            told.extend(read(elements(Path("f"), text)))
        except ProblemsError as error:
            told.extend(error.problems)
    assert len(told) >= 2, "each reader says something of every text"


@given(st.lists(JSON, max_size=3), JSON)
def test_no_entity_ends_the_reader_of_followthemoney(values: list[Any], odd: Any) -> None:
    properties = {"owner": values, "asset": odd, "percentage": values, "startDate": odd}
    entity = {"id": "x", "schema": "Ownership", "properties": properties}
    assert len(list(read_ftm(elements(Path("f"), json.dumps([entity]))))) == 1
