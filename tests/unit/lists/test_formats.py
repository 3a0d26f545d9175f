"""Every format says the same of the same invented parties."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from sluicegate.adapters.lists.gleif_exceptions import ReportingException, read_exceptions
from sluicegate.adapters.lists.gleif_relationships import LegalRelationship, read_relationships
from sluicegate.adapters.lists.notes import Notes
from sluicegate.adapters.lists.reading import ListFileError, read_list
from sluicegate.adapters.lists.vendor import read_vendor_results
from sluicegate.screening.entries import Identifier, ListedName, ListEntry, NameKind, Schema
from sluicegate.screening.known_lists import identifier_kinds, known_lists
from sluicegate.services.ports.lists import VendorResult

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "lists"

PERSON = {
    "ofac/SDN.CSV": ("us_sdn", "9000002"),
    "ofac/sdn.xml": ("us_sdn", "9000002"),
    "ofac/sdn_older.xml": ("us_sdn", "9000002"),
    "ofac/sdn_advanced.xml": ("us_sdn", "9000002"),
    "csl.csv": ("us_sdn", "9000002"),
    "eu_fsf.xml": ("eu_fsf", "EU.9001.1"),
    "eu_fsf.csv": ("eu_fsf", "EU.9001.1"),
    "eu_journal.csv": ("eu_journal", "39999R0001/I.PERSONS/1"),
    "un.xml": ("un_sc", "EXi.001"),
    "uk.csv": ("uk_sanctions", "EXA0001"),
    "uk.xml": ("uk_sanctions", "EXA0001"),
    "ofsi.csv": ("uk_ofsi", "99001"),
    "ftm.json": ("ftm", "ex-1"),
}
"""File → list and id of the same person."""

READERS = {
    "ofac/SDN.CSV": "ofac-csv",
    "ofac/CONS_PRIM.CSV": "ofac-csv",
    "ofac/sdn.xml": "ofac-xml",
    "ofac/sdn_older.xml": "ofac-xml",
    "ofac/sdn_advanced.xml": "ofac-advanced",
    "csl.csv": "csl-csv",
    "dpl.txt": "dpl-text",
    "dod.csv": "dod-csv",
    "eu_fsf.xml": "eu-fsf-xml",
    "eu_fsf.csv": "eu-fsf-csv",
    "eu_journal.csv": "eu-journal-csv",
    "un.xml": "un-xml",
    "uk.csv": "uk-csv",
    "uk.xml": "uk-xml",
    "ofsi.csv": "ofsi-csv",
    "lei.xml": "gleif-xml",
    "lei.csv": "gleif-csv",
    "ftm.json": "ftm-json",
    "own.csv": "own-csv",
    "own_synonyms.csv": "own-csv",
    "own_chinese.csv": "own-csv",
    "names.txt": "own-csv",
}


def entry(file: str, entry_id: str) -> ListEntry:
    (found,) = (one for one in read_list(SAMPLES / file).entries if one.entry_id == entry_id)
    return found


def names(one: ListEntry, *kinds: NameKind) -> list[str]:
    return [name.text for name in one.names if name.kind in kinds]


@pytest.mark.parametrize("file", READERS)
def test_each_sample_is_known_and_read_without_a_problem(file: str) -> None:
    read = read_list(SAMPLES / file)
    assert read.reader == READERS[file]
    assert read.entries
    expected = 1 if file == "csl.csv" else 0
    assert len(read.problems) == expected, read.problems
    assert len({one.key for one in read.entries}) == len(read.entries)
    assert all(one.names and one.names[0].kind is NameKind.PRIMARY for one in read.entries)
    kinds = {one.kind for found in read.entries for one in found.identifiers}
    assert kinds <= set(identifier_kinds())
    assert read.list_id in known_lists()


@pytest.mark.parametrize("file", PERSON)
def test_the_same_person_is_read_alike_from_every_format(file: str) -> None:
    list_id, entry_id = PERSON[file]
    one = entry(file, entry_id)
    assert one.list_id == list_id
    assert one.schema is Schema.PERSON
    assert "specimen" in one.primary_name.casefold()
    assert "1961-05-16" in one.birth_dates
    assert "RU" in one.nationalities
    assert any(place.startswith("Example City") for place in one.birth_places)
    assert ("passport", "99X000001") in {(two.kind, two.value) for two in one.identifiers}


@pytest.mark.parametrize(
    "file",
    [
        "ofac/SDN.CSV",
        "eu_fsf.xml",
        "eu_journal.csv",
        "un.xml",
        "uk.csv",
        "uk.xml",
        "ofsi.csv",
        "ftm.json",
    ],
)
def test_a_weak_alias_is_kept_and_marked(file: str) -> None:
    one = entry(file, PERSON[file][1])
    assert [text.casefold() for text in names(one, NameKind.WEAK)] == ["vanya"]


@pytest.mark.parametrize("file", ["un.xml", "uk.csv", "uk.xml", "ofsi.csv"])
def test_a_name_in_its_own_script_is_told_apart(file: str) -> None:
    assert names(entry(file, PERSON[file][1]), NameKind.SCRIPT) == ["Иван Специмен"]


def test_ofac_csv_joins_its_three_files() -> None:
    one = entry("ofac/SDN.CSV", "9000001")
    assert one == ListEntry(
        "us_sdn",
        "9000001",
        Schema.ORGANISATION,
        (
            ListedName("EXAMPLE HARBOUR TRADING CO.", NameKind.PRIMARY),
            ListedName("EHT CO.", NameKind.ALIAS),
            ListedName("OLD HARBOUR, LTD.", NameKind.FORMER),
            ListedName("EHT", NameKind.WEAK),
        ),
        ("IR", "KP"),
        identifiers=(
            Identifier("tax_number", "90-1234", "IR"),
            Identifier("registration", "555001", "IR"),
            Identifier("swift", "EXMPIRTH"),
            Identifier("website", "www.harbour.example"),
        ),
        addresses=("1 Example Quay, Example Port 1000, Iran",),
        programmes=("EXPROG1", "NPWMD"),
        remarks=one.remarks,
    )
    assert one.remarks.startswith("Tax ID No. 90-1234 (Iran); ")


def test_ofac_remarks_tell_of_a_person() -> None:
    one = entry("ofac/SDN.CSV", "9000002")
    assert one.birth_dates == ("1961-05-16", "1960", "1962", "1964")
    assert one.nationalities == ("RU", "CY")
    assert one.birth_places == ("Example City, Russia",)
    assert names(one, NameKind.FORMER) == ["SPECIMEN, Johann"]
    assert names(one, NameKind.NOW) == ["SPECIMEN, John"]
    assert one.identifiers == (
        Identifier("passport", "99X000001", "RU"),
        Identifier("passport", "99X000002", "CY"),
        Identifier("national_id", "0000111", "RU"),
        Identifier("email", "ivan@specimen.example"),
        Identifier("crypto_address", "1ExampleAddress000"),
    )


def test_ofacs_advanced_form_says_what_the_others_say() -> None:
    person, _ship, company = read_list(SAMPLES / "ofac" / "sdn_advanced.xml").entries
    assert person.names == (
        ListedName("SPECIMEN, Ivan Invented", NameKind.PRIMARY),
        ListedName("Специмен", NameKind.SCRIPT),
        ListedName("Vanya", NameKind.WEAK),
        ListedName("SPECIMEN, Johann", NameKind.FORMER),
    )
    assert person.birth_dates == ("1961-05-16", "1962", "1964", "1965-11")
    assert person.addresses == ("1 Example Street, Nicosia", "Λευκωσία")
    assert person.countries == ("CY",)
    assert person.nationalities == ("RU", "CY"), "the second is a place without a country"
    assert person.programmes == ("EXPROG2",)
    assert person.since == date(2012, 12, 31)
    assert Identifier("passport", "99X000001", "RU") in person.identifiers
    assert Identifier("email", "ivan@specimen.example") in person.identifiers
    assert person.remarks == "Example Permit: EP 7; Gender: male"
    assert (company.list_id, company.schema) == ("us_cmic", Schema.ORGANISATION)


def test_the_united_nations_say_more_of_an_alias_a_document_and_a_place() -> None:
    one = entry("un.xml", "EXi.001")
    assert one.since == date(2012, 12, 31), "a zone may stand behind the day"
    assert one.birth_dates == ("1961-06-17", "1961-05-16", "1962", "1964", "1973-11")
    assert one.birth_places == ("Second City, Cyprus", "Example City, Russian Federation")
    assert Identifier("national_id", "0099") in one.identifiers
    assert one.addresses == ("1 Example Street, Nicosia, Cyprus",)
    assert "Example border region; " in one.remarks
    assert "issued under the name Jan Specimen" in one.remarks


def test_the_eu_says_the_same_in_both_its_forms() -> None:
    xml, csv = (entry(file, "EU.9001.1") for file in ("eu_fsf.xml", "eu_fsf.csv"))
    assert xml.birth_dates == csv.birth_dates == ("1961-05-16", "1962", "1964")
    assert xml.birth_places == csv.birth_places
    assert xml.addresses == csv.addresses
    assert set(csv.identifiers) <= set(xml.identifiers)
    assert (xml.since, xml.programmes, xml.reference) == (csv.since, csv.programmes, csv.reference)


def test_a_vessel_and_an_aircraft_have_their_numbers() -> None:
    ship, plane = entry("ofac/SDN.CSV", "9000003"), entry("ofac/SDN.CSV", "9000004")
    assert ship.schema is Schema.VESSEL
    assert plane.schema is Schema.AIRPLANE
    assert ship.countries == ("PA",)
    assert {(one.kind, one.value) for one in ship.identifiers} == {
        ("call_sign", "EX4MP"),
        ("imo", "9000001"),
        ("mmsi", "900000001"),
    }
    assert {(one.kind, one.value) for one in plane.identifiers} == {
        ("aircraft_serial", "1023400001"),
        ("tail_number", "EX-AMP"),
    }


@pytest.mark.parametrize(
    ("file", "entry_id"),
    [
        ("ofac/sdn.xml", "9000003"),
        ("ofac/sdn_advanced.xml", "9000003"),
        ("csl.csv", "9000003"),
        ("uk.csv", "EXA0002"),
        ("uk.xml", "EXA0002"),
        ("ftm.json", "ex-4"),
    ],
)
def test_a_ship_is_known_by_its_imo_number_on_every_list(file: str, entry_id: str) -> None:
    one = entry(file, entry_id)
    assert one.schema is Schema.VESSEL
    assert Identifier("imo", "9000001") in one.identifiers
    assert "PA" in one.countries


def test_the_non_sdn_file_is_divided_into_its_lists() -> None:
    read = read_list(SAMPLES / "ofac" / "CONS_PRIM.CSV")
    assert {one.entry_id: one.list_id for one in read.entries} == {
        "9100001": "us_ssi",
        "9100002": "us_cmic",
        "9100003": "us_plc",
        "9100004": "us_ofac_consolidated",
    }
    assert all(one.same_as == (("us_sdn", one.entry_id),) for one in read.entries)
    assert read.list_id == "us_ofac_consolidated"


def test_the_screening_list_is_divided_by_its_sources() -> None:
    read = read_list(SAMPLES / "csl.csv")
    by_id = {one.entry_id: one for one in read.entries}
    denied = by_id["aaaa000000000000000000000000000000000001"]
    assert (denied.list_id, denied.since, denied.until) == (
        "us_denied_persons",
        date(2019, 1, 1),
        date(2029, 1, 1),
    )
    institute = by_id["bbbb000000000000000000000000000000000002"]
    assert institute.list_id == "us_entity"
    assert institute.licence_policy == "Presumption of denial."
    assert names(institute, NameKind.ALIAS) == ["EIP", "Institute 9"]
    assert institute.countries == ("CN",)
    assert by_id["9100001"].same_as == (("us_sdn", "9100001"),)
    assert by_id["9000002"].same_as == ()
    assert by_id["9000002"].birth_dates == ("1961-05-16", "1962", "1964")
    assert by_id["cccc000000000000000000000000000000000003"].list_id == "us_csl"
    assert "is a list that is not known" in read.problems[0].problem


def test_rows_of_one_denied_person_are_one_entry() -> None:
    first, second = read_list(SAMPLES / "dpl.txt").entries
    assert first.primary_name == "EXAMPLE EXPORTER"
    assert len(first.addresses) == 2
    assert first.until == date(2029, 1, 2)
    assert second.countries == ("AE",)


def test_a_military_company_is_listed_while_one_of_its_listings_lasts() -> None:
    group, chips = read_list(SAMPLES / "dod.csv").entries
    assert (group.since, group.until) == (date(2021, 6, 3), None)
    assert (chips.since, chips.until) == (date(2022, 10, 5), date(2026, 2, 17))
    assert names(chips, NameKind.FORMER) == ["Old Chips Works"]
    assert names(chips, NameKind.ALIAS) == ["ICC"]


@pytest.mark.parametrize("file", ["eu_fsf.xml", "eu_fsf.csv", "uk.csv", "uk.xml", "ofsi.csv"])
def test_an_entry_points_to_the_list_of_the_united_nations(file: str) -> None:
    one = entry(file, PERSON[file][1])
    assert PERSON["un.xml"] in one.same_as


def test_the_two_british_lists_point_to_each_other() -> None:
    assert ("uk_ofsi", "99001") in entry("uk.csv", "EXA0001").same_as
    assert ("uk_sanctions", "EXA0001") in entry("ofsi.csv", "99001").same_as


def test_several_values_of_one_cell_are_taken_apart() -> None:
    one = entry("ofsi.csv", "99001")
    assert one.nationalities == ("RU", "CY")
    assert one.birth_places == ("Example City, Russia", "Second City, Cyprus")
    assert [two.value for two in one.identifiers] == ["99X000001", "99X000002"]
    assert one.birth_dates == ("1961-05-16", "1962")


@pytest.mark.parametrize(
    ("file", "day"),
    [
        ("ofac/sdn.xml", date(2026, 11, 20)),
        ("ofac/sdn_advanced.xml", date(2026, 11, 20)),
        ("eu_fsf.xml", date(2026, 11, 20)),
        ("eu_fsf.csv", date(2026, 11, 20)),
        ("un.xml", date(2026, 11, 20)),
        ("uk.csv", date(2026, 11, 20)),
        ("uk.xml", date(2026, 11, 20)),
        ("ofsi.csv", date(2026, 11, 20)),
        ("lei.xml", date(2026, 11, 20)),
        ("csl.csv", None),
    ],
)
def test_the_issuers_day_is_taken_where_the_file_tells_it(file: str, day: date | None) -> None:
    read = read_list(SAMPLES / file)
    assert read.published == day
    assert read.version


@pytest.mark.parametrize("file", ["lei.xml", "lei.csv"])
def test_a_legal_entity_is_read_with_all_its_names(file: str) -> None:
    company, fund = read_list(SAMPLES / file).entries
    assert company.entry_id == "EXAMPLE0000000000001"
    assert company.primary_name == "شرکت نمونه"
    assert names(company, NameKind.FORMER) == ["Old Harbour Ltd"]
    assert "Sherkat Nemoune" in names(company, NameKind.ALIAS)
    assert company.countries[0] == "IR"
    assert Identifier("lei", company.entry_id) in company.identifiers
    assert Identifier("registration", "555001", "IR") in company.identifiers
    assert fund.schema is Schema.ORGANISATION
    assert fund.countries == ("US",)


@pytest.mark.parametrize("file", ["rr.xml", "rr.csv"])
def test_who_consolidates_whom_is_read_with_its_share_and_days(file: str) -> None:
    notes = Notes()
    (one,) = read_relationships(SAMPLES / file, notes)
    assert one == LegalRelationship(
        "EXAMPLE0000000000002",
        "EXAMPLE0000000000001",
        "IS_DIRECTLY_CONSOLIDATED_BY",
        is_active=True,
        since=date(2017, 5, 1),
        until=date(2025, 12, 31),
        share=Fraction(525, 1000),
    )
    assert len(notes.problems) == (1 if file == "rr.xml" else 0)


@pytest.mark.parametrize("file", ["repex.xml", "repex.csv"])
def test_why_a_party_names_no_parent_is_read_with_its_reasons(file: str) -> None:
    notes, lei = Notes(), "EXAMPLE0000000000003"
    assert list(read_exceptions(SAMPLES / file, notes)) == [
        ReportingException(lei, "ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT", ("NATURAL_PERSONS",)),
        ReportingException(lei, "DIRECT_ACCOUNTING_CONSOLIDATION_PARENT", ("NON_CONSOLIDATING",)),
    ]
    assert [one.problem for one in notes.problems] == [
        "record 3 lacks its LEI, its category or its reason"
    ]


NO_PARTIES = ("rr.xml", "rr.csv", "repex.xml", "repex.csv", "vendor.csv", "vendor.jsonl")


@pytest.mark.parametrize("file", NO_PARTIES)
def test_a_file_without_parties_is_refused_and_says_what_it_is(file: str) -> None:
    with pytest.raises(ListFileError, match="lists no parties"):
        read_list(SAMPLES / file)


def test_entities_that_are_no_parties_are_counted() -> None:
    assert read_list(SAMPLES / "ftm.json").passed_over == (("Sanction", 1),)


def test_an_own_list_keeps_its_ids_and_marks_weak_names() -> None:
    company, person, reseller = read_list(SAMPLES / "own.csv", "blocked").entries
    assert [one.key for one in (company, person, reseller)] == [
        ("blocked", "own-1"),
        ("blocked", "own-2"),
        ("blocked", "own-3"),
    ]
    assert names(company, NameKind.ALIAS) == ["EHT Co.", "Old Harbour"]
    assert names(company, NameKind.WEAK) == ["EHT"]
    assert company.countries == ("IR", "AE")
    assert company.identifiers == (
        Identifier("registration", "555001"),
        Identifier("imo", "9000001"),
    )
    assert (person.schema, person.birth_dates) == (Schema.PERSON, ("1960",))
    assert person.identifiers == (Identifier("passport", "99X000001"),)
    assert reseller.identifiers == (Identifier("other", "ABC-9"),)


def test_an_own_list_may_name_its_columns_as_people_do() -> None:
    person, ship = read_list(SAMPLES / "own_synonyms.csv").entries
    assert person.entry_id == "7"
    assert names(person, NameKind.ALIAS) == ["Jan Specimen", "Vanya"]
    assert person.countries == ("RU",)
    assert person.remarks == "Seen in 2025"
    assert ship.schema is Schema.VESSEL


def test_an_own_list_may_be_chinese() -> None:
    (company,) = read_list(SAMPLES / "own_chinese.csv").entries
    assert company.entry_id == "C-1"
    assert names(company, NameKind.ALIAS) == ["Example Tech", "示例科技"]
    assert company.countries == ("CN",)


def test_a_text_has_a_name_a_line() -> None:
    read = read_list(SAMPLES / "names.txt")
    assert [one.primary_name for one in read.entries] == [
        "Example Harbour Trading Co.",
        "Ivan Specimen",
    ]


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("own.csv", lambda text: text.replace("own-1,", ",").replace("own-2,", ",")),
        ("dpl.txt", lambda text: text.replace("FR NOTICE ADDED", "FR NOTICE MOVED")),
        ("dod.csv", lambda text: text.replace("2024-01-31", "2024-02-01")),
    ],
)
def test_an_id_that_the_issuer_does_not_give_stays_when_other_things_change(
    tmp_path: Path, file: str, change: Callable[[str], str]
) -> None:
    copy = tmp_path / file
    copy.write_text(change((SAMPLES / file).read_text(encoding="utf-8")), encoding="utf-8")
    once, again = read_list(copy), read_list(copy)
    assert [one.entry_id for one in once.entries] == [one.entry_id for one in again.entries]
    if file != "own.csv":
        before = read_list(SAMPLES / file)
        assert [one.entry_id for one in before.entries] == [one.entry_id for one in once.entries]


def test_results_of_another_product_are_read_as_they_stand() -> None:
    read = read_vendor_results(SAMPLES / "vendor.csv")
    assert read.results[0] == VendorResult(
        "cust-1",
        "EXAMPLE HARBOUR TRADING CO.",
        "Harbour Trading",
        "V-1",
        "OFAC SDN",
        "93%",
        "open",
        "Example of a comment",
        date(2026, 11, 20),
    )
    assert [one.outcome for one in read.results] == ["open", "cleared"]
    assert [problem.line for problem in read.problems] == [4]
    (line,) = read_vendor_results(SAMPLES / "vendor.jsonl").results
    assert (line.query_id, line.score) == ("cust-1", "93")


def test_results_without_their_columns_are_refused() -> None:
    with pytest.raises(ListFileError, match="has no columns query_id, entity"):
        read_vendor_results(SAMPLES / "own.csv")
