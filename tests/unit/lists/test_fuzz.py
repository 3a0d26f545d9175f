"""Whatever the bytes of a file, a reader reads it or raises its own error, and nothing else."""

from __future__ import annotations

import gzip
import random
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sluicegate.adapters.lists.formats import READERS
from sluicegate.adapters.lists.gleif_exceptions import read_exceptions
from sluicegate.adapters.lists.gleif_relationships import read_relationships
from sluicegate.adapters.lists.notes import Notes
from sluicegate.adapters.lists.readers import Part, Reader
from sluicegate.adapters.lists.reading import ListFileError, ListRead, read_list
from sluicegate.adapters.lists.source import ListFile
from sluicegate.adapters.lists.vendor import read_vendor_results

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "lists"
FILES = sorted(str(path.relative_to(SAMPLES)) for path in SAMPLES.rglob("*.*"))
XML = [name for name in FILES if name.endswith(".xml")]
ODD = [
    b"\x00",
    b"\x1a",
    b"\xff\xfe",
    b"\x80",
    b'"',
    b'""',
    b"\r",
    b"\n",
    b",;\t|",
    b"<",
    b"&x;",
    b"]]>",
    b"{" * 50,
    b"[" * 2000,
    "\u202e\u200f\u0000\U0001f600".encode(),
    b"9" * 400,
    b"x" * 10_000,
    b"A" * 200_000,
]

quick = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@cache
def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def readable(content: bytes, name: str) -> ListRead | None:
    """Read a file by every door; None when it is refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(content)
        with suppress(ListFileError):
            list(read_relationships(path))
        with suppress(ListFileError):
            list(read_exceptions(path))
        with suppress(ListFileError):
            read_vendor_results(path)
        try:
            return read_list(path)
        except ListFileError as error:
            told = error.problems[0]
        assert all((told.file, told.problem, told.way_out))
        return None


def whole(read: ListRead | None) -> None:
    """Hold an answer to what every entry promises."""
    if read is None:
        return
    assert read.entries
    for one in read.entries:
        assert one.entry_id
        assert one.names
        assert all(name.text.strip() for name in one.names)
        assert all(len(code) == 2 for code in (*one.countries, *one.nationalities))
    assert len({one.key for one in read.entries}) == len(read.entries)


@pytest.mark.parametrize("name", FILES)
@quick
@given(data=st.data())
def test_a_changed_file_is_read_or_refused(name: str, data: st.DataObject) -> None:
    content = bytearray(sample(name))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 40))
        content[place : place + length] = data.draw(st.sampled_from(ODD))
    whole(readable(bytes(content), name))


@pytest.mark.parametrize("name", FILES)
@quick
@given(share=st.floats(0, 1))
def test_a_cut_file_is_read_or_refused(name: str, share: float) -> None:
    content = sample(name)
    whole(readable(content[: int(share * len(content))], name))


@pytest.mark.parametrize("name", XML)
@quick
@given(share=st.floats(0, 0.999))
def test_xml_that_is_cut_anywhere_is_refused(name: str, share: float) -> None:
    content = sample(name).rstrip()
    assert readable(content[: int(share * (len(content) - 1))], name) is None


@quick
@given(content=st.binary(max_size=400), suffix=st.sampled_from(["csv", "txt", "xml", "json", "gz"]))
@example(content=b"\x1f\x8b\x08\x00", suffix="gz")
@example(content=b"PK\x03\x04", suffix="csv")
@example(content=b"PK\x05\x06" + b"\x00" * 18, suffix="csv")
def test_any_bytes_are_read_or_refused(content: bytes, suffix: str) -> None:
    whole(readable(content, f"file.{suffix}"))


@quick
@given(text=st.text(max_size=300))
def test_any_text_below_a_header_is_read_or_refused(text: str) -> None:
    whole(readable(f"id,name,birth_date,country\n{text}".encode("utf-8", "replace"), "own.csv"))


@quick
@given(
    name=st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60),
    mark=st.sampled_from(["\u200f", "\u202e", "\u2066", "\U0001f600", "é"]),
)
def test_a_name_with_any_signs_comes_back(name: str, mark: str) -> None:
    text = f"Q{name}{mark}"
    cell = '"' + text.replace('"', '""') + '"'
    read = readable(f"id,name\n1,{cell}\n".encode(), "own.csv")
    assert read is not None
    assert read.entries[0].primary_name == " ".join(text.split())


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
@pytest.mark.parametrize("name", FILES)
def test_a_reader_that_is_given_another_format_refuses_or_finds_nothing(
    reader: Reader, name: str
) -> None:
    with suppress(ListFileError):
        for one in reader.read(Part((ListFile(SAMPLES / name),)), Notes()):
            assert one.names


def test_a_gzip_file_that_is_changed_is_read_or_refused() -> None:
    chance = random.Random(7)
    packed = gzip.compress(sample("csl.csv"))
    for _ in range(60):
        content = bytearray(packed)
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        whole(readable(bytes(content), "csl.csv.gz"))


@pytest.mark.parametrize("sign", [" ", "(", ";", "x", "9", "'", "\t", "a) ", "or ", " - "])
@pytest.mark.parametrize("name", ["ofac/SDN.CSV", "eu_journal.csv", "uk.csv", "csl.csv", "own.csv"])
def test_a_huge_cell_takes_no_long_time(name: str, sign: str) -> None:
    """A pattern that goes back and forth over a huge cell would take minutes."""
    huge = (sign * 120_000)[:120_000].encode()
    content = sample(name).replace(b"Russia", b"Russia " + huge).replace(b"1961", b"1961" + huge)
    started = time.process_time()
    whole(readable(content, name))
    assert time.process_time() - started < 5
