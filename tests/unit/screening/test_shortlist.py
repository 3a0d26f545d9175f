"""The shortlist leaves out no name that can reach a score, and its cache is never truth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sluicegate.screening import Index
from sluicegate.screening.prepared import Prepared, completed

WORDS = (
    *("ivo", "ivan", "yusuf", "youssef", "mohammed", "muhamad", "abdul", "rahman", "abd"),
    *("quillfeather", "quilfether", "sorrelstrand", "marrantine", "ostergard", "bill", "william"),
    *("trading", "shipping", "group", "global", "zavod", "factory", "general", "al", "bin", "li"),
    *("ltd", "llc", "gmbh", "co", "company", "haji", "dr", "7", "12", "second", "twelfth", "a"),
    *("j", "m", "q", "محمد", "عبدالرحمن", "王", "伟", "Газпром", "Мария", "北方工业"),
)
NAMES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
SCHEMA = st.sampled_from(["Person", "Organization", "LegalEntity", "Vessel", ""])
BORN = st.lists(st.sampled_from(["1970-01-01", "1970", "1984-05"]), max_size=2, unique=True)
LANDS = st.lists(st.sampled_from(["NL", "IR", "RU"]), max_size=2, unique=True)
NUMBERS = st.lists(st.sampled_from(["P-1234567", "LEI-998877"]), max_size=1)
PLACES = st.lists(st.just("12 Harbour Street, Marrow Town"), max_size=1)
KNOWN = st.fixed_dictionaries(
    {"birth_dates": BORN, "countries": LANDS, "identifiers": NUMBERS, "addresses": PLACES}
)


@st.composite
def perturbed(draw: st.DrawFn, name: str) -> str:
    """Draw a name as somebody else might write it."""
    words = name.split()
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(words) - 1))
        word = words[place]
        at = draw(st.integers(0, len(word) - 1))
        how = draw(st.sampled_from(["drop", "double", "join", "initial", "turn", "order", "lose"]))
        if how == "drop" and len(word) > 1:
            words[place] = word[:at] + word[at + 1 :]
        elif how == "double":
            words[place] = word[:at] + word[at] + word[at:]
        elif how == "join" and place + 1 < len(words):
            words[place : place + 2] = ["".join(words[place : place + 2])]
        elif how == "initial":
            words[place] = word[0]
        elif how == "turn":
            words = [*words[place:], *words[:place]]
            words[-1 - place] += ","
        elif how == "order":
            words = draw(st.permutations(words))
        elif how == "lose" and len(words) > 1:
            del words[place]
    return " ".join(words)


@st.composite
def lists_and_queries(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Draw listed parties, and queries that are like some of them and like none."""
    entities = []
    queries = []
    for number in range(draw(st.integers(1, 4))):
        names = draw(st.lists(NAMES, min_size=1, max_size=3))
        weak = draw(st.lists(NAMES, max_size=1))
        schema = draw(SCHEMA)
        known = draw(KNOWN)
        entities.append(
            {"id": f"lp-{number}", "schema": schema, "names": names, "weak_names": weak, **known}
        )
        for _ in range(draw(st.integers(1, 3))):
            name = draw(st.one_of(perturbed(draw(st.sampled_from([*names, *weak]))), NAMES))
            bearer = draw(st.sampled_from([{}, known, draw(KNOWN)]))
            queries.append(
                {"query": name, "schema": draw(st.one_of(st.just(schema), SCHEMA)), **bearer}
            )
    return entities, queries


@settings(max_examples=150, deadline=None)
@given(drawn=lists_and_queries(), score=st.sampled_from([0.4, 0.69, 0.7, 0.8, 0.9]))
def test_no_name_that_reaches_a_score_is_left_out(
    drawn: tuple[list[dict[str, Any]], list[dict[str, Any]]], score: float
) -> None:
    entities, queries = drawn
    index = Index.build(entities)
    kept = index.may_reach(queries, Prepared.of(one["query"] for one in queries), score)
    for query, matches, is_kept in zip(queries, index.screen(queries), kept, strict=True):
        assert is_kept or all(one.score < score for one in matches), (query, matches)


def _far(number: int) -> str:
    """Return one of many invented names of which few are like each other."""
    heads = ("orve", "zelva", "farro", "resko", "nalv", "quor", "nimb", "tand", "velk", "yarr")
    tails = ("risane", "doren", "wymund", "miren", "fellow", "dane", "relcove", "ishor")
    one = heads[number % 10] + tails[number % 8]
    return f"{one} {heads[number // 7 % 10]}{tails[number // 3 % 8]}"


def test_names_that_are_like_nobody_listed_are_left_out() -> None:
    names = [_far(number) for number in range(200)]
    index = Index.build([{"id": "lp", "schema": "Person", "names": ["Ilka Ostergard-Marrantine"]}])
    queries = [{"query": one, "schema": "Person"} for one in (*names, "Ilka Ostergrad Marantine")]
    kept = index.may_reach(queries, Prepared.of(one["query"] for one in queries), 0.7)
    assert np.flatnonzero(kept).tolist() == [200]


def test_nothing_listed_leaves_everybody_out() -> None:
    assert not Index.build([]).may_reach(["Ilka"], Prepared.of(["Ilka"]), 0.7).any()


def _said(prepared: Prepared) -> Mapping[str, object]:
    """Return name → all that is held of it, wherever its words are kept."""
    units = zip(
        *(getattr(prepared, name).tolist() for name in ("word", "mask", "weight", "sound")),
        prepared.is_joined.tolist(),
        strict=True,
    )
    rows = [(prepared.words[word], prepared.sounds[word], *more) for word, *more in units]
    facts = ("total", "counts", "has_number", "forms", "given", "family", "shorts")
    return {
        text: (
            rows[prepared.starts[at] : prepared.starts[at + 1]],
            prepared.joined[at],
            prepared.ordered[at],
            [int(getattr(prepared, name)[at]) for name in facts],
        )
        for at, text in enumerate(prepared.texts)
    }


MANY = st.lists(st.one_of(NAMES, st.text(max_size=12)), max_size=6)


@settings(max_examples=60, deadline=None)
@given(before=MANY, after=MANY)
def test_names_completed_from_a_file_are_as_if_laid_out_anew(
    before: list[str], after: list[str]
) -> None:
    held = Prepared.from_bytes(Prepared.of(before).to_bytes())
    assert held is not None
    found, is_new = completed(held, after)
    assert _said(found) == _said(Prepared.of(after))
    assert is_new == (set(before) != set(after))


def test_a_damaged_file_and_one_of_another_form_are_read_as_nothing() -> None:
    content = Prepared.of(["Ilka Ostergard"]).to_bytes()
    assert Prepared.from_bytes(content[:-9]) is None
    assert Prepared.from_bytes(b"no such thing") is None
    assert Prepared.from_bytes(content[:40] + b"\0\0" + content[42:]) is None
    assert completed(None, ["Ilka Ostergard"])[1]


def test_a_file_of_another_algorithm_is_read_as_nothing(monkeypatch: Any) -> None:
    content = Prepared.of(["Ilka Ostergard"]).to_bytes()
    monkeypatch.setattr("sluicegate.screening.prepared.mark", lambda: "another")
    assert Prepared.from_bytes(content) is None
