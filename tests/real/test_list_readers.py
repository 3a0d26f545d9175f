"""Real lists of the United States and the European Union are read whole."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from sluicegate.adapters.lists.reading import ListFileError, ListRead, read_list, read_lists
from sluicegate.adapters.lists.values import clean
from sluicegate.screening.entries import NameKind, Schema

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "screening"
US, NC = DATA / "us", DATA / "nc"

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the shared data folder is absent")

FILES = {
    "us/csl_consolidated_2022-04.csv": ("us_csl", 14_159),
    "us/sdn_2021-07.csv": ("us_sdn", 8_976),
    "us/sdn_alt_2021-07.csv": ("us_sdn", 8_976),
    "us/sdn_add_2021-07.csv": ("us_sdn", 8_976),
    "us/sdn_2023-01.csv": ("us_sdn", 11_443),
    "us/sdn_address_2023-01.csv": ("us_sdn", 11_443),
    "us/cons_prim_2025-12.csv": ("us_ofac_consolidated", 442),
    "us/cons_alt_2025-12.csv": ("us_ofac_consolidated", 442),
    "us/cons_add_2025-12.csv": ("us_ofac_consolidated", 442),
    "us/dpl_2022-09.txt": ("us_denied_persons", 501),
    "nc/dod_chinese_military_companies.csv": ("us_dod_1260h", 233),
    "nc/dod_section_1286.csv": ("own", 292),
    "nc/eu_journal": ("eu_journal", 5_620),
}
"""File → list and count of entries; rows of one party that has no id of its own are one entry."""


@cache
def read_at(file: str) -> ListRead:
    """Read a list of the shared folder; each is read once for all tests."""
    return read_list(DATA / file)


def rows_of(path: Path, **form: str) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        found = list(csv.reader(file, delimiter=form.get("delimiter", ",")))
    return [row for row in found if len(row) > 1 and row[0].strip() != "\x1a"]


def texts(read: ListRead) -> set[str]:
    return {name.text for one in read.entries for name in one.names}


@pytest.mark.parametrize("file", FILES)
def test_every_list_is_read_as_it_lies(file: str) -> None:
    read = read_at(file)
    assert (read.list_id, len(read.entries)) == FILES[file]
    assert len(read.problems) < 30, read.problems[:30]
    assert len({one.key for one in read.entries}) == len(read.entries)


def test_the_screening_list_has_the_counts_of_its_departments() -> None:
    read = read_at("us/csl_consolidated_2022-04.csv")
    assert Counter(one.list_id for one in read.entries) == {
        "us_sdn": 10_026,
        "us_entity": 2_001,
        "us_itar_debarred": 727,
        "us_denied_persons": 462,
        "us_ssi": 290,
        "us_unverified": 201,
        "us_isn": 163,
        "us_plc": 78,
        "us_military_end_user": 71,
        "us_cmic": 68,
        "us_capta": 52,
        "us_mbs": 17,
        "us_fse": 3,
    }
    assert read.names > 34_000


def test_no_name_of_the_screening_list_is_lost() -> None:
    header, *rows = rows_of(US / "csl_consolidated_2022-04.csv")
    name, aliases = header.index("name"), header.index("alt_names")
    listed = {clean(row[name]) for row in rows}
    listed |= {clean(text) for row in rows for text in row[aliases].split(";")}
    assert listed - {""} - texts(read_at("us/csl_consolidated_2022-04.csv")) == set()


def test_no_name_of_ofac_is_lost() -> None:
    listed = {clean(row[1]) for row in rows_of(US / "sdn_2021-07.csv")}
    listed |= {clean(row[3]) for row in rows_of(US / "sdn_alt_2021-07.csv")}
    read = read_at("us/sdn_2021-07.csv")
    assert listed - texts(read) == set()
    weak = [name for one in read.entries for name in one.names if name.kind is NameKind.WEAK]
    assert len(weak) > 2_000
    kinds = Counter(one.schema for one in read.entries)
    assert (kinds[Schema.PERSON], kinds[Schema.VESSEL], kinds[Schema.AIRPLANE]) == (4620, 406, 277)


def test_no_name_of_the_official_journal_is_lost() -> None:
    listed: set[str] = set()
    for path in sorted((NC / "eu_journal").glob("*.csv")):
        header, *rows = rows_of(path)
        places = [header.index(one) for one in ("alias", "weakAlias", "previousName")]
        listed |= {clean(row[header.index("name")]) for row in rows}
        listed |= {clean(text) for row in rows for one in places for text in row[one].split(";")}
    missing = listed - {""} - texts(read_at("nc/eu_journal"))
    assert {text for text in missing if text.casefold() not in {"n/a", "-", "unknown"}} == set()


def test_a_regulation_without_rows_is_refused() -> None:
    with pytest.raises(ListFileError, match="no entry in it could be read"):
        read_list(NC / "eu_journal" / "32004R0314.csv")


def test_a_folder_of_lists_gives_each_once() -> None:
    found = Counter(one.list_id for one in read_lists([US]))
    assert found == {"us_csl": 1, "us_denied_persons": 1, "us_ofac_consolidated": 1, "us_sdn": 2}


def test_parties_keep_their_ids_over_files_of_one_issuer() -> None:
    """What links two versions, and the screening list with OFAC's own, is the issuer's number."""
    before = {one.key for one in read_at("us/sdn_2021-07.csv").entries}
    between = read_at("us/csl_consolidated_2022-04.csv").entries
    sdn = {one.key for one in between if one.list_id == "us_sdn"}
    after = {one.key for one in read_at("us/sdn_2023-01.csv").entries}
    assert (len(sdn - before), len(before - sdn)) == (1470, 420)
    assert (len(after - sdn), len(sdn - after)) == (1516, 99)


@pytest.mark.parametrize(
    "file",
    ["us/csl_consolidated_2022-04.csv", "us/sdn_2021-07.csv", "us/dpl_2022-09.txt"],
)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_real_list_that_is_cut_is_refused(tmp_path: Path, file: str, share: float) -> None:
    content = (DATA / file).read_bytes()
    content = content[: int(len(content) * share)]
    path = tmp_path / Path(file).name
    path.write_bytes(content[:-1] if content.endswith((b"\n", b"\r")) else content)
    with pytest.raises(ListFileError, match="is cut short"):
        read_list(path)


def test_ofacs_file_that_is_cut_between_two_rows_is_refused(tmp_path: Path) -> None:
    lines = (US / "sdn_2023-01.csv").read_bytes().splitlines(keepends=True)[1:]
    path = tmp_path / "sdn.csv"
    path.write_bytes(b"".join(lines[:5000]))
    with pytest.raises(ListFileError, match="0x1A"):
        read_list(path)


def test_a_real_list_is_read_from_gzip(tmp_path: Path) -> None:
    source = US / "csl_consolidated_2022-04.csv"
    path = tmp_path / "consolidated.csv.gz"
    path.write_bytes(gzip.compress(source.read_bytes(), 1))
    assert read_list(path).entries == read_at("us/csl_consolidated_2022-04.csv").entries
