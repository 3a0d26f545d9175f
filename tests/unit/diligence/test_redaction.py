"""Taking words out of texts: what goes, what stays, in every way in which files write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.exact import dump_json, load_json
from sluicegate.kyc.diligence.redaction import ERASED_WORDS, Redaction

SAID = Redaction(
    {
        "Wickham & Reed": "c-1",
        "王明": "p-1",
        "wyn@tarrash.example": ERASED_WORDS,
        "Reed": "c-1",
        "X": "c-9",
    }
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ask WICKHAM & REED again", "ask c-1 again"),
        ("Reeds and Reedley stay, Reed goes", "Reeds and Reedley stay, c-1 goes"),
        ("客户王明要求", "客户p-1要求"),
        ("to wyn@tarrash.example.", "to [erased]."),
        ("X marks it", "X marks it"),
        ("", ""),
    ],
)
def test_a_word_goes_whatever_its_case_and_parts_of_others_stay(before: str, after: str) -> None:
    assert SAID.text(before) == after


def test_a_document_keeps_its_keys_and_figures() -> None:
    text = '{"Reed": [{"name": "Wickham & Reed", "flop": 12345678901234567890, "share": 0.1}]}'
    assert load_json(SAID.document(text)) == load_json(text.replace("Wickham & Reed", "c-1"))
    assert SAID.document('{"a":"b"}') == '{"a":"b"}'


def test_a_file_goes_plain_as_json_and_as_html_and_bytes_stay() -> None:
    assert SAID.file(b"<b>Wickham &amp; Reed</b>") == b"<b>c-1</b>"
    quoted = Redaction({'The "Reed" Co': "c-1"})
    assert quoted.file(dump_json({"name": 'The "Reed" Co'}).encode()) == b'{"name": "c-1"}'
    assert SAID.file(b"\xff Reed") == b"\xff Reed"


@given(st.text(), st.text(min_size=2))
def test_nothing_is_found_after_it_was_taken_out(around: str, word: str) -> None:
    said = Redaction({word: "0"})
    once = said.text(f"{around} {word} {around}")
    assert said.text(once) == once or "0" in word
