"""From statements to rows of the registry: days, chains, roles; and back."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.adapters.ownership.bods_reading import read_bods
from sluicegate.adapters.ownership.elements import elements
from sluicegate.adapters.ownership.ftm_reading import percentage, read_ftm
from sluicegate.adapters.ownership.ftm_writing import percentage_text
from sluicegate.services.ownership.native_rows import NativeRows, native_rows
from sluicegate.services.ownership.roles import (
    RolePart,
    role_parts,
    role_text,
    unspecified_of,
    unspecified_role,
)
from sluicegate.services.ownership.statements import (
    INTEREST_TYPES,
    REASONS,
    SHAREHOLDING,
    StatedShare,
    Statement,
    Unspecified,
)

HALF = Fraction(1, 2)


def statement(record: str, day: str, kind: str, status: str, **details: Any) -> dict[str, Any]:
    key = f"{record}-{day}-{status}"
    return {
        "statementId": key.ljust(40, "x"),
        "declarationSubject": "c",
        "statementDate": day,
        "recordId": record,
        "recordType": kind,
        "recordStatus": status,
        "recordDetails": {"isComponent": False, **details},
    }


def party(name: str) -> dict[str, Any]:
    form = {"type": "registeredEntity"}
    return statement(name, "2020-01-01", "entity", "new", entityType=form, name=name)


def held(
    record: str, day: str, status: str, *interests: dict[str, Any], owner: str = "p", **more: Any
) -> dict[str, Any]:
    sides = {"subject": "c", "interestedParty": owner, **more}
    return statement(record, day, "relationship", status, interests=list(interests), **sides)


def shares(exact: int, start: str | None = None, end: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "shareholding", "share": {"exact": exact}}
    found |= {"directOrIndirect": "direct"}
    days = {"startDate": start, "endDate": end}
    return found | {name: day for name, day in days.items() if day}


def rows(*said: dict[str, Any], **options: Any) -> NativeRows:
    text = json.dumps([party("c"), party("p"), party("m"), *said])
    read = [one for one in read_bods(elements(Path("f"), text)) if isinstance(one, Statement)]
    assert len(read) == 3 + len(said)
    return native_rows(read, source="register", majority=HALF, **options)


def spans(found: NativeRows) -> list[tuple[str, str, str]]:
    return [
        (
            one.values.get("share", ""),
            one.values.get("valid_from", ""),
            one.values.get("valid_to", ""),
        )
        for one in found.rows
    ]


def test_a_change_without_a_day_of_its_own_holds_from_the_day_it_was_stated() -> None:
    found = rows(
        held("r", "2020-06-01", "new", shares(50, "2019-01-01")),
        held("r", "2022-01-21", "updated", shares(100, "2019-01-01")),
    )
    assert spans(found) == [("0.5", "2019-01-01", "2022-01-21"), ("1", "2022-01-21", "")]


def test_a_change_with_a_day_of_its_own_holds_from_that_day() -> None:
    found = rows(
        held("r", "2020-06-01", "new", shares(50, "2019-01-01")),
        held("r", "2022-01-21", "updated", shares(60, "2021-11-01")),
    )
    assert spans(found) == [("0.5", "2019-01-01", "2021-11-01"), ("0.6", "2021-11-01", "")]


def test_what_was_stated_again_is_one_row_and_the_order_of_a_file_plays_no_part() -> None:
    said = [
        held("r", "2021-06-01", "updated", shares(50, "2019-01-01")),
        held("r", "2020-06-01", "new", shares(50, "2019-01-01")),
    ]
    assert spans(rows(*said)) == spans(rows(*reversed(said))) == [("0.5", "2019-01-01", "")]


@pytest.mark.parametrize(
    ("last", "ends"),
    [
        (shares(50, "2019-01-01", "2021-04-03"), "2021-04-03"),
        (shares(50, "2019-01-01"), "2023-03-03"),
    ],
)
def test_a_closed_relationship_ends_with_its_interests_or_on_the_day(
    last: dict[str, Any], ends: str
) -> None:
    found = rows(
        held("r", "2020-06-01", "new", shares(50, "2019-01-01")),
        held("r", "2023-03-03", "closed", last),
    )
    assert spans(found) == [("0.5", "2019-01-01", ends)]


def test_interests_of_several_records_between_the_same_two_become_one_row() -> None:
    seat = {"type": "boardMember", "startDate": "2021-01-01"}
    found = rows(
        held("r", "2022-06-01", "new", shares(50, "2020-01-01")),
        held("q", "2022-06-01", "new", seat),
    )
    assert spans(found) == [("0.5", "2020-01-01", "2021-01-01"), ("0.5", "2021-01-01", "")]
    assert found.rows[1].values["role"] == "shareholding; boardMember"


def test_votes_from_the_majority_on_and_interests_of_control_direct_a_party() -> None:
    def control(*interests: dict[str, Any]) -> bool:
        found = rows(held("r", "2022-06-01", "new", *interests))
        return "substantial_control" in found.rows[0].values

    assert control({"type": "votingRights", "share": {"exact": 50}})
    assert not control({"type": "votingRights", "share": {"exact": 49}})
    assert not control({"type": "votingRights"})
    assert control({"type": "appointmentOfBoard"})
    assert not control({"type": "boardMember"}, shares(90))


def chain(declared: dict[str, Any], link: dict[str, Any] | None, first: int = 60) -> NativeRows:
    components = ["m", "up", "low"]
    low = held("low", "2022-06-01", "new", shares(first), owner="m", isComponent=True)
    up = held(
        "up",
        "2022-06-01",
        "new",
        link or {"directOrIndirect": "unknown"},
        subject="m",
        isComponent=True,
    )
    told = {"type": "shareholding", "directOrIndirect": "indirect", "share": declared}
    whole = held("whole", "2022-06-01", "new", told, componentRecords=components)
    return rows(low, up, whole)


def test_the_open_link_of_a_declared_chain_follows_from_the_declared_share() -> None:
    found = {
        (one.values["owner_id"], one.values["owned_id"]): one.values
        for one in chain({"exact": 30}, None).rows
    }
    assert set(found) == {("m", "c"), ("p", "m")}
    assert found["p", "m"]["share"] == "0.5"
    assert found["p", "m"]["role"] == "derived shareholding"


def test_a_declared_range_leaves_a_range() -> None:
    found = chain({"minimum": 30, "maximum": 45}, None)
    values = next(one.values for one in found.rows if one.values["owned_id"] == "m")
    assert (values["share_low"], values["share_high"]) == ("0.5", "0.75")


def test_a_chain_with_every_share_is_not_counted_twice() -> None:
    found = chain({"exact": 30}, shares(50))
    assert sorted(one.values["owned_id"] for one in found.rows) == ["c", "m"]
    assert found.skipped == {"indirect share, told by its chain": 1}


def test_a_chain_that_cannot_be_true_stands_as_it_was_declared() -> None:
    """90 % through a holding of 60 %: nothing follows; the role keeps what was declared."""
    found = chain({"exact": 90}, None)
    roles = {
        one.values["owned_id"]: one.values.get("role")
        for one in found.rows
        if one.values["owner_id"] == "p"
    }
    assert roles == {"c": "indirect shareholding 90", "m": None}


def test_a_party_that_the_registry_knows_goes_by_its_own_id() -> None:
    found = rows(held("r", "2022-06-01", "new", shares(50)), same={"c": "customer-17"})
    assert found.rows[0].values["owned_id"] == "customer-17"


SHARES = st.one_of(
    st.integers(0, 100).map(lambda n: StatedShare(exact=Fraction(n))),
    st.tuples(st.integers(0, 50), st.integers(51, 100)).map(
        lambda pair: StatedShare(minimum=Fraction(pair[0]), maximum=Fraction(pair[1]))
    ),
    st.integers(1, 99).map(
        lambda n: StatedShare(exclusive_minimum=Fraction(n), maximum=Fraction(100))
    ),
)
PARTS = st.builds(
    RolePart,
    st.sampled_from(sorted(INTEREST_TYPES - {SHAREHOLDING})),
    st.none() | SHARES,
    st.booleans(),
)


@given(st.lists(PARTS, min_size=1, max_size=4))
def test_a_role_reads_back_as_it_was_written(parts: list[RolePart]) -> None:
    assert list(role_parts(role_text(parts))) == parts


@given(st.sampled_from(sorted(REASONS)), st.text(st.characters(codec="utf-8"), max_size=30))
def test_why_an_owner_is_not_named_reads_back(reason: str, description: str) -> None:
    told = Unspecified(reason, description)
    assert unspecified_of(unspecified_role(told)) == told


@given(SHARES)
def test_a_percentage_reads_back_as_the_same_ends(share: StatedShare) -> None:
    read = percentage(percentage_text(share))
    assert read is not None
    assert (read.low, read.high) == (share.low, share.high)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("50", "0.5", "0.5"),
        ("12,5 %", "0.125", "0.125"),
        ("25% - 50%", "0.25", "0.5"),
        ("from 25 to 50", "0.25", "0.5"),
        ("more than 25 %", "0.25", None),
        ("≤ 10", None, "0.1"),
    ],
)
def test_percentages_as_people_write_them(text: str, low: str | None, high: str | None) -> None:
    read = percentage(text)
    assert read is not None
    ends = [None if end is None else Fraction(end) for end in (low, high)]
    assert [read.low, read.high] == ends


@pytest.mark.parametrize("text", ["", "half", "101", "50-25", "-5", "1e2", "٥٠"])
def test_what_is_no_percentage_is_none(text: str) -> None:
    assert percentage(text) is None


def entity(key: str, schema: str, **properties: str | list[str]) -> dict[str, Any]:
    values = {name: [one] if isinstance(one, str) else one for name, one in properties.items()}
    return {"id": key, "schema": schema, "properties": values}


def test_entities_of_followthemoney_become_rows() -> None:
    said = [
        entity("p", "Person", name="Mina Aster", nationality="gb", birthDate="1970"),
        entity("c", "Company", name="Acme Ltd", jurisdiction="gb"),
        entity(
            "o", "Ownership", owner="p", asset="c", percentage="about half", startDate="2020-05"
        ),
        entity("d", "Directorship", director="p", organization="c", role="Chair of the board"),
        entity("u", "UnknownLink", subject="p", object="c", role="control by contract"),
        entity("s", "Sanction", entity="p"),
    ]
    text = "\n".join(map(json.dumps, said))
    read = list(read_ftm(elements(Path("f"), text)))
    assert read[-1] == "Sanction", "a schema that says nothing of ownership is told by its name"
    told = [one for one in read if isinstance(one, Statement)]
    found = native_rows(told, source="ftm", majority=HALF)
    values = dict(found.rows[-1].values)
    assert (values["owner_name"], values["owner_kind"]) == ("Mina Aster", "individual")
    assert values["owner_country"] == "GB"
    assert values["valid_from"] == "2020-05-01"
    assert values["role"] == "shareholding (about half); boardChair; otherInfluenceOrControl"
    assert values["substantial_control"] == "true"
    assert "share" not in values
