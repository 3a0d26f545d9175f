"""The engine takes whatever text comes: it crashes on nothing and stays quick."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sluicegate.screening import Index
from sluicegate.screening.normal import MOST_WORDS, normalise

PARTIES = [
    {"id": "one", "schema": "Person", "names": ["VORONTSOV, Arkady"]},
    {"id": "two", "schema": "Company", "names": ["Sea Lantern Ltd", "فانوس البحر"]},
    {"id": "three", "schema": "Person", "names": [""], "weak_names": ["\u202e", "🙂🙂"]},
]
INDEX = Index.build(PARTIES)
ODD = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from("\u0000\u0007\u200b\u200f\u202e\u2066\ufeff\u0301ـعבग한字🙂'’.,-/&~=@ "),
    ),
    max_size=300,
)


@settings(max_examples=300, deadline=None)
@given(ODD)
def test_any_text_can_be_screened(text: str) -> None:
    for found in INDEX.screen([text, {"query": text, "schema": "Person", "birth_date": text}]):
        for one in found:
            assert 0.0 <= one.score < 1.0
            assert all(str(reason) for reason in one.reasons)


@settings(max_examples=150, deadline=None)
@given(ODD)
def test_any_text_can_be_listed_and_finds_itself(text: str) -> None:
    index = Index.build([{"id": "x", "schema": "", "names": [text]}, *PARTIES])
    found = {one.entity_id for one in index.screen([text])[0]}
    words = normalise(text)
    plain = [part for part in words.parts if len(part.text) > 1 and part.kind.name == "WORD"]
    assert "x" in found or not plain


@pytest.mark.parametrize("text", ["", " ", "\u202e\u202c", "...", "~", ",", "'"])
def test_a_name_of_nothing_matches_nothing(text: str) -> None:
    assert INDEX.screen([text]) == [[]]


def test_marks_of_direction_and_control_characters_change_nothing() -> None:
    plain = INDEX.screen(["Arkady Vorontsov"])[0][0].score
    marked = INDEX.screen(["\u202bArk\u200bady\u202c \u0007Vorontsov\ufeff"])[0][0].score
    assert plain == marked


@pytest.mark.parametrize(
    "text", ["a" * 10_000, "ab " * 5_000, "Arkady " * 1_500, "x1 " * 3_000, "ا" * 10_000]
)
def test_a_name_of_ten_thousand_characters_is_cut_and_takes_little_time(text: str) -> None:
    began = time.process_time()
    INDEX.screen([text])
    assert time.process_time() - began < 1.0
    assert len(normalise(text).parts) <= MOST_WORDS
    assert normalise(text).is_cut


def test_a_cut_name_says_so() -> None:
    found = INDEX.screen(["Arkady Vorontsov " + "x" * 10_000])[0]
    assert any("too long" in str(reason) for one in found for reason in one.reasons)


def test_an_empty_index_answers_every_query_with_nothing() -> None:
    assert Index.build([]).screen(["Arkady", {"query": "x"}]) == [[], []]


def test_a_reason_shows_no_mark_that_turns_or_hides_words() -> None:
    (found,) = INDEX.screen(["\u202eArkady\u0007 Vorontsov\u2066"])[0]
    assert str(found.reasons[0]).startswith("“Arkady Vorontsov” was compared")
    (found,) = INDEX.screen(["Arkady Vorontsov " + "b" * 10_000])[0]
    assert len(str(found.reasons[0])) < 500


def test_a_name_that_is_no_list_stands_for_itself_and_one_that_is_no_text_is_told() -> None:
    index = Index.build([{"id": "x", "schema": "Person", "names": "VORONTSOV, Arkady"}])
    assert [one.entity_id for one in index.screen(["Arkady Vorontsov"])[0]] == ["x"]
    with pytest.raises(ValueError, match="entity x: None in `weak_names` is no text"):
        Index.build([{"id": "x", "names": ["a"], "weak_names": [None]}])
