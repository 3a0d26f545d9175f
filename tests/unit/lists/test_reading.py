"""Files as they lie on disk: alone, in folders, packed, cut, in other encodings, hostile."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import zipfile
from pathlib import Path

import pytest

from sluicegate.adapters.lists.reading import (
    ListFileError,
    detect,
    open_list,
    open_lists,
    read_list,
    read_lists,
)
from sluicegate.screening.entries import NameKind

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "lists"
OFAC = SAMPLES / "ofac"
TABLES = [
    *("csl.csv", "dpl.txt", "dod.csv", "eu_fsf.csv", "eu_journal.csv", "uk.csv", "ofsi.csv"),
    *("lei.csv", "own.csv", "ftm.json", "ofac/SDN.CSV"),
]


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("given", ["SDN.CSV", "ALT.CSV", "ADD.CSV"])
def test_any_of_ofacs_three_files_finds_the_others(given: str) -> None:
    read = read_list(OFAC / given)
    assert [path.name for path in read.files] == ["SDN.CSV", "ALT.CSV", "ADD.CSV"]
    assert read == read_list(OFAC / "SDN.CSV")


@pytest.mark.parametrize(
    "names",
    [
        ("sdn_2021-07.csv", "sdn_alt_2021-07.csv", "sdn_add_2021-07.csv"),
        ("ofac-sdn.csv", "ofac-sdn-alt.csv", "ofac-sdn-address.csv"),
    ],
)
def test_names_with_a_date_are_matched_with_those_of_the_same_date(
    tmp_path: Path, names: tuple[str, str, str]
) -> None:
    for name, source in zip(names, ("SDN.CSV", "ALT.CSV", "ADD.CSV"), strict=True):
        shutil.copy(OFAC / source, tmp_path / name)
    written(tmp_path / "sdn_alt_2020-01.csv", '9000001,1,"aka","ANOTHER YEAR",-0- \r\n\x1a')
    read = read_list(tmp_path / names[0])
    assert [path.name for path in read.files] == list(names)
    assert "ANOTHER YEAR" not in {name.text for one in read.entries for name in one.names}


def test_the_primary_file_alone_is_read_without_aliases(tmp_path: Path) -> None:
    shutil.copy(OFAC / "SDN.CSV", tmp_path / "anything.csv")
    read = read_list(tmp_path / "anything.csv")
    assert len(read.entries) == 4
    assert read.checksum == hashlib.sha256((OFAC / "SDN.CSV").read_bytes()).hexdigest()
    assert read.size_bytes == (OFAC / "SDN.CSV").stat().st_size


def test_names_without_their_primary_file_are_refused(tmp_path: Path) -> None:
    shutil.copy(OFAC / "ALT.CSV", tmp_path / "alt.csv")
    with pytest.raises(ListFileError, match="holds no primary names"):
        read_list(tmp_path / "alt.csv")


def test_an_empty_companion_closes_the_list(tmp_path: Path) -> None:
    shutil.copy(OFAC / "SDN.CSV", tmp_path)
    written(tmp_path / "ALT.CSV", b"")
    with pytest.raises(ListFileError, match=r"ALT\.CSV: is empty"):
        read_list(tmp_path / "SDN.CSV")


def test_names_of_parties_that_the_primary_file_lacks_are_told(tmp_path: Path) -> None:
    shutil.copytree(OFAC, tmp_path, dirs_exist_ok=True)
    with (tmp_path / "ALT.CSV").open("ab") as alt:
        alt.write(b'\r\n9999999,9,"aka","NOBODY",-0- \r\n\x1a')
    (problem,) = read_list(tmp_path / "SDN.CSV").problems
    assert "1 parties that the primary file lacks: 9999999" in problem.problem


def test_a_long_remark_goes_on_in_the_file_of_comments(tmp_path: Path) -> None:
    shutil.copytree(OFAC, tmp_path, dirs_exist_ok=True)
    remark = "DOB 16 May 1961; Linked To: " + "X" * 950 + "; a.k.a. 'VA"
    remark = remark.replace("X", "Y" * (1000 - len(remark) + 1), 1)
    assert len(remark) == 1000
    row = f'9000009,"LONG, Example","individual","EX",{"-0- ," * 7}"{remark}"\r\n\x1a'
    whole = (tmp_path / "SDN.CSV").read_bytes().rstrip(b"\x1a")
    written(tmp_path / "SDN.CSV", whole + row.encode())
    cut = read_list(tmp_path / "SDN.CSV")
    assert [one.text for one in cut.entries[-1].names] == ["LONG, Example"]
    assert "go on in SDN_COMMENTS.CSV" in cut.problems[0].problem
    written(tmp_path / "SDN_COMMENTS.CSV", '9000009,"NYA\'; Passport 7 (Russia)."\r\n\x1a')
    read = read_list(tmp_path / "SDN.CSV")
    assert [one.text for one in read.entries[-1].names] == ["LONG, Example", "VANYA"]
    assert read.entries[-1].identifiers[0].value == "7"
    assert read.problems == ()


def test_a_folder_gives_each_list_once() -> None:
    found = read_lists([OFAC])
    assert sorted(one.list_id for one in found) == ["us_ofac_consolidated"] + ["us_sdn"] * 4
    with pytest.raises(ListFileError, match="holds 5 lists"):
        read_list(OFAC)
    with pytest.raises(ListFileError, match="holds 5 lists"):
        open_list(OFAC)


def test_a_list_that_is_given_by_all_its_files_is_read_once() -> None:
    paths = [OFAC / name for name in ("SDN.CSV", "ALT.CSV", "ADD.CSV")]
    assert len(read_lists(paths)) == 1


def test_regulations_of_a_folder_are_one_list(tmp_path: Path) -> None:
    header, *rows = (SAMPLES / "eu_journal.csv").read_text(encoding="utf-8").splitlines(True)
    written(tmp_path / "a.csv", header + rows[0])
    written(tmp_path / "b.csv", header + "".join(rows[1:]))
    written(tmp_path / "c.csv", header)
    read = read_list(tmp_path)
    assert len(read.entries) == 3
    assert len(read.files) == 3
    assert len(read_list(tmp_path / "a.csv").entries) == 1
    with pytest.raises(ListFileError, match="no entry in it could be read"):
        read_list(tmp_path / "c.csv")


@pytest.mark.parametrize("file", ["csl.csv", "un.xml", "dpl.txt", "ftm.json", "ofac/SDN.CSV"])
def test_a_packed_file_is_read_like_a_plain_one(tmp_path: Path, file: str) -> None:
    source = SAMPLES / file
    packed = written(tmp_path / f"{source.name}.gz", gzip.compress(source.read_bytes()))
    zipped = tmp_path / "packed.zip"
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(source, f"inside/{source.name}")
        archive.writestr("__MACOSX/x", "y")
    alone = written(tmp_path / source.name, source.read_bytes())
    plain = read_list(alone)
    alone.unlink()
    assert read_list(packed).entries == plain.entries
    assert read_list(zipped).entries == plain.entries


def test_a_zip_with_ofacs_files_is_one_list(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "sdn.zip", "w") as archive:
        for name in ("SDN.CSV", "ALT.CSV", "ADD.CSV"):
            archive.write(OFAC / name, name)
    assert read_list(tmp_path / "sdn.zip").entries == read_list(OFAC / "SDN.CSV").entries


def test_a_gzip_file_that_is_cut_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress((SAMPLES / "csl.csv").read_bytes())
    for length in (3, 20, len(packed) // 2, len(packed) - 1):
        path = written(tmp_path / "csl.csv.gz", packed[:length])
        with pytest.raises(ListFileError, match="is cut short or damaged"):
            read_list(path)


def test_a_zip_file_that_is_cut_is_refused(tmp_path: Path) -> None:
    whole = tmp_path / "whole.zip"
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(SAMPLES / "csl.csv", "csl.csv")
    path = written(tmp_path / "cut.zip", whole.read_bytes()[:-30])
    with pytest.raises(ListFileError, match="is cut short or damaged"):
        read_list(path)


def test_a_file_made_to_fill_the_machine_is_refused(tmp_path: Path) -> None:
    header = b"id,name\n"
    with gzip.open(tmp_path / "own.csv.gz", "wb") as packed:
        packed.write(header + b"1,Example\n")
        for _ in range(70):
            packed.write(b" " * (1 << 20) + b"\n")
    with pytest.raises(ListFileError, match="unpacks to far more"):
        read_list(tmp_path / "own.csv.gz")


@pytest.mark.parametrize("content", [b"", b"   \r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ListFileError, match=r"is empty|no format that is known"):
        read_list(written(tmp_path / "csl.csv", content))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ListFileError, match="cannot be read: No such file"):
        read_list(tmp_path / "missing.csv")
    with pytest.raises(ListFileError, match="holds no file"):
        read_list(tmp_path)


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "%PDF-1.7", "{}", "<html><body/></html>"])
def test_a_file_of_no_known_format_is_refused(tmp_path: Path, content: str) -> None:
    assert detect(tmp_path / "x.csv", content.encode()) is None
    with pytest.raises(ListFileError, match="no format that is known"):
        read_list(written(tmp_path / "x.csv", content))


@pytest.mark.parametrize("file", ["csl.csv", "dod.csv", "eu_fsf.csv", "uk.csv", "lei.csv"])
def test_a_list_with_a_header_and_no_rows_is_refused(tmp_path: Path, file: str) -> None:
    lines = (SAMPLES / file).read_text(encoding="utf-8").splitlines(keepends=True)
    above = 2 if file == "uk.csv" else 1
    with pytest.raises(ListFileError, match="no entry in it could be read"):
        read_list(written(tmp_path / file, "".join(lines[:above])))


@pytest.mark.parametrize("file", TABLES)
def test_a_table_whose_last_row_is_cut_is_refused(tmp_path: Path, file: str) -> None:
    whole = (SAMPLES / file).read_bytes().rstrip(b"\x1a\r\n")
    last = whole[: whole.rindex(b"\n") + 10]
    with pytest.raises(ListFileError, match="is cut short"):
        read_list(written(tmp_path / Path(file).name, last))


@pytest.mark.parametrize(
    "file",
    ["ofac/sdn.xml", "eu_fsf.xml", "un.xml", "uk.xml", "lei.xml"],
)
def test_xml_that_is_not_closed_is_refused(tmp_path: Path, file: str) -> None:
    whole = (SAMPLES / file).read_bytes().rstrip()
    for length in (len(whole) - 3, len(whole) * 3 // 4, len(whole) // 2):
        path = written(tmp_path / Path(file).name, whole[:length])
        with pytest.raises(ListFileError, match="is cut short or no XML"):
            read_list(path)


@pytest.mark.parametrize(("file", "tag"), [("ofac/sdn.xml", "sdnEntry"), ("lei.xml", "LEIRecord")])
def test_fewer_records_than_the_file_counts_are_refused(
    tmp_path: Path, file: str, tag: str
) -> None:
    text = (SAMPLES / file).read_text(encoding="utf-8")
    prefix = "lei:" if "lei:" in text else ""
    start = text.rindex(f"<{prefix}{tag}>")
    end = text.rindex(f"</{prefix}{tag}>") + len(f"</{prefix}{tag}>")
    with pytest.raises(ListFileError, match="is cut short: it counts"):
        read_list(written(tmp_path / Path(file).name, text[:start] + text[end:]))


def test_a_long_file_of_ofac_without_its_closing_sign_is_refused(tmp_path: Path) -> None:
    row = '{},"EXAMPLE {}",-0- ,"EX",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'
    few = "".join(row.format(n, n) for n in range(20))
    (problem,) = read_list(written(tmp_path / "sdn.csv", few)).problems
    assert "0x1A" in problem.problem
    many = "".join(row.format(n, n) for n in range(400))
    with pytest.raises(ListFileError, match="0x1A"):
        read_list(written(tmp_path / "sdn.csv", many))
    assert len(read_list(written(tmp_path / "sdn.csv", many + "\x1a")).entries) == 400


def test_a_header_above_ofacs_rows_is_passed_over(tmp_path: Path) -> None:
    rows = (OFAC / "SDN.CSV").read_bytes()
    path = written(tmp_path / "sdn.csv", b"ID,Name,Type,Country,T,F,G,H,I,J,K,Details\r\n" + rows)
    read = read_list(path)
    assert (len(read.entries), read.problems) == (4, ())


def test_bad_rows_are_told_and_good_ones_are_read(tmp_path: Path) -> None:
    content = "id,name,country\n1,First,IR\n2,,IR\n3,Third,Atlantis\n1,Again,\n4,Fourth,IR,x\n5,F\n"
    read = read_list(written(tmp_path / "own.csv", content))
    assert [one.primary_name for one in read.entries] == ["First", "Third", "F"]
    assert [(one.line, one.field) for one in read.problems] == [
        (3, "name"),
        (4, "country"),
        (5, "id"),
        (6, ""),
    ]
    assert all(one.problem and one.way_out and one.file for one in read.problems)


def test_a_quotation_that_never_ends_takes_no_more_than_its_part(tmp_path: Path) -> None:
    long = "x" * 150_000
    content = f'id,name\n1,First\n2,"{long}\n3,Third\n'
    read = read_list(written(tmp_path / "own.csv", content))
    assert read.entries[0].primary_name == "First"
    assert any("lines" in one.problem for one in read.problems)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_other_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "own.csv"
    path.write_text("id,name\n1,Société Exemple\n2,Übung\n", encoding=encoding)
    read = read_list(path)
    assert [one.primary_name for one in read.entries] == ["Société Exemple", "Übung"]
    assert len(read.problems) == (1 if encoding == "cp1252" else 0)
    assert all("Windows-1252" in one.problem for one in read.problems)


def test_control_characters_go_and_marks_of_direction_stay(tmp_path: Path) -> None:
    path = written(tmp_path / "own.csv", "id,name\n1,\x07Exam\x00ple\u200f Co\x0b.\n")
    (one,) = read_list(path).entries
    assert one.primary_name == "Exam ple\u200f Co ."


@pytest.mark.parametrize(
    "content",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]><sdnList><sdnEntry><uid>&a;</uid></sdnEntry></sdnList>',
        '<!DOCTYPE sdnList SYSTEM "file:///etc/passwd"><sdnList></sdnList>',
        "<sdnList>" + "<a>" * 500 + "</a>" * 500 + "</sdnList>",
        '<?xml version="1.0" encoding="unknown-9"?><sdnList></sdnList>',
    ],
)
def test_hostile_xml_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(ListFileError):
        read_list(written(tmp_path / "sdn.xml", content))


def test_large_xml_is_read_a_record_at_a_time(tmp_path: Path) -> None:
    record = "<LEIRecord><LEI>EX{:018d}</LEI><Entity><LegalName>Example {}</LegalName></Entity>"
    record += "</LEIRecord>"
    rows = "".join(record.format(n, n) for n in range(3000))
    path = written(tmp_path / "lei.xml", f"<LEIData><LEIRecords>{rows}</LEIRecords></LEIData>")
    entries = open_list(path).entries()
    assert next(entries).primary_name == "Example 0"
    assert sum(1 for _ in entries) == 2999


def test_the_id_of_a_list_may_be_given(tmp_path: Path) -> None:
    path = written(tmp_path / "own.csv", "id,name\n1,Example\n")
    assert read_list(path).list_id == "own"
    read = read_list(path, "blocked")
    assert (read.list_id, read.entries[0].list_id) == ("blocked", "blocked")
    (opened,) = open_lists(OFAC / "CONS_PRIM.CSV", "us_ofac_consolidated")
    assert {one.list_id for one in opened.entries()} >= {"us_ssi", "us_cmic"}


def test_a_full_name_is_not_weak_though_it_stands_there_as_weak_too(tmp_path: Path) -> None:
    content = "id,name,aliases,weak_names\n1,Example,Both,Both; Weak\n"
    (one,) = read_list(written(tmp_path / "own.csv", content)).entries
    assert [(name.text, name.kind) for name in one.names] == [
        ("Example", NameKind.PRIMARY),
        ("Both", NameKind.ALIAS),
        ("Weak", NameKind.WEAK),
    ]


def test_a_line_that_only_stands_for_no_name_is_no_entry(tmp_path: Path) -> None:
    path = written(tmp_path / "names.txt", b"Example Shipping\nN/A\n-0-\nSecond Example\n")
    assert [one.primary_name for one in read_list(path).entries] == [
        "Example Shipping",
        "Second Example",
    ]
