"""The tree of an answer holds everything that the answer rests on, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moved_parameters import Probe, worked_probes
from sluicegate.core.phrases import Language, chinese_phrases
from sluicegate.core.reasons import Mark
from sluicegate.core.trace import Figure, document
from sluicegate.rules import explaining
from sluicegate.rules.answers import Asked
from sluicegate.rules.countries import country_names, is_country
from sluicegate.rules.explaining import LABELS, OtherReading, other_readings, sections, tree
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import ask
from sluicegate.rules.showing import (
    exact_words,
    field_figure,
    figure_words,
    share_figure_words,
    share_words,
)
from sluicegate.rules.threshold_questions import threshold_question
from sluicegate.services.questions import all_questions

BOOK = shipped_book()
SYSTEMIC = {"training_compute": "1.2e25", "condition_met_on": "2025-09-01"}
REGISTERED = {"operating_in_us": True, "estimate_central": "1e25", "estimate_high": "2e25"}


def of(name: str) -> list[Probe]:
    """Return the worked cases of a question; a question that has none yet is skipped."""
    found = [probe for probe in worked_probes() if probe.question.name == name]
    return found or pytest.skip("no worked case is answered yet")


def asked(name: str, facts: object, day: str, known_on: date | None = None) -> Asked:
    return ask(all_questions()[name], facts, as_of=day, book=BOOK, known_on=known_on)


def below(figure: Figure) -> Iterator[Figure]:
    for child in figure.children:
        yield child
        yield from below(child)


@pytest.mark.parametrize("name", sorted(all_questions()))
def test_a_tree_names_every_figure_text_and_place_that_an_answer_rests_on(name: str) -> None:
    for probe in of(name):
        one = probe.ask(BOOK)
        assert one is not None
        others = other_readings(probe.question, one, BOOK)
        for language in Language:
            root = tree(one, others, language)
            parts = sections(one, others, language)
            assert root.label == one.outcome.text(language)
            assert root.children == tuple(parts.values())
            figures = parts[explaining.FIGURES].children if one.parameters else ()
            assert [figure.name for figure in figures] == [used.id for used in one.parameters]
            assert [f.reference for f in figures] == [u.dated.reference for u in one.parameters]
            answers = parts[explaining.ANSWER].children
            assert [figure.name for figure in answers] == list(one.answer)
            texts = parts[explaining.TEXTS].children
            assert {figure.name for figure in texts} == {s.instrument.id for s in one.texts}
            cited = {figure.label for figure in parts[explaining.CITATIONS].children}
            assert cited == {citation.text for citation in one.citations}
            why = [figure.label for figure in parts[explaining.WHY].children]
            assert why == [reason.text(language) for reason in one.reasons]
            assert Figure.from_json(document(root)["root"]) == root


@pytest.mark.parametrize(
    "name", [name for name, one in sorted(all_questions().items()) if one.spec.readings]
)
def test_every_reading_that_was_not_chosen_is_asked_again(name: str) -> None:
    question = all_questions()[name]
    pairs = {(r.name, value) for r in question.spec.readings for value in r.values}
    for probe in of(name):
        one = probe.ask(BOOK)
        assert one is not None
        others = other_readings(question, one, BOOK)
        chosen = set(one.readings.items())
        assert {(other.reading, other.value) for other in others} == pairs - chosen
        for other in others:
            assert_says_what_asking_says(probe, one, other)


def answer_or_faults(probe: Probe, readings: dict[str, str]) -> Asked | tuple[str, ...]:
    try:
        return ask(probe.question, probe.facts, as_of=probe.as_of, book=BOOK, readings=readings)
    except BadFactsError as error:
        return tuple(error.paths)


def assert_says_what_asking_says(probe: Probe, one: Asked, other: OtherReading) -> None:
    readings = {**one.readings, other.reading: other.value}
    again = answer_or_faults(probe, readings)
    if isinstance(again, tuple):
        assert (other.asked, other.refused) == (None, again)
        return
    assert other.asked is not None
    assert other.asked.answer_json() == again.answer_json()
    before, after = one.answer_json(), again.answer_json()
    assert set(other.fields) == {name for name in before if before[name] != after[name]}
    shown = other.as_json()
    assert shown["same"] is (before == after)
    assert shown["answer"] == {name: after[name] for name in other.fields}


def test_a_reading_that_changes_the_answer_says_which_field() -> None:
    one = asked("kthf_registration", REGISTERED, "2026-06-30")
    [other] = other_readings(all_questions()["kthf_registration"], one, BOOK)
    assert (other.reading, other.value, other.fields) == (
        "estimate_used",
        "central",
        ("must_register",),
    )
    [reading] = sections(one, [other], Language.EN)[explaining.READINGS].children
    [alternative] = reading.children
    assert [child.name for child in alternative.children] == ["must_register"]
    assert alternative.children[0].value == "no"


def test_a_reading_that_changes_nothing_says_so() -> None:
    facts = {**REGISTERED, "estimate_high": "1e25"}
    one = asked("kthf_registration", facts, "2026-06-30")
    [other] = other_readings(all_questions()["kthf_registration"], one, BOOK)
    assert other.fields == ()
    assert str(other.sentence()) == "The answer would be the same."
    assert other.sentence().text(Language.ZH) == "答案不变。"


def test_every_label_has_a_chinese_form() -> None:
    assert set(LABELS) <= set(chinese_phrases())
    one = asked("eu_systemic_risk", SYSTEMIC, "2025-09-01", known_on=date(2025, 9, 1))
    english = sections(one, (), Language.EN)
    chinese = sections(one, (), Language.ZH)
    assert set(english) == set(chinese) <= set(LABELS)
    assert explaining.KNOWN_ON in english
    for label in english:
        assert english[label].label != chinese[label].label


def test_a_figure_says_its_comparator_value_day_mark_and_place() -> None:
    one = asked("eu_systemic_risk", SYSTEMIC, "2025-09-01")
    figure = sections(one, (), Language.EN)[explaining.FIGURES].children[0]
    assert figure.value == "more than 1e25 FLOP"
    assert "from 2025-08-02" in (figure.method or "")
    assert figure.reference == "Regulation (EU) 2024/1689 Art. 51(2)"
    early = asked("eu_systemic_risk", SYSTEMIC, "2025-01-01")
    figure = sections(early, (), Language.EN)[explaining.FIGURES].children[0]
    assert "does not hold yet on this day" in (figure.method or "")


def test_a_tree_says_how_sure_the_encoding_is() -> None:
    for probe in worked_probes():
        one = probe.ask(BOOK)
        assert one is not None
        said = " ".join(
            f.label for f in sections(one, (), Language.EN)[explaining.HOW_SURE].children
        )
        marks = set(one.marks())
        assert ("second-hand" in said) is (Mark.SECOND_HAND in marks)
        assert ("was found in the text itself" in said) is (marks <= {Mark.FOUND})


@given(
    st.integers(0, 10**40)
    | st.builds(lambda m, e: m * 10**e, st.integers(1, 999), st.integers(0, 60))
)
def test_a_figure_is_shortened_without_a_loss(value: int) -> None:
    words = exact_words(value)
    assert Fraction(words) == value
    assert len(words) <= len(str(value))


@given(st.fractions(0, 1, max_denominator=10**4))
def test_a_share_is_shown_without_a_loss(share: Fraction) -> None:
    words = share_words(share)
    number, _, sign = words.partition(" ")
    assert Fraction(number) / (100 if sign else 1) == share


@given(st.fractions(0, 10**30, max_denominator=10**4), st.fractions(0, 1, max_denominator=10**4))
def test_a_rounded_figure_says_so_and_is_near(value: Fraction, share: Fraction) -> None:
    about, _, digits = figure_words(value).rpartition("≈ ")
    assert "/" not in about + digits
    assert abs(Fraction(digits) - value) <= value / 10**5
    assert figure_words(value).startswith("≈") is (Fraction(digits) != value)
    percent = share_figure_words(share)
    assert abs(Fraction(percent.strip("≈ %")) / 100 - share) <= share / 10**5
    assert percent.startswith("≈") is (Fraction(percent.strip("≈ %")) / 100 != share)


@pytest.mark.parametrize(
    ("language", "duty"), [(Language.EN, "duty · duty = {en}"), (Language.ZH, "义务 · duty = {zh}")]
)
def test_a_duty_of_a_threshold_rule_is_named_by_its_title(language: Language, duty: str) -> None:
    book = shipped_book()
    rule = next(one for one in book.thresholds.values() if one.obligations)
    title = book.obligations[rule.obligations[0]].duty
    question = threshold_question(rule, book)
    [due] = [field for field in question.spec.answer if field.name == "due"]
    value = [{"duty": next(iter(due.part("duty").values)), "due": None}]
    lines = list(field_figure(due, value, language).lines())
    assert lines[2].strip() == duty.format(en=title.en.rstrip("."), zh=title.zh.rstrip("。"))


def test_every_country_has_a_name_in_both_languages() -> None:
    names = country_names()
    assert all(map(is_country, names))
    assert len({name.en for name in names.values()}) == len(names)
    assert len({name.zh for name in names.values()}) == len(names)
    assert names["KH"].en == "Cambodia"
