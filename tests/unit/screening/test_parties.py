"""A listed party is one thing over all its entries."""

from __future__ import annotations

from dataclasses import replace

from sluicegate.screening.entries import Identifier, ListedName, ListEntry, NameKind, Schema
from sluicegate.screening.parties import ListedParty

WEAK = ListedName("Brask", NameKind.WEAK)
ENTRY = ListEntry(
    "us_sdn",
    "7",
    Schema.LEGAL_ENTITY,
    (ListedName("Brask Optics Works", NameKind.PRIMARY), ListedName("Brask Optik"), WEAK),
    countries=("NO", "SE"),
    identifiers=(Identifier("registration", "NO 1"), Identifier("lei", "X")),
)
OTHER = ListEntry(
    "eu_fsf", "e", Schema.COMPANY, (ListedName("Brask"), ListedName("Brask Optik")), ("SE", "FI")
)


def test_a_name_that_any_list_gives_in_full_is_not_weak() -> None:
    alone = ListedParty("lp-1", (ENTRY,))
    both = ListedParty("lp-1", (ENTRY, OTHER))
    assert [one.text for one in alone.names if one.is_weak] == ["Brask"]
    assert [one.text for one in both.names if one.is_weak] == []
    assert sorted(one.text for one in both.names) == ["Brask", "Brask Optics Works", "Brask Optik"]


def test_it_is_what_the_most_telling_entry_says_it_is() -> None:
    assert ListedParty("lp-1", (ENTRY, OTHER)).schema is Schema.COMPANY
    assert ListedParty("lp-1", (ENTRY,)).schema is Schema.LEGAL_ENTITY


def test_every_list_country_and_identifier_stands_once() -> None:
    party = ListedParty("lp-1", (ENTRY, OTHER, replace(ENTRY, entry_id="8")))
    assert party.lists == ("us_sdn", "eu_fsf")
    assert party.countries == ("NO", "SE", "FI")
    assert len(party.identifiers) == 2
    assert party.name == "Brask Optics Works"


def test_the_order_in_which_an_issuer_writes_things_changes_no_essence() -> None:
    turned = replace(
        ENTRY,
        names=(ENTRY.names[1], ENTRY.names[0], WEAK),
        countries=ENTRY.countries[::-1],
        identifiers=ENTRY.identifiers[::-1],
    )
    assert ListedParty("lp-1", (turned,)).essence == ListedParty("lp-1", (ENTRY,)).essence
    more = replace(ENTRY, names=(*ENTRY.names, ListedName("Braskoptikk")))
    assert ListedParty("lp-1", (more,)).essence != ListedParty("lp-1", (ENTRY,)).essence
    moved = replace(ENTRY, list_id="us_entity_list")
    assert ListedParty("lp-1", (moved,)).essence != ListedParty("lp-1", (ENTRY,)).essence
